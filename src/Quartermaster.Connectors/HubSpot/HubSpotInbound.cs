using System.Globalization;
using System.Text;
using System.Text.Json;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Connections;
using Quartermaster.Core.Customers;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Connectors.HubSpot;

/// <summary>Webhooks, and contacts that were asked for, → signals. Pure.</summary>
/// <remarks>
/// A workflow's webhook brings the contact with its address. One of the app's own subscriptions names a number only, so what it tells is found when
/// contacts are asked for. Only a no is taken: a yes could be an echo of one that this hub passed on.
/// </remarks>
internal static class HubSpotInbound
{
    public const string ContactTopic = "contact";

    /// <summary>The account has no such property; the body is its name.</summary>
    public const string MissingTopic = "missing";

    private const string OptOut = "hs_email_optout", BadAddress = "hs_email_bad_address";

    /// <summary>Properties that say that somebody is not to be written to: of all mail, of the one subscription that marketing stands for, and an address that nobody has.</summary>
    public static IReadOnlyList<string> NoesOf(Settings settings) => settings.Find("subscription_id") is { } subscription ? [OptOut, $"{OptOut}_{subscription}", BadAddress] : [OptOut, BadAddress];

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    public static Knock Receive(Session session, Delivery delivery) => IsSigned(session, delivery)
        ? new Knock.Take("webhook", MessageReports.IdOf(delivery.Body.Span), null, new StreamId(session.Brand, "connection", session.Connection))
        : Knock.Refuse;

    /// <exception cref="NotUnderstoodException">Neither a contact nor a list of changes.</exception>
    public static Reading Read(Session session, string topic, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt)
    {
        if (topic == MissingTopic) return Missing(session, Storable.Text(Encoding.UTF8.GetString(body.Span)), receivedAt);
        try
        {
            if (topic != ContactTopic && body.Span.TrimStart(" \t\r\n"u8) is [(byte)'[', ..])
            {
                var changes = JsonSerializer.Deserialize(body.Span, HubSpotJson.Default.IReadOnlyListHubSpotChange);
                return Reading.Ignored($"{string.Join(", ", (changes ?? []).Select(c => c?.PropertyName ?? c?.SubscriptionType ?? "a change").Distinct())}: found when contacts are asked for");
            }
            var contact = JsonSerializer.Deserialize(body.Span, HubSpotJson.Default.HubSpotContact) ?? throw new NotUnderstoodException("hubspot.bad_json", "The body is JSON null; expected a contact.");
            var signals = Against(contact, NoesOf(session.Settings), receivedAt).Select(s => ContactReports.To(session.Brand, ContactPoint.Email, contact.Find("email"), s)).OfType<Forwarded>().ToList();
            return new Reading(signals, signals.Count == 0 ? "nothing stands against writing to them" : null);
        }
        catch (JsonException e)
        {
            throw new NotUnderstoodException("hubspot.bad_json", $"The body is not one of HubSpot's: {e.Message}", e);
        }
    }

    // HubSpot makes these properties by itself, and nobody else may: whoever set up the connection has to act.
    private static Reading Missing(Session session, string property, DateTimeOffset receivedAt)
    {
        var what = property.StartsWith(OptOut + "_", StringComparison.Ordinal)
            ? $"there is no subscription type {property[(OptOut.Length + 1)..]}. Set subscription_id to the number of one that is there (Settings › Marketing › E-mail › Subscription types); until then a no to marketing is heard only of who opts out of all mail"
            : "it comes with HubSpot's marketing e-mail. Until the account has it, what it would tell is not heard";
        return Reading.One(new(session.Brand, "connection", session.Connection), new ConnectionSignal.Noticed(session.Connection, "property:" + property, $"HubSpot has no property {property}: {what}.", true, receivedAt));
    }

    /// <summary>What stands against writing to a contact, and since when: by the property's own history where that was asked for, otherwise by the contact's last change.</summary>
    public static IReadOnlyList<ContactSignal> Against(HubSpotContact contact, IReadOnlyList<string> noes, DateTimeOffset receivedAt)
    {
        List<ContactSignal> said = [];
        foreach (var no in noes.Where(n => contact.Find(n) == "true"))
        {
            var at = (contact.SinceOf(no) ?? contact.ChangedAt) is { } told && told <= receivedAt ? told : receivedAt;
            said.Add(no == BadAddress ? new ContactSignal.Bounced(ContactPoint.Email, true, "a bad address, says HubSpot", at)
                : new ContactSignal.OptedOut(ContactPoint.Email, no == OptOut ? "opted out of all mail at HubSpot" : "unsubscribed from marketing at HubSpot", at));
        }
        return said;
    }

    // Over method, whole address, body and time. The address is the one that HubSpot called, so it has to be configured as it is seen from outside.
    private static bool IsSigned(Session session, Delivery delivery)
    {
        if (delivery.Method != "POST" || session.Settings.Find("client_secret") is not { } secret || session.Callback is not { } callback) return false;
        if (delivery.Header("X-HubSpot-Request-Timestamp") is not { } timestamp || !long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var told)) return false;
        if (Math.Abs(delivery.ReceivedAt.ToUnixTimeMilliseconds() - told) > Window.TotalMilliseconds) return false;
        var address = callback.AbsoluteUri.TrimEnd('/') + (delivery.Path.Length == 0 ? "" : "/" + delivery.Path) + delivery.Query;
        byte[] signed = [.. Encoding.UTF8.GetBytes(delivery.Method + address), .. delivery.Body.Span, .. Encoding.UTF8.GetBytes(timestamp)];
        return HmacSignature.IsBase64(secret, signed, delivery.Header("X-HubSpot-Signature-v3"));
    }
}
