using System.Text.Json;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Connections;
using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Stock;

namespace Quartermaster.Connectors.WarehouseRest;

/// <summary>What a warehouse tells us: webhook → stream and signals. Pure.</summary>
internal static class WarehouseRestInbound
{
    // More units than any parcel holds; a number beyond it is a typing or unit error and goes to a person.
    private const int MostUnits = 1_000_000;

    private const int MostSku = 200;

    private static readonly string[] Glanced = ["event_id", "type", "order_ref", "sku"];
    private static readonly string[] OfAnOrder = ["order_ref", "status"];

    public static Knock Receive(Session session, Delivery delivery)
    {
        if (!OpenCallback.IsSigned(session, delivery)) return Knock.Refuse;
        var values = new string?[4];
        JsonGlance.TryRead(delivery.Body.Span, Glanced, values);
        var (eventId, type, orderRef, sku) = (values[0], values[1], values[2], values[3]);
        return new Knock.Take(type ?? "unknown", OpenCallback.IdOf(delivery, eventId), null, StreamOf(session, orderRef, sku));
    }

    // The reference we handed over is the order's stream id, so the answer finds its order without a look-up.
    private static StreamId StreamOf(Session session, string? orderRef, string? sku) =>
        orderRef is { Length: > 0 } ? new(session.Brand, "order", orderRef)
        : sku is { Length: > 0 } ? new(session.Brand, "stock", sku)
        : new(session.Brand, "connection", session.Connection);

    /// <exception cref="NotUnderstoodException">The body is no event of the contract.</exception>
    public static Reading Read(Session session, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt)
    {
        var told = Parse(body.Span);
        var at = told.At?.ToUniversalTime() ?? receivedAt;
        return told.Type switch
        {
            "shipment_confirmed" => OfOrder(told, order => new FulfilmentSignal.Shipped(
                order, Ours(session, told), Need(told.Carrier, "carrier"), Need(told.TrackingNumber, "tracking_number"), Lines(told), at, told.TrackingUrl, told.At is null)),
            "accepted" => OfOrder(told, order => new FulfilmentSignal.Accepted(order, told.WarehouseRef, at, Which(session, told))),
            "rejected" => OfOrder(told, order => new FulfilmentSignal.Rejected(order, told.Code ?? "unspecified", told.Message ?? "The warehouse gave no reason.", at, Which(session, told))),
            "short_picked" => OfOrder(told, order => new FulfilmentSignal.ShortPicked(order, Ours(session, told), Lines(told), at, Which(session, told))),
            "withdrawal_answered" => OfOrder(told, order => new FulfilmentSignal.WithdrawalAnswered(
                order, told.Withdrawn ?? throw Missing("withdrawn", "true or false"), told.Message, Which(session, told))),
            "stock_counted" => Counted(session, told, at),
            null or "" => throw Missing("type", "one of the contract's event types"),
            var other => Unknown(session, other.Length <= 60 ? other : other[..60], at),
        };

        Reading OfOrder(WarehouseEvent e, Func<string, Signal> say)
        {
            var order = Need(e.OrderRef, "order_ref");
            return Reading.One(new(session.Brand, "order", order), say(order));
        }
    }

    /// <summary>The answer to the question for one order: how it stands, and its events as if they came now. Null when it is no list of orders.</summary>
    /// <remarks>An event has the id under which it was sent, so that one which did arrive is known as a repeat.</remarks>
    public static HandoffSeen? Seen(Session session, string orderRef, ReadOnlyMemory<byte> answer)
    {
        if (JsonSlices.Of(answer, "orders") is not { } orders) return null;
        string? word = null;
        List<Found> told = [];
        foreach (var order in orders)
        {
            var about = new string?[2];
            JsonGlance.TryRead(order.Span, OfAnOrder, about);
            if (about[0] is { } of && of != orderRef) continue;
            word = about[1] ?? word ?? "known";
            foreach (var e in JsonSlices.Of(order, "events") ?? [])
            {
                var values = new string?[4];
                if (JsonGlance.TryRead(e.Span, Glanced, values) && values[2] == orderRef)
                    told.Add(new(values[1] ?? "unknown", values[0] is { Length: > 0 } id ? id : HmacSignature.Hex("event", e.Span), null, StreamOf(session, orderRef, null), e));
            }
        }
        return new(word, told);
    }

