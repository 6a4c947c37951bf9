using System.Text;
using System.Text.Json;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Customers;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Connectors.Klaviyo;

/// <summary>System webhooks, and profiles that were asked for, → signals. Pure.</summary>
/// <remarks>Only a no is taken from Klaviyo: a yes could be an echo of one that this hub passed on, and come after the shopper took it back here.</remarks>
internal static class KlaviyoInbound
{
    public const string ProfileTopic = "profile";

    private const string Topics = "event:klaviyo.";

    public static Knock Receive(Session session, Delivery delivery) =>
        delivery.Method == "POST" && session.Settings.Find("webhook_secret") is { } secret && delivery.Header("Klaviyo-Timestamp") is { Length: > 0 and <= 64 } timestamp
            && HmacSignature.IsHex(secret, (byte[])[.. delivery.Body.Span, .. Encoding.UTF8.GetBytes(timestamp)], delivery.Header("Klaviyo-Signature"))
            ? new Knock.Take("events", MessageReports.IdOf(delivery.Body.Span), null, new StreamId(session.Brand, "connection", session.Connection))
            : Knock.Refuse;

    /// <exception cref="NotUnderstoodException">Not JSON, or not what Klaviyo sends.</exception>
    public static Reading Read(Session session, string topic, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt)
    {
        try
        {
            return topic == ProfileTopic
                ? OfProfile(session, JsonSerializer.Deserialize(body.Span, KlaviyoJson.Default.KlaviyoProfile), receivedAt)
                : OfHook(session, JsonSerializer.Deserialize(body.Span, KlaviyoJson.Default.KlaviyoHook), receivedAt);
        }
        catch (JsonException e)
        {
            throw new NotUnderstoodException("klaviyo.bad_json", $"The body is not one of Klaviyo's: {e.Message}", e);
        }
    }

    /// <summary>What stands against writing to a profile, as Klaviyo keeps it.</summary>
    public static IReadOnlyList<ContactSignal> Against(KlaviyoProfile? profile, DateTimeOffset receivedAt)
    {
        var (email, sms) = (profile?.Attributes?.Subscriptions?.Email?.Marketing, profile?.Attributes?.Subscriptions?.Sms?.Marketing);
        List<ContactSignal> said = [.. (email?.Suppression ?? []).OfType<KlaviyoSuppression>().Select(s => Of(s, receivedAt)).OfType<ContactSignal>()];
        if (!said.OfType<ContactSignal.OptedOut>().Any() && Unsubscribed(email, ContactPoint.Email, receivedAt) is { } noMail) said.Add(noMail);
        if (Unsubscribed(sms, ContactPoint.Sms, receivedAt) is { } noText) said.Add(noText);
        return said;
    }

    private static ContactSignal.OptedOut? Unsubscribed(KlaviyoMarketing? by, string channel, DateTimeOffset receivedAt) =>
        by is { Consent: "UNSUBSCRIBED" } ? new(channel, "unsubscribed at Klaviyo", NotLater(by.ConsentTimestamp ?? by.LastUpdated, receivedAt)) : null;

    public static DateTimeOffset SaidAt(ContactSignal no) => no switch
    {
        ContactSignal.OptedOut o => o.At,
        ContactSignal.Complained c => c.At,
        ContactSignal.Bounced b => b.At,
        _ => throw new System.Diagnostics.UnreachableException(no.GetType().Name),
    };

    private static Reading OfProfile(Session session, KlaviyoProfile? profile, DateTimeOffset receivedAt)
    {
        if (profile is null) throw new NotUnderstoodException("klaviyo.bad_json", "The body is JSON null; expected a profile.");
        var signals = Against(profile, receivedAt).Select(s => ContactReports.To(session.Brand, ChannelOf(s), ChannelOf(s) == ContactPoint.Sms ? profile.Attributes?.PhoneNumber : profile.Attributes?.Email, s)).OfType<Forwarded>().ToList();
        return new Reading(signals, signals.Count == 0 ? "nothing stands against writing to them" : null);
    }

