using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.ShipEngine;

/// <summary>What ShipEngine's answers mean: answer → outcome. Pure.</summary>
internal static class ShipEngineAnswers
{
    public static Result Bought(Answer answer, Consignment parcel, string brand)
    {
        if (Trouble(answer) is { } trouble) return new(trouble, answer.Exchange);
        return Issued(answer, parcel, brand, found: false);
    }

    /// <summary>The answer to the question by reference. Only ShipEngine's own "not found" says that nothing was bought; whatever else goes wrong leaves the doubt.</summary>
    public static Result Found(Answer answer, Consignment parcel, string brand)
    {
        if (answer.Status == 404 && SaysNo(answer)) return new(new Outcome.TryLater("There is no label under this reference."), answer.Exchange);
        return LabelAnswers.LeavesDoubt(Trouble(answer, reads: true)) is { } doubt ? new(doubt, answer.Exchange) : Issued(answer, parcel, brand, found: true);
    }

    /// <summary>The answer to the question whether a cancellation arrived.</summary>
    public static Outcome FoundVoid(Answer answer)
    {
        if (answer.Status == 404 && SaysNo(answer)) return new Outcome.Done();
        return LabelAnswers.LeavesDoubt(Trouble(answer, reads: true)) ?? ToVoid(answer) switch
        {
            (not null, _) => new Outcome.TryLater("The label is not void yet."),
            (_, Outcome.TryLater unread) => new Outcome.Unsure(unread.Why),
            var (_, outcome) => outcome!,
        };
    }

    /// <summary>The label to be made void, or why there is none.</summary>
    public static (string? LabelId, Outcome? Outcome) ToVoid(Answer answer)
    {
        if (answer.Status == 404 && SaysNo(answer)) return (null, new Outcome.Done());
        if (Trouble(answer, reads: true) is { } trouble) return (null, trouble);
        return answer.Read(ShipEngineJson.Default.WireLabel) switch
        {
            null or { LabelId: null } => (null, new Outcome.TryLater("ShipEngine answered without a label.")),
            { Voided: true } or { Status: "voided" or "error" } => (null, new Outcome.AlreadyDone()),
            { LabelId: { } id } => (id, null),
        };
    }

    /// <remarks>A refusal comes as 200 with <c>approved: false</c>.</remarks>
    public static Outcome Voided(Answer answer)
    {
        if (Trouble(answer) is { } trouble) return trouble;
        return answer.Read(ShipEngineJson.Default.WireVoid) switch
        {
            { Approved: true } => new Outcome.Done(),
            { ReasonCode: "label_already_voided" } => new Outcome.AlreadyDone(),
            { Approved: false } no => new Outcome.Refused(no.ReasonCode ?? "not_approved", no.Message ?? "ShipEngine does not take it back and gives no reason."),
            null => new Outcome.Unsure("The answer could not be read."),
        };
    }

    public static Outcome Tested(Answer answer, string carrierId)
    {
        if (Trouble(answer, reads: true) is { } trouble) return trouble;
        var ids = (answer.Read(ShipEngineJson.Default.WireCarriers)?.Carriers ?? []).Select(c => c?.CarrierId).OfType<string>().ToList();
        return ids.Contains(carrierId) ? new Outcome.Done(carrierId)
            : new Outcome.Refused("carrier_id", $"This account has no carrier '{carrierId}'; it has {(ids.Count == 0 ? "none" : string.Join(", ", ids))}.");
    }

    /// <exception cref="HttpRequestException">There is no answer to the question.</exception>
    public static IReadOnlyList<ShippingOffer> Offers(Answer answer)
    {
        if (Trouble(answer, reads: true) is { } trouble) throw new HttpRequestException(Outcome.Words(trouble));
        var estimates = answer.Read(ShipEngineJson.Default.WireEstimateArray) ?? throw new HttpRequestException("ShipEngine's prices could not be read.");
        return [.. from e in estimates where e is { ServiceCode: not null, ShippingAmount: not null } select Offer(e)];
    }

