using System.Globalization;

namespace Quartermaster.Core.Stock;

/// <summary>Why stock was taken where it was, in the words of the timeline.</summary>
internal static class StockWords
{
    /// <summary><c>Reserved at BLR: cheapest of 3 that can serve it (45.00).</c></summary>
    public static string Reserved(StockSignal.ReserveGranted g)
    {
        List<string> from = [];
        foreach (var units in g.Units) if (!from.Contains(units.Location)) from.Add(units.Location);
        var (able, cost) = (0, 0m);
        foreach (var candidate in g.Candidates)
        {
            if (candidate.Cost is null) continue;
            able++;
            if (from.Contains(candidate.Location)) cost += candidate.Cost.Value;
        }
        return from.Count > 1
            ? string.Create(CultureInfo.InvariantCulture, $"Split over {string.Join(" and ", from)}: cheaper than any one location, or the only way to serve it ({cost:0.00} before the cost of splitting).")
            : able > 1
                ? string.Create(CultureInfo.InvariantCulture, $"Reserved at {from[0]}: cheapest of {able} that can serve it ({cost:0.00}).")
                : $"Reserved at {from[0]}: the only location that can serve it.";
    }

    public static string Short(StockSignal.ReserveDenied d) => d.Expected is { } at
        ? $"Pre-ordered: {string.Join(", ", d.Short)} on the way is its own, expected on {at.UtcDateTime:yyyy-MM-dd}."
        : d.Short.Count == 0
        ? "Backordered: no open location has all of it."
        : $"Backordered: no location has all of it (short of {string.Join(", ", d.Short)}).";

    public static string Kept(DateTimeOffset until) => $"Kept until {until.UtcDateTime:yyyy-MM-dd HH:mm} UTC for its payment.";

    public static string NotKept(StockSignal.ReserveDenied d) => d.Short.Count == 0
        ? "Nothing is kept for it: no open location has all of it."
        : $"Nothing is kept for it: no location has all of it (short of {string.Join(", ", d.Short)}).";

    public static string Of(Damage what) => what switch
    {
        Damage.Found => "are damaged",
        Damage.Came => "came damaged",
        Damage.Repaired => "can be sold after all",
        _ => "are gone for good",
    };

    public static string Count(IReadOnlyList<Units> units)
    {
        var count = 0;
        foreach (var u in units) count += u.Quantity;
        return count == 1 ? "1 unit" : string.Create(CultureInfo.InvariantCulture, $"{count} units");
    }
}
