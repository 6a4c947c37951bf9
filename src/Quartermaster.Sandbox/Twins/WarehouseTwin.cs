using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Quartermaster.Sandbox.Twins;

/// <summary>A warehouse that speaks the open warehouse contract: takes orders on, picks, packs, ships, and tells of it.</summary>
/// <remarks>
/// Knobs: <c>sandbox_accept_ms</c> (300), <c>sandbox_ship_ms</c> (3000); as shares of the orders <c>sandbox_reject</c>,
/// <c>sandbox_short</c> (0.01), <c>sandbox_split</c> (0.1), <c>sandbox_pending</c> (0): cancellations that are decided <c>sandbox_decide_ms</c>
/// (1000) later; <c>sandbox_carriers</c>, separated by commas; <c>sandbox_journal</c>, a file
/// that lets a restarted box go on with what it had begun.
/// </remarks>
[TwinOf("warehouse-rest")]
public sealed class WarehouseTwin : ITwin, IDisposable
{
    private const string TooLate = "It has left the building.";

    private readonly TwinContext context;
    private readonly Agenda agenda;
    private readonly ParcelRoad road;
    private readonly WarehouseFloor floor = new();
    private readonly string[] carriers;
    private readonly Journal<HandoffNote> journal;

    public WarehouseTwin(TwinContext context)
    {
        this.context = context;
        agenda = new(context.Clock);
        road = ParcelRoad.Of(context.Hub);
        carriers = context.Settings.GetValueOrDefault("sandbox_carriers", "BlueDart,Delhivery,DTDC").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        journal = new(context.Settings.GetValueOrDefault("sandbox_journal"));
        foreach (var note in journal.Unfinished) Begin(floor.Take(note.ToHandoff()).Handoff);
    }

    /// <summary>How many hand-offs this order was taken on for; a repeat under the same idempotency key is none.</summary>
    public int HandoffsOf(string orderRef) => floor.Of(orderRef).Count;

    /// <summary>How the order has to travel, as the newest hand-off says; null = as the warehouse likes.</summary>
    public (string? Service, string? Carrier) TravelsBy(string orderRef) => floor.Of(orderRef) is [.., var last] ? (last.Service, last.Carrier) : default;