    /// <summary>One of the account's webhooks brings scans to this address.</summary>
    public static bool Hears(Answer answer, Uri address) =>
        (answer.Read(ShipEngineJson.Default.WireWebhookArray) ?? []).Any(w => w is { Event: "track" } && w.Url == address.ToString());

    private static ShippingOffer Offer(WireEstimate e)
    {
        var currency = e.ShippingAmount!.Currency?.ToUpperInvariant() ?? "";
        var cost = e.ShippingAmount.Amount + (e.OtherAmount?.Amount ?? 0) + (e.ConfirmationAmount?.Amount ?? 0);
        var note = e.ErrorMessages is [{ } error, ..] ? error : e.WarningMessages is [{ } warning, ..] ? warning : null;
        return new(e.ServiceCode!, e.CarrierFriendlyName ?? e.CarrierCode ?? "", cost, currency, e.DeliveryDays, note);
    }

    private static Result Issued(Answer answer, Consignment parcel, string brand, bool found)
    {
        var label = answer.Read(ShipEngineJson.Default.WireLabel);
        Outcome? not = label switch
        {
            null or { LabelId: null } => new Outcome.Unsure("ShipEngine answered without a label."),
            { Voided: true } or { Status: "voided" } => new Outcome.Refused("voided", $"The label {label.LabelId} was made void at ShipEngine."),
            { Status: "error" } => new Outcome.Refused("label_error", $"ShipEngine could not make the label {label.LabelId}."),
            // Its own word for "not yet"; the next look-up finds it.
            { Status: "processing" } => new Outcome.Unsure("ShipEngine is still making the label."),
            { TrackingNumber: null or "" } => new Outcome.Unsure("The label has no tracking number yet."),
            _ => null,
        };
        if (not is not null) return new(not, answer.Exchange);
        var issued = new IssuedLabel(label!.LabelId!, label.CarrierCode ?? "shipengine", label.ServiceCode, label.TrackingNumber!, label.TrackingUrl,
            label.LabelDownload?.Href ?? label.LabelDownload?.Pdf, label.ShipmentCost?.Amount + (label.InsuranceCost?.Amount ?? 0), label.ShipmentCost?.Currency?.ToUpperInvariant());
        return LabelAnswers.Issued(issued, parcel, brand, found, answer.Exchange);
    }

    public static Outcome? Trouble(Answer answer, bool reads = false) => answer.Usual(reads) switch
    {
        Outcome.Refused when ErrorOf(answer) is { } error => OfError(error),
        var outcome => outcome,
    };

    private static Outcome OfError(WireError error) => error switch
    {
        // Our id is taken: an earlier call arrived. The look-up brings what it made.
        { ErrorCode: "identifier_conflict" } => new Outcome.Unsure("ShipEngine knows this reference already."),
        { ErrorCode: "rate_limit_exceeded" } => new Outcome.TryLater("ShipEngine asks for a slower pace.", Remote.Slower),
        { ErrorCode: "unauthorized" or "forbidden" or "carrier_not_connected" or "carrier_disconnected" or "subscription_inactive" or "trial_expired" or "terms_not_accepted" } =>
            new Outcome.NotConnected(error.Message ?? error.ErrorCode),
        { ErrorType: "system" } => new Outcome.TryLater(error.Message ?? "ShipEngine has trouble of its own."),
        _ => new Outcome.Refused(error.ErrorCode ?? "unspecified", error.Message ?? "ShipEngine gives no reason."),
    };

    // A 404 of a proxy or of a wrong address says nothing about labels; ShipEngine's own has its error in it.
    private static bool SaysNo(Answer answer) => ErrorOf(answer) is not null;

    private static WireError? ErrorOf(Answer answer) => answer.Read(ShipEngineJson.Default.WireErrors)?.Errors is [{ } first, ..] ? first : null;
}
