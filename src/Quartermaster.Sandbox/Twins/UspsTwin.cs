using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Quartermaster.Sandbox.Twins;

/// <summary>USPS: carries what warehouses hand it and answers where a parcel is, one at a time. It tells nothing by itself.</summary>
/// <remarks>Knobs: those of <see cref="LabelCounter"/>.</remarks>
[TwinOf("usps")]
public sealed class UspsTwin : LabelSeller
{
    private static readonly Dictionary<WayPoint, (string Code, string Text)> Words = new()
    {
        [WayPoint.PickedUp] = ("03", "USPS in possession of item"), [WayPoint.Underway] = ("OF", "Out for Delivery"), [WayPoint.Missed] = ("02", "Notice Left (No Authorized Recipient Available)"), [WayPoint.Delivered] = ("01", "Delivered, In/At Mailbox"),
    };

    private readonly BearerDoor door;

    public UspsTwin(TwinContext context) : base(context, "USPS") => door = new(context, () => Problem(401, "401", "Unauthorized"));

    public override void Map(IEndpointRouteBuilder routes)
    {
        door.MapTokens(routes, "/oauth2/v3/token");
        var api = door.Behind(routes, "");
        api.MapGet("/tracking/v3/tracking/{number}", (string number) => Counter.Track(number) is { } parcel ? Results.Json(Way(parcel)) : Problem(404, "404", "The tracking number is not known."));
        api.MapPost("/prices/v3/base-rates-list/search", (JsonNode asked) => Results.Json(new { rateOptions = asked["mailClasses"]!.AsArray().Select((mail, i) => Option((string)mail!, (decimal)asked["weight"]!, i)) }));
    }

    private static object Option(string mail, decimal pounds, int place)
    {
        var price = decimal.Round((5m + pounds) * (place + 1), 2);
        return new { totalBasePrice = price, rates = new[] { new { SKU = "SANDBOX", description = mail, priceType = "COMMERCIAL", price, mailClass = mail, zone = "04" } } };
    }

    // Newest first, as USPS's samples are.
    private static object Way(SoldLabel parcel) => new
    {
        trackingNumber = parcel.Tracking,
        trackingEvents = parcel.Way.Reverse().Select(w => new { eventType = Words[w.At].Text, eventCode = Words[w.At].Code, eventTimestamp = Time(w.When), GMTTimestamp = Time(w.When) + "Z", GMTOffset = "+00:00", eventCity = "SANDBOX" }),
    };

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);

    private static IResult Problem(int status, string code, string message) => Results.Json(new { apiVersion = "v3", error = new { code, message, errors = Array.Empty<object>() } }, statusCode: status);
}
