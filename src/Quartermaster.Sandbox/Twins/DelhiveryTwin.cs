using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Quartermaster.Sandbox.Twins;

/// <summary>Delhivery: makes waybills, finds them by the order's number, cancels them, books pickups, and answers where parcels are. It tells nothing by itself.</summary>
/// <remarks>Knobs: those of <see cref="LabelCounter"/>. An order that comes twice gets two waybills: the worst that a vendor may do.</remarks>
[TwinOf("delhivery")]
public sealed class DelhiveryTwin(TwinContext context) : LabelSeller(context, "Delhivery")
{
    private static readonly Dictionary<WayPoint, (string Type, string Scan, string Code)> Words = new()
    {
        [WayPoint.PickedUp] = ("UD", "In Transit", "X-PPOM"), [WayPoint.Underway] = ("UD", "Dispatched", "X-DDD3FD"), [WayPoint.Missed] = ("UD", "Pending", "EOD-6"), [WayPoint.Delivered] = ("DL", "Delivered", "EOD-38"),
    };

    private int pickups;

    /// <summary>How many couriers were booked.</summary>
    public int Pickups => Volatile.Read(ref pickups);

    public override void Map(IEndpointRouteBuilder routes)
    {
        // The file store asks for no token.
        routes.MapGet("/slips/{number}.pdf", (string number) => Results.Bytes(PlayedPaper.Pdf($"Delhivery {number}"), "application/pdf"));
        var api = routes.MapGroup("");
        var key = "Token " + Context.Settings.GetValueOrDefault("token", "");
        api.AddEndpointFilter(async (call, next) => call.HttpContext.Request.Headers.Authorization == key ? await next(call) : Results.Json(new { detail = "Invalid token." }, statusCode: 401));
        api.MapPost("/api/cmu/create.json", async (HttpRequest request) => Make(JsonNode.Parse((await request.ReadFormAsync())["data"].ToString())!));
        api.MapGet("/api/v1/packages/json/", Track);
        api.MapPost("/api/p/edit", (JsonNode asked) => Counter.Carrying((string)asked["waybill"]!) switch
        {
            null => Results.Json(new { status = false, remark = "Package not found." }),
            { Voided: true } => Results.Json(new { status = false, remark = "Package is already cancelled." }),
            { } label => LabelCounter.Void(label) ? Results.Json(new { status = true, waybill = label.Tracking, remark = "Shipment has been cancelled." }) : Results.Json(new { status = false, remark = "Package has been picked up." }),
        });
        api.MapGet("/api/p/packing_slip", (HttpRequest request) => Results.Json(new { packages = new[] { new { wbn = request.Query["wbns"].ToString(), pdf_download_link = $"{request.Scheme}://{request.Host}/{Context.Connection}/slips/{request.Query["wbns"]}.pdf" } }, packages_found = 1 }));
        api.MapPost("/fm/request/new/", (JsonNode asked) => (int)asked["expected_package_count"]! < 1 ? Results.Json(new { success = false, error = "expected_package_count" }) : Results.Json(new { pickup_id = 9000 + Interlocked.Increment(ref pickups), incoming_center_name = "Sandbox" }));
        api.MapGet("/c/api/pin-codes/json/", (string filter_codes) => filter_codes.StartsWith('9') ? Results.Json(new { delivery_codes = Array.Empty<object>() })
            : Results.Json(new { delivery_codes = new[] { new { postal_code = new { pin = filter_codes, cod = filter_codes.EndsWith('9') ? "N" : "Y", pre_paid = "Y", pickup = "Y" } } } }));
        api.MapGet("/api/kinko/v1/invoice/charges/.json", (string md, decimal cgm, string pt) => Results.Json(new[] { new { total_amount = decimal.Round((md == "E" ? 90 : 50) + cgm / 100 + (pt == "COD" ? 35 : 0), 2), zone = "D" } }));
    }

    private IResult Make(JsonNode asked)
    {
        var shipment = asked["shipments"]![0]!;
        if (string.IsNullOrEmpty((string?)asked["pickup_location"]?["name"])) return Results.Json(new { success = false, rmk = "ClientWarehouse matching query does not exist.", packages = Array.Empty<object>() });
        if (((string?)shipment["pin"])?.Length != 6) return Failed("Invalid pincode");
        if (((string?)shipment["phone"])?.Length != 10) return Failed("Invalid phone");
        if (!Counter.KnowsStreet((string?)shipment["add"])) return Failed("Crashing while saving package due to exception 'Pincode is not serviceable'");
        var label = Counter.Sell((string)shipment["order"]!, "2904", 9, (string)shipment["shipping_mode"]!, 50m, shipment);
        return Results.Json(new { success = true, upload_wbn = "UPL1", package_count = 1, cod_count = (string?)shipment["payment_mode"] == "COD" ? 1 : 0, packages = new[] { new { status = "Success", waybill = label.Tracking, refnum = label.Reference, remarks = new[] { "" } } } });
    }

    private IResult Track(HttpRequest request)
    {
        var found = request.Query["ref_ids"] is [{ Length: > 0 } reference] ? Counter.Under(reference) is { } sold ? [sold] : []
            : request.Query["waybill"].ToString().Split(',').Select(Counter.Track).OfType<SoldLabel>().ToList();
        return found.Count == 0 ? Results.Json(new { Success = false, Error = "No such waybill or Order Id found", rmk = "No such waybill or Order Id found" }, NoNaming)
            : Results.Json(new { ShipmentData = found.Select(l => new { Shipment = Way(l) }) }, NoNaming);
    }

    private static object Way(SoldLabel label) => new
    {
        AWB = label.Tracking, ReferenceNo = label.Reference, Status = new { Status = label.Voided ? "Canceled" : "Manifested", StatusType = label.Voided ? "CN" : "UD" },
        Scans = label.Way.Select(w => new { ScanDetail = Scan(Words[w.At], w.When) }).Prepend(new { ScanDetail = Scan(("UD", "Manifested", "X-UCI"), DateTimeOffset.UnixEpoch) }),
    };

    private static object Scan((string Type, string Scan, string Code) word, DateTimeOffset at) => new
    {
        ScanDateTime = at.ToOffset(TimeSpan.FromMinutes(330)).ToString("yyyy-MM-dd'T'HH:mm:ss.fff", CultureInfo.InvariantCulture), ScanType = word.Type, word.Scan, StatusCode = word.Code, ScannedLocation = "SANDBOX", Instructions = "",
    };

    private static IResult Failed(string why) => Results.Json(new { success = false, rmk = "", packages = new[] { new { status = "Fail", waybill = "", remarks = new[] { why } } } });

    // The web's own settings would write camel case.
    private static readonly System.Text.Json.JsonSerializerOptions NoNaming = new() { PropertyNamingPolicy = null };
}
