using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Routing;

/// <summary>Units of one SKU that an order wants, all its lines together.</summary>
/// <param name="Grams">Weight of one unit; 0 = unknown.</param>
/// <param name="Volume">Cubic centimetres of one unit; 0 = unknown, or no tariff goes by it.</param>
public readonly record struct SkuDemand(string Sku, int Quantity, int Grams = 0, long Volume = 0)
{
    /// <summary>What so many units of it are to a carrier.</summary>
    public Load Of(int units) => new((long)units * Grams, units * Volume);
}

/// <summary>What a parcel is to a carrier.</summary>
/// <param name="Volume">Cubic centimetres of its goods, as far as they are known.</param>
public readonly record struct Load(long Grams, long Volume = 0)
{
    public static Load operator +(Load one, Load other) => new(one.Grams + other.Grams, one.Volume + other.Volume);

    /// <summary>In kilograms, for people.</summary>
    public decimal Kilograms => Grams / 1000m;
}

/// <summary>Where an order goes and what is known of it.</summary>
/// <param name="Country">ISO 3166-1 alpha-2; empty when unknown.</param>
/// <param name="NotFrom">Locations that turned this order down.</param>
/// <param name="Now">When it is routed: cut-offs and promises count from here.</param>
/// <param name="Wish">What narrows the choice; null = nothing does.</param>
public sealed record RoutingAsk(IReadOnlyList<SkuDemand> Wanted, string Country, string? PostalCode, IReadOnlyList<string> NotFrom, DateTimeOffset Now, RouteWish? Wish = null)
{
    /// <summary>What the past and the map say.</summary>
    public RoutingKnowledge Known { get; init; } = RoutingKnowledge.Nothing;

    /// <summary>Orders that a location is to hand off on a day; asked of those with a capacity only. Null = not counted.</summary>
    public Func<string, DateOnly, int>? Handed { get; init; }

    /// <summary>Units of a SKU that orders take from a location on a day; null = not known, and nothing is made of it.</summary>
    public Func<string, string, decimal?>? SalesPerDay { get; init; }
}

/// <summary>One location that was looked at.</summary>
/// <param name="Cost">Of the parcel it would send: all of the order, or its share when it was chosen for a share. Null when it cannot send anything useful.</param>
/// <param name="Terms">What the cost is made of, each with its value.</param>
/// <param name="Missing">What it lacks, or why it is out.</param>
/// <param name="Short">SKUs it lacks; empty when it is out for another reason.</param>
/// <param name="Chosen">A parcel leaves from here.</param>
public sealed record Option(string Location, decimal? Cost, IReadOnlyList<string> Terms, IReadOnlyList<string> Missing, IReadOnlyList<string> Short, bool Chosen = false)
{
    /// <summary>What its parcel comes to; null when it sends none.</summary>
    public Sending? Parcel { get; init; }

    /// <summary>Whether it may send this order at all.</summary>
    public Standing Standing { get; init; }
}

/// <summary>Whether a location may send an order.</summary>
public enum Standing
{
    Open,

    /// <summary>Not now: it is paused, or its day is full.</summary>
    Shut,

    /// <summary>Not this order: it turned it down, or no pool of the order has it.</summary>
    Barred,
}

/// <summary>What a parcel costs and when it comes.</summary>
/// <param name="Price">Base cost and postage: what is paid. The prices that only weigh are not in it.</param>
/// <param name="DaysLate">Days after the promise; 0 without one.</param>
/// <param name="Arrives">Null where no rate says how long it is on its way.</param>
/// <param name="By">The rate that was chosen for it; null where no rate is.</param>
public sealed record Sending(decimal Price, int DaysLate, DateOnly? Arrives, Carriage? By = null);

/// <summary>Units of one SKU that leave from one location.</summary>
public readonly record struct Share(string Location, string Sku, int Quantity);

/// <summary>Where an order is sent from, and why.</summary>
/// <param name="Shares">Empty when no choice of locations can serve all of it.</param>
/// <param name="Exact">False when the search was cut short and a cheaper split may exist.</param>
public sealed record Route(IReadOnlyList<Share> Shares, IReadOnlyList<Option> Options, bool Exact)
{
    public bool Found => Shares.Count > 0;

    /// <summary>A parcel leaves from there.</summary>
    public bool Sends(string location)
    {
        foreach (var share in Shares)
            if (share.Location == location) return true;
        return false;
    }
}
