using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Quartermaster.Sandbox.Twins;

/// <summary>UPS: sells labels, recovers them by the reference on the package, cancels them, and answers where a parcel is. It tells nothing by itself.</summary>
/// <remarks>Knobs: those of <see cref="LabelCounter"/>. UPS does not publish the code for "no label under this reference"; here it is <see cref="Absent"/>.</remarks>
[TwinOf("ups")]
public sealed class UpsTwin : LabelSeller
{
    public const string Absent = "SANDBOX-ABSENT";

    private static readonly Dictionary<WayPoint, (string Type, string Code, string Text)> Words = new()
    {
        [WayPoint.PickedUp] = ("I", "038", "Picked Up by UPS"), [WayPoint.Underway] = ("I", "021", "Out for Delivery"), [WayPoint.Missed] = ("X", "022", "First Attempt Made"), [WayPoint.Delivered] = ("D", "011", "Delivered"),
    };

    private readonly BearerDoor door;

    public UpsTwin(TwinContext context) : base(context, "UPS") => door = new(context, () => Problem(401, "250002", "Invalid Authentication Information."));

    public void RevokeTokens() => door.Revoke();

    public override void Map(IEndpointRouteBuilder routes)
    {
        door.MapTokens(routes, "/security/v1/oauth/token");
        var api = door.Behind(routes, "/api");
        api.MapPost("/shipments/v2409/ship", SellAsync);
        api.MapDelete("/shipments/v2409/void/cancel/{number}", (string number) => Counter.Carrying(number) is { } label ? Void(label) : Problem(400, "190102", "No shipment found within the allowed void period"));
        api.MapPost("/labels/v1/recovery", (JsonNode asked) => Counter.Under((string)asked["LabelRecoveryRequest"]!["ReferenceValues"]!["ReferenceNumber"]!["Value"]!) is { } label ? Recovered(label) : Problem(400, Absent, "No label is recorded under this reference."));
        api.MapPost("/rating/v2409/Shop", (JsonNode asked) => Results.Json(Prices(asked)));
        api.MapGet("/track/v1/details/{number}", (string number, HttpRequest request) => !request.Headers.ContainsKey("transId") ? Problem(400, "TV0002", "transId is required.") : Counter.Track(number) is { } label ? Results.Json(Way(label)) : Problem(404, "TV1002", "Tracking number not found."));
    }

    private async Task<IResult> SellAsync(HttpRequest request, CancellationToken cancel)
    {
        var body = (await JsonNode.ParseAsync(request.Body, cancellationToken: cancel))!;
        var shipment = body["ShipmentRequest"]!["Shipment"]!;
        var to = shipment["ShipTo"]!;
        if (string.IsNullOrEmpty((string?)to["Name"])) return Problem(400, "120201", "Missing or invalid ship to name");
        var address = to["Address"]!;
        foreach (var (field, code) in ((string, string)[])[("City", "120205"), ("CountryCode", "120207")])
            if (string.IsNullOrEmpty((string?)address[field])) return Problem(400, code, $"Missing or invalid ship to {field}");
        var street = (string?)address["AddressLine"]?[0];
        if (street is null || !Counter.KnowsStreet(street)) return Problem(400, "120202", "Missing or invalid ship to address line 1");
        var package = shipment["Package"]![0]!;
        var reference = (string)((package["ReferenceNumber"] ?? shipment["ReferenceNumber"])![0]!["Value"])!;
        return Shipped(Counter.Sell(reference, "1Z", 16, (string)shipment["Service"]!["Code"]!, CostOf(package), body));
    }

    private static decimal CostOf(JsonNode package) => decimal.Round(6m + decimal.Parse((string)package["PackageWeight"]!["Weight"]!, CultureInfo.InvariantCulture) * 1.5m, 2);

    private static IResult Shipped(SoldLabel label) => Results.Json(new
    {
        ShipmentResponse = new
        {
            Response = Success(),
            ShipmentResults = new
            {
                ShipmentCharges = new { TransportationCharges = Usd(label.Cost), ServiceOptionsCharges = Usd(0), TotalCharges = Usd(label.Cost) },
                NegotiatedRateCharges = new { TotalCharge = Usd(label.Cost - 1m) },
                BillingWeight = new { UnitOfMeasurement = new { Code = "LBS", Description = "Pounds" }, Weight = "2.000000" },
                ShipmentIdentificationNumber = label.Tracking,
                PackageResults = new[] { new { TrackingNumber = label.Tracking, ShippingLabel = new { ImageFormat = new { Code = "GIF", Description = "GIF" }, GraphicImage = "R0lGODlhAQABAAAAACw=" } } },
                LabelURL = PageOf(label),
            },
        },
    }, NoNaming);

