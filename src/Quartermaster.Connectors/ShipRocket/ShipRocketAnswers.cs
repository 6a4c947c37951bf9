using System.Globalization;
using System.Text.Json;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Dispatching;

namespace Quartermaster.Connectors.ShipRocket;

/// <summary>What ShipRocket's answers mean: answer → outcome. Pure.</summary>
/// <remarks>Refusals come as 4xx with a message, and some as a 200 that says so in a field of its own.</remarks>
internal static class ShipRocketAnswers
{
    /// <summary>No courier takes the parcel.</summary>
    public const string NoCourier = "no_courier";

    public static (FoundOrder? Order, Result? Trouble) Made(Answer answer)
    {
        if (Trouble(answer) is { } trouble) return (null, new(trouble, answer.Exchange));
        return answer.Read(ShipRocketJson.Default.WireMade) switch
        {
            { OrderId: { } order, ShipmentId: { } shipment } => (new(order, shipment), null),
            { Message: { Length: > 0 } why } => (null, new(new Outcome.Refused("not_made", why), answer.Exchange)),
            _ => (null, new(new Outcome.Unsure("ShipRocket answered without an order."), answer.Exchange)),
        };
    }

    public static (FoundOrder? Order, Result? Trouble) Assigned(Answer answer, FoundOrder order)
    {
        if (Trouble(answer) is { } trouble) return (null, new(trouble, answer.Exchange));
        var told = answer.Read(ShipRocketJson.Default.WireAssigned);
        if (told?.Response?.Data is { AwbCode: { Length: > 0 } awb } data) return (order with { Awb = awb, Courier = data.CourierName, Cost = data.FreightCharges }, null);
        if (told?.AwbAssignStatus == 0 || told?.Message is { Length: > 0 })
            return (null, new(new Outcome.Refused(NoCourier, told.Response?.Data?.AwbAssignError ?? told.Message ?? "No courier takes this parcel."), answer.Exchange));
        return (null, new(new Outcome.Unsure("ShipRocket answered without a waybill."), answer.Exchange));
    }

    /// <summary>The order of that number, or why nobody can say. No order and no trouble = there is none.</summary>
    public static (FoundOrder? Order, Result? Trouble) Found(Answer answer, string reference)
    {
        if (Trouble(answer, reads: true) is { } trouble) return (null, new(trouble, answer.Exchange));
        if (answer.Read(ShipRocketJson.Default.WireOrders) is not { Data: { } all }) return (null, new(new Outcome.TryLater("ShipRocket's list of orders could not be read."), answer.Exchange));
        // The search looks into more than the number. Of several, one with a waybill is the one that costs.
        var ours = all.OfType<WireOrder>().Where(o => o.ChannelOrderId == reference && o is { Id: not null, Shipments: [{ Id: not null }, ..] }).Select(Order).OrderBy(o => o.IsCancelled).ThenBy(o => o.Awb is null).FirstOrDefault();
        return (ours, null);
    }

    public static Outcome Cancelled(Answer answer) => Trouble(answer) switch
    {
        Outcome.Refused no when no.Why.Contains("already cancel", StringComparison.OrdinalIgnoreCase) => new Outcome.AlreadyDone(),
        null => new Outcome.Done(),
        var trouble => trouble,
    };

    public static Result Closed(Answer made, Answer pickup, DispatchList list, string brand, bool found)
    {
        if (Trouble(made) is { } trouble) return new(trouble, made.Exchange);
        if (made.Read(ShipRocketJson.Default.WireManifest) is not { } told || (told.ManifestUrl is null && told.Status != 1)) return new(new Outcome.Unsure("ShipRocket answered without a manifest."), made.Exchange);
        return DispatchAnswers.Closed(list, brand, pickup.Read(ShipRocketJson.Default.WirePickup)?.Response?.PickupTokenNumber, told.ManifestUrl, Unreadable(list), found, made.Exchange);
    }

