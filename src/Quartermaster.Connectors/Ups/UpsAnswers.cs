using System.Globalization;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.Ups;

/// <summary>What UPS's answers mean: answer → outcome. Pure.</summary>
internal static class UpsAnswers
{
    public static Result Bought(Answer answer, Consignment parcel, string brand)
    {
        if (Trouble(answer) is { } trouble) return new(trouble, answer.Exchange);
        var results = answer.Read(UpsJson.Default.WireShipped)?.ShipmentResponse?.ShipmentResults;
        if (results?.PackageResults is not [{ TrackingNumber: { Length: > 0 } number }, ..]) return new(new Outcome.Unsure("UPS answered without a tracking number."), answer.Exchange);
        // The account's own price where it has one.
        var cost = results.NegotiatedRateCharges?.TotalCharge ?? results.ShipmentCharges?.TotalCharges;
        var id = results.ShipmentIdentificationNumber ?? number;
        return LabelAnswers.Issued(new(id, "ups", parcel.Service, number, TrackingPage(number), results.LabelUrl, AmountOf(cost), cost?.CurrencyCode), parcel, brand, found: false, answer.Exchange);
    }

    /// <summary>The answer to the question by reference.</summary>
    public static Result Found(Answer answer, Consignment parcel, string brand, Settings settings)
    {
        if (Recovered(answer) is { } label)
            return LabelAnswers.Issued(new(label.Id, "ups", parcel.Service, label.Number, TrackingPage(label.Number), label.Document, null, null), parcel, brand, found: true, answer.Exchange);
        return new(IsAbsent(answer, settings) ? new Outcome.TryLater("UPS has no label under this reference.") : LabelAnswers.LeavesDoubt(Trouble(answer, reads: true)) ?? new Outcome.Unsure("UPS answered without a label."), answer.Exchange);
    }

    /// <summary>The shipment to be cancelled, or why there is none.</summary>
    public static (string? Id, Outcome? Outcome) ToVoid(Answer answer, Settings settings)
    {
        if (Recovered(answer) is { } label) return (label.Id, null);
        if (IsAbsent(answer, settings)) return (null, new Outcome.Done());
        return (null, Trouble(answer, reads: true) ?? new Outcome.TryLater("UPS answered without a label."));
    }

    public static Outcome Voided(Answer answer)
    {
        if (Trouble(answer) is { } trouble) return trouble is Outcome.Refused { Code: AlreadyVoided } ? new Outcome.AlreadyDone() : trouble;
        return answer.Read(UpsJson.Default.WireVoided)?.VoidShipmentResponse?.SummaryResult?.Status?.Code switch
        {
            "1" => new Outcome.Done(),
            { } code => new Outcome.Refused(code, "UPS does not cancel the shipment."),
            null => new Outcome.Unsure("The answer could not be read."),
        };
    }

    /// <exception cref="HttpRequestException">There is no answer to the question.</exception>
    public static IReadOnlyList<ShippingOffer> Offers(Answer answer)
    {
        if (Trouble(answer, reads: true) is { } trouble) throw new HttpRequestException(Outcome.Words(trouble));
        var rated = answer.Read(UpsJson.Default.WireRated)?.RateResponse?.RatedShipment ?? throw new HttpRequestException("UPS's prices could not be read.");
        return [.. from r in rated
                   let cost = r?.NegotiatedRateCharges?.TotalCharge ?? r?.TotalCharges
                   where r?.Service?.Code is not null && AmountOf(cost) is not null
                   select new ShippingOffer(r!.Service!.Code!, $"UPS {UpsServices.NameOf(r.Service.Code!)}", AmountOf(cost)!.Value, cost!.CurrencyCode ?? "", DaysOf(r.GuaranteedDelivery?.BusinessDaysInTransit), r.RatedShipmentAlert is [{ Description: { } alert }, ..] ? alert : null)];
    }

    public static Outcome? Trouble(Answer answer, bool reads = false) => answer.Usual(reads) switch
    {
        Outcome.Refused when ErrorOf(answer) is { } error => OfError(error),
        // Wrong credentials come as 401; a 403 is also a merchant that UPS has blocked, in UPS's own words.
        Outcome.NotConnected when ErrorOf(answer) is { Message: { } why } => new Outcome.NotConnected(why),
        var outcome => outcome,
    };

    public static string TrackingPage(string number) => $"https://www.ups.com/track?tracknum={Uri.EscapeDataString(number)}";

    // "The shipment has already been voided".
    private const string AlreadyVoided = "190117";

    private static Outcome OfError(WireError error) => error.Code switch
    {
        "10429" => new Outcome.TryLater("UPS asks for a slower pace.", Remote.Slower),
        "250002" or "250003" => new Outcome.NotConnected(error.Message ?? "UPS refuses the credentials."),
        _ => new Outcome.Refused(error.Code ?? "unspecified", error.Message ?? "UPS gives no reason."),
    };

    // UPS does not publish which code says "there is none": only one that was seen and configured ends the doubt.
    private static bool IsAbsent(Answer answer, Settings settings) =>
        answer.Status is 400 or 404 && ErrorOf(answer)?.Code is { } code && (settings.Find("absent_codes") ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Contains(code);

    private static (string Id, string Number, string? Document)? Recovered(Answer answer)
    {
        if (!answer.IsSuccess || answer.Read(UpsJson.Default.WireRecovered)?.LabelRecoveryResponse is not { } found) return null;
        return found.LabelResults is [{ TrackingNumber: { Length: > 0 } number } result, ..] ? (found.ShipmentIdentificationNumber ?? number, number, result.LabelImage?.Url) : null;
    }

    private static WireError? ErrorOf(Answer answer) => answer.Read(UpsJson.Default.WireProblem)?.Response?.Errors is [{ } first, ..] ? first : null;

    private static decimal? AmountOf(WireCharge? charge) => decimal.TryParse(charge?.MonetaryValue, NumberStyles.Number, CultureInfo.InvariantCulture, out var amount) ? amount : null;

    private static int? DaysOf(string? days) => int.TryParse(days, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
