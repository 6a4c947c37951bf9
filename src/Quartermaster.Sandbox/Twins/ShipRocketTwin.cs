using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Quartermaster.Sandbox.Twins;

/// <summary>ShipRocket: takes orders, assigns couriers to them, prints labels and manifests, and tells of the parcels that leave with them.</summary>
/// <remarks>Knobs: those of <see cref="LabelCounter"/>. An order that comes twice is two orders: the worst that a vendor may do.</remarks>
[TwinOf("shiprocket")]
public sealed class ShipRocketTwin : LabelSeller
{
    private static readonly Dictionary<WayPoint, (int Id, string Label, string Code)> Words = new()
    {
        [WayPoint.PickedUp] = (42, "PICKED UP", "X-PPOM"), [WayPoint.Underway] = (17, "OUT FOR DELIVERY", "X-DDD3FD"), [WayPoint.Missed] = (21, "UNDELIVERED", "EOD-6"), [WayPoint.Delivered] = (7, "DELIVERED", "EOD-38"),
    };

    private readonly List<Held> orders = [];
    private readonly HashSet<long> manifested = [];
    private readonly BearerDoor door;
    private int logins;

    public ShipRocketTwin(TwinContext context) : base(context) => door = new(context, () => Problem(401, "Unauthorized!"));

    /// <summary>How many shipments are on a manifest.</summary>
    public int Manifested { get { lock (orders) return manifested.Count; } }

    /// <summary>Orders that were taken and neither shipped nor cancelled.</summary>
    public int Unshipped { get { lock (orders) return orders.Count(o => o is { Label: null, Cancelled: false }); } }

