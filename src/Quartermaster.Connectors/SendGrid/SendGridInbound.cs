using System.Globalization;
using System.Text.Json;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Customers;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Connectors.SendGrid;

/// <summary>Event webhook → signals. Pure.</summary>
internal static class SendGridInbound
{
    public static Knock Receive(Session session, Delivery delivery) =>
        delivery.Method != "POST" || !SendGridSignature.IsValid(
            session.Settings.Find("webhook_public_key"),
            delivery.Header("X-Twilio-Email-Event-Webhook-Signature"),
            delivery.Header("X-Twilio-Email-Event-Webhook-Timestamp"),
            delivery.Body.Span)
            ? Knock.Refuse
            : SendGridNews.Count(delivery.Body.Span) is { } news ? new Knock.Counted(news)
            : new Knock.Take("events", MessageReports.IdOf(delivery.Body.Span), null, new StreamId(session.Brand, "connection", session.Connection));

    /// <exception cref="NotUnderstoodException">Not JSON, or not an array of events.</exception>
    public static Reading Read(Session session, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt)
    {
        var signals = new List<Forwarded>();
        var aside = new SortedDictionary<string, int>(StringComparer.Ordinal);
        HashSet<string> told = [];
        foreach (var happened in Parse(body).OfType<SendGridEvent>())
        {
            if (happened.SgEventId is { } id && !told.Add(id)) continue;
            var before = signals.Count;
            if (Undelivered(session.Brand, happened) is { } undelivered) signals.Add(undelivered);
            if (MessageReports.IsToAShopper(session.Brand, happened.Key) && About(happened, ContactReports.At(happened.Timestamp, receivedAt)) is { } about && ContactReports.To(session.Brand, "email", happened.Email, about) is { } contact)
                signals.Add(contact);
            if (signals.Count == before)
                aside[happened.Event ?? "an event without a name"] = aside.GetValueOrDefault(happened.Event ?? "an event without a name") + 1;
        }
        var note = string.Join(", ", aside.Select(a => string.Create(CultureInfo.InvariantCulture, $"{a.Value} × {a.Key}")));
        return new Reading(signals, note.Length == 0 ? null : note);
    }

    // A spam report is not among these: the shopper has the mail, and sending the same by another channel would be worse.
    private static Forwarded? Undelivered(string brand, SendGridEvent happened) => happened.Event switch
    {
        "bounce" => MessageReports.Undelivered(brand, "email", happened.Key, happened.Status ?? happened.Type ?? "bounce", happened.Reason ?? "bounced"),
        // Who said no to the brand's advertisements by mail does not get them on the phone instead; what concerns an order they are told all the same.
        "dropped" when happened.Reason is "Unsubscribed Address" or "Spam Reporting Address" && MessageReports.StreamOf(brand, happened.Key) is { Kind: "run" } => null,
        "dropped" => MessageReports.Undelivered(brand, "email", happened.Key, "dropped", happened.Reason ?? "dropped"),
        _ => null,
    };

    /// <summary>What the event says about the address, beyond that one mail.</summary>
    private static ContactSignal? About(SendGridEvent happened, DateTimeOffset at) => (happened.Event, happened.Reason) switch
    {
        ("bounce", var why) => new ContactSignal.Bounced("email", IsForGood(happened), why ?? "bounced", at),
        // SendGrid keeps lists of its own and drops what is addressed to somebody on them; ours then say the same.
        ("dropped", "Bounced Address" or "Invalid") => new ContactSignal.Bounced("email", true, $"dropped by SendGrid: {happened.Reason}", at),
        ("dropped", "Spam Reporting Address") => new ContactSignal.Complained("email", "dropped by SendGrid: Spam Reporting Address", at),
        ("dropped", "Unsubscribed Address") => new ContactSignal.OptedOut("email", "dropped by SendGrid: Unsubscribed Address", at),
        ("spamreport", _) => new ContactSignal.Complained("email", "reported as spam (SendGrid)", at),
        ("unsubscribe", _) => new ContactSignal.OptedOut("email", "SendGrid's unsubscribe link", at),
        ("group_unsubscribe", _) => new ContactSignal.OptedOut("email", "SendGrid's unsubscribe group", at),
        ("group_resubscribe", _) => new ContactSignal.OptedIn("email", "SendGrid's unsubscribe group", at),
        _ => null,
    };

    // A "blocked" mail, a status of the 4 kind, a full mailbox or a reputation may be otherwise tomorrow; an address that does not exist may not.
    private static bool IsForGood(SendGridEvent bounce) =>
        bounce.Type != "blocked" && bounce.Status?.StartsWith('4') != true && bounce.Status != "5.2.2" && bounce.BounceClassification is null or "" or "Invalid Address" or "Unclassified";

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
