using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Quartermaster.Sandbox.Twins;

/// <summary>ShipEngine: sells labels, finds them by our id, takes them back, and tells of the parcels that leave with them.</summary>
/// <remarks>
/// Knobs: <c>sandbox_step_ms</c> (4000) between two scans; <c>sandbox_missed</c> (0.03), the share of parcels that nobody takes at the first try;
/// <c>sandbox_unsold</c> (0), the share of streets it does not know.
/// </remarks>
[TwinOf("shipengine")]
public sealed class ShipEngineTwin : ITwin, IDisposable
{
    private readonly TwinContext context;
    private readonly Agenda agenda;
    private readonly ConcurrentDictionary<string, SoldLabel> labels = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, SoldLabel> byReference = new(StringComparer.Ordinal);
    private readonly List<JsonNode> webhooks = [];
    private int sold;

    public ShipEngineTwin(TwinContext context)
    {
        this.context = context;
        agenda = new(context.Clock);
        ParcelRoad.Of(context.Hub).Drive(context.Brand, PickUp);
    }

    /// <summary>How many labels were sold, void ones included.</summary>
    public int Sold => sold;

    public int Voided => labels.Values.Count(l => l.Voided);

    /// <summary>Labels that were neither taken back nor carried by a parcel.</summary>
    public int LeftBehind => labels.Values.Count(l => l is { Voided: false, Scanned: false });

