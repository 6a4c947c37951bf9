using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.FedEx;

/// <summary>What FedEx's answers mean: answer → outcome. Pure.</summary>
internal static class FedExAnswers
{
    public static Result Bought(Answer answer, Consignment parcel, string brand)
    {
        if (Trouble(answer) is { } trouble) return new(trouble, answer.Exchange);
        if (answer.Read(FedExJson.Default.WireShipAnswer)?.Output?.TransactionShipments is not [{ } shipment, ..]) return new(new Outcome.Unsure("FedEx answered without a shipment."), answer.Exchange);
        var piece = shipment.PieceResponses is [{ } first, ..] ? first : null;
        if ((piece?.TrackingNumber ?? shipment.MasterTrackingNumber) is not { Length: > 0 } number) return new(new Outcome.Unsure("FedEx answered without a tracking number."), answer.Exchange);
        var rates = shipment.CompletedShipmentDetail?.ShipmentRating;
        var rate = rates?.ShipmentRateDetails?.FirstOrDefault(r => r?.RateType == rates.ActualRateType) ?? (rates?.ShipmentRateDetails is [var other, ..] ? other : null);
        var document = (piece?.PackageDocuments ?? []).Concat(shipment.ShipmentDocuments ?? []).FirstOrDefault(d => d is { Url.Length: > 0 })?.Url;
        return LabelAnswers.Issued(new(number, "fedex", parcel.Service, number, TrackingPage(number), document, rate?.TotalNetCharge, FedExCurrency.Iso(rate?.Currency)), parcel, brand, found: false, answer.Exchange);
    }

    /// <remarks>What is cancelled already is answered as an error, under a code that FedEx does not publish.</remarks>
    public static Outcome Voided(Answer answer)
    {
        if (Trouble(answer) is { } trouble) return trouble;
        return answer.Read(FedExJson.Default.WireCancelAnswer)?.Output switch
        {
            { CancelledShipment: true } => new Outcome.Done(),
            { CancelledShipment: false } no => new Outcome.Refused("not_cancelled", no.Message ?? no.SuccessMessage ?? "FedEx does not cancel the shipment and gives no reason."),
            _ => new Outcome.Unsure("The answer could not be read."),
        };
    }

    /// <exception cref="HttpRequestException">There is no answer to the question.</exception>
    public static IReadOnlyList<ShippingOffer> Offers(Answer answer)
    {
        if (Trouble(answer, reads: true) is { } trouble) throw new HttpRequestException(Outcome.Words(trouble));
        var details = answer.Read(FedExJson.Default.WireRateAnswer)?.Output?.RateReplyDetails ?? throw new HttpRequestException("FedEx's prices could not be read.");
        return [.. from d in details
                   let rate = d?.RatedShipmentDetails is [{ } first, ..] ? first : null
                   where d?.ServiceType is not null && rate?.TotalNetCharge is not null
                   select new ShippingOffer(d!.ServiceType!, d.ServiceName ?? $"FedEx {d.ServiceType}", rate!.TotalNetCharge!.Value, FedExCurrency.Iso(rate.Currency) ?? "", null, d.CustomerMessages is [{ Message: { } note }, ..] ? note : null)];
    }

    public static Outcome? Trouble(Answer answer, bool reads = false) => answer.Usual(reads) switch
    {
        Outcome.Refused when ErrorOf(answer) is { } error => new Outcome.Refused(error.Code ?? "unspecified", error.Message ?? "FedEx gives no reason."),
        // A 403 is also a project without this API, in FedEx's own words.
        Outcome.NotConnected when ErrorOf(answer) is { Message: { } why } => new Outcome.NotConnected(why),
        var outcome => outcome,
    };

    private static string TrackingPage(string number) => $"https://www.fedex.com/fedextrack/?trknbr={Uri.EscapeDataString(number)}";

    private static WireError? ErrorOf(Answer answer) => answer.Read(FedExJson.Default.WireProblem)?.Errors is [{ } first, ..] ? first : null;
}
