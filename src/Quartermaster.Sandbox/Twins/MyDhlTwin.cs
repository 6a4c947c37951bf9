using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Quartermaster.Sandbox.Twins;

/// <summary>MyDHL: sells labels, finds them by the shipper's reference, books couriers, and answers where parcels are. It cancels nothing and tells nothing by itself.</summary>
/// <remarks>Knobs: those of <see cref="LabelCounter"/>.</remarks>
[TwinOf("mydhl")]
public sealed class MyDhlTwin(TwinContext context) : LabelSeller(context, "DHL Express")
{
    private static readonly Dictionary<WayPoint, (string Code, string Text)> Words = new()
    {
        [WayPoint.PickedUp] = ("PU", "Shipment picked up"), [WayPoint.Underway] = ("WC", "With delivering courier"), [WayPoint.Missed] = ("NH", "Not home"), [WayPoint.Delivered] = ("OK", "Delivered"),
    };

    private int couriers;

    /// <summary>How many couriers were booked.</summary>
    public int Couriers => Volatile.Read(ref couriers);

    public override void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("");
        var key = "Basic " + Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{Context.Settings.GetValueOrDefault("username")}:{Context.Settings.GetValueOrDefault("api_secret")}"));
        api.AddEndpointFilter(async (call, next) => call.HttpContext.Request.Headers.Authorization == key ? await next(call) : Problem(401, "Unauthorized", "Invalid Credentials"));
        api.MapPost("/shipments", SellAsync);
        api.MapPost("/pickups", (JsonNode asked) => asked["shipmentDetails"]!.AsArray().Count == 0 ? Problem(400, "Bad request", "No shipments.")
            : Results.Json(new { dispatchConfirmationNumbers = new[] { $"SBX{Interlocked.Increment(ref couriers):D12}" } }, statusCode: 201));
        api.MapGet("/rates", (HttpRequest request) => Results.Json(new { products = Products(decimal.Parse(request.Query["weight"].ToString(), CultureInfo.InvariantCulture)) }));
        api.MapGet("/tracking", Track);
    }

    private IResult Track(HttpRequest request)
    {
        if (request.Query["shipmentReference"] is [{ Length: > 0 } reference])
            return Counter.Under(reference) is { } sold ? Results.Json(new { shipments = new[] { Way(sold) } }) : Problem(404, "Not data found", $"No Shipments Found for ReferenceID | {reference}");
        var found = request.Query["shipmentTrackingNumber"].OfType<string>().Select(Counter.Track).OfType<SoldLabel>().Select(Way).ToList();
        return found.Count > 0 ? Results.Json(new { shipments = found }) : Problem(404, "Not data found", "No Shipments Found for AWBNumber");
    }

    private async Task<IResult> SellAsync(HttpRequest request, CancellationToken cancel)
    {
        var body = (await JsonNode.ParseAsync(request.Body, cancellationToken: cancel))!;
        var to = body["customerDetails"]!["receiverDetails"]!;
        var street = (string?)to["postalAddress"]!["addressLine1"];
        if (string.IsNullOrEmpty((string?)to["contactInformation"]!["phone"])) return Problem(422, "Validation error", "#/customerDetails/receiverDetails/contactInformation: required key [phone] not found");
        if (street is null || !Counter.KnowsStreet(street)) return Problem(400, "Bad request", "Multiple problems found, see Additional Details", "The destination location is invalid.");
        var weight = (decimal)body["content"]!["packages"]![0]!["weight"]!;
        var label = Counter.Sell((string)body["customerReferences"]![0]!["value"]!, "", 10, (string)body["productCode"]!, decimal.Round(12m + weight * 2, 2), body);
        var picture = Convert.ToBase64String(PlayedPaper.Pdf($"DHL Express {label.Tracking}"));
        return Results.Json(new { shipmentTrackingNumber = label.Tracking, packages = new[] { new { referenceNumber = 1, trackingNumber = "JD0" + label.Tracking } }, documents = new[] { new { imageFormat = "PDF", content = picture, typeCode = "label" } } }, statusCode: 201);
    }

    private static object Products(decimal weight) => new[] { ("EXPRESS WORLDWIDE", "P", 1m, 2), ("EXPRESS 12:00", "Y", 1.4m, 1) }.Select(p => new
    {
        productName = p.Item1, productCode = p.Item2, isCustomerAgreement = false, weight = new { provided = weight, unitOfMeasurement = "metric" },
        totalPrice = new[] { new { currencyType = "BILLC", priceCurrency = "EUR", price = decimal.Round((20m + weight) * p.Item3, 2) } }, deliveryCapabilities = new { totalTransitDays = p.Item4 },
    });

    private static object Way(SoldLabel parcel) => new
    {
        shipmentTrackingNumber = parcel.Tracking, status = "Success", numberOfPieces = 1,
        events = parcel.Way.Select(w => new { date = w.When.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), time = w.When.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture), GMTOffset = "+00:00", typeCode = Words[w.At].Code, description = Words[w.At].Text, serviceArea = new[] { new { code = "SBX", description = "SANDBOX" } } }),
    };

    private static IResult Problem(int status, string title, string detail, params string[] more) =>
        Results.Json(new { instance = "/expressapi", detail, title, message = title, additionalDetails = more, status = status.ToString(CultureInfo.InvariantCulture) }, statusCode: status);
}