    /// <summary>A manifest that can be printed exists. That it cannot says that it does not.</summary>
    public static Result Printed(Answer answer, DispatchList list, string brand) => Trouble(answer, reads: true) switch
    {
        null when answer.Read(ShipRocketJson.Default.WireManifest)?.ManifestUrl is { Length: > 0 } address => DispatchAnswers.Closed(list, brand, null, address, Unreadable(list), found: true, answer.Exchange),
        Outcome.Refused => new(new Outcome.TryLater("There is no manifest of these parcels."), answer.Exchange),
        null => new(new Outcome.Unsure("ShipRocket's answer could not be read."), answer.Exchange),
        var trouble => new(LabelAnswers.LeavesDoubt(trouble)!, answer.Exchange),
    };

    public static string? LabelAddress(Answer answer) => answer.IsSuccess && answer.Read(ShipRocketJson.Default.WireLabel)?.LabelUrl is { Length: > 0 } address ? address : null;

    public static Outcome Tested(Answer answer, string pickupLocation)
    {
        if (Trouble(answer, reads: true) is { } trouble) return trouble;
        var names = (answer.Read(ShipRocketJson.Default.WirePickups)?.Data?.ShippingAddress ?? []).Select(a => a?.PickupLocation).OfType<string>().ToList();
        return names.Count == 0 || names.Contains(pickupLocation, StringComparer.OrdinalIgnoreCase) ? new Outcome.Done()
            : new Outcome.Refused("pickup_location", $"ShipRocket has no pickup address '{pickupLocation}'; it has {string.Join(", ", names)}.");
    }

    /// <exception cref="HttpRequestException">There is no answer to the question.</exception>
    public static IReadOnlyList<ShippingOffer> Offers(Answer answer)
    {
        if (Trouble(answer, reads: true) is { } trouble) throw new HttpRequestException(Outcome.Words(trouble));
        var told = answer.Read(ShipRocketJson.Default.WireServiceability);
        if (told?.Data?.AvailableCourierCompanies is not { } couriers) throw new HttpRequestException(told?.Message ?? "ShipRocket's prices could not be read.");
        return [.. from c in couriers
                   where c is { CourierCompanyId: not null, Rate: not null }
                   orderby c.Rate
                   select new ShippingOffer(c.CourierCompanyId!.Value.ToString(CultureInfo.InvariantCulture), c.CourierName ?? "ShipRocket", c.Rate!.Value, "INR", c.EstimatedDeliveryDays, c.Etd is { } etd ? $"expected {etd}" : null)];
    }

    public static Outcome? Trouble(Answer answer, bool reads = false) => answer.Usual(reads) switch
    {
        Outcome.Refused no when answer.Read(ShipRocketJson.Default.WireProblem) is { } problem => new Outcome.Refused(no.Code, Words(problem) ?? no.Why),
        var outcome => outcome,
    };

    private static string? Words(WireProblem problem)
    {
        var details = problem.Errors is { ValueKind: JsonValueKind.Object } errors ? errors.EnumerateObject().Select(e => $"{e.Name}: {(e.Value.ValueKind == JsonValueKind.Array ? string.Join(" ", e.Value.EnumerateArray()) : e.Value)}") : [];
        return string.Join(" ", details.Prepend(problem.Message ?? "")).Trim() is { Length: > 0 } words ? words : null;
    }

    // A label that was not bought here.
    private static IReadOnlyList<LeftOut> Unreadable(DispatchList list) => [.. list.Labels.Where(l => FoundOrder.ShipmentIn(l.LabelId) is null).Select(l => new LeftOut(l.LabelId, "it is no shipment of ShipRocket"))];

    private static FoundOrder Order(WireOrder o)
    {
        var shipment = o.Shipments![0]!;
        return new(o.Id!.Value, shipment.Id!.Value, shipment.Awb is { Length: > 0 } awb ? awb : null, shipment.Courier is { Length: > 0 } courier ? courier : null, null,
            o.Status?.StartsWith("CANCEL", StringComparison.OrdinalIgnoreCase) == true);
    }
}