    public void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/v1");
        api.AddEndpointFilter(async (call, next) => call.HttpContext.Request.Headers["API-Key"] == context.Settings.GetValueOrDefault("api_key", "") ? await next(call) : Problem(401, "security", "unauthorized", "The API key is not valid."));
        api.MapGet("/carriers", () => Results.Json(new { carriers = new[] { new { carrier_id = context.Settings.GetValueOrDefault("carrier_id", "se-1"), carrier_code = "sandbox_post", friendly_name = "Sandbox Post" } } }));
        api.MapPost("/labels", SellAsync);
        api.MapGet("/labels/external_shipment_id/{reference}", (string reference) => byReference.TryGetValue(reference, out var label) ? Shown(label) : Problem(404, "validation", "invalid_identifier", $"No label of shipment {reference}."));
        api.MapPut("/labels/{id}/void", (string id) => labels.TryGetValue(id, out var label) ? Void(label) : Problem(404, "validation", "invalid_identifier", $"No label {id}."));
        api.MapPost("/rates/estimate", (JsonNode asked) => Results.Json(Estimates(asked)));
        api.MapGet("/environment/webhooks", () => { lock (webhooks) return Results.Json(webhooks); });
        api.MapPost("/environment/webhooks", (JsonNode wanted) =>
        {
            wanted["webhook_id"] = "se-900";
            lock (webhooks) webhooks.Add(wanted);
            return Results.Json(wanted);
        });
    }

    public void Dispose() => agenda.Dispose();

    private async Task<IResult> SellAsync(HttpRequest request, CancellationToken cancel)
    {
        var body = (await JsonNode.ParseAsync(request.Body, cancellationToken: cancel))!;
        var shipment = body["shipment"]!;
        var to = shipment["ship_to"]!;
        foreach (var field in (string[])["name", "address_line1", "city_locality", "postal_code", "country_code"])
            if (string.IsNullOrEmpty((string?)to[field])) return Problem(400, "validation", "field_value_required", $"ship_to.{field} is required.");
        if (Knobs.Fate($"street/{to["address_line1"]}") < context.Number("sandbox_unsold", 0)) return Problem(400, "business_rules", "invalid_address", $"There is no {to["address_line1"]} in {to["city_locality"]}.");
        var reference = (string)shipment["external_shipment_id"]!;
        var number = Interlocked.Increment(ref sold);
        var label = new SoldLabel($"se-{1_000_000 + number}", reference, string.Create(CultureInfo.InvariantCulture, $"SE{Knobs.Hash($"{reference}/{number}") % 1_000_000_000_000:D12}"), (string)shipment["service_code"]!,
            decimal.Round(4m + (decimal)shipment["packages"]![0]!["weight"]!["value"]! / 250m, 2));
        // The contract does not say what a second purchase under one id does; the worst is that it is sold.
        byReference[reference] = label;
        labels[label.Id] = label;
        return Shown(label);
    }

    private IResult Shown(SoldLabel label)
    {
        var now = context.Clock.GetUtcNow();
        return Results.Json(new
        {
            label_id = label.Id, status = label.Voided ? "voided" : "completed", shipment_id = "se-2" + label.Id[3..], ship_date = now, created_at = now,
            shipment_cost = new { currency = "usd", amount = label.Cost }, insurance_cost = new { currency = "usd", amount = 0m }, tracking_number = label.Tracking, is_return_label = false, rma_number = (string?)null,
            is_international = false, batch_id = "se-0", carrier_id = context.Settings.GetValueOrDefault("carrier_id", "se-1"), charge_event = "carrier_default", service_code = label.Service, package_code = "package",
            voided = label.Voided, voided_at = (string?)null, label_format = "pdf", display_scheme = "label", label_layout = "4x6", trackable = true, label_image_id = (string?)null, carrier_code = "sandbox_post", tracking_status = "in_transit",
            label_download = new { href = $"https://labels.example/{label.Id}.pdf", pdf = $"https://labels.example/{label.Id}.pdf", png = $"https://labels.example/{label.Id}.png", zpl = $"https://labels.example/{label.Id}.zpl" },
            form_download = (object?)null, paperless_download = (object?)null, insurance_claim = (object?)null, packages = Array.Empty<object>(), tracking_url = $"https://track.example/{label.Tracking}",
        });
    }

    private static IResult Void(SoldLabel label)
    {
        if (label.Voided) return Results.Json(new { approved = false, message = "It is void already.", reason_code = "label_already_voided" });
        if (label.Scanned) return Results.Json(new { approved = false, message = "A parcel is under way with it.", reason_code = "label_already_used" });
        label.Voided = true;
        return Results.Json(new { approved = true, message = "The label is void." });
    }

    private static object[] Estimates(JsonNode asked)
    {
        var grams = (decimal)asked["weight"]!["value"]!;
        return [Offer("sandbox_ground", "Sandbox Post Ground", 3), Offer("sandbox_air", "Sandbox Post Air", 1)];

        object Offer(string service, string type, int days) => new
        {
            rate_type = "shipment", carrier_id = (string)asked["carrier_ids"]![0]!, shipping_amount = Usd(decimal.Round((4m + grams / 250m) * (days == 1 ? 2.5m : 1m), 2)), insurance_amount = Usd(0), confirmation_amount = Usd(0), other_amount = Usd(0),
            zone = 4, package_type = "package", delivery_days = days, guaranteed_service = false, negotiated_rate = false, service_type = type, service_code = service, trackable = true, carrier_code = "sandbox_post",
            carrier_nickname = "Sandbox Post", carrier_friendly_name = "Sandbox Post", validation_status = "valid", warning_messages = Array.Empty<string>(), error_messages = Array.Empty<string>(),
        };
    }

    private static object Usd(decimal amount) => new { currency = "usd", amount };

    private void PickUp(SentParcel parcel)
    {
        if (labels.Values.FirstOrDefault(l => l.Tracking == parcel.Tracking) is not { Scanned: false } label) return;
        label.Scanned = true;
        var missed = Knobs.Fate(label.Tracking) < context.Number("sandbox_missed", 0.03);
        Continue(label, missed ? ["AC", "IT", "AT", "DE"] : ["AC", "IT", "DE"], 0);
    }

    private void Continue(SoldLabel label, string[] route, int step) => agenda.In(context.Milliseconds("sandbox_step_ms", 4000), () =>
    {
        var scan = new { occurred_at = context.Clock.GetUtcNow(), city_locality = "Sandbox", status_code = route[step] };
        var body = JsonSerializer.SerializeToUtf8Bytes(new
        {
            resource_url = $"https://api.shipengine.com/v1/labels/{label.Id}/track", resource_type = "API_TRACK",
            data = new { tracking_number = label.Tracking, carrier_code = "sandbox_post", status_code = route[step], status_description = route[step], events = new[] { scan } },
        });
        context.Hub.Send(context, "", body, new Dictionary<string, string> { ["X-Webhook-Token"] = context.Settings.GetValueOrDefault("webhook_token", "") });
        if (step + 1 < route.Length) Continue(label, route, step + 1);
    });

    private static IResult Problem(int status, string type, string code, string message) => Results.Json(
        new { request_id = "00000000-0000-0000-0000-000000000000", errors = new[] { new { error_source = "shipengine", error_type = type, error_code = code, message } } }, statusCode: status);

    private sealed class SoldLabel(string id, string reference, string tracking, string service, decimal cost)
    {
        public string Id { get; } = id;
        public string Reference { get; } = reference;
        public string Tracking { get; } = tracking;
        public string Service { get; } = service;
        public decimal Cost { get; } = cost;
        public bool Voided { get; set; }
        public bool Scanned { get; set; }
    }
}
