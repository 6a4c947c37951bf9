namespace Quartermaster.Core.Kernel;

/// <summary>From when on a warehouse's count of a SKU is asked about instead of believed.</summary>
/// <remarks>
/// Both have to be reached. A fall is measured by what was there. A rise is measured by the most that ever lay there: a delivery that fills the
/// shelf as it was filled before is no news, ten times of it is a slip of the pen.
/// </remarks>
/// <param name="Units">By so many units at least.</param>
/// <param name="Percent">And by so much of what was there.</param>
public sealed record CountTerms(int Units, int Percent)
{
    /// <summary>A shop whose shelves hold a few dozen of each is never asked about one of them.</summary>
    public static readonly CountTerms Usual = new(100, 50);

    /// <summary>What is no news of one SKU, and is of many at once.</summary>
    public static readonly CountTerms OfMany = new(5, 50);

    /// <param name="before">On hand until now.</param>
    /// <param name="highest">The most that was ever counted there; null = nobody ever counted it, so nobody knows how full it may be.</param>
    public bool IsJump(int before, int? highest, int counted)
    {
        long from = counted < before ? before : int.Max(before, highest ?? int.MaxValue);
        var by = Math.Abs(counted - from);
        // Of a shelf on which nothing ever lay, the first count is all that is known.
        return (counted < before || counted > from) && from > 0 && by >= Units && by * 100 >= Percent * from;
    }
}
