namespace Quartermaster.Core.Kernel;

/// <summary>When a brand wants to hear that stock runs low, and how it orders more; from configuration.</summary>
public sealed record ReplenishmentTerms
{
    /// <summary>A SKU is low when this many units or fewer are available over all locations; null = units alone say nothing.</summary>
    public int? LowUnits { get; init; }

    /// <summary>A SKU is low when what is available lasts for fewer days of recent sales; null = cover alone says nothing.</summary>
    public decimal? LowDays { get; init; }

    /// <summary>Complete days of sales that a day's demand is the mean of.</summary>
    public int DemandDays { get; init; } = 28;

    /// <summary>How sure it should be that a SKU lasts until an order arrives: 0.95 = in 95 of 100 cases.</summary>
    public decimal ServiceLevel { get; init; } = 0.95m;

    /// <summary>Days between two looks at what to order; an order is to last so much longer than its goods are on their way.</summary>
    public int ReviewDays { get; init; } = 7;

    /// <summary>Purchase orders are drafted at the reorder point; otherwise only alerts are told.</summary>
    public bool Drafts { get; init; } = true;
}
