using System.Globalization;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Routing;

/// <summary>What one parcel costs from one location for one order, by its load; and of what that cost is made.</summary>
/// <remarks>
/// Cost = base of the location + postage + what is to be expected of the way (<see cref="Outlook"/>) + what a busy day adds. Postage goes by the zone that a
/// rate names or, where none does, by the distance; it is the cheapest service among the closest rates that take the weight, the way's expectations included in
/// the comparison; without a rate it is the border cost, or the zone step cost for each step between the first characters of the postal codes.
/// </remarks>
internal sealed class ParcelCost
{
    private readonly LocationTerms location;
    private readonly RoutingAsk ask;
    private readonly Destination to;
    private readonly BrandTerms terms;
    private readonly List<(ShippingRate Rate, int Closeness)> rates;
    private readonly Outlook[] outlooks;
    private readonly double? km;
    private readonly DateOnly leaves;
    private readonly int? handed;
    private readonly decimal busy;

    public ParcelCost(LocationTerms location, RoutingAsk ask, Destination to, BrandTerms terms)
    {
        (this.location, this.ask, this.to, this.terms) = (location, ask, to, terms);
        leaves = location.Calendar.Leaves(ask.Now);
        handed = location.Capacity is null ? null : ask.Handed?.Invoke(location.Code, leaves);
        busy = Busy();
        km = Way();
        rates = RateCard.For(terms.Routing.Rates, location.Code, ask.Wish?.Service, to, km);
        DateOnly? promised = terms.Routing.PromiseDays is { } days ? location.Calendar.Later(location.Calendar.Today(ask.Now), days) : null;
        outlooks = new Outlook[rates.Count];
        for (var i = 0; i < outlooks.Length; i++) outlooks[i] = new(rates[i].Rate, location, leaves, promised, ask, to, terms.Routing);
    }

    /// <summary>Null when no service takes a parcel of this weight. Does not fall with the load where the tariffs do not.</summary>
    public decimal? Of(Load load)
    {
        var (best, cost) = Best(load);
        return cost is null ? null : best < 0 ? location.Cost + Distance().Amount + busy : location.Cost + cost + busy;
    }

    /// <summary>What so much more costs at least, whatever the parcel holds without it.</summary>
    public decimal LeastMore(Load load)
    {
        decimal? least = null;
        foreach (var (rate, _) in rates)
        {
            // Where a service ends at a weight, a heavier parcel may go by a cheaper one.
            if (rate.MaxGrams > 0) return 0m;
            if (rate.LeastMore(load.Grams, load.Volume) is var more && !(more >= least)) least = more;
        }
        return least ?? 0m;
    }

    /// <summary>What a parcel of a weight that some service takes costs and when it comes.</summary>
    public Sending Sent(Load load) => Best(load).At is >= 0 and var best
        ? new(location.Cost + rates[best].Rate.Price(load.Grams, load.Volume)!.Value, outlooks[best].DaysLate, outlooks[best].Arrives, new(rates[best].Rate.Service, rates[best].Rate.Carrier))
        : new(location.Cost + Distance().Amount, 0, null);

    public List<string> Terms(Load load)
    {
        List<string> parts = [];
        if (location.Cost != 0m || rates.Count == 0) parts.Add(Part("base", location.Cost));
        if (busy != 0m) parts.Add(string.Create(CultureInfo.InvariantCulture, $"{handed} of {location.Capacity} orders on {leaves:yyyy-MM-dd} {busy:0.##}"));
        var (best, _) = Best(load);
        if (best < 0)
        {
            var (name, amount) = Distance();
            if (name is not null) parts.Add(Part(name, amount));
            return parts;
        }
        var rate = rates[best].Rate;
        parts.Add(string.Create(CultureInfo.InvariantCulture, $"{rate.Service} to {rate.To}{Within(rate)}, {Charged(rate, load)} {rate.Price(load.Grams, load.Volume):0.##}"));
        parts.AddRange(outlooks[best].Terms());
        return parts;
    }

    /// <summary>Why <see cref="Of"/> gives no cost for this weight.</summary>
    public string Refusal(Load load) => ask.Wish?.Service is { } service
        ? string.Create(CultureInfo.InvariantCulture, $"no rate of {service} takes {load.Kilograms:0.##} kg there")
        : string.Create(CultureInfo.InvariantCulture, $"no service takes {load.Kilograms:0.##} kg");

    /// <summary>Why the location takes no more orders for the day on which this one would leave; null when it does.</summary>
    public string? Full => handed >= location.Capacity ? string.Create(CultureInfo.InvariantCulture, $"full: {handed} of {location.Capacity} orders on {leaves:yyyy-MM-dd}") : null;

    private decimal Busy()
    {
        if (terms.Routing.BusyCost == 0m || location.Capacity is not { } capacity || handed is not { } orders) return 0m;
        var from = capacity * RoutingTerms.BusyFrom;
        return orders <= from ? 0m : decimal.Round(terms.Routing.BusyCost * (orders - from) / (capacity - from), 2);
    }

    private (int At, decimal? Cost) Best(Load load)
    {
        if (rates.Count == 0) return (-1, ask.Wish?.Service is null ? 0m : null);
        var at = -1;
        decimal? least = null;
        for (var i = 0; i < rates.Count; i++)
        {
            if (rates[i].Rate.Price(load.Grams, load.Volume) is not { } price) continue;
            // A closer rate stands before a cheaper one, and of one tariff the narrower band; a farther one only takes what is too heavy for it.
            if (at >= 0 && rates[i].Closeness < rates[at].Closeness) break;
            if (HasNarrower(i, load)) continue;
            var cost = price + outlooks[i].Cost;
            if (least is null || cost < least) (at, least) = (i, cost);
        }
        return (at, least);
    }

    private bool HasNarrower(int at, Load load)
    {
        for (var i = 0; i < at; i++)
            if (rates[i].Rate.WithinKm is { } narrow && narrow < (rates[at].Rate.WithinKm ?? ShippingRate.Farthest) && rates[i].Rate.IsOfTariff(rates[at].Rate) && rates[i].Rate.Price(load.Grams, load.Volume) is not null) return true;
        return false;
    }

    private static string Charged(ShippingRate rate, Load load) => rate.Charged(load.Grams, load.Volume) is var charged && charged > load.Grams
        ? string.Create(CultureInfo.InvariantCulture, $"{charged / 1000m:0.##} kg by its room ({load.Kilograms:0.##} kg)") : string.Create(CultureInfo.InvariantCulture, $"{load.Kilograms:0.##} kg");

    private string Within(ShippingRate rate) => !to.IsMeasured ? ""
        : km is null ? " (distance not known)"
        : rate.WithinKm is { } end && km > end ? string.Create(CultureInfo.InvariantCulture, $" within {end} km, which is the farthest there is ({km:0} km)")
        : rate.WithinKm is { } within ? string.Create(CultureInfo.InvariantCulture, $" within {within} km ({km:0} km)") : string.Create(CultureInfo.InvariantCulture, $" ({km:0} km)");

    /// <summary>Null when either end is not on the map.</summary>
    private double? Way() => to.Point is { } there && location.PostalCode is { } code && ask.Known.Points.Find(location.Country, code) is { } from ? PostalPoints.Kilometres(from, there) : null;

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
