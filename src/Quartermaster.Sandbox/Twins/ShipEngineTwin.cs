using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Quartermaster.Sandbox.Twins;

/// <summary>ShipEngine: sells labels, finds them by our id, takes them back, and tells of the parcels that leave with them.</summary>
/// <remarks>Knobs: those of <see cref="LabelCounter"/>.</remarks>
[TwinOf("shipengine")]
public sealed class ShipEngineTwin(TwinContext context) : LabelSeller(context)
{
    private static readonly Dictionary<WayPoint, string> Words = new() { [WayPoint.PickedUp] = "AC", [WayPoint.Underway] = "IT", [WayPoint.Missed] = "AT", [WayPoint.Delivered] = "DE" };

    private readonly List<JsonNode> webhooks = [];
    private readonly List<(string Id, string[] Labels)> manifests = [];

    /// <summary>How many manifests were made.</summary>
    public int Manifests { get { lock (manifests) return manifests.Count; } }

    public override void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/v1");
        api.AddEndpointFilter(async (call, next) => call.HttpContext.Request.Headers["API-Key"] == Context.Settings.GetValueOrDefault("api_key", "") ? await next(call) : Problem(401, "security", "unauthorized", "The API key is not valid."));
        api.MapGet("/carriers", () => Results.Json(new { carriers = new[] { new { carrier_id = Context.Settings.GetValueOrDefault("carrier_id", "se-1"), carrier_code = "sandbox_post", friendly_name = "Sandbox Post" } } }));
        api.MapPost("/labels", SellAsync);
        api.MapGet("/labels/external_shipment_id/{reference}", (string reference) => Counter.Under(reference) is { } label ? Shown(label) : Problem(404, "validation", "invalid_identifier", $"No label of shipment {reference}."));
        api.MapPut("/labels/{id}/void", (string id) => LabelOf(id) is { } label ? Void(label) : Problem(404, "validation", "invalid_identifier", $"No label {id}."));
        api.MapGet("/labels/{id}/track", (string id) => LabelOf(id) is { } label && Counter.Track(label.Tracking) is not null ? Results.Json(Way(label)) : Problem(404, "validation", "invalid_identifier", $"No label {id}."));
        api.MapPost("/manifests", Close);
        api.MapGet("/manifests", (HttpRequest request) =>
        {
            lock (manifests) return Results.Json(new { manifests = manifests.Where(m => m.Labels.Any(request.Query["label_ids"].Contains)).Select(Shown), total = 1, page = 1, pages = 1, links = new { } });
        });
        api.MapPost("/rates/estimate", (JsonNode asked) => Results.Json(Estimates(asked)));
        api.MapGet("/environment/webhooks", () => { lock (webhooks) return Results.Json(webhooks); });
        api.MapPost("/environment/webhooks", (JsonNode wanted) =>
        {
            wanted["webhook_id"] = "se-900";
            lock (webhooks) webhooks.Add(wanted);
            return Results.Json(wanted);
        });
    }

    private async Task<IResult> SellAsync(HttpRequest request, CancellationToken cancel)
    {
        var body = (await JsonNode.ParseAsync(request.Body, cancellationToken: cancel))!;
        var shipment = body["shipment"]!;
        var to = shipment["ship_to"]!;
        foreach (var field in (string[])["name", "address_line1", "city_locality", "postal_code", "country_code"])
            if (string.IsNullOrEmpty((string?)to[field])) return Problem(400, "validation", "field_value_required", $"ship_to.{field} is required.");
        if (!Counter.KnowsStreet((string?)to["address_line1"])) return Problem(400, "business_rules", "invalid_address", $"There is no {to["address_line1"]} in {to["city_locality"]}.");
        // The contract does not say what a second purchase under one id does; the worst is that it is sold.
        return Shown(Counter.Sell((string)shipment["external_shipment_id"]!, "SE", 12, (string)shipment["service_code"]!, decimal.Round(4m + (decimal)shipment["packages"]![0]!["weight"]!["value"]! / 250m, 2), body));
    }

    private static string IdOf(SoldLabel label) => string.Create(CultureInfo.InvariantCulture, $"se-{1_000_000 + label.Number}");

    private SoldLabel? LabelOf(string id) => id.Length > 3 && int.TryParse(id.AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? Counter.Of(number - 1_000_000) : null;

    private IResult Shown(SoldLabel label)
    {
        var (now, id) = (Context.Clock.GetUtcNow(), IdOf(label));
        return Results.Json(new
        {
            label_id = id, status = label.Voided ? "voided" : "completed", shipment_id = "se-2" + id[3..], ship_date = now, created_at = now,
            shipment_cost = new { currency = "usd", amount = label.Cost }, insurance_cost = new { currency = "usd", amount = 0m }, tracking_number = label.Tracking, is_return_label = false, rma_number = (string?)null,
            is_international = false, batch_id = "se-0", carrier_id = Context.Settings.GetValueOrDefault("carrier_id", "se-1"), charge_event = "carrier_default", service_code = label.Service, package_code = "package",
            voided = label.Voided, voided_at = (string?)null, label_format = "pdf", display_scheme = "label", label_layout = "4x6", trackable = true, label_image_id = (string?)null, carrier_code = "sandbox_post", tracking_status = "in_transit",
            label_download = new { href = $"https://labels.example/{id}.pdf", pdf = $"https://labels.example/{id}.pdf", png = $"https://labels.example/{id}.png", zpl = $"https://labels.example/{id}.zpl" },
            form_download = (object?)null, paperless_download = (object?)null, insurance_claim = (object?)null, packages = Array.Empty<object>(), tracking_url = $"https://track.example/{label.Tracking}",
        });
    }

    /// <summary>What is void, or on a manifest already, goes on none; where nothing is left the whole is refused.</summary>
    private IResult Close(JsonNode asked)
    {
        lock (manifests)
        {
            string[] good = [.. asked["label_ids"]!.AsArray().Select(id => (string)id!).Where(id => LabelOf(id) is { Voided: false } && !manifests.Exists(m => m.Labels.Contains(id)))];
            if (good.Length == 0) return Problem(400, "business_rules", "invalid_status", "None of the labels can be put on a manifest.");
            manifests.Add((string.Create(CultureInfo.InvariantCulture, $"se-{7_000_000 + manifests.Count}"), good));
            return Results.Json(new { manifests = new[] { Shown(manifests[^1]) } });
        }
    }

    private object Shown((string Id, string[] Labels) manifest) => new
    {
        manifest_id = manifest.Id, form_id = manifest.Id, created_at = Context.Clock.GetUtcNow(), ship_date = Context.Clock.GetUtcNow(), shipments = manifest.Labels.Length, label_ids = manifest.Labels,
        warehouse_id = "se-1", submission_id = "9475711899564878915476", carrier_id = Context.Settings.GetValueOrDefault("carrier_id", "se-1"), manifest_download = new { href = $"https://labels.example/{manifest.Id}.pdf" },
    };

    private static IResult Void(SoldLabel label)
    {
        if (label.Voided) return Results.Json(new { approved = false, message = "It is void already.", reason_code = "label_already_voided" });
        if (label.Scanned) return Results.Json(new { approved = false, message = "A parcel is under way with it.", reason_code = "label_already_used" });
        LabelCounter.Void(label);
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

    private protected override void Tell(SoldLabel label, WayPoint at)
    {
        var scan = new { occurred_at = Context.Clock.GetUtcNow(), city_locality = "Sandbox", status_code = Words[at] };
        var body = JsonSerializer.SerializeToUtf8Bytes(new
        {
            resource_url = $"https://api.shipengine.com/v1/labels/{IdOf(label)}/track", resource_type = "API_TRACK",
            data = new { tracking_number = label.Tracking, carrier_code = "sandbox_post", status_code = Words[at], status_description = Words[at], events = new[] { scan } },
        });
        Context.Hub.Send(Context, "", body, new Dictionary<string, string> { ["X-Webhook-Token"] = Context.Settings.GetValueOrDefault("webhook_token", "") });
    }

    private static object Way(SoldLabel label) => new
    {
        tracking_number = label.Tracking, carrier_code = "sandbox_post", status_code = label.Way is [.., var last] ? Words[last.At] : "NY", carrier_status_code = "SB",
        events = label.Way.Reverse().Select(w => new
        {
            occurred_at = w.When, city_locality = "Sandbox", state_province = "TX", postal_code = "78701", carrier_detail_code = "SB", status_code = Words[w.At], status_description = Words[w.At], carrier_status_code = "SB", carrier_status_description = "Seen",
        }),
    };

    private static IResult Problem(int status, string type, string code, string message) => Results.Json(
        new { request_id = "00000000-0000-0000-0000-000000000000", errors = new[] { new { error_source = "shipengine", error_type = type, error_code = code, message } } }, statusCode: status);
}
