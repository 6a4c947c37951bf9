using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Dispatching;

namespace Quartermaster.Connectors.Delhivery;

/// <summary>What Delhivery's answers mean: answer → outcome. Pure.</summary>
/// <remarks>Refusals come as a 200 that says so inside.</remarks>
internal static class DelhiveryAnswers
{
    public const string Cancelled = "cancelled";

    public static (string? Waybill, Result? Trouble) Made(Answer answer)
    {
        if (Trouble(answer) is { } trouble) return (null, new(trouble, answer.Exchange));
        var told = answer.Read(DelhiveryJson.Default.WireMade);
        var package = told?.Packages is [{ } first, ..] ? first : null;
        if (package is { Waybill: { Length: > 0 } waybill } && !Fails(package.Status)) return (waybill, null);
        var why = string.Join(" ", (package?.Remarks ?? []).OfType<string>().Where(r => r.Length > 0).DefaultIfEmpty(told?.Rmk ?? "")).Trim();
        // Our number is taken: an earlier call arrived. The look-up brings what it made.
        if (why.Contains("duplicate", StringComparison.OrdinalIgnoreCase)) return (null, new(new Outcome.Unsure("Delhivery knows this order already."), answer.Exchange));
        if (told is null || (told.Success is null && package is null)) return (null, new(new Outcome.Unsure("Delhivery answered without a waybill."), answer.Exchange));
        return (null, new(new Outcome.Refused("not_made", why.Length > 0 ? why : "Delhivery gives no reason."), answer.Exchange));
    }

    /// <summary>The waybill under an order's number, or what its absence means: TryLater = there is none.</summary>
    public static (string? Waybill, Outcome? Outcome) Found(Answer answer, string reference)
    {
        if (LabelAnswers.LeavesDoubt(Trouble(answer, reads: true)) is { } doubt) return (null, doubt);
        var told = answer.Read(DelhiveryJson.Default.WireTracked);
        var ours = (told?.ShipmentData ?? []).Select(d => d?.Shipment).OfType<WireShipment>().Where(s => s.Awb is { Length: > 0 } && s.ReferenceNo == reference).ToList();
        // Cancelled parcels stay in the list.
        if (ours.Find(s => !IsCancelled(s)) is { } live) return (live.Awb, null);
        if (ours.Count > 0) return (null, new Outcome.Refused(Cancelled, $"The waybill {ours[0].Awb} was cancelled at Delhivery."));
        return told switch
        {
            { ShipmentData: null, Error: { Length: > 0 } why } when why.Contains("No such", StringComparison.OrdinalIgnoreCase) => (null, new Outcome.TryLater("There is no waybill under this reference.")),
            { ShipmentData.Count: 0 } => (null, new Outcome.TryLater("There is no waybill under this reference.")),
            _ => (null, new Outcome.Unsure("Delhivery's answer could not be read.")),
        };
    }

    public static Outcome Voided(Answer answer)
    {
        if (Trouble(answer) is { } trouble) return trouble;
        return answer.Read(DelhiveryJson.Default.WireEdited) switch
        {
            { Status: true } => new Outcome.Done(),
            { } no when (no.Remark ?? no.Error)?.Contains("cancel", StringComparison.OrdinalIgnoreCase) == true && (no.Remark ?? no.Error)!.Contains("already", StringComparison.OrdinalIgnoreCase) => new Outcome.AlreadyDone(),
            { Status: false } no => new Outcome.Refused("not_cancelled", no.Remark ?? no.Error ?? "Delhivery gives no reason."),
            _ => new Outcome.Unsure("The answer could not be read."),
        };
    }

    public static Result Fetched(Answer answer, DispatchList list, string brand)
    {
        if (Trouble(answer) is { } trouble) return new(trouble, answer.Exchange);
        return answer.Read(DelhiveryJson.Default.WireFetched) switch
        {
            { PickupId: { Length: > 0 } id } => DispatchAnswers.Closed(list, brand, id, null, [], found: false, answer.Exchange),
            { Success: false } no => new(new Outcome.Refused("no_pickup", no.Error ?? no.Message ?? "Delhivery gives no reason."), answer.Exchange),
            _ => new(new Outcome.Unsure("Delhivery answered without a number of the pickup."), answer.Exchange),
        };
    }

    public static Uri? SlipAddress(Answer answer) =>
        answer.IsSuccess && answer.Read(DelhiveryJson.Default.WireSlips)?.Packages is [{ PdfDownloadLink: { } link }, ..] && Uri.TryCreate(link, UriKind.Absolute, out var address) && address.Scheme is "https" or "http" ? address : null;

    /// <exception cref="HttpRequestException">It does not go there, or not with what is to be collected.</exception>
    public static void MustServe(Answer answer, Consignment parcel)
    {
        if (Trouble(answer, reads: true) is { } trouble) throw new HttpRequestException(Outcome.Words(trouble));
        var codes = answer.Read(DelhiveryJson.Default.WirePincodes)?.DeliveryCodes ?? throw new HttpRequestException("Delhivery's answer could not be read.");
        if (codes is not [{ PostalCode: { } at }, ..]) throw new HttpRequestException($"Delhivery does not deliver to {parcel.To.PostalCode}.");
        if (parcel.Collect is not null && at.Cod == "N") throw new HttpRequestException($"Delhivery collects nothing at {parcel.To.PostalCode}.");
        if (parcel.Collect is null && at.PrePaid == "N") throw new HttpRequestException($"Delhivery brings nothing that is paid to {parcel.To.PostalCode}.");
    }

    /// <exception cref="HttpRequestException">There is no answer to the question.</exception>
    public static ShippingOffer? Offer(Answer answer, string mode)
    {
        if (Trouble(answer, reads: true) is { } trouble) throw new HttpRequestException(Outcome.Words(trouble));
        var charges = answer.Read(DelhiveryJson.Default.WireChargeArray) ?? throw new HttpRequestException("Delhivery's prices could not be read.");
        return charges is [{ TotalAmount: > 0 and var total } charge, ..] ? new(mode, $"Delhivery {mode}", total, "INR", null, charge.Zone is { } zone ? $"zone {zone}" : null) : null;
    }

    public static Outcome? Trouble(Answer answer, bool reads = false) => answer.Usual(reads);

    private static bool Fails(string? status) => status?.StartsWith("Fail", StringComparison.OrdinalIgnoreCase) == true;

    private static bool IsCancelled(WireShipment shipment) => shipment.Status?.Status?.StartsWith("Cancel", StringComparison.OrdinalIgnoreCase) == true;
}
