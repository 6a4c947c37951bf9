using System.Collections.Frozen;
using System.Text.Json.Serialization;

namespace Quartermaster.Core.Kernel;

/// <summary>What a brand weighs when it chooses where an order leaves from. All costs are in the brand's currency, so that they add up.</summary>
public sealed record RoutingTerms
{
    public static readonly RoutingTerms Plain = new();

    /// <summary>Tariffs; where none fits, the location's base cost with border and zone steps stands.</summary>
    public IReadOnlyList<ShippingRate> Rates { get; init; } = [];

    /// <summary>Some tariff goes by distance, so ways have to be measured.</summary>
    public bool WeighsDistance => Rates.Count > 0 && Rates.Any(r => r.WithinKm is not null);

    /// <summary>Some tariff goes by the room that goods take, so their sizes have to be known.</summary>
    public bool WeighsVolume => Rates.Count > 0 && Rates.Any(r => r.VolumetricDivisor > 0);

    /// <summary>Most parcels one order may be split into; 1 = never split.</summary>
    public int MaxParcels { get; init; } = 1;

    /// <summary>What a second and every further parcel costs beyond its postage: packing, mail, patience.</summary>
    public decimal SplitCost { get; init; }

    /// <summary>Working days the shopper was promised; null = no promise.</summary>
    public int? PromiseDays { get; init; }

    /// <summary>What each day after the promise costs.</summary>
    public decimal LateCost { get; init; }

    /// <summary>What a parcel costs that is damaged or lost on its way.</summary>
    public decimal DamageCost { get; init; }

    /// <summary>What a parcel costs that is handed over at the second try or later: the courier's fee, a call, a cross shopper.</summary>
    public decimal RedeliveryCost { get; init; }

    /// <summary>What a parcel costs that comes back: both ways, handling, the sale.</summary>
    public decimal ReturnCost { get; init; }

    /// <summary>Days of parcels by which carriers are judged; 0 = tariffs are believed.</summary>
    public int HistoryDays { get; init; } = 90;

    /// <summary>What carriers did is weighed, so it has to be known.</summary>
    public bool WeighsHistory => HistoryDays > 0 && Rates.Count > 0;

    /// <summary>What comes back costs, so how often it does has to be known.</summary>
    public bool WeighsReturns => WeighsHistory && ReturnCost > 0m;

    /// <summary>What an order costs that takes the last place of a location's day; it rises from nothing at <see cref="BusyFrom"/> of its capacity.</summary>
    public decimal BusyCost { get; init; }

    /// <summary>Share of a location's capacity from which it counts as busy.</summary>
    public const decimal BusyFrom = 0.8m;

    /// <summary>Days of sales that a shelf should keep after an order; null = nobody minds.</summary>
    public int? CoverDays { get; init; }

    /// <summary>What an empty shelf costs, for each SKU; less in proportion to the days of sales that are left on it.</summary>
    public decimal CoverCost { get; init; }

    /// <summary>Shelves that empty are spared, so how fast they sell has to be known.</summary>
    public bool WeighsCover => CoverDays > 0 && CoverCost > 0m;