    private static IResult Recovered(SoldLabel label) => Results.Json(new
    {
        LabelRecoveryResponse = new
        {
            Response = Success(), ShipmentIdentificationNumber = label.Tracking,
            LabelResults = new[] { new { TrackingNumber = label.Tracking, LabelImage = new { LabelImageFormat = new { Code = "GIF" }, GraphicImage = "R0lGODlhAQABAAAAACw=", URL = PageOf(label) } } },
        },
    }, NoNaming);

    private static IResult Void(SoldLabel label)
    {
        if (label.Scanned) return Problem(400, "190116", "The shipment has been scanned and cannot be voided.");
        if (!LabelCounter.Void(label)) return Problem(400, "190117", "The shipment has already been voided.");
        return Results.Json(new { VoidShipmentResponse = new { Response = Success(), SummaryResult = new { Status = new { Code = "1", Description = "Voided" } } } }, NoNaming);
    }

    private static object Prices(JsonNode asked)
    {
        var cost = CostOf(asked["RateRequest"]!["Shipment"]!["Package"]![0]!);
        return new JsonObject { ["RateResponse"] = new JsonObject { ["Response"] = System.Text.Json.JsonSerializer.SerializeToNode(Success(), NoNaming), ["RatedShipment"] = new JsonArray(Rated("03", cost, "3"), Rated("01", cost * 4, "1")) } };
    }

    private static JsonNode Rated(string service, decimal cost, string days) => System.Text.Json.JsonSerializer.SerializeToNode(new
    {
        Service = new { Code = service, Description = "Sandbox" }, BillingWeight = new { UnitOfMeasurement = new { Code = "LBS", Description = "Pounds" }, Weight = "2.0" },
        TransportationCharges = Usd(cost), ServiceOptionsCharges = Usd(0), TotalCharges = Usd(cost), RatedPackage = new[] { new { Weight = "2.0" } }, GuaranteedDelivery = new { BusinessDaysInTransit = days },
    }, NoNaming)!;

    // Newest first, as the contract says.
    private static object Way(SoldLabel label) => new
    {
        trackResponse = new { shipment = new[] { new { inquiryNumber = label.Tracking, package = new[] { new { trackingNumber = label.Tracking, activity = label.Way.Reverse().Select(Activity).Append(Printed(label)) } } } } },
    };

    private static object Activity((WayPoint At, DateTimeOffset When) seen)
    {
        var (type, code, text) = Words[seen.At];
        return new { location = new { address = new { city = "SANDBOX", countryCode = "US" } }, status = new { type, code = "SB", description = text, statusCode = code }, date = Day(seen.When), time = Time(seen.When), gmtDate = Day(seen.When), gmtTime = Time(seen.When), gmtOffset = "+00:00" };
    }

    private static object Printed(SoldLabel label) => new { location = new { address = new { countryCode = "US" } }, status = new { type = "M", code = "MP", description = "Shipper created a label, UPS has not received the package yet. ", statusCode = "003" }, date = "20260101", time = "000000" };

    private static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("yyyyMMdd", CultureInfo.InvariantCulture);

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("HHmmss", CultureInfo.InvariantCulture);

    private static string PageOf(SoldLabel label) => $"https://www.ups.com/uel/llp/{label.Tracking}/link/labelAll";

    private static object Usd(decimal amount) => new { CurrencyCode = "USD", MonetaryValue = amount.ToString("0.00", CultureInfo.InvariantCulture) };

    private static object Success() => new { ResponseStatus = new { Code = "1", Description = "Success" } };

    // The web's own settings would write camel case.
    private static readonly System.Text.Json.JsonSerializerOptions NoNaming = new() { PropertyNamingPolicy = null };

    private static IResult Problem(int status, string code, string message) => Results.Json(new { response = new { errors = new[] { new { code, message } } } }, statusCode: status);
}
