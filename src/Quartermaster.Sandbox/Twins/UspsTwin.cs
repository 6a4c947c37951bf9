using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Quartermaster.Sandbox.Twins;

/// <summary>USPS: sells labels under an idempotency key, reprints and cancels them by it, carries what warehouses hand it and answers where a parcel is, one at a time. It tells nothing by itself.</summary>
/// <remarks>Knobs: those of <see cref="LabelCounter"/>. USPS does not publish the code for "no good label under this key"; here it is <see cref="Absent"/>.</remarks>
[TwinOf("usps")]
public sealed class UspsTwin : LabelSeller
{
    public const string Absent = "SANDBOX-ABSENT";

    private static readonly Dictionary<WayPoint, (string Code, string Text)> Words = new()
    {
        [WayPoint.PickedUp] = ("03", "USPS in possession of item"), [WayPoint.Underway] = ("OF", "Out for Delivery"), [WayPoint.Missed] = ("02", "Notice Left (No Authorized Recipient Available)"), [WayPoint.Delivered] = ("01", "Delivered, In/At Mailbox"),
    };

    private readonly BearerDoor door;
    private readonly Lock counter = new();

    public UspsTwin(TwinContext context) : base(context, "USPS") => door = new(context, () => Problem(401, "401", "Unauthorized"));

    public override void Map(IEndpointRouteBuilder routes)
    {
        door.MapTokens(routes, "/oauth2/v3/token");
        var api = door.Behind(routes, "");
        api.MapGet("/tracking/v3/tracking/{number}", (string number) => Counter.Track(number) is { } parcel ? Results.Json(Way(parcel)) : Problem(404, "404", "The tracking number is not known."));
        api.MapPost("/prices/v3/base-rates-list/search", (JsonNode asked) => Results.Json(new { rateOptions = asked["mailClasses"]!.AsArray().Select((mail, i) => Option((string)mail!, (decimal)asked["weight"]!, i)) }));
        api.MapPost("/payments/v3/payment-authorization", (JsonNode asked) => Results.Json(new { paymentAuthorizationToken = PaidWith, roles = asked["roles"]!.DeepClone() }));
        api.MapPost("/labels/v3/label", SellAsync);
        api.MapPost("/labels/v3/label-reprint", (HttpRequest request) => Paid(request, () => Counter.Under(KeyOf(request)) is { Voided: false } label ? Results.Json(Told(label)) : Problem(400, Absent, "There is no label under this idempotency key.")));
        api.MapDelete("/labels/v3/label", (HttpRequest request) => Paid(request, () => Counter.Under(KeyOf(request)) switch
        {
            null or { Voided: true } => Problem(400, Absent, "There is no label under this idempotency key."),
            { } label => LabelCounter.Void(label) ? Results.Json(new { trackingNumber = label.Tracking, status = "CANCELED" }) : Problem(400, "160178", "The label is in use."),
        }));
    }

    private string PaidWith => $"payment-{Knobs.Hash(Context.Connection)}";

    private static string KeyOf(HttpRequest request) => request.Headers["X-Idempotency-Key"].ToString();

    private IResult Paid(HttpRequest request, Func<IResult> does) => request.Headers["X-Payment-Authorization-Token"] == PaidWith ? does() : Problem(401, "401", "The payment authorization token is not valid.");

    private async Task<IResult> SellAsync(HttpRequest request, CancellationToken cancel)
    {
        var body = (await JsonNode.ParseAsync(request.Body, cancellationToken: cancel))!;
        return Paid(request, () =>
        {
            var to = body["toAddress"]!;
            foreach (var field in (string[])["streetAddress", "city", "state", "ZIPCode"])
                if (string.IsNullOrEmpty((string?)to[field])) return Problem(400, "160101", $"toAddress.{field} is missing.");
            if (!Counter.KnowsStreet((string?)to["streetAddress"])) return Problem(400, "010005", "The address could not be found.");
            var package = body["packageDescription"]!;
            lock (counter)
            {
                // The same request under the same key is the same label. Without a key everything is another one.
                if (KeyOf(request) is { Length: > 0 } key && Counter.Under(key) is { Voided: false } known) return Results.Json(Told(known));
                return Results.Json(Told(Counter.Sell(KeyOf(request), "94", 20, (string)package["mailClass"]!, decimal.Round(5m + (decimal)package["weight"]!, 2), body)));
            }
        });
    }

    private static object Told(SoldLabel label) => new
    {
        trackingNumber = label.Tracking, routingInformation = "42095128", SKU = "SANDBOX", postage = label.Cost, extraServices = new[] { new { name = "Signature Confirmation", SKU = "SANDBOX", price = 0.5m } },
        zone = "04", weightUOM = "lb", labelImage = Convert.ToBase64String(PlayedPaper.Pdf($"USPS {label.Tracking}")),
    };

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

    private static IResult Problem(int status, string code, string message) => Results.Json(new { apiVersion = "v3", error = new { code = status.ToString(CultureInfo.InvariantCulture), message, errors = new[] { new { status = "400", code, title = "", detail = message } } } }, statusCode: status);
}
