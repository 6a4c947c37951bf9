using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Flows;

/// <summary>What is changed in a brand's terms for a what-if; what is not named stays as it is.</summary>
public sealed record OtherTerms
{
    /// <summary>Locations that take no orders.</summary>
    public IReadOnlyList<string> Pause { get; init; } = [];

    /// <summary>Paused locations that take orders.</summary>
    public IReadOnlyList<string> Resume { get; init; } = [];
    public int? MaxParcels { get; init; }
    public decimal? SplitCost { get; init; }
    public int? PromiseDays { get; init; }
    public decimal? LateCost { get; init; }
    public decimal? BusyCost { get; init; }
    public decimal? DamageCost { get; init; }
    public decimal? RedeliveryCost { get; init; }
    public decimal? ReturnCost { get; init; }

    /// <summary>Tariffs in place of all that there are.</summary>
    public IReadOnlyList<ShippingRate>? Rates { get; init; }

    /// <summary>Rules in place of all that there are.</summary>
    public Judge? Rules { get; init; }

    public bool IsNothing => Rates is null && Rules is null && DamageCost is null && RedeliveryCost is null && ReturnCost is null && Pause.Count == 0 && Resume.Count == 0 && MaxParcels is null && SplitCost is null && PromiseDays is null && LateCost is null && BusyCost is null;

    /// <exception cref="ArgumentException">A location is named that the brand does not have.</exception>
    public BrandTerms Of(BrandTerms now)
    {
        foreach (var named in Pause.Concat(Resume))
            if (!now.Locations.Any(l => l.Code == named)) throw new ArgumentException($"'{named}' is not a location of {now.Brand}. It has {string.Join(", ", now.Locations.Select(l => l.Code))}.");
        return now with
        {
            Locations = [.. now.Locations.Select(l => Pause.Contains(l.Code) ? l with { Paused = true } : Resume.Contains(l.Code) ? l with { Paused = false } : l)],
            Rules = Rules ?? now.Rules,
            Routing = now.Routing with
            {
                Rates = Rates ?? now.Routing.Rates,
                DamageCost = DamageCost ?? now.Routing.DamageCost,
                RedeliveryCost = RedeliveryCost ?? now.Routing.RedeliveryCost,
                ReturnCost = ReturnCost ?? now.Routing.ReturnCost,
                MaxParcels = MaxParcels ?? now.Routing.MaxParcels,
                SplitCost = SplitCost ?? now.Routing.SplitCost,
                PromiseDays = PromiseDays ?? now.Routing.PromiseDays,
                LateCost = LateCost ?? now.Routing.LateCost,
                BusyCost = BusyCost ?? now.Routing.BusyCost,
            },
        };
    }
}
