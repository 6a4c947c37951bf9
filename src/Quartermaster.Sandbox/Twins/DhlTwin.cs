using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Quartermaster.Sandbox.Twins;

/// <summary>DHL's unified tracking: carries what warehouses hand it and answers where a parcel is, one at a time. It tells nothing by itself.</summary>
/// <remarks>Knobs: those of <see cref="LabelCounter"/>.</remarks>
[TwinOf("dhl")]
public sealed class DhlTwin(TwinContext context) : LabelSeller(context, "DHL")
{
    private static readonly Dictionary<WayPoint, (string Rough, string Fine, string Text)> Words = new()
    {
        [WayPoint.PickedUp] = ("transit", "PU", "Shipment pick up"), [WayPoint.Underway] = ("transit", "WC", "With delivering courier"), [WayPoint.Missed] = ("failure", "NH", "Not home"), [WayPoint.Delivered] = ("delivered", "OK", "Delivery"),
    };

    public override void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/track");
        api.AddEndpointFilter(async (call, next) => call.HttpContext.Request.Headers["DHL-API-Key"] == Context.Settings.GetValueOrDefault("api_key", "") ? await next(call) : Problem(401, "Unauthorized", "Unauthorized for given resource."));
        api.MapGet("/shipments", (string? trackingNumber) => trackingNumber is not null && Counter.Track(trackingNumber) is { } parcel ? Results.Json(new { shipments = new[] { Way(parcel) } }) : Problem(404, "No result found", "No shipment with given tracking number found."));
    }

    // Newest first, as DHL's samples are; a parcel that was not seen yet has been announced.
    private static object Way(SoldLabel parcel)
    {
        var events = parcel.Way.Reverse().Select(w => new { timestamp = w.When.ToString("O", System.Globalization.CultureInfo.InvariantCulture), location = new { address = new { countryCode = "DE", addressLocality = "SANDBOX" } }, statusCode = Words[w.At].Rough, status = Words[w.At].Fine, description = Words[w.At].Text }).ToArray();
        return new { id = parcel.Tracking, service = "express", status = events.FirstOrDefault(), events };
    }

    private static IResult Problem(int status, string title, string detail) => Results.Json(new { title, detail, status }, statusCode: status);
}
