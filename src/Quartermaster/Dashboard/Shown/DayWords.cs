using Quartermaster.Runtime.ReadModels;

namespace Quartermaster.Dashboard.Shown;

/// <summary>A day's counters as lines: what was done, and the money per currency; currencies are never added up.</summary>
public static class DayWords
{
    private static readonly (string Name, string Words)[] Counts =
        [("placed", "Orders placed"), ("shipped", "Parcels shipped"), ("delivered", "Parcels delivered"), ("backordered", "Orders backordered"), ("cancelled", "Orders cancelled")];

    // Placed, not sold: what is taken off an order, cancelled or given back later stays in the day on which it was placed.
    private static readonly (string Name, string Words)[] Amounts = [("placed_total/", "Placed"), ("invoiced_total/", "Invoiced"), ("refunded_total/", "Refunded")];

    public static IReadOnlyList<(string Name, string Value)> Lines(IReadOnlyList<TallyRow> day)
    {
        var lines = new List<(string, string)>();
        foreach (var (name, words) in Amounts)
        {
            foreach (var currency in day.Where(t => t.Name.StartsWith(name, StringComparison.Ordinal)).GroupBy(t => t.Name[name.Length..]).OrderBy(g => g.Key, StringComparer.Ordinal))
                lines.Add(($"{words} in {currency.Key}", MoneyText.Of(currency.Sum(t => t.Value), currency.Key)));
        }

        foreach (var (name, words) in Counts)
        {
            var rows = day.Where(t => t.Name == name).ToArray();
            if (rows.Length > 0) lines.Add((words, rows.Sum(t => t.Value).ToString("N0", System.Globalization.CultureInfo.InvariantCulture)));
        }

        return lines;
    }
}
