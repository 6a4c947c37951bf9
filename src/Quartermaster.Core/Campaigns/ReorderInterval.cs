namespace Quartermaster.Core.Campaigns;

/// <summary>After how long a customer buys again.</summary>
/// <remarks>
/// (n × m + 2 × p) ÷ (n + 2), of the customer's n newest gaps between two orders (8 at most, of a day or more each) with the middle one m, and of what is to be expected of
/// anybody, p: how long the goods of this order last where the brand says so, the shortest of them; else the gap in the middle of all customers of the brand who bought
/// twice; else what the campaign says. Somebody's own habit so counts as much as what is expected once they have shown it twice, and more from then on.
/// </remarks>
public static class ReorderInterval
{
    /// <summary>What is expected of anybody weighs like so many gaps of one's own.</summary>
    private const int Weight = 2;

    private const int MostGaps = 8;

    private static readonly TimeSpan Shortest = TimeSpan.FromDays(3), Longest = TimeSpan.FromDays(365);

    /// <summary>Two orders within a day are one purchase in two baskets.</summary>
    private static readonly TimeSpan OnePurchase = TimeSpan.FromDays(1);

    public static TimeSpan Of(Acquaintance person, OrderNews order, Kernel.Campaign campaign)
    {
        var gaps = Gaps(person.OrderedAt, order.At);
        var days = (gaps.Count * Median(gaps) + Weight * Expected(person, order, campaign).TotalDays) / (gaps.Count + Weight);
        var interval = TimeSpan.FromDays(Math.Round(days));
        return interval < Shortest ? Shortest : interval > Longest ? Longest : interval;
    }

    private static TimeSpan Expected(Acquaintance person, OrderNews order, Kernel.Campaign campaign)
    {
        TimeSpan? soonest = null;
        foreach (var sku in order.Skus)
            if (campaign.Lasts.TryGetValue(sku, out var lasts) && !(soonest <= lasts)) soonest = lasts;
        return soonest ?? (person.UsualGapDays is { } usual ? TimeSpan.FromDays((double)usual) : campaign.Usual);
    }

    /// <summary>In days. The order itself may be among those that are known, or not yet.</summary>
    private static List<double> Gaps(IReadOnlyList<DateTimeOffset> orders, DateTimeOffset newest)
    {
        List<double> gaps = [];
        var later = newest;
        foreach (var at in orders.Where(at => at < newest).OrderDescending())
        {
            if (later - at < OnePurchase) continue;
            gaps.Add((later - at).TotalDays);
            later = at;
            if (gaps.Count == MostGaps) break;
        }
        return gaps;
    }

    private static double Median(List<double> gaps)
    {
        if (gaps.Count == 0) return 0;
        gaps.Sort();
        var middle = gaps.Count / 2;
        return gaps.Count % 2 == 1 ? gaps[middle] : (gaps[middle - 1] + gaps[middle]) / 2;
    }
}
