using System.Globalization;
using System.Text.Json;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Connectors.SendGrid;

/// <summary>Event webhook → signals. Pure.</summary>
internal static class SendGridInbound
{
    public static Knock Receive(Session session, Delivery delivery) =>
        delivery.Method == "POST" && SendGridSignature.IsValid(
            session.Settings.Find("webhook_public_key"),
            delivery.Header("X-Twilio-Email-Event-Webhook-Signature"),
            delivery.Header("X-Twilio-Email-Event-Webhook-Timestamp"),
            delivery.Body.Span)
            ? new Knock.Take("events", MessageReports.IdOf(delivery.Body.Span), null, new StreamId(session.Brand, "connection", session.Connection))
            : Knock.Refuse;

    /// <exception cref="NotUnderstoodException">Not JSON, or not an array of events.</exception>
    public static Reading Read(Session session, ReadOnlyMemory<byte> body)
    {
        var signals = new List<Forwarded>();
        var aside = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var happened in Parse(body).OfType<SendGridEvent>())
        {
            if (Undelivered(session.Brand, happened) is { } undelivered)
                signals.Add(undelivered);
            else
                aside[happened.Event ?? "an event without a name"] = aside.GetValueOrDefault(happened.Event ?? "an event without a name") + 1;
        }
        var note = string.Join(", ", aside.Select(a => string.Create(CultureInfo.InvariantCulture, $"{a.Value} × {a.Key}")));
        return new Reading(signals, note.Length == 0 ? null : note);
    }

    // A spam report is not among these: the shopper has the mail, and sending the same by another channel would be worse.
    // SendGrid drops the next mail to that address by itself, and that does arrive here.
    private static Forwarded? Undelivered(string brand, SendGridEvent happened) => happened.Event switch
    {
        "bounce" => MessageReports.Undelivered(brand, happened.Key, happened.Status ?? happened.Type ?? "bounce", happened.Reason ?? "bounced"),
        "dropped" => MessageReports.Undelivered(brand, happened.Key, "dropped", happened.Reason ?? "dropped"),
        _ => null,
    };

    private static IReadOnlyList<SendGridEvent?> Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize(body.Span, SendGridJson.Default.IReadOnlyListSendGridEvent)
                ?? throw new NotUnderstoodException("sendgrid.bad_json", "The body is JSON null; expected an array of events.");
        }
        catch (JsonException e)
        {
            throw new NotUnderstoodException("sendgrid.bad_json", $"The body is not an array of events: {e.Message}", e);
        }
    }
}
