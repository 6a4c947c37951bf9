using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Quartermaster.Sandbox.Twins;

/// <summary>Sendcloud: announces shipments, finds them by our reference, cancels them, and tells of the parcels that leave with their labels.</summary>
/// <remarks>
/// Knobs: <c>sandbox_step_ms</c> (4000) between two events; <c>sandbox_missed</c> (0.03), the share of parcels that nobody takes at the first try;
/// <c>sandbox_unsold</c> (0), the share of streets it does not know.
/// </remarks>
[TwinOf("sendcloud")]
public sealed class SendcloudTwin : ITwin, IDisposable
{
    private readonly TwinContext context;
    private readonly Agenda agenda;
    private readonly ConcurrentDictionary<string, Announced> shipments = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Announced> byReference = new(StringComparer.Ordinal);
    private readonly List<JsonNode> connections = [];
    private readonly List<JsonNode> subscriptions = [];
    private int count;

    public SendcloudTwin(TwinContext context)
    {
        this.context = context;
        agenda = new(context.Clock);
        ParcelRoad.Of(context.Hub).Drive(context.Brand, PickUp);
    }

    /// <summary>How many shipments were announced, cancelled ones included.</summary>
    public int Sold => shipments.Count;

    /// <summary>Shipments that were neither cancelled nor carried.</summary>
    public int LeftBehind => shipments.Values.Count(s => s is { Cancelled: false, Scanned: false });

    public void Map(IEndpointRouteBuilder routes)
    {
        var keys = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{context.Settings.GetValueOrDefault("public_key")}:{context.Settings.GetValueOrDefault("secret_key")}"));
        var api = routes.MapGroup("");
        api.AddEndpointFilter(async (call, next) => call.HttpContext.Request.Headers.Authorization == keys ? await next(call) : Problem(401, "authentication_failed", "Invalid username or password."));
        api.MapPost("/shipments/announce", AnnounceAsync);
        api.MapGet("/shipments", (string? external_reference_id) => Results.Json(new { data = external_reference_id is null ? [] : byReference.TryGetValue(external_reference_id, out var one) ? new[] { Shown(one) } : [] }));
        api.MapGet("/shipments/{id}", (string id) => shipments.TryGetValue(id, out var one) ? Results.Json(new { data = Shown(one) }) : Problem(404, "not_found", "Not found"));
        api.MapPost("/shipments/{id}/cancel", (string id) => shipments.TryGetValue(id, out var one) ? Cancel(one) : Problem(404, "not_found", "Not found"));
        MapList(api, "/event-subscriptions/connections", connections);
        MapList(api, "/event-subscriptions/subscriptions", subscriptions);
    }

    public void Dispose() => agenda.Dispose();

    private static void MapList(IEndpointRouteBuilder api, string path, List<JsonNode> list)
    {
        api.MapGet(path, () => { lock (list) return Results.Json(new { data = list }); });
        api.MapPost(path, (JsonNode wanted) =>
        {
            lock (list)
            {
                wanted["id"] = list.Count + 1;
                list.Add(wanted);
            }
            return Results.Json(new { data = wanted }, statusCode: 201);
        });
    }

    private async Task<IResult> AnnounceAsync(HttpRequest request, CancellationToken cancel)
    {
        var body = (await JsonNode.ParseAsync(request.Body, cancellationToken: cancel))!;
        var to = body["to_address"]!;
        foreach (var field in (string[])["name", "address_line_1", "postal_code", "city", "country_code"])
            if (string.IsNullOrEmpty((string?)to[field])) return Problem(400, "required", "This field is required.", $"/to_address/{field}");
        if (Knobs.Fate($"street/{to["address_line_1"]}") < context.Number("sandbox_unsold", 0)) return Problem(400, "parcel_announcement_error", $"The carrier knows no {to["address_line_1"]} in {to["city"]}.");
        var reference = (string)body["external_reference_id"]!;
        var number = Interlocked.Increment(ref count);
        var made = new Announced($"sc-{number}", number, string.Create(CultureInfo.InvariantCulture, $"3S{Knobs.Hash(reference) % 1_000_000_000_000:D12}"), body);
        if (!byReference.TryAdd(reference, made)) return Results.Json(new { data = Shown(byReference[reference]) }, statusCode: 409);
        shipments[made.Id] = made;
        return Results.Json(new { data = Shown(made) }, statusCode: 201);
    }

    private static IResult Cancel(Announced one)
    {
        if (one.Cancelled) return Problem(409, "invalid", "This shipment is already being cancelled.");
        if (one.Scanned) return Problem(409, "invalid", "This shipment is with the carrier.");
        one.Cancelled = true;
        return Results.Json(new { data = new { status = "cancelled", message = "Shipment has been cancelled" } });
    }

    private static object Shown(Announced one) => new
    {
        id = one.Id, from_address = one.Body["from_address"], to_address = one.Body["to_address"], ship_with = one.Body["ship_with"], order_number = one.Body["order_number"], external_reference_id = one.Body["external_reference_id"],
        errors = Array.Empty<object>(), carrier = new { code = "sandbox_post", name = "Sandbox Post" },
        parcels = new[]
        {
            new
            {
                id = one.Number, status = one.Cancelled ? new { code = "CANCELLED", message = "Cancelled" } : new { code = "READY_TO_SEND", message = "Ready to send" }, weight = one.Body["parcels"]![0]!["weight"],
                documents = new[] { new { type = "label", document_type = "label", size = "a6", link = $"https://panel.sendcloud.sc/api/v3/parcels/{one.Number}/documents/label" } },
                tracking_number = one.Tracking, tracking_url = $"https://track.example/{one.Tracking}",
            },
        },
    };

    private void PickUp(SentParcel parcel)
    {
        if (shipments.Values.FirstOrDefault(s => s.Tracking == parcel.Tracking) is not { Scanned: false } one) return;
        one.Scanned = true;
        var missed = Knobs.Fate(one.Tracking) < context.Number("sandbox_missed", 0.03);
        Continue(one, missed ? ["accepted", "in_delivery", "attempted", "delivered"] : ["accepted", "in_delivery", "delivered"], 0);
    }

    private void Continue(Announced one, string[] route, int step) => agenda.In(context.Milliseconds("sandbox_step_ms", 4000), () =>
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new
        {
            event_type = "parcels.event.created",
            data = new
            {
                parcel = new { parcel_id = one.Number, tracking_number = one.Tracking, carrier_code = "sandbox_post" },
                @event = new { event_type = "carrier", timestamp = context.Clock.GetUtcNow(), phase = route[step], exception = "none", status_type = "success", sub_status = "none", location_details = new { city = "Sandbox", country = "NL" } },
            },
        });
        context.Hub.Send(context, "", body, new Dictionary<string, string> { ["Authorization"] = "Bearer " + context.Settings.GetValueOrDefault("webhook_token", "") });
        if (step + 1 < route.Length) Continue(one, route, step + 1);
    });

    private static IResult Problem(int status, string code, string detail, string? pointer = null) => Results.Json(
        new { errors = new[] { new { status = status.ToString(CultureInfo.InvariantCulture), code, detail, source = new { pointer = pointer ?? "" } } } }, statusCode: status);

    private sealed class Announced(string id, int number, string tracking, JsonNode body)
    {
        public string Id { get; } = id;
        public int Number { get; } = number;
        public string Tracking { get; } = tracking;
        public JsonNode Body { get; } = body;
        public bool Cancelled { get; set; }
        public bool Scanned { get; set; }
    }
}
