using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Customers;

namespace Quartermaster.Connectors.Mailchimp;

/// <summary>Effect → request body. Pure.</summary>
internal static class MailchimpOutbound
{
    private static readonly string[] Known = [ProfileFields.Orders, ProfileFields.FirstOrder, ProfileFields.LastOrder, ProfileFields.Segments, "phone", "country"];

    /// <summary>How Mailchimp names a member. It is no secret: whoever knows the address can make it.</summary>
    public static string IdOf(string email) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(email.ToLowerInvariant())));

    public static bool AreMergeFields(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).All(pair =>
        pair.Split('=') is [var what, { Length: > 0 and <= 10 } field] && (Known.Contains(what) || what.StartsWith("lifetime_", StringComparison.Ordinal)) && field.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c == '_'));

    /// <param name="withConsent">Their own word is passed on; otherwise a member's state is left as it is.</param>
    public static string Member(CustomerEffect.Push profile, Settings settings, bool withConsent) => JsonBody.Write(json =>
    {
        var said = profile.By(ContactPoint.Email);
        json.WriteString("email_address", profile.Email);
        // Who never said anything is kept as a customer, and not written to.
        json.WriteString("status_if_new", (withConsent ? said?.Wish : Wish.NoMarketing) switch { Wish.Marketing => "subscribed", Wish.NoMarketing or Wish.Nothing => "unsubscribed", _ => "transactional" });
        if (withConsent && said is { IsNews: true, Wish: not Wish.Unsaid })
        {
            json.WriteString("status", said.Wish == Wish.Marketing ? "subscribed" : "unsubscribed");
            if (said is { Wish: Wish.Marketing, At: { } at }) json.WriteString("timestamp_opt", ProfileFields.Instant(at));
        }
        json.Optional("language", profile.Language);
        json.Object("merge_fields", () => MergeFields(json, profile, settings));
    });

    public static string Tags(CustomerEffect.Push profile) => JsonBody.Write(json =>
    {
        json.WriteStartArray("tags");
        foreach (var segment in Segments.All)
        {
            json.WriteStartObject();
            json.WriteString("name", "customer-" + segment);
            json.WriteString("status", profile.Segments.Contains(segment) ? "active" : "inactive");
            json.WriteEndObject();
        }
        json.WriteEndArray();
        // Tags can start automations; a first import of all customers must not.
        json.WriteBoolean("is_syncing", profile.RemoteId is null);
    });

    private static void MergeFields(Utf8JsonWriter json, CustomerEffect.Push profile, Settings settings)
    {
        var (first, last) = ProfileFields.NameOf(profile);
        json.Optional("FNAME", first);
        json.Optional("LNAME", last);
        foreach (var pair in settings.Get("merge_fields", "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var at = pair.IndexOf('=', StringComparison.Ordinal);
            if (at > 0) json.Optional(pair[(at + 1)..], ValueOf(profile, pair[..at]));
        }
    }

    private static string? ValueOf(CustomerEffect.Push profile, string what) => what switch
    {
        ProfileFields.Orders => profile.Orders.ToString(CultureInfo.InvariantCulture),
        ProfileFields.FirstOrder => profile.FirstOrderAt?.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        ProfileFields.LastOrder => profile.LastOrderAt?.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        ProfileFields.Segments => string.Join(", ", profile.Segments),
        "phone" => profile.Phone,
        "country" => profile.Country,
        _ => profile.Lifetime.FirstOrDefault(l => ProfileFields.LifetimeIn(l.Currency) == what)?.Amount.ToString("0.####", CultureInfo.InvariantCulture),
    };
}
