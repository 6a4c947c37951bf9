namespace Quartermaster.Core.Stock;

/// <summary>Units of a SKU that a supplier is to bring, and when.</summary>
public readonly record struct Coming(int Units, DateTimeOffset At);

/// <summary>When goods that have not come yet will be an order's, if those who queue before it get theirs first. Pure.</summary>
/// <remarks>
/// Nothing is written down as promised: an order's units are the next ones after those of everybody before it, so no unit is promised twice however often
/// this is asked, and a supplier's new date or a closed order moves all who wait.
/// </remarks>
public static class Promise
{
    /// <param name="free">Units that may be promised now.</param>
    /// <param name="coming">Soonest first.</param>
    /// <param name="before">Units that others wait for who come first.</param>
    /// <returns>When the last of its units is expected; <see cref="DateTimeOffset.MinValue"/> = all of them are there; null = what is on its way does not reach so far.</returns>
    public static DateTimeOffset? When(long free, IEnumerable<Coming> coming, long before, int units)
    {
        var missing = before + units - free;
        if (missing <= 0) return DateTimeOffset.MinValue;
        foreach (var some in coming)
        {
            missing -= some.Units;
            if (missing <= 0) return some.At;
        }
        return null;
    }
}
