using System.Globalization;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Routing;

/// <summary>What one parcel costs from one location for one order, by weight; and of what that cost is made.</summary>
/// <remarks>
/// Cost = base of the location + postage + lateness + what a busy day adds. Postage is the cheapest service among the closest rates that take the weight, lateness
/// included in the comparison; without a rate it is the border cost, or the zone step cost for each step between the first characters of the postal codes.
/// </remarks>
internal sealed class ParcelCost
{
    private readonly LocationTerms location;
    private readonly RoutingAsk ask;
    private readonly BrandTerms terms;
    private readonly List<(ShippingRate Rate, int Closeness)> rates;
    private readonly int[] late;
    private readonly DateOnly leaves;
    private readonly int? handed;
    private readonly decimal busy;

    public ParcelCost(LocationTerms location, RoutingAsk ask, BrandTerms terms)
    {
        (this.location, this.ask, this.terms) = (location, ask, terms);
        leaves = location.Calendar.Leaves(ask.Now);
        handed = location.Capacity is null ? null : ask.Handed?.Invoke(location.Code, leaves);
        busy = Busy();
        rates = RateCard.For(terms.Routing.Rates, location.Code, ask.Country, ask.PostalCode, ask.Wish?.Service);
        late = new int[rates.Count];
        for (var i = 0; i < late.Length; i++) late[i] = DaysLate(rates[i].Rate.Days);
    }

    /// <summary>Null when no service takes a parcel of this weight. Does not fall with the weight where the tariffs do not.</summary>
    public decimal? Of(long grams)
    {
        var (best, cost) = Best(grams);
        return cost is null ? null : best < 0 ? location.Cost + Distance().Amount + busy : location.Cost + cost + busy;
    }

    /// <summary>What a parcel of a weight that some service takes costs and when it comes.</summary>
    public Sending Sent(long grams) => Best(grams).At is >= 0 and var best
        ? new(location.Cost + rates[best].Rate.Price(grams)!.Value, late[best], Arrives(rates[best].Rate.Days))
        : new(location.Cost + Distance().Amount, 0, null);

    public List<string> Terms(long grams)
    {
        List<string> parts = [];
        if (location.Cost != 0m || rates.Count == 0) parts.Add(Part("base", location.Cost));
        if (busy != 0m) parts.Add(string.Create(CultureInfo.InvariantCulture, $"{handed} of {location.Capacity} orders on {leaves:yyyy-MM-dd} {busy:0.##}"));
        var (best, _) = Best(grams);
        if (best < 0)
        {
            var (name, amount) = Distance();
            if (name is not null) parts.Add(Part(name, amount));
            return parts;
        }
        var rate = rates[best].Rate;
        parts.Add(string.Create(CultureInfo.InvariantCulture, $"{rate.Service} to {rate.To}, {grams / 1000m:0.##} kg {rate.Price(grams):0.##}"));
        parts.Add(string.Create(CultureInfo.InvariantCulture, $"arrives {Arrives(rate.Days):yyyy-MM-dd}"));
        if (late[best] > 0 && terms.Routing.LateCost != 0m) parts.Add(string.Create(CultureInfo.InvariantCulture, $"{late[best]} {(late[best] == 1 ? "day" : "days")} late {late[best] * terms.Routing.LateCost:0.##}"));
        return parts;
    }

    /// <summary>Why <see cref="Of"/> gives no cost for this weight.</summary>
    public string Refusal(long grams) => ask.Wish?.Service is { } service
        ? string.Create(CultureInfo.InvariantCulture, $"no rate of {service} takes {grams / 1000m:0.##} kg there")
        : string.Create(CultureInfo.InvariantCulture, $"no service takes {grams / 1000m:0.##} kg");

    /// <summary>Why the location takes no more orders for the day on which this one would leave; null when it does.</summary>
    public string? Full => handed >= location.Capacity ? string.Create(CultureInfo.InvariantCulture, $"full: {handed} of {location.Capacity} orders on {leaves:yyyy-MM-dd}") : null;

    private decimal Busy()
    {
        if (terms.Routing.BusyCost == 0m || location.Capacity is not { } capacity || handed is not { } orders) return 0m;
        var from = capacity * RoutingTerms.BusyFrom;
        return orders <= from ? 0m : decimal.Round(terms.Routing.BusyCost * (orders - from) / (capacity - from), 2);
    }

    private (int At, decimal? Cost) Best(long grams)
    {
        if (rates.Count == 0) return (-1, ask.Wish?.Service is null ? 0m : null);
        var at = -1;
        decimal? least = null;
        for (var i = 0; i < rates.Count; i++)
        {
            if (rates[i].Rate.Price(grams) is not { } price) continue;
            // A closer rate stands before a cheaper one; a farther one only takes what is too heavy for it.
            if (at >= 0 && rates[i].Closeness < rates[at].Closeness) break;
            var cost = price + (late[i] * terms.Routing.LateCost);
            if (least is null || cost < least) (at, least) = (i, cost);
        }
        return (at, least);
    }

    /// <summary>Days between the promise and the door, by the location's calendar; 0 without a promise.</summary>
    private int DaysLate(int transit) =>
        terms.Routing.PromiseDays is { } promise
            ? int.Max(0, Arrives(transit).DayNumber - location.Calendar.Later(location.Calendar.Today(ask.Now), promise).DayNumber)
            : 0;

    private DateOnly Arrives(int transit) => location.Calendar.Later(leaves, transit);

    private (string? Name, decimal Amount) Distance()
    {
        if (ask.Country.Length > 0 && !string.Equals(ask.Country, location.Country, StringComparison.OrdinalIgnoreCase)) return ("border", terms.BorderCost);
        return ZoneSteps(location.PostalZone, ask.PostalCode) is > 0 and var steps ? ("zone", steps * terms.ZoneStepCost) : (null, 0m);
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
