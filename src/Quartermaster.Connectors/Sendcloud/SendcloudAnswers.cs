using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.Sendcloud;

/// <summary>What Sendcloud's answers mean: answer → outcome. Pure.</summary>
internal static class SendcloudAnswers
{
    public static Result Announced(Answer answer, Consignment parcel, string brand)
    {
        // Our reference is taken: an earlier call arrived, and this is what it made.
        if (answer.Status == 409)
            return answer.Read(SendcloudJson.Default.WireShipmentAnswer)?.Data is { Id: not null } before && before.ExternalReferenceId == parcel.Reference ? Issued(before, answer, parcel, brand, found: true) : new(new Outcome.Unsure("Sendcloud knows this reference already."), answer.Exchange);
        if (Trouble(answer) is { } trouble) return new(trouble, answer.Exchange);
        return answer.Read(SendcloudJson.Default.WireShipmentAnswer)?.Data is { } made ? Issued(made, answer, parcel, brand, found: false) : new(new Outcome.Unsure("Sendcloud answered without a shipment."), answer.Exchange);
    }

    /// <summary>The answer to the question by reference. Only an empty list says that nothing was bought; whatever goes wrong leaves the doubt.</summary>
    public static Result Found(Answer answer, Consignment parcel, string brand)
    {
        if (LabelAnswers.LeavesDoubt(Trouble(answer, reads: true)) is { } doubt) return new(doubt, answer.Exchange);
        return Ours(answer, parcel.Reference) switch
        {
            ({ } shipment, _) => Issued(shipment, answer, parcel, brand, found: true),
            (_, { } why) => new(new Outcome.Unsure(why), answer.Exchange),
            _ => new(new Outcome.TryLater("There is no shipment under this reference."), answer.Exchange),
        };
    }

    /// <summary>The shipment to be cancelled, or why there is none.</summary>
    public static (string? Id, Outcome? Outcome) ToVoid(Answer answer, string reference)
    {
        if (Trouble(answer, reads: true) is { } trouble) return (null, trouble);
        return Ours(answer, reference) switch
        {
            (null, null) => (null, new Outcome.Done()),
            ({ Id: { } id } shipment, _) => IsVoid(shipment) ? (null, new Outcome.AlreadyDone()) : (id, null),
            var (_, doubt) => (null, new Outcome.TryLater(doubt ?? Unread)),
        };
    }

    /// <summary>The answer to the question whether a cancellation arrived.</summary>
    public static Outcome FoundVoid(Answer answer, string reference) => LabelAnswers.LeavesDoubt(Trouble(answer, reads: true)) ?? ToVoid(answer, reference) switch
    {
        (not null, _) => new Outcome.TryLater("The shipment is not cancelled yet."),
        (_, Outcome.TryLater unread) => new Outcome.Unsure(unread.Why),
        var (_, outcome) => outcome!,
    };

    /// <remarks>A cancellation that is queued is one: Sendcloud carries it out unless the parcel is scanned meanwhile.</remarks>
    public static Outcome Voided(Answer answer) => Trouble(answer) ?? new Outcome.Done();

    public static Outcome Rejected(Answer answer, Answer state)
    {
        if (Trouble(state, reads: true) is not null) return new Outcome.TryLater("Sendcloud rejected the cancellation and does not tell the shipment's state.");
        return state.Read(SendcloudJson.Default.WireShipmentAnswer)?.Data is { } shipment && IsVoid(shipment) ? new Outcome.AlreadyDone()
            : new Outcome.Refused("rejected", ErrorOf(answer)?.Detail ?? "Sendcloud does not cancel it and gives no reason.");
    }

    public static Outcome? Trouble(Answer answer, bool reads = false) => answer.Usual(reads) switch
    {
        Outcome.Refused when ErrorOf(answer) is { } error => new Outcome.Refused(error.Code ?? "unknown", $"{error.Detail ?? error.Title ?? "Sendcloud gives no reason."}{(error.Source?.Pointer is { } at ? $" ({at})" : "")}"),
        var outcome => outcome,
    };

    private const string Unread = "Sendcloud's list could not be read.";

    /// <summary>The shipment of a list that carries our reference; without one and without a doubt, there is none.</summary>
    /// <remarks>A list that does not heed the question names other people's parcels: their numbers would go to our shopper, and they would be cancelled.</remarks>
    private static (WireShipment? Shipment, string? Doubt) Ours(Answer answer, string reference)
    {
        if (answer.Read(SendcloudJson.Default.WireShipmentList)?.Data is not { } all) return (null, Unread);
        if (all.Count == 0) return (null, null);
        foreach (var shipment in all)
            if (shipment?.ExternalReferenceId == reference) return (shipment, null);
        return (null, $"Sendcloud was asked for {reference} and named other shipments.");
    }

    private static Result Issued(WireShipment shipment, Answer answer, Consignment parcel, string brand, bool found)
    {
        var sent = shipment.Parcels is [{ } first, ..] ? first : null;
        Outcome? not = (shipment, sent) switch
        {
            ({ Id: null }, _) => new Outcome.Unsure("Sendcloud answered without a shipment."),
            _ when IsVoid(shipment) => new Outcome.Refused("cancelled", $"The shipment {shipment.Id} was cancelled at Sendcloud."),
            ({ Errors: [{ } error, ..] }, { TrackingNumber: null or "" }) => new Outcome.Refused(error.Code ?? "not_announced", error.Detail ?? "The carrier did not take the announcement."),
            (_, null or { TrackingNumber: null or "" }) => new Outcome.Unsure($"The shipment has no tracking number yet ({sent?.Status?.Code ?? "no parcel"})."),
            _ => null,
        };
        if (not is not null) return new(not, answer.Exchange);
        var document = sent!.Documents?.FirstOrDefault(d => d is { Type: "label" } or { DocumentType: "label" })?.Link;
        var issued = new IssuedLabel(shipment.Id!, shipment.Carrier?.Code ?? "sendcloud", parcel.Service, sent.TrackingNumber!, sent.TrackingUrl, document, null, null);
        return LabelAnswers.Issued(issued, parcel, brand, found, answer.Exchange);
    }

    // CANCELLED, CANCELLED_UPSTREAM, CANCELLATION_REQUESTED, and whatever else begins so.
    private static bool IsVoid(WireShipment shipment) => shipment.Parcels is [{ Status.Code: { } code }, ..] && code.StartsWith("CANCELL", StringComparison.OrdinalIgnoreCase);

    private static WireError? ErrorOf(Answer answer) => answer.Read(SendcloudJson.Default.WireErrors)?.Errors is [{ } first, ..] ? first : null;
}
