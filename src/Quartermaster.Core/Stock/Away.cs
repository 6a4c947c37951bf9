using System.Text.Json.Serialization;

namespace Quartermaster.Core.Stock;

/// <summary>Reserved units that somebody else sent while a warehouse had them to send. They stay reserved until it gives them back: it may send them too.</summary>
/// <param name="CauseId">What told us of it.</param>
/// <param name="Taken">The warehouse gave them back, and they were taken off the stock instead of set free.</param>
public sealed record Away(string CauseId, Units Units, DateTimeOffset At, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Taken = false)
{
    /// <summary>Units of one line at one location that are gone and still reserved.</summary>
    public static int DueOf(IReadOnlyList<Away>? all, Units of)
    {
        var due = 0;
        foreach (var away in all ?? [])
            if (!away.Taken && away.Units.IsLike(of)) due += away.Units.Quantity;
        return due;
    }

    /// <summary>When the first of these units were gone.</summary>
    public static DateTimeOffset Since(IReadOnlyList<Away>? all, List<Units> gone)
    {
        var at = DateTimeOffset.MaxValue;
        foreach (var away in all ?? [])
            if (!away.Taken && away.At < at && gone.Exists(away.Units.IsLike)) at = away.At;
        return at;
    }

    /// <summary>These units are reserved no more: what of them was gone is taken off the stock now, or was the same parcel all along.</summary>
    public static List<Away>? Settle(IReadOnlyList<Away>? all, IReadOnlyList<Units> units, bool taken)
    {
        if (all is null) return null;
        var left = new int[units.Count];
        for (var i = 0; i < left.Length; i++) left[i] = units[i].Quantity;
        List<Away> after = [];
        foreach (var away in all)
        {
            var due = away.Units.Quantity;
            for (var i = 0; i < left.Length && !away.Taken; i++)
            {
                if (!away.Units.IsLike(units[i])) continue;
                var now = int.Min(due, left[i]);
                (due, left[i]) = (due - now, left[i] - now);
                if (taken && now > 0) after.Add(away with { Units = away.Units with { Quantity = now }, Taken = true });
            }
            if (due > 0) after.Add(away with { Units = away.Units with { Quantity = due } });
        }
        return OrNull(after);
    }

    /// <summary>Without what was told of by this cause.</summary>
    public static List<Away>? Without(IReadOnlyList<Away>? all, string causeId) => OrNull([.. (all ?? []).Where(a => a.CauseId != causeId)]);

    private static List<Away>? OrNull(List<Away> all) => all.Count == 0 ? null : all;
}