    public static StockSignal.Counted Count(Session session, string sku, string? theirs, int onHand, DateTimeOffset at) =>
        new(sku, LocationOf(session, Need(theirs, "warehouse")), onHand, session.Connection, at);

    /// <summary>A shelf of the list of all counts; null when it is no count that could be taken.</summary>
    public static ShelfSeen? Shelf(Session session, StockCount count, DateTimeOffset readAt) =>
        count is { Sku: { Length: > 0 and <= MostSku } sku, Warehouse: { Length: > 0 } warehouse, OnHand: { } onHand } && onHand is >= 0 and <= MostUnits && !sku.Contains('\0')
            ? new ShelfSeen(sku, LocationOf(session, warehouse), onHand, count.At?.ToUniversalTime() ?? readAt)
            : null;

    private static Reading Counted(Session session, WarehouseEvent told, DateTimeOffset at)
    {
        var sku = Need(told.Sku, "sku");
        var onHand = told.OnHand ?? throw Missing("on_hand", "the number of sellable units counted");
        if (onHand is < 0 or > MostUnits) throw Odd("on_hand", onHand, $"0 to {MostUnits}");
        return Reading.One(new(session.Brand, "stock", sku), Count(session, sku, told.Warehouse, onHand, at));
    }

    // A warehouse may tell more than the contract asks for. That is worth knowing once, and no reason to stop the order it names.
    private static Reading Unknown(Session session, string type, DateTimeOffset at) => new(
        [new(new(session.Brand, "connection", session.Connection), new ConnectionSignal.Noticed(session.Connection, $"unknown_type:{type}",
            $"The warehouse sends events of type '{type}', which the contract does not know: shipment_confirmed, accepted, rejected, short_picked, withdrawal_answered and stock_counted are read.", true, at))],
        $"'{type}' is no event of the contract; nothing follows from it.");

    private static WarehouseEvent Parse(ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, WarehouseJson.Default.WarehouseEvent) ?? throw new JsonException("the body is null");
        }
        catch (JsonException e)
        {
            throw new NotUnderstoodException("warehouse-rest.bad_json", $"The warehouse's event cannot be read at {e.Path ?? "$"}: {e.Message}", e);
        }
    }

    private static List<SkuQuantity> Lines(WarehouseEvent told)
    {
        if (told.Lines is not { Count: > 0 } lines) throw Missing("lines", "[{\"sku\":\"…\",\"qty\":1}]");
        var read = new List<SkuQuantity>(lines.Count);
        foreach (var line in lines)
        {
            var sku = Need(line?.Sku, "lines[].sku");
            if (line!.Qty is < 1 or > MostUnits) throw Odd($"lines[].qty of {sku}", line.Qty, $"1 to {MostUnits}");
            read.Add(new(sku, line.Qty));
        }
        return read;
    }

    private static string Ours(Session session, WarehouseEvent told) => LocationOf(session, Need(told.Warehouse, "warehouse"));

    private static Meant Which(Session session, WarehouseEvent told) =>
        new(session.Connection, told.Warehouse is { Length: > 0 } theirs ? LocationOf(session, theirs) : null, told.HandoffKey is { Length: > 0 } key ? key : null);

    // A code that is not mapped is the same on both sides.
    private static string LocationOf(Session session, string theirs) => (session.Locations.Count == 0 ? null : session.LocationOf(theirs)) ?? theirs;

    private static string Need(string? value, string field) =>
        string.IsNullOrWhiteSpace(value) ? throw Missing(field, "a text that is not empty") : value;

    private static NotUnderstoodException Missing(string field, string right) =>
        new("warehouse-rest.missing_field", $"The warehouse's event has no '{field}'; expected {right}.");

    private static NotUnderstoodException Odd(string field, int value, string right) =>
        new("warehouse-rest.odd_number", $"The warehouse's event says {field} = {value}; expected {right}.");
}