    /// <summary>The service that shoppers mean by a way of sending: its title or code at a storefront → the service. Without regard to case.</summary>
    public IReadOnlyDictionary<string, string> Methods { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>The service that an order with this way of sending travels by; null = any.</summary>
    public string? ServiceOf(string? title, string? code)
    {
        if (Methods.Count == 0) return null;
        return title is not null && Methods.TryGetValue(title, out var service) || code is not null && Methods.TryGetValue(code, out service) ? service : null;
    }

    /// <summary>Named sets of locations.</summary>
    public IReadOnlyList<LocationPool> Pools { get; init; } = [];

    /// <summary>Some pool is for certain channels: where an order came from narrows where it may leave from.</summary>
    public bool NamesChannels => Pools.Count > 0 && Pools.Any(p => p.Channels.Count > 0);

    /// <summary>Why nothing may leave from a location for an order with this wish; null when it may.</summary>
    /// <remarks>A rule's pool stands before the channel's. A channel that no pool names may use every location.</remarks>
    public string? Excludes(string location, RouteWish? wish)
    {
        if (wish?.Pool is { } name)
        {
            foreach (var pool in Pools)
                if (pool.Name == name) return pool.Locations.Contains(location) ? null : $"not in pool {name}";
            return $"the pool {name} is not configured";
        }
        if (wish?.Channel is not { } channel) return null;
        var named = false;
        foreach (var pool in Pools)
        {
            if (!pool.Channels.Contains(channel)) continue;
            if (pool.Locations.Contains(location)) return null;
            named = true;
        }
        return named ? $"not in a pool of {channel}" : null;
    }
}

/// <summary>Some locations under one name, so that rules and channels can be sent to them.</summary>
/// <param name="Channels">Storefronts whose orders leave from here, or from another pool that names them; empty = it is used by rules only.</param>
public sealed record LocationPool(string Name, IReadOnlyList<string> Locations, IReadOnlyList<string> Channels);

/// <summary>What narrows the choice of a location besides where the order goes.</summary>
/// <param name="Pool">A rule sends it from this pool.</param>
/// <param name="Service">A rule, or what the shopper paid for, lets it travel by this service only.</param>
/// <param name="Channel">Where it came from, when pools are for certain channels.</param>
/// <param name="OnDelivery">It narrows nothing, but counts: it is to be paid at the door. Told where what comes back is weighed.</param>
public sealed record RouteWish(string? Pool, string? Service = null, string? Channel = null, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool OnDelivery = false);

/// <summary>What one parcel costs from some places to some places, and how long it is on its way.</summary>
/// <param name="Service">As the carrier calls it: <c>Surface</c>.</param>
/// <param name="From">Locations it serves; empty = all.</param>
/// <param name="To">Where it goes: <c>IN:56</c> (country and the beginning of the postal code), <c>IN</c>, or <c>*</c>.</param>
/// <param name="First">Price of a parcel up to <paramref name="FirstGrams"/>, in the brand's currency.</param>
/// <param name="Each">Price of every further <paramref name="StepGrams"/>, begun ones included; the usual shape of courier tariffs.</param>
/// <param name="MaxGrams">Heavier parcels are not taken; 0 = no limit.</param>
/// <param name="Days">Working days between pick-up and the door.</param>
public sealed record ShippingRate(string Service, IReadOnlyList<string> From, string To, decimal First, int FirstGrams = 500, decimal Each = 0m, int StepGrams = 500, int MaxGrams = 0, int Days = 3)
{
    /// <summary>Cubic centimetres that count as a kilogram, where room is paid for: the heavier of both is charged. 0 = weight alone counts. Carriers of air parcels mostly take 5000.</summary>
    public int VolumetricDivisor { get; init; }

    /// <summary>The grams that are charged: what it weighs, or what its room counts as where that is more.</summary>
    public long Charged(long grams, long volume) => VolumetricDivisor == 0 ? grams : long.Max(grams, Volumetric(volume));

    /// <summary>Price of a parcel of this weight and volume; null when it is too heavy.</summary>
    public decimal? Price(long grams, long volume = 0)
    {
        if (MaxGrams > 0 && grams > MaxGrams) return null;
        var over = Charged(grams, volume) - FirstGrams;
        return over <= 0 || Each == 0m ? First : First + (Each * ((over + StepGrams - 1) / StepGrams));
    }

    /// <summary>What so much more costs at least, whatever is in the parcel without it.</summary>
    /// <remarks>
    /// Of a parcel below <see cref="FirstGrams"/> up to that much travels for nothing; a begun step may have room for the rest of one. Where the heavier of weight and
    /// room is charged, both grow, and so does the heavier one by the smaller of the two at least: max(a + x, b + y) - max(a, b) >= min(x, y).
    /// </remarks>
    public decimal LeastMore(long grams, long volume = 0)
    {
        var more = VolumetricDivisor == 0 ? grams : long.Min(grams, volume * 1000 / VolumetricDivisor);
        return more <= FirstGrams ? 0m : Each * ((more - FirstGrams) / StepGrams);
    }

    private long Volumetric(long volume) => ((volume * 1000) + VolumetricDivisor - 1) / VolumetricDivisor;

    /// <summary>Who carries it, as the warehouses write it, so that what that carrier did counts; null = the service alone says it.</summary>
    public string? Carrier { get; init; }

    /// <summary>Half around the earth, in kilometres: no way is longer.</summary>
    public const int Farthest = 20_100;

    /// <summary>The farthest that it reaches, as the crow flies; null = anywhere. Tariffs by distance are several of these, where the carrier has no zones.</summary>
    public int? WithinKm { get; init; }

    /// <summary>Whether a way of this length is within its reach; a way of unknown length is in none that has an end.</summary>
    public bool Reaches(double? km) => WithinKm is not { } within || km <= within;

    /// <summary>A tariff by distance has one rate per band: same service, carrier, origins and place.</summary>
    public bool IsOfTariff(ShippingRate other) => Service == other.Service && Carrier == other.Carrier && To == other.To && From.SequenceEqual(other.From);

    /// <summary>How closely <see cref="To"/> names the place, whatever the distance: -1 = not at all, otherwise the longer the closer.</summary>
    public int Fits(string country, string postalCode)
    {
        if (To == "*") return 0;
        var colon = To.IndexOf(':', StringComparison.Ordinal);
        var land = colon < 0 ? To.AsSpan() : To.AsSpan(0, colon);
        if (!land.Equals(country, StringComparison.OrdinalIgnoreCase)) return -1;
        if (colon < 0) return 1;
        var beginning = To.AsSpan(colon + 1);
        return postalCode.AsSpan().StartsWith(beginning, StringComparison.OrdinalIgnoreCase) ? 1 + beginning.Length : -1;
    }
}
