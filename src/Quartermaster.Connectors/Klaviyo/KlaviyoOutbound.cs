using System.Text.Json;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Customers;

namespace Quartermaster.Connectors.Klaviyo;

/// <summary>Effect → request body. Pure.</summary>
internal static class KlaviyoOutbound
{
    /// <summary>Put before the names of our properties, so that they are found together and clash with nobody's.</summary>
    private const string Ours = "qm_";

    private static readonly string[] Known = [ContactPoint.Email, ContactPoint.Sms, ContactPoint.WhatsApp];

    public static bool AreChannels(string text) => Split(text) is { Count: > 0 } channels && channels.All(Known.Contains);

    public static IReadOnlyList<string> Channels(Settings settings) => Split(settings.Get("consent_for", ContactPoint.Email));

    public static bool HasYes(CustomerEffect.Push profile, IReadOnlyList<string> channels) => News(profile, channels).Any(c => c.Wish == Wish.Marketing);

    public static bool HasNo(CustomerEffect.Push profile, IReadOnlyList<string> channels) => News(profile, channels).Any(c => c.Wish is Wish.NoMarketing or Wish.Nothing);

    /// <summary>Nothing at all may be sent to the address: it bounced, they complained, or one of us decided so.</summary>
    public static bool IsClosed(CustomerEffect.Push profile) => profile.By(ContactPoint.Email) is { IsNews: true, Wish: Wish.Nothing };

    public static string Profile(CustomerEffect.Push profile, bool withPhone) => Data("profile", attributes =>
    {
        var (first, last) = ProfileFields.NameOf(profile);
        attributes.WriteString("email", profile.Email);
        if (withPhone) attributes.Optional("phone_number", profile.Phone);
        attributes.Optional("first_name", first);
        attributes.Optional("last_name", last);
        attributes.Optional("locale", ProfileFields.LocaleOf(profile));
        if (profile.Country is { } country) attributes.Object("location", () => attributes.WriteString("country", country));
        attributes.Object("properties", () =>
        {
            attributes.WriteNumber(Ours + ProfileFields.Orders, profile.Orders);
            foreach (var spent in profile.Lifetime) attributes.WriteNumber(Ours + ProfileFields.LifetimeIn(spent.Currency), spent.Amount);
            if (profile.FirstOrderAt is { } from) attributes.WriteString(Ours + ProfileFields.FirstOrder, ProfileFields.Instant(from));
            if (profile.LastOrderAt is { } until) attributes.WriteString(Ours + ProfileFields.LastOrder, ProfileFields.Instant(until));
            attributes.WriteStartArray(Ours + ProfileFields.Segments);
            foreach (var segment in profile.Segments) attributes.WriteStringValue(segment);
            attributes.WriteEndArray();
        });
    });

    /// <summary>As consent that was given earlier: Klaviyo neither asks them once more nor greets them with a flow.</summary>
    public static string Subscribe(IReadOnlyList<CustomerEffect.Push> profiles, IReadOnlyList<string> channels, string? list) => Data("profile-subscription-bulk-create-job", attributes =>
    {
        attributes.WriteString("custom_source", "Quartermaster");
        attributes.WriteBoolean("historical_import", true);
        Profiles(attributes, profiles, profile => Consents(attributes, profile, [.. News(profile, channels).Where(c => c.Wish == Wish.Marketing)], "SUBSCRIBED"));
    }, list is null ? null : json => json.Object("list", () => json.Object("data", () =>
    {
        json.WriteString("type", "list");
        json.WriteString("id", list);
    })));

    /// <summary>Without a list: a no is one to all of them.</summary>
    public static string Unsubscribe(IReadOnlyList<CustomerEffect.Push> profiles, IReadOnlyList<string> channels) => Data("profile-subscription-bulk-delete-job", attributes =>
        Profiles(attributes, profiles, profile => Consents(attributes, profile, [.. News(profile, channels).Where(c => c.Wish is Wish.NoMarketing or Wish.Nothing)], "UNSUBSCRIBED")));

    public static string Suppress(IReadOnlyList<CustomerEffect.Push> profiles) => Data("profile-suppression-bulk-create-job", attributes =>
        Profiles(attributes, profiles, profile => attributes.WriteString("email", profile.Email)));

    public static string Deletion(CustomerEffect.Forget forget) => Data("data-privacy-deletion-job", attributes => attributes.Object("profile", () => attributes.Object("data", () =>
    {
        attributes.WriteString("type", "profile");
        // Klaviyo takes one identifier, not several.
        attributes.Optional("id", forget.RemoteId);
        attributes.Object("attributes", () =>
        {
            if (forget.RemoteId is null) attributes.Optional("email", forget.Email);
        });
    })));

    private static void Profiles(Utf8JsonWriter json, IReadOnlyList<CustomerEffect.Push> profiles, Action<CustomerEffect.Push> attributes) => json.Object("profiles", () =>
    {
        json.WriteStartArray("data");
        foreach (var profile in profiles)
        {
            json.WriteStartObject();
            json.WriteString("type", "profile");
            json.Object("attributes", () => attributes(profile));
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    private static void Consents(Utf8JsonWriter json, CustomerEffect.Push profile, IReadOnlyList<Consent> consents, string word)
    {
        if (consents.Any(c => c.Channel == ContactPoint.Email)) json.WriteString("email", profile.Email);
        if (consents.Any(c => c.Channel != ContactPoint.Email)) json.Optional("phone_number", profile.Phone);
        json.Object("subscriptions", () =>
        {
            foreach (var consent in consents)
                json.Object(consent.Channel, () => json.Object("marketing", () =>
                {
                    json.WriteString("consent", word);
                    if (consent is { Wish: Wish.Marketing, At: { } at }) json.WriteString("consented_at", ProfileFields.Instant(at));
                }));
        });
    }

    private static IEnumerable<Consent> News(CustomerEffect.Push profile, IReadOnlyList<string> channels) => profile.Consents.Where(c => c.IsNews && channels.Contains(c.Channel));

    private static string Data(string type, Action<Utf8JsonWriter> attributes, Action<Utf8JsonWriter>? relationships = null) => JsonBody.Write(json => json.Object("data", () =>
    {
        json.WriteString("type", type);
        json.Object("attributes", () => attributes(json));
        if (relationships is not null) json.Object("relationships", () => relationships(json));
    }));

    private static List<string> Split(string text) => [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(t => t.ToLowerInvariant())];
}
