using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Quartermaster.Sandbox.Twins;

/// <summary>FedEx: sells labels, cancels them by their number, and answers where parcels are, thirty at a time. It tells nothing by itself and finds nothing by reference.</summary>
/// <remarks>Knobs: those of <see cref="LabelCounter"/>.</remarks>
[TwinOf("fedex")]
public sealed class FedExTwin : LabelSeller
{
    private static readonly Dictionary<WayPoint, (string Code, string Text)> Words = new()
    {
        [WayPoint.PickedUp] = ("PU", "Picked up"), [WayPoint.Underway] = ("OD", "On FedEx vehicle for delivery"), [WayPoint.Missed] = ("DE", "Delivery exception"), [WayPoint.Delivered] = ("DL", "Delivered"),
    };

    private readonly BearerDoor door;

    public FedExTwin(TwinContext context) : base(context, "FedEx") => door = new(context, () => Problem(401, "NOT.AUTHORIZED.ERROR", "The given client credentials were not valid. Please modify your request and try again."));

    public override void Map(IEndpointRouteBuilder routes)
    {
        door.MapTokens(routes, "/oauth/token");
        var api = door.Behind(routes, "");
        api.MapPost("/ship/v1/shipments", SellAsync);
        api.MapPut("/ship/v1/shipments/cancel", (JsonNode asked) => Counter.Carrying((string)asked["trackingNumber"]!) is { } label ? Void(label) : Problem(400, "TRACKINGNUMBER.NOTFOUND", "Tracking number not found."));
        api.MapPost("/rate/v1/rates/quotes", (JsonNode asked) => Results.Json(Prices(asked)));
        api.MapPost("/track/v1/trackingnumbers", (JsonNode asked) => asked["trackingInfo"]!.AsArray().Count > 30 ? Problem(400, "TRACKING.TRACKINGNUMBER.MAXIMUM", "At most 30 numbers.") : Results.Json(Ways(asked["trackingInfo"]!.AsArray())));
    }

    private async Task<IResult> SellAsync(HttpRequest request, CancellationToken cancel)
    {
        var body = (await JsonNode.ParseAsync(request.Body, cancellationToken: cancel))!;
        var shipment = body["requestedShipment"]!;
        var to = shipment["recipients"]![0]!;
        if (string.IsNullOrEmpty((string?)to["contact"]!["phoneNumber"])) return Problem(400, "PHONENUMBER.EMPTY", "Please enter a phone number.");
        foreach (var field in (string[])["city", "countryCode"])
            if (string.IsNullOrEmpty((string?)to["address"]![field])) return Problem(400, $"RECIPIENTS.{field.ToUpperInvariant()}.EMPTY", $"Recipient {field} is empty.");
        var street = (string?)to["address"]!["streetLines"]?[0];
        if (street is null || !Counter.KnowsStreet(street)) return Problem(400, "RECIPIENTS.ADDRESSSTREETLINES.INVALID", "Recipient address is invalid.");
        var package = shipment["requestedPackageLineItems"]![0]!;
        var label = Counter.Sell((string)package["customerReferences"]![0]!["value"]!, "7", 11, (string)shipment["serviceType"]!, CostOf(package), body);
        return Results.Json(new
        {
            transactionId = "sandbox",
            output = new
            {
                transactionShipments = new[]
                {
                    new
                    {
                        serviceType = label.Service, masterTrackingNumber = label.Tracking,
                        pieceResponses = new[] { new { trackingNumber = label.Tracking, packageDocuments = new[] { new { contentType = "LABEL", docType = "PDF", url = $"https://www.fedex.com/document/v1/cache/retrieve/SH/{label.Tracking}" } } } },
                        completedShipmentDetail = new { shipmentRating = new { actualRateType = "PAYOR_ACCOUNT_PACKAGE", shipmentRateDetails = new[] { new { rateType = "PAYOR_ACCOUNT_PACKAGE", totalNetCharge = label.Cost, currency = "USD" } } } },
                    },
                },
            },
        });
    }

    private static IResult Void(SoldLabel label) => LabelCounter.Void(label) ? Results.Json(new { output = new { cancelledShipment = true, cancelledHistory = true, successMessage = "Success" } })
        : Problem(400, "SHIPMENT.CANCEL.NOTALLOWED", "The shipment was cancelled before, or is under way.");

    private static object Prices(JsonNode asked)
    {
        var cost = CostOf(asked["requestedShipment"]!["requestedPackageLineItems"]![0]!);
        return new { output = new { rateReplyDetails = new[] { Rated("FEDEX_GROUND", "FedEx Ground®", cost), Rated("PRIORITY_OVERNIGHT", "FedEx Priority Overnight®", cost * 4) } } };
    }

    private static object Rated(string type, string name, decimal cost) => new { serviceType = type, serviceName = name, ratedShipmentDetails = new[] { new { rateType = "ACCOUNT", totalNetCharge = cost, currency = "USD" } } };

    private static decimal CostOf(JsonNode package) => decimal.Round(6m + (decimal)package["weight"]!["value"]! * 1.5m, 2);

    private object Ways(JsonArray asked) => new { output = new { completeTrackResults = asked.Select(a => (string)a!["trackingNumberInfo"]!["trackingNumber"]!).Select(Way) } };

    private object Way(string number)
    {
        var label = Counter.Track(number);
        return new { trackingNumber = number, trackResults = new[] { label is null ? Unknown(number) : Known(label) } };
    }

    private static object Unknown(string number) => new { trackingNumberInfo = new { trackingNumber = number }, error = new { code = "TRACKING.TRACKINGNUMBER.NOTFOUND", message = "Tracking number cannot be found. Please correct the tracking number and try again." } };

    // Newest first, as FedEx's samples are.
    private static object Known(SoldLabel label) => new
    {
        trackingNumberInfo = new { trackingNumber = label.Tracking, carrierCode = "FDXG" },
        scanEvents = label.Way.Reverse().Select(w => new { date = w.When.ToString("yyyy-MM-dd'T'HH:mm:ss.fffzzz", CultureInfo.InvariantCulture), eventType = Words[w.At].Code, eventDescription = Words[w.At].Text, derivedStatusCode = Words[w.At].Code, scanLocation = new { city = "SANDBOX" } }),
    };

    private static IResult Problem(int status, string code, string message) => Results.Json(new { transactionId = "sandbox", errors = new[] { new { code, message } } }, statusCode: status);
}