    /// <summary>Something of this order is on its way.</summary>
    public bool HasShipped(string orderRef) => floor.Of(orderRef).Any(h => h.State == HandoffState.Shipped);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/wms/orders", TakeOrdersAsync);
        routes.MapPost("/wms/orders/{orderRef}/cancel", CancelAsync);
        routes.MapGet("/wms/orders", (string? @ref) => Results.Json(new { orders = floor.Of(@ref ?? "").Select(Shown) }, OpenWebhook.Json));
        routes.MapGet("/wms/stock", (DateTimeOffset? since) => Results.Json(new { counts = floor.CountsSince(since ?? default) }, OpenWebhook.Json));
        // Not part of the contract: somebody in the box counts a shelf.
        routes.MapPost("/sandbox/count", (ShelfCount count) => CountShelf(count));
    }

    /// <summary>Somebody counted a shelf: told by webhook, and found by whoever asks for counts.</summary>
    public IResult CountShelf(ShelfCount count)
    {
        var at = context.Clock.GetUtcNow();
        floor.Counted(new(count.Sku, count.Warehouse, count.OnHand, at));
        var id = string.Create(CultureInfo.InvariantCulture, $"count-{count.Sku}-{count.Warehouse}-{at.ToUnixTimeMilliseconds()}");
        OpenWebhook.Send(context, id, new { EventId = id, Type = "stock_counted", count.Sku, count.Warehouse, count.OnHand, At = at });
        return Results.Accepted();
    }

    public void Dispose()
    {
        agenda.Dispose();
        journal.Dispose();
    }

    private async Task<IResult> TakeOrdersAsync(HttpRequest request, CancellationToken cancel)
    {
        List<Handoff> wanted;
        try
        {
            using var body = await JsonDocument.ParseAsync(request.Body, cancellationToken: cancel);
            var orders = body.RootElement.GetProperty("orders");
            if (orders.GetArrayLength() is < 1 or > 50) return Problem(422, "batch_size", "1 to 50 orders per call");
            wanted = [.. orders.EnumerateArray().Select(Handoff.Read)];
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return Problem(400, "bad_request", e.Message);
        }
        return Results.Json(new { results = wanted.Select(TakeOn).ToArray() }, OpenWebhook.Json, statusCode: 202);
    }

    private object TakeOn(Handoff wanted)
    {
        if (wanted.Lines.Count == 0) return new { wanted.OrderRef, Status = "rejected", Code = "no_lines", Message = "An order needs at least one line." };
        // Its cancellation overtook it on the wire.
        if (floor.WasCalledOff(wanted.Key)) return new { wanted.OrderRef, Status = "rejected", Code = "withdrawn", Message = "It was cancelled before it came." };
        var (handoff, isNew) = floor.Take(wanted);
        if (isNew)
        {
            journal.Begin(handoff.WarehouseRef, HandoffNote.Of(handoff));
            Begin(handoff);
        }
        return new { handoff.OrderRef, Status = "accepted", handoff.WarehouseRef };
    }

    private void Begin(Handoff handoff) => agenda.In(context.Milliseconds("sandbox_accept_ms", 300), () => Accept(handoff));

    private void Accept(Handoff handoff)
    {
        if (handoff.State != HandoffState.Taken) return;
        if (Happens(handoff, "reject", 0))
        {
            handoff.State = HandoffState.Rejected;
            Tell(handoff, "rejected", 0, id => new { EventId = id, Type = "rejected", handoff.OrderRef, handoff.Warehouse, HandoffKey = handoff.Key, Code = "cannot_pack", Message = "No packaging fits.", At = Now });
            journal.End(handoff.WarehouseRef);
            return;
        }
        Tell(handoff, "accepted", 0, id => new { EventId = id, Type = "accepted", handoff.OrderRef, handoff.Warehouse, HandoffKey = handoff.Key, handoff.WarehouseRef, At = Now });
        agenda.In(context.Milliseconds("sandbox_ship_ms", 3000), () => Ship(handoff));
    }

    private void Ship(Handoff handoff)
    {
        if (!handoff.StartShipping()) return;
        var lines = handoff.Lines;
        if (Happens(handoff, "short", 0.01))
        {
            var missing = new WireLine(lines[0].Sku, 1);
            lines = lines[0].Qty > 1 ? [lines[0] with { Qty = lines[0].Qty - 1 }, .. lines.Skip(1)] : [.. lines.Skip(1)];
            Tell(handoff, "short_picked", 0, id => new { EventId = id, Type = "short_picked", handoff.OrderRef, handoff.Warehouse, HandoffKey = handoff.Key, Lines = new[] { missing }, At = Now });
        }
        if (lines.Count > 1 && Happens(handoff, "split", 0.1))
        {
            SendOff(handoff, 1, [lines[0]]);
            agenda.In(context.Milliseconds("sandbox_ship_ms", 3000), () =>
            {
                SendOff(handoff, 2, [.. lines.Skip(1)]);
                journal.End(handoff.WarehouseRef);
            });
            return;
        }
        if (lines.Count > 0) SendOff(handoff, 1, lines);
        journal.End(handoff.WarehouseRef);
    }

    private void SendOff(Handoff handoff, int parcel, IReadOnlyList<WireLine> lines)
    {
        var mark = Knobs.Hash($"{handoff.WarehouseRef}/{parcel}");
        var carrier = carriers.Length == 0 ? "Sandbox Express" : carriers[mark % (ulong)carriers.Length];
        var tracking = string.Create(CultureInfo.InvariantCulture, $"SB{mark % 1_000_000_000_000:D12}");
        if (handoff.Carrier is { } named) carrier = named;
        if (parcel == 1 && handoff.Label is { } label) (carrier, tracking) = (label.Carrier, label.Tracking);
        Tell(handoff, "shipment_confirmed", parcel, id => new
        {
            EventId = id, Type = "shipment_confirmed", handoff.OrderRef, handoff.Warehouse, Carrier = carrier, TrackingNumber = tracking, Lines = lines, At = Now,
        });
        road.Send(context.Brand, new(handoff.OrderRef, carrier, tracking, handoff.Warehouse));
    }

    private async Task<IResult> CancelAsync(string orderRef, HttpRequest request, CancellationToken cancel)
    {
        string? key = null;
        try
        {
            using var body = await JsonDocument.ParseAsync(request.Body, cancellationToken: cancel);
            if (body.RootElement.TryGetProperty("handoff_key", out var named)) key = named.GetString();
        }
        catch (JsonException) when (request.ContentLength is null or 0) { /* A cancellation without a body means all of the order. */ }
        IReadOnlyList<Handoff> there = [.. floor.Of(orderRef).Where(h => key is null || h.Key == key)];
        if (there.Count == 0)
        {
            if (key is not null) floor.CallOff(key);
            return Problem(404, "unknown_order", $"There is no order {orderRef}.");
        }
        if (there.Any(h => h.State == HandoffState.Taken && Happens(h, "pending", 0)))
        {
            foreach (var handoff in there.Where(h => h.StartDeciding())) agenda.In(context.Milliseconds("sandbox_decide_ms", 1000), () => Decide(handoff));
            return Results.Json(new { status = "pending" }, statusCode: 202);
        }
        return there.Select(Withdraw).ToArray().All(withdrawn => withdrawn)
            ? Results.Json(new { status = "withdrawn" })
            : Results.Json(new { status = "too_late", message = TooLate });
    }

    private void Decide(Handoff handoff)
    {
        var withdrawn = Withdraw(handoff);
        Tell(handoff, "withdrawal_answered", 0, id => new
        {
            EventId = id, Type = "withdrawal_answered", handoff.OrderRef, handoff.Warehouse, HandoffKey = handoff.Key, Withdrawn = withdrawn, Message = withdrawn ? null : TooLate, At = Now,
        });
    }

    private bool Withdraw(Handoff handoff)
    {
        if (!handoff.Withdraw()) return false;
        journal.End(handoff.WarehouseRef);
        return true;
    }

    private DateTimeOffset Now => context.Clock.GetUtcNow();

    private bool Happens(Handoff handoff, string what, double otherwise) =>
        Knobs.Fate($"{what}/{handoff.OrderRef}") < context.Number($"sandbox_{what}", otherwise);

    // The id says what happened to which hand-off, so that it is the same however often it is told.
    private void Tell(Handoff handoff, string type, int number, Func<string, object> what)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"{handoff.WarehouseRef}-{type}-{number}");
        var said = what(id);
        handoff.Tell(said);
        OpenWebhook.Send(context, id, said);
    }

    private static object Shown(Handoff handoff) =>
        new { handoff.OrderRef, handoff.Warehouse, handoff.WarehouseRef, Status = handoff.State.ToString().ToLowerInvariant(), Events = handoff.Told };

    private static IResult Problem(int status, string code, string message) => Results.Json(new { error = new { code, message } }, statusCode: status);
}

/// <summary>A shelf and what somebody counted there.</summary>
public sealed record ShelfCount(string Sku, string Warehouse, int OnHand);
