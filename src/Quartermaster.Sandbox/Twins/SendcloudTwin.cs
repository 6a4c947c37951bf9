using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Quartermaster.Sandbox.Twins;

/// <summary>Sendcloud: announces shipments, finds them by our reference, cancels them, and tells of the parcels that leave with their labels.</summary>
/// <remarks>Knobs: those of <see cref="LabelCounter"/>.</remarks>
[TwinOf("sendcloud")]
public sealed class SendcloudTwin(TwinContext context) : LabelSeller(context)
{
    private static readonly Dictionary<WayPoint, string> Words = new() { [WayPoint.PickedUp] = "accepted", [WayPoint.Underway] = "in_delivery", [WayPoint.Missed] = "attempted", [WayPoint.Delivered] = "delivered" };

    private readonly Lock announcing = new();
    private readonly List<JsonNode> connections = [];
    private readonly List<JsonNode> subscriptions = [];

    public override void Map(IEndpointRouteBuilder routes)
    {
        var keys = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Context.Settings.GetValueOrDefault("public_key")}:{Context.Settings.GetValueOrDefault("secret_key")}"));
        var api = routes.MapGroup("");
        api.AddEndpointFilter(async (call, next) => call.HttpContext.Request.Headers.Authorization == keys ? await next(call) : Problem(401, "authentication_failed", "Invalid username or password."));
        api.MapPost("/shipments/announce", AnnounceAsync);
        api.MapGet("/shipments", (string? external_reference_id) => Results.Json(new { data = external_reference_id is null ? [] : Counter.Under(external_reference_id) is { } one ? new[] { Shown(one) } : [] }));
        api.MapGet("/shipments/{id}", (string id) => LabelOf(id) is { } one ? Results.Json(new { data = Shown(one) }) : Problem(404, "not_found", "Not found"));
        api.MapPost("/shipments/{id}/cancel", (string id) => LabelOf(id) is { } one ? Cancel(one) : Problem(404, "not_found", "Not found"));
        api.MapGet("/parcels/tracking/{number}", (string number) => Counter.Track(number) is { } one ? Results.Json(Way(one)) : Results.Json(new { detail = "Parcel does not exist" }, statusCode: 404));
        MapList(api, "/event-subscriptions/connections", connections);
        MapList(api, "/event-subscriptions/subscriptions", subscriptions);
    }

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
        if (!Counter.KnowsStreet((string?)to["address_line_1"])) return Problem(400, "parcel_announcement_error", $"The carrier knows no {to["address_line_1"]} in {to["city"]}.");
        var reference = (string)body["external_reference_id"]!;
        lock (announcing)
        {
            if (Counter.Under(reference) is { } before) return Results.Json(new { data = Shown(before) }, statusCode: 409);
            return Results.Json(new { data = Shown(Counter.Sell(reference, "3S", 12, (string?)body["ship_with"]?["properties"]?["shipping_option_code"] ?? "", 0, body)) }, statusCode: 201);
        }
    }

    private static string IdOf(SoldLabel one) => string.Create(CultureInfo.InvariantCulture, $"sc-{one.Number}");

    private SoldLabel? LabelOf(string id) => id.Length > 3 && int.TryParse(id.AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? Counter.Of(number) : null;

    private static IResult Cancel(SoldLabel one)
    {
        if (one.Voided) return Problem(409, "invalid", "This shipment is already being cancelled.");
        if (one.Scanned) return Problem(409, "invalid", "This shipment is with the carrier.");
        LabelCounter.Void(one);
        return Results.Json(new { data = new { status = "cancelled", message = "Shipment has been cancelled" } });
    }

    private static object Shown(SoldLabel one) => new
    {
        id = IdOf(one), from_address = one.Body["from_address"], to_address = one.Body["to_address"], ship_with = one.Body["ship_with"], order_number = one.Body["order_number"], external_reference_id = one.Body["external_reference_id"],
        errors = Array.Empty<object>(), carrier = new { code = "sandbox_post", name = "Sandbox Post" },
        parcels = new[]
        {
            new
            {
                id = one.Number, status = one.Voided ? new { code = "CANCELLED", message = "Cancelled" } : new { code = "READY_TO_SEND", message = "Ready to send" }, weight = one.Body["parcels"]![0]!["weight"],
                documents = new[] { new { type = "label", document_type = "label", size = "a6", link = $"https://panel.sendcloud.sc/api/v3/parcels/{one.Number}/documents/label" } },
                tracking_number = one.Tracking, tracking_url = $"https://track.example/{one.Tracking}",
            },
        },
    };

    private protected override void Tell(SoldLabel one, WayPoint at)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new
        {
            event_type = "parcels.event.created",
            data = new
            {
                parcel = new { parcel_id = one.Number, tracking_number = one.Tracking, carrier_code = "sandbox_post" },
                @event = new { event_type = "carrier", timestamp = Context.Clock.GetUtcNow(), phase = Words[at], exception = "none", status_type = "success", sub_status = "none", location_details = new { city = "Sandbox", country = "NL" } },
            },
        });
        Context.Hub.Send(Context, "", body, new Dictionary<string, string> { ["Authorization"] = "Bearer " + Context.Settings.GetValueOrDefault("webhook_token", "") });
    }

    private static object Way(SoldLabel one) => new
    {
        announced_at = "2026-01-01T00:00:00Z", created_at = "2026-01-01T00:00:00Z", updated_at = "2026-01-01T00:00:00Z", source_id = one.Reference, details = new { is_return = false }, from_address = Nowhere, to_address = Nowhere,
        tracking_numbers = new[] { new { carrier_code = "sandbox_post", tracking_number = one.Tracking } },
        events = one.Way.Select(w => new { event_at = w.When, event_type = "carrier", status_code = Words[w.At], status_description = "Seen.", status_type = "success", sub_status_code = "none" }),
    };

    private static readonly object Nowhere = new { country_code = "NL", postal_code = "1012 AB" };

    private static IResult Problem(int status, string code, string detail, string? pointer = null) => Results.Json(
        new { errors = new[] { new { status = status.ToString(CultureInfo.InvariantCulture), code, detail, source = new { pointer = pointer ?? "" } } } }, statusCode: status);
}
