using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Shipping;

namespace Quartermaster.Connectors.ShipEngine;

/// <summary>What ShipEngine tells us: webhook → parcel and scan. Pure.</summary>
/// <remarks>
/// Its scans name the parcel and not the order, so they go to the parcel's own stream. The signature that it offers (RSA, with a key to be fetched) cannot
/// be checked without a call; instead the webhook is made with a token of ours, which comes back as a header.
/// </remarks>
internal static class ShipEngineInbound
{
    private static readonly string[] Glanced = ["resource_type", "data.tracking_number"];

    public static Knock Receive(Session session, Delivery delivery)
    {
        if (session.Settings.Find("webhook_token") is not { } token || delivery.Header(ShipEngineOutbound.TokenHeader) is not { Length: < 1_000 } given) return Knock.Refuse;
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(given))) return Knock.Refuse;
        var values = new string?[2];
        JsonGlance.TryRead(delivery.Body.Span, Glanced, values);
        var stream = values[1] is { Length: > 0 } number
            ? new StreamId(session.Brand, Waybill.Stream, Followed.IdOf(number))
            : new StreamId(session.Brand, "connection", session.Connection);
        return new Knock.Take(values[0] ?? "unknown", HmacSignature.Hex("event", delivery.Body.Span), null, stream);
    }

    /// <exception cref="NotUnderstoodException">The body is no tracking event.</exception>
    public static Reading Read(Session session, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt)
    {
        var told = Parse(body.Span);
        if (told.ResourceType is { } type && type != "API_TRACK") return Reading.Ignored($"'{type}' is no scan.");
        var at = told.Data ?? throw Wrong("missing_field", "The event has no 'data'; expected what /v1/tracking answers.");
        var number = at.TrackingNumber is { Length: > 0 } known ? known : throw Wrong("missing_field", "The event has no 'data.tracking_number'.");
        var code = at.StatusCode is { Length: > 0 } word ? word : throw Wrong("missing_field", "The event has no 'data.status_code'.");
        if (ShipEngineStatus.Of(code, at.StatusDetailCode) is not { } status) return Reading.Ignored($"{number} is not with the carrier yet ({at.StatusDetailCode ?? code}).");
        // Newest first in the contract's examples, but nothing says so.
        var last = (at.Events ?? []).OfType<WireScan>().Where(e => e.OccurredAt is not null).MaxBy(e => e.OccurredAt);
        return Reading.One(
            new(session.Brand, Waybill.Stream, Followed.IdOf(number)),
            new ShippingSignal.Scanned(at.CarrierCode ?? "shipengine", number, status, RawOf(at, code, status), last?.OccurredAt?.ToUniversalTime() ?? receivedAt, last?.CityLocality, ShipEngineStatus.SaysDamaged(at.StatusDetailCode)));
    }

    /// <summary>What it answers when it is asked for the parcel of one label.</summary>
    public static Whereabouts Way(Answer answer, string tracking, DateTimeOffset now)
    {
        if (answer.Status == 404) return new(Nearness.Unseen, []);
        if (ShipEngineAnswers.Trouble(answer, reads: true) is { } trouble) return Whereabouts.Unanswered(trouble);
        if (answer.Read(ShipEngineJson.Default.WireTracking) is not { } at) return Whereabouts.Unanswered(new Outcome.Unsure("ShipEngine's answer could not be read."));
        List<ReadScan> scans = [.. (at.Events ?? []).OfType<WireScan>().Select(Scan)];
        // Some carriers tell how it stands and nothing of the way there.
        if (scans.Count == 0 && at.StatusCode is { Length: > 0 } code && ShipEngineStatus.Of(code, at.StatusDetailCode) is { } status) scans.Add(new(status, RawOf(at, code, status), null, null, ShipEngineStatus.SaysDamaged(at.StatusDetailCode)));
        return ScanReading.Of(at.CarrierCode ?? "shipengine", tracking, ScanReading.NewestFirst(scans), now);
    }

    private static ReadScan Scan(WireScan scan)
    {
        // "Unknown" is the contract's own word for nothing said.
        var code = scan.StatusCode ?? "UN";
        var status = ShipEngineStatus.Of(code, scan.StatusDetailCode);
        var raw = status == ScanStatus.Unmapped ? Unmapped(code, scan.StatusDetailCode, scan.CarrierStatusCode, scan.CarrierStatusDescription) : scan.StatusDetailCode ?? scan.StatusDescription ?? code;
        return new(status, raw, scan.OccurredAt?.ToUniversalTime(), scan.CityLocality, ShipEngineStatus.SaysDamaged(scan.StatusDetailCode));
    }

    // A person who has to map a code needs the carrier's own; else its words say most.
    private static string RawOf(WireTracking at, string code, ScanStatus status) =>
        status == ScanStatus.Unmapped ? Unmapped(code, at.StatusDetailCode, at.CarrierStatusCode, at.CarrierStatusDescription) : at.StatusDetailCode ?? at.StatusDescription ?? code;

    private static string Unmapped(string code, string? detail, string? carriers, string? words) => $"{detail ?? code} ({carriers ?? words ?? "no code of the carrier"})";

    private static WireTold Parse(ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, ShipEngineJson.Default.WireTold) ?? throw new JsonException("the body is null");
        }
        catch (JsonException e)
        {
            throw new NotUnderstoodException("shipengine.bad_json", $"ShipEngine's event cannot be read at {e.Path ?? "$"}: {e.Message}", e);
        }
    }

    private static NotUnderstoodException Wrong(string kind, string message) => new($"shipengine.{kind}", message);
}
