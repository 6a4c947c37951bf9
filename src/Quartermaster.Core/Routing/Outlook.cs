using System.Globalization;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Routing;

/// <summary>What is to be expected of a parcel that leaves one location by one rate, and what that costs besides its postage.</summary>
/// <remarks>
/// Cost = late cost × expected days after the promise + damage cost × P(damaged or lost) + redelivery cost × P(nobody takes it at the first try) + return
/// cost × P(comes back). Without history the carrier does
/// what its tariff says and harms nothing.
/// </remarks>
internal sealed class Outlook
{
    private readonly RoutingTerms terms;
    private readonly ShippingRate rate;
    private readonly Expected? expected;
    private readonly Shrunk? risk;
    private readonly bool onDelivery;
    private readonly double days, late;
    private readonly DateOnly leaves;

    /// <param name="promised">The day that the shopper was promised, on the location's calendar; null = none was.</param>
    public Outlook(ShippingRate rate, LocationTerms location, DateOnly leaves, DateOnly? promised, RoutingAsk ask, Destination to, RoutingTerms terms)
    {
        (this.rate, this.terms, this.leaves, onDelivery) = (rate, terms, leaves, ask.Wish?.OnDelivery == true);
        var tariff = location.Calendar.Later(leaves, rate.Days).DayNumber - leaves.DayNumber;
        var promise = promised?.DayNumber - leaves.DayNumber;
        if (!ask.Known.Carriers.IsEmpty) expected = ask.Known.Carriers.Of(rate.Carrier, rate.Service, location.Code, to.Country, to.Zone);
        if (terms.WeighsReturns) risk = ask.Known.Returns.Risk(onDelivery, to.Country, to.Area, rate.Carrier, rate.Service);
        (days, late) = expected?.Days(tariff, promise) ?? (tariff, promise is { } by ? int.Max(0, tariff - by) : 0);
        Cost = Money(late, terms.LateCost) + Money(expected?.Harm.P, terms.DamageCost) + Money(expected?.Missed.P, terms.RedeliveryCost) + Money(risk?.P, terms.ReturnCost);
    }

    public ShippingRate Rate => rate;

    /// <summary>Everything but the postage; it does not depend on the weight.</summary>
    public decimal Cost { get; }

    /// <summary>The day that is to be promised.</summary>
    public DateOnly Arrives => leaves.AddDays((int)Math.Round(days, MidpointRounding.AwayFromZero));

    /// <summary>Whole days after the promise.</summary>
    public int DaysLate => (int)Math.Round(late, MidpointRounding.AwayFromZero);

    public IEnumerable<string> Terms()
    {
        yield return expected is { Sample: > 0 and var sample }
            ? Say($"arrives {Arrives:yyyy-MM-dd} ({Many(days, "day")} by {Many(sample, "parcel")}, {expected.Lane.Delivered} of them this way)") : Say($"arrives {Arrives:yyyy-MM-dd}");
        if (Money(late, terms.LateCost) is > 0m and var lateness) yield return Say($"{Many(late, "day")} late {lateness:0.##}");
        if (Money(expected?.Harm.P, terms.DamageCost) is > 0m and var harm) yield return Say($"damaged or lost {expected!.Harm.P:0.0 %} of {Many(expected.Carrier.Ended, "parcel")} {harm:0.##}");
        if (Money(expected?.Missed.P, terms.RedeliveryCost) is > 0m and var again) yield return Say($"not at the first try {expected!.Missed.P:0.0 %} of {Many(expected.Carrier.Delivered, "parcel")} {again:0.##}");
        if (Money(risk?.P, terms.ReturnCost) is > 0m and var back) yield return Say($"comes back {risk!.Value.P:0.0 %} {(onDelivery ? "when paid at the door" : "when paid before")}, {Many(risk.Value.Sample, "parcel")} there {back:0.##}");
    }

    private static decimal Money(double? times, decimal price) => price == 0m || times is not > 0 ? 0m : decimal.Round((decimal)times.Value * price, 2);

    private static string Many(double count, string what) => count.ToString("0.#", CultureInfo.InvariantCulture) is var text && text == "1" ? $"1 {what}" : $"{text} {what}s";

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
