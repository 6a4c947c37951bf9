namespace Quartermaster.Core.Flows;

/// <summary>How all orders of some days fared under one set of terms, in the order in which they asked for stock.</summary>
public sealed class WhatIfRun(IReadOnlyList<Fared> orders)
{
    public IReadOnlyList<Fared> Orders => orders;

    /// <summary>Base costs and postage of all parcels.</summary>
    public decimal Cost { get; } = orders.Sum(o => o.Cost);

    public int Parcels { get; } = orders.Sum(o => o.Parcels);

    /// <summary>Orders that leave in more than one parcel.</summary>
    public int Split { get; } = orders.Count(o => o.Parcels > 1);

    /// <summary>Orders that come after their promise.</summary>
    public int Late { get; } = orders.Count(o => o.DaysLate > 0);

    public int DaysLate { get; } = orders.Sum(o => o.DaysLate);

    /// <summary>Orders that nobody could serve when they asked.</summary>
    public int Waited { get; } = orders.Count(o => o.Waited);

    /// <summary>Of which so many still waited at the end.</summary>
    public int Unserved { get; } = orders.Count(o => o.From is null);

    public int Held { get; } = orders.Count(o => o.Held);

    /// <summary>Parcels by location.</summary>
    public IReadOnlyDictionary<string, int> ByLocation { get; } =
        orders.SelectMany(o => o.From?.Split(" + ", StringSplitOptions.RemoveEmptyEntries) ?? []).GroupBy(l => l).OrderBy(g => g.Key, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count());
}

/// <summary>The same days under the terms as they are and under others.</summary>
/// <param name="Now">As they are.</param>
/// <param name="Then">As they would be.</param>
public sealed record WhatIfComparison(PastDays Past, WhatIfRun Now, WhatIfRun Then)
{
    /// <summary>Orders of which it is known where they really left from, and how many of them the rerun under today's terms sends from there: how far it can be trusted.</summary>
    public (int Known, int Same) AsItWas
    {
        get
        {
            var (known, same) = (0, 0);
            for (var i = 0; i < Past.Orders.Count; i++)
                if (Past.Orders[i].From is { } from)
                {
                    known++;
                    if (from == Now.Orders[i].From) same++;
                }
            return (known, same);
        }
    }

    /// <summary>Orders that would go another way, those first whose cost changes most.</summary>
    public IReadOnlyList<(RerunOrder Order, Fared Now, Fared Then)> Different { get; } =
        [.. Past.Orders.Select((order, i) => (Order: order, Now: Now.Orders[i], Then: Then.Orders[i])).Where(o => o.Now.From != o.Then.From || o.Now.Held != o.Then.Held).OrderByDescending(o => decimal.Abs(o.Then.Cost - o.Now.Cost)).ThenBy(o => o.Order.Stream, StringComparer.Ordinal)];

    public static WhatIfComparison Of(PastDays past, Kernel.BrandTerms now, Kernel.BrandTerms then) => new(past, WhatIf.Run(past, now), WhatIf.Run(past, then));
}