    private static Reading OfHook(Session session, KlaviyoHook? hook, DateTimeOffset receivedAt)
    {
        if (hook?.Data is not { } all) throw new NotUnderstoodException("klaviyo.bad_json", "The body has no data; expected a list of events.");
        List<Forwarded> signals = [];
        List<string> aside = [];
        foreach (var happened in all.OfType<KlaviyoHappened>())
        {
            var word = happened.Topic is { } topic && topic.StartsWith(Topics, StringComparison.Ordinal) ? topic[Topics.Length..] : happened.Topic ?? "an event without a topic";
            if (About(word, happened, receivedAt) is not { } about) aside.Add(word);
            else if (ContactReports.To(session.Brand, ChannelOf(about), AddressIn(happened, ChannelOf(about)), about) is { } contact) signals.Add(contact);
            else aside.Add(word + " without an address (found when profiles are asked for)");
        }
        return new Reading(signals, aside.Count == 0 ? null : string.Join(", ", aside.Distinct().Order(StringComparer.Ordinal)));
    }

    private static ContactSignal? About(string word, KlaviyoHappened happened, DateTimeOffset receivedAt)
    {
        var attributes = happened.Payload?.Data?.Attributes ?? happened.Payload?.Attributes;
        var at = NotLater(attributes?.Datetime, receivedAt);
        return word switch
        {
            "unsubscribed_from_email_marketing" => new ContactSignal.OptedOut(ContactPoint.Email, "unsubscribed at Klaviyo", at),
            "unsubscribed_from_sms_marketing" => new ContactSignal.OptedOut(ContactPoint.Sms, "unsubscribed at Klaviyo", at),
            "marked_email_as_spam" => new ContactSignal.Complained(ContactPoint.Email, "reported as spam (Klaviyo)", at),
            "bounced_email" => new ContactSignal.Bounced(ContactPoint.Email, Property(attributes, "Bounce Type") is { } type && type.StartsWith("hard", StringComparison.OrdinalIgnoreCase), "bounced at Klaviyo", at),
            _ => null,
        };
    }

    private static ContactSignal? Of(KlaviyoSuppression suppression, DateTimeOffset receivedAt) => suppression.Reason switch
    {
        "UNSUBSCRIBE" => new ContactSignal.OptedOut(ContactPoint.Email, "unsubscribed at Klaviyo", NotLater(suppression.Timestamp, receivedAt)),
        "SPAM_COMPLAINT" => new ContactSignal.Complained(ContactPoint.Email, "reported as spam (Klaviyo)", NotLater(suppression.Timestamp, receivedAt)),
        "HARD_BOUNCE" or "INVALID_EMAIL" => new ContactSignal.Bounced(ContactPoint.Email, true, $"{suppression.Reason} at Klaviyo", NotLater(suppression.Timestamp, receivedAt)),
        // Somebody of the brand, or this hub, did that: it is nothing that a shopper said.
        _ => null,
    };

    public static string ChannelOf(ContactSignal about) => about is ContactSignal.OptedOut { Channel: ContactPoint.Sms } ? ContactPoint.Sms : ContactPoint.Email;

    private static string? AddressIn(KlaviyoHappened happened, string channel)
    {
        var profile = (happened.Payload?.Included ?? []).OfType<KlaviyoProfile>().FirstOrDefault(p => p.Type == "profile")?.Attributes;
        var attributes = happened.Payload?.Data?.Attributes ?? happened.Payload?.Attributes;
        return channel == ContactPoint.Sms
            ? profile?.PhoneNumber ?? Property(attributes, "phone_number") ?? Property(attributes, "To Number")
            : profile?.Email ?? Property(attributes, "email") ?? Property(attributes, "Recipient Email Address");
    }

    private static string? Property(KlaviyoEventAttributes? attributes, string name) =>
        attributes?.EventProperties?.GetValueOrDefault(name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    private static DateTimeOffset NotLater(DateTimeOffset? told, DateTimeOffset receivedAt) => told is { } at && at <= receivedAt ? at : receivedAt;
}
