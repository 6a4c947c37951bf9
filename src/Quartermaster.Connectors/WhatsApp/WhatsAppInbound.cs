using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Connections;
using Quartermaster.Core.Customers;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;

namespace Quartermaster.Connectors.WhatsApp;

/// <summary>Webhook → signals. Pure.</summary>
internal static class WhatsAppInbound
{
    public static Knock Receive(Session session, Delivery delivery) => delivery.Method switch
    {
        "GET" => Handshake(session.Settings, delivery.Query),
        "POST" when HmacSignature.IsHex(session.Settings.Get("app_secret", ""), delivery.Body.Span, delivery.Header("X-Hub-Signature-256"), "sha256=")
            => WhatsAppNews.Count(delivery.Body.Span, session.Settings.Find("phone_number_id")) is { } news ? new Knock.Counted(news)
                : new Knock.Take("whatsapp", MessageReports.IdOf(delivery.Body.Span), null, new StreamId(session.Brand, "connection", session.Connection)),
        _ => Knock.Refuse,
    };

    /// <exception cref="NotUnderstoodException">Not JSON, or not of the shape that Meta publishes.</exception>
    public static Reading Read(Session session, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt)
    {
        var signals = new List<Forwarded>();
        var notes = new Notes();
        foreach (var entry in Present(Parse(body).Entry))
            foreach (var change in Present(entry.Changes))
                ReadChange(session, change, receivedAt, signals, notes);
        return new Reading(signals, notes.ToString());
    }

    private static WhatsAppHook Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize(body.Span, WhatsAppJson.Default.WhatsAppHook)
                ?? throw new NotUnderstoodException("whatsapp.bad_json", "The body is JSON null; expected an object with 'entry'.");
        }
        catch (JsonException e)
        {
            throw new NotUnderstoodException("whatsapp.bad_json", $"The body is not what WhatsApp publishes: {e.Message}", e);
        }
    }

    private static void ReadChange(Session session, WhatsAppChange change, DateTimeOffset at, List<Forwarded> signals, Notes notes)
    {
        if (change.Value is not { } value)
        {
            notes.Add($"{change.Field ?? "a change"} without a value");
            return;
        }
        // One app can serve several numbers, and Meta tells every subscriber about all of them.
        if (value.Metadata?.PhoneNumberId is { } number && number != session.Settings["phone_number_id"])
        {
            notes.Add($"about the other number {number}");
            return;
        }
        foreach (var status in Present(value.Statuses)) ReadStatus(session, status, at, signals, notes);
        foreach (var message in Present(value.Messages))
            if ((WhatsAppButtons.Read(session, message.Button?.Payload) ?? WhatsAppTexts.Read(session.Brand, message, at)) is { } said) signals.Add(said);
            else notes.Add($"{message.Type ?? "untyped"} message that says nothing");
        if (value.Statuses is null && value.Messages is null)
        {
            if (Notice(session.Connection, change.Field, value, at) is { } notice)
                signals.Add(new Forwarded(new StreamId(session.Brand, "connection", session.Connection), notice));
            else
                notes.Add(change.Field ?? "a change without a field");
        }
    }

    private static void ReadStatus(Session session, WhatsAppStatus status, DateTimeOffset at, List<Forwarded> signals, Notes notes)
    {
        if (status.Status != "failed")
        {
            notes.Add(status.Status ?? "a status without a word");
            return;
        }
        var error = Present(status.Errors).FirstOrDefault();
        var tired = error?.Code == WhatsAppAnswers.NoMoreToday;
        var code = tired ? MessageEffect.NotToday : error?.Code?.ToString(CultureInfo.InvariantCulture) ?? "failed";
        if (tired && ContactReports.To(session.Brand, ContactPoint.WhatsApp, $"+{status.RecipientId}", new ContactSignal.Tired(ContactPoint.WhatsApp, error!.Why, ContactReports.At(status.Timestamp, at))) is { } contact) signals.Add(contact);
        if (MessageReports.Undelivered(session.Brand, "whatsapp", status.BizOpaqueCallbackData, code, error?.Why ?? "no reason given") is { } undelivered)
            signals.Add(undelivered);
        else
            notes.Add($"failed ({code}) for a message that this hub did not send");
    }

    // Meta sends no nulls in its lists, but a body is only as good as its sender.
    private static IEnumerable<T> Present<T>(IReadOnlyList<T?>? list) where T : class => list?.OfType<T>() ?? [];

    // A paused or rejected template silences every message made from it, and a flagged number all of them; the rest is good to know.
    private static ConnectionSignal.Noticed? Notice(string connection, string? field, WhatsAppValue value, DateTimeOffset at)
    {
        var serious = value.Event is "PAUSED" or "DISABLED" or "REJECTED" or "FLAGGED" or "PENDING_DELETION" or "DISABLED_UPDATE" or "ACCOUNT_VIOLATION" or "ACCOUNT_RESTRICTION" or "DOWNGRADE";
        var reason = value.Reason is null or "NONE" ? "" : $" ({value.Reason})";
        return field switch
        {
            "message_template_status_update" or "message_template_quality_update" or "template_category_update" when value.MessageTemplateName is { } template
                => new(connection, $"{field}:{template}", $"WhatsApp template {template}: {Change(value)}{reason}", serious, at),
            "phone_number_quality_update" or "phone_number_name_update" or "account_update" or "account_review_update" or "account_alerts" or "business_capability_update"
                => new(connection, field, $"WhatsApp {field.Replace('_', ' ')}: {Change(value)}{reason}", serious, at),
            _ => null,
        };
    }

    private static string Change(WhatsAppValue value) => (value.Event, value.NewQualityScore, value.NewCategory) switch
    {
        ({ } happened, _, _) => happened,
        (_, { } score, _) => $"quality is now {score}",
        (_, _, { } category) => $"category is now {category}",
        _ => "changed",
    };

    private static Knock Handshake(Settings settings, string query)
    {
        string? mode = null, token = null, challenge = null;
        foreach (var pair in query.TrimStart('?').Split('&'))
        {
            var (name, value) = pair.IndexOf('=', StringComparison.Ordinal) is >= 0 and var at ? (pair[..at], pair[(at + 1)..]) : (pair, "");
            switch (Uri.UnescapeDataString(name))
            {
                case "hub.mode": mode = Uri.UnescapeDataString(value); break;
                case "hub.verify_token": token = Uri.UnescapeDataString(value.Replace('+', ' ')); break;
                case "hub.challenge": challenge = Uri.UnescapeDataString(value); break;
            }
        }
        return mode == "subscribe" && challenge is not null && settings.Find("verify_token") is { } expected && token is not null
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(expected))
            ? new Knock.Answer(200, challenge)
            : Knock.Refuse;
    }

    /// <summary>Says what was set aside, each kind once with its count: a busy webhook carries hundreds of statuses.</summary>
    private sealed class Notes
    {
        private readonly Dictionary<string, int> counts = [];

        public void Add(string note) => counts[note] = counts.GetValueOrDefault(note) + 1;

        public override string? ToString() =>
            counts.Count == 0 ? null : string.Join(", ", counts.Select(c => c.Value == 1 ? c.Key : string.Create(CultureInfo.InvariantCulture, $"{c.Value} × {c.Key}")));
    }
}
