using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Shipping;

namespace Quartermaster.Connectors.ShipRocket;

/// <summary>What ShipRocket tells us, by webhook or when it is asked: parcels and their scans. Pure.</summary>
/// <remarks>A webhook has no signature; a text that both sides know comes as its header <c>x-api-key</c>. Times are India's, written in two ways.</remarks>
internal static class ShipRocketInbound
{
    private static readonly string[] Glanced = ["awb", "current_status"];

    public static Knock Receive(Session session, Delivery delivery)
    {
        if (session.Settings.Find("webhook_token") is not { } token || delivery.Header("x-api-key") is not { Length: < 1_000 } given) return Knock.Refuse;
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(given))) return Knock.Refuse;
        var values = new string?[2];
        JsonGlance.TryRead(delivery.Body.Span, Glanced, values);
        var stream = values[0] is { Length: > 0 } number
            ? new StreamId(session.Brand, Waybill.Stream, Followed.IdOf(number))
            : new StreamId(session.Brand, "connection", session.Connection);
        return new Knock.Take("tracking", HmacSignature.Hex("event", delivery.Body.Span), null, stream);
    }

    /// <exception cref="NotUnderstoodException">The body is no tracking event.</exception>
    public static Reading Read(Session session, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt)
    {
        var told = Parse(body.Span);
        var number = told.Awb is { Length: > 0 } known ? known : throw new NotUnderstoodException("shiprocket.missing_field", "The event has no 'awb'; the courier's number of the parcel belongs there.");
        var way = ScanReading.Of(told.CourierName ?? "shiprocket", number, ScanReading.NewestFirst(Scans(told.Scans)), receivedAt);
        if (way.Scans.Count > 0) return new([.. way.Scans.Select(scan => new Forwarded(new(session.Brand, Waybill.Stream, Followed.IdOf(number)), scan))]);
        // Some couriers tell no scans: the status that came with the event is all there is.
        if (told.CurrentStatusId is not { } id || ShipRocketStatus.Of(id) is not { } status) return Reading.Ignored($"{number} is not with the courier yet ({told.CurrentStatus}).");
        return Reading.One(new(session.Brand, Waybill.Stream, Followed.IdOf(number)),
            new ShippingSignal.Scanned(told.CourierName ?? "shiprocket", number, status, $"{id} {told.CurrentStatus}", Time(told.CurrentTimestamp) ?? receivedAt, null, ShipRocketStatus.SaysDamaged(id)));
    }

    /// <summary>What it answers when it is asked for one parcel.</summary>
    public static Whereabouts Way(Answer answer, string tracking, DateTimeOffset now)
    {
        // ShipRocket knows the number from the waybill on; until the first scan "not found" is no trouble.
        if (answer.Status == 404) return new(Nearness.Unseen, []);
        if (ShipRocketAnswers.Trouble(answer, reads: true) is { } trouble) return Whereabouts.Unanswered(trouble);
        if (answer.Read(ShipRocketJson.Default.WireTracked)?.TrackingData is not { } told) return Whereabouts.Unanswered(new Outcome.Unsure("ShipRocket's answer could not be read."));
        return ScanReading.Of("shiprocket", tracking, Scans(told.ShipmentTrackActivities), now);
    }

    // Oldest first in a webhook, newest first in an answer.
    private static IEnumerable<ReadScan> Scans(IReadOnlyList<WireScan?>? scans) => (scans ?? []).OfType<WireScan>().Select(Read);

    private static ReadScan Read(WireScan scan)
    {
        var id = int.TryParse(scan.SrStatus, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : (int?)null;
        return new(ShipRocketStatus.Of(id), $"{scan.SrStatus ?? "no code"} {scan.SrStatusLabel} ({scan.Status}: {scan.Activity})", Time(scan.Date), scan.Location, ShipRocketStatus.SaysDamaged(id));
    }

    private static DateTimeOffset? Time(string? text) => DateTime.TryParseExact(text, ["yyyy-MM-dd HH:mm:ss", "dd MM yyyy HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var there)
        ? new DateTimeOffset(there, TimeSpan.FromMinutes(330)).ToUniversalTime() : null;

    private static WireTold Parse(ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, ShipRocketJson.Default.WireTold) ?? throw new JsonException("the body is null");
        }
        catch (JsonException e)
        {
            throw new NotUnderstoodException("shiprocket.bad_json", $"ShipRocket's event cannot be read at {e.Path ?? "$"}: {e.Message}", e);
        }
    }
}
