using System.Globalization;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Routing;

/// <summary>Units of one SKU that an order wants, all its lines together.</summary>
public readonly record struct SkuDemand(string Sku, int Quantity);

/// <summary>One location that was looked at.</summary>
/// <param name="Cost">Null when it cannot serve.</param>
/// <param name="Terms">What the cost is made of, each with its value.</param>
/// <param name="Missing">What it lacks, or why it is out.</param>
/// <param name="Short">SKUs it lacks; empty when it is out for another reason.</param>
public sealed record Option(string Location, decimal? Cost, IReadOnlyList<string> Terms, IReadOnlyList<string> Missing, IReadOnlyList<string> Short);

/// <summary>Where an order is sent from, and why.</summary>
/// <param name="Location">Null when no location can serve all of it.</param>
public sealed record Route(string? Location, IReadOnlyList<Option> Options);

/// <summary>The cheapest location that has all of an order.</summary>
/// <remarks>
/// Cost = the location's base cost, plus the border cost when the parcel leaves its country, plus the zone step cost for each step
/// between the first characters of the postal codes. Ties go to the lower code, so that every process chooses alike.
/// </remarks>
public static class RoutingRule
{
    /// <param name="available">Units of a SKU that may be promised at a location.</param>
    public static Route Choose(IReadOnlyList<SkuDemand> wanted, string country, string? postalCode, IReadOnlyList<string> notFrom, BrandTerms terms, Func<string, string, int> available)
    {
        var options = new List<Option>(terms.Locations.Count);
        Option? best = null;
        foreach (var location in terms.Locations)
        {
            var option = Look(location, wanted, country, postalCode, notFrom, terms, available);
            options.Add(option);
            if (option.Cost is { } cost && (best is null || cost < best.Cost || (cost == best.Cost && string.CompareOrdinal(option.Location, best.Location) < 0))) best = option;
        }
        return new(best?.Location, options);
    }

    private static Option Look(LocationTerms location, IReadOnlyList<SkuDemand> wanted, string country, string? postalCode, IReadOnlyList<string> notFrom, BrandTerms terms, Func<string, string, int> available)
    {
        if (location.Paused) return new(location.Code, null, [], ["paused"], []);
        if (notFrom.Contains(location.Code)) return new(location.Code, null, [], ["turned this order down"], []);
        List<string>? missing = null, lacks = null;
        foreach (var demand in wanted)
        {
            var there = available(demand.Sku, location.Code);
            if (there >= demand.Quantity) continue;
            (missing ??= []).Add(string.Create(CultureInfo.InvariantCulture, $"{demand.Sku}: {int.Max(0, there)} of {demand.Quantity}"));
            (lacks ??= []).Add(demand.Sku);
        }
        if (missing is not null) return new(location.Code, null, [], missing, lacks!);

        List<string> parts = [Part("base", location.Cost)];
        var cost = location.Cost;
        if (country.Length > 0 && !string.Equals(country, location.Country, StringComparison.OrdinalIgnoreCase)) Add("border", terms.BorderCost);
        else if (ZoneSteps(location.PostalZone, postalCode) is > 0 and var steps) Add("zone", steps * terms.ZoneStepCost);
        return new(location.Code, cost, parts, [], []);

        void Add(string name, decimal amount)
        {
            cost += amount;
            parts.Add(Part(name, amount));
        }
    }

    /// <summary>Steps between postal zones; 0 when either is unknown or one counts in letters and the other in digits.</summary>
    private static int ZoneSteps(string zone, string? postalCode)
    {
        if (zone.Length == 0 || postalCode is not { Length: > 0 }) return 0;
        var (from, to) = (char.ToUpperInvariant(zone[0]), char.ToUpperInvariant(postalCode.AsSpan().TrimStart() is { Length: > 0 } code ? code[0] : zone[0]));
        return char.IsAsciiDigit(from) == char.IsAsciiDigit(to) ? int.Abs(from - to) : 0;
    }

    private static string Part(string name, decimal amount) => string.Create(CultureInfo.InvariantCulture, $"{name} {amount:0.##}");
}