    public override void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/auth/login", (JsonNode asked) => (string?)asked["email"] == Context.Settings.GetValueOrDefault("email") && (string?)asked["password"] == Context.Settings.GetValueOrDefault("password")
            ? Results.Json(new { id = 1, token = door.Give($"shiprocket-{Interlocked.Increment(ref logins)}") }) : Problem(403, "Invalid email and password combination"));
        var api = door.Behind(routes, "");
        api.MapGet("/settings/company/pickup", () => Results.Json(new { data = new { shipping_address = new[] { new { id = 1, pickup_location = Context.Settings.GetValueOrDefault("pickup_location", "Primary") } } } }));
        api.MapPost("/orders/create/adhoc", Take);
        api.MapGet("/orders", (string search) => { lock (orders) return Results.Json(new { data = orders.Where(o => o.Reference.Contains(search, StringComparison.Ordinal)).Select(Shown) }); });
        api.MapPost("/orders/cancel", Cancel);
        api.MapPost("/courier/assign/awb", Assign);
        api.MapPost("/courier/generate/label", (JsonNode asked) => Of(asked["shipment_id"]![0]!) is { Label: { } label } ? Results.Json(new { label_created = 1, label_url = $"https://labels.example/{label.Tracking}.pdf" }) : Problem(400, "No label."));
        api.MapPost("/courier/generate/pickup", (JsonNode asked) => Results.Json(new { pickup_status = 1, response = new { pickup_token_number = $"Reference No: {asked["shipment_id"]![0]}" } }));
        api.MapPost("/manifests/generate", (JsonNode asked) =>
        {
            lock (orders)
            {
                if (asked["shipment_id"]!.AsArray().Any(id => manifested.Contains((long)id!))) return Problem(400, "Manifest already generated.");
                foreach (var id in asked["shipment_id"]!.AsArray()) manifested.Add((long)id!);
                return Results.Json(new { status = 1, manifest_url = "https://labels.example/manifest.pdf" });
            }
        });
        api.MapPost("/manifests/print", (JsonNode asked) =>
        {
            lock (orders) return asked["order_ids"]!.AsArray().All(id => orders.Exists(o => o.Id == (long)id! && manifested.Contains(o.Shipment))) ? Results.Json(new { manifest_url = "https://labels.example/manifest.pdf" }) : Problem(400, "Manifest not generated.");
        });
        api.MapGet("/courier/serviceability", (string delivery_postcode, decimal weight, int cod) => Results.Json(new
        {
            status = 200,
            data = new { available_courier_companies = new[] { (10, "Sandbox Surface", 40m, 4), (20, "Sandbox Air", 80m, 2) }.Select(c => new { courier_company_id = c.Item1, courier_name = c.Item2, rate = c.Item3 + weight * 20 + (cod == 1 ? 30 : 0), estimated_delivery_days = c.Item4.ToString(CultureInfo.InvariantCulture), etd = "Nov 26, 2026" }) },
        }));
        api.MapGet("/courier/track/awb/{awb}", (string awb) => Counter.Track(awb) is { } label
            ? Results.Json(new { tracking_data = new { track_status = 1, shipment_track_activities = label.Way.Reverse().Select(Scan) } }) : Results.Json(new { tracking_data = new { track_status = 0, error = "Aahh! There is no activities found in our DB. Please have some patience it will be updated soon." } }));
    }

    private IResult Take(JsonNode asked)
    {
        foreach (var field in (string[])["billing_customer_name", "billing_address", "billing_city", "billing_state", "billing_phone"])
            if (string.IsNullOrEmpty((string?)asked[field])) return Problem(422, "Oops! Invalid Data.", field, $"The {field} field is required.");
        if (((string?)asked["billing_pincode"])?.Length != 6) return Problem(422, "Oops! Invalid Data.", "billing_pincode", "The billing pincode must be 6 digits.");
        lock (orders)
        {
            var order = new Held(16_000_000 + orders.Count, 15_000_000 + orders.Count, (string)asked["order_id"]!, asked);
            orders.Add(order);
            return Results.Json(new { order_id = order.Id, shipment_id = order.Shipment, status = "NEW", status_code = 1, awb_code = "", courier_company_id = "" });
        }
    }

    private IResult Assign(JsonNode asked)
    {
        lock (orders)
        {
            if (orders.Find(o => o.Shipment == (long)asked["shipment_id"]!) is not { } order) return Problem(404, "Shipment not found.");
            if (order.Cancelled) return Problem(400, "The order is cancelled.");
            if (!Counter.KnowsStreet((string?)order.Body["billing_address"])) return Results.Json(new { awb_assign_status = 0, response = new { data = new { awb_assign_error = "Delivery postcode is not serviceable." } } });
            // One shipment has one waybill.
            order.Label ??= Counter.Sell(order.Reference, "1904", 10, asked["courier_id"]?.ToString() ?? "auto", 55m, order.Body);
            return Results.Json(new { awb_assign_status = 1, response = new { data = new { awb_code = order.Label.Tracking, courier_name = "Sandbox Surface", courier_company_id = 10, shipment_id = order.Shipment, freight_charges = order.Label.Cost } } });
        }
    }

    private IResult Cancel(JsonNode asked)
    {
        lock (orders)
        {
            if (orders.Find(o => o.Id == (long)asked["ids"]![0]!) is not { } order) return Problem(404, "Order not found.");
            if (order.Cancelled) return Problem(400, "Cannot cancel order: it is already cancelled.");
            if (order.Label is { } label && !LabelCounter.Void(label)) return Problem(400, "Cannot cancel order: it has been shipped.");
            order.Cancelled = true;
            return Results.Json(new { status_code = 200, message = "Order cancelled successfully." });
        }
    }

    private Held? Of(JsonNode shipment)
    {
        lock (orders) return orders.Find(o => o.Shipment == (long)shipment);
    }

    private static object Shown(Held o) => new { id = o.Id, channel_order_id = o.Reference, status = o.Cancelled ? "CANCELED" : o.Label is null ? "NEW" : "READY TO SHIP", shipments = new[] { new { id = o.Shipment, awb = o.Label?.Tracking ?? "", courier = o.Label is null ? "" : "Sandbox Surface" } } };

    private static object Scan((WayPoint At, DateTimeOffset When) seen)
    {
        var (id, label, code) = Words[seen.At];
        return new Dictionary<string, object> { ["date"] = Time(seen.When), ["status"] = code, ["activity"] = label, ["location"] = "SANDBOX", ["sr-status"] = id.ToString(CultureInfo.InvariantCulture), ["sr-status-label"] = label };
    }

    private static string Time(DateTimeOffset at) => at.ToOffset(TimeSpan.FromMinutes(330)).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private protected override void Tell(SoldLabel label, WayPoint at)
    {
        var (id, words, _) = Words[at];
        var body = JsonSerializer.SerializeToUtf8Bytes(new
        {
            awb = label.Tracking, courier_name = "Sandbox Surface", current_status = words, current_status_id = id, current_timestamp = Context.Clock.GetUtcNow().ToOffset(TimeSpan.FromMinutes(330)).ToString("dd MM yyyy HH:mm:ss", CultureInfo.InvariantCulture),
            order_id = label.Reference, scans = label.Way.Select(Scan),
        });
        Context.Hub.Send(Context, "", body, new Dictionary<string, string> { ["x-api-key"] = Context.Settings.GetValueOrDefault("webhook_token", "") });
    }

    private static IResult Problem(int status, string message, string? field = null, string? why = null) => Results.Json(
        field is null ? (object)new { message, status_code = status } : new { message, errors = new Dictionary<string, string[]> { [field] = [why!] }, status_code = status }, statusCode: status);

    private sealed class Held(long id, long shipment, string reference, JsonNode body)
    {
        public long Id => id;
        public long Shipment => shipment;
        public string Reference => reference;
        public JsonNode Body => body;
        public SoldLabel? Label { get; set; }
        public bool Cancelled { get; set; }
    }
}
