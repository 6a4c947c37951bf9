using System.Globalization;
using System.Text.Json;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Customers;

namespace Quartermaster.Connectors.HubSpot;

/// <summary>Effect → request body. Pure.</summary>
internal static class HubSpotOutbound
{
    private const string Language = "language";

    /// <summary>HubSpot's names are lower case, begin with a letter and hold letters, digits and underscores.</summary>
    public static bool IsPrefix(string text) => text.Length is > 0 and <= 40 && char.IsAsciiLetterLower(text[0]) && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_');

    public static string Upsert(IReadOnlyList<CustomerEffect.Push> profiles, string prefix) => JsonBody.Write(json =>
    {
        json.WriteStartArray("inputs");
        foreach (var profile in profiles)
        {
            json.WriteStartObject();
            json.WriteString("idProperty", "email");
            json.WriteString("id", profile.Email);
            json.Object("properties", () => Write(json, profile, prefix));
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    /// <summary>Our own properties, as these contacts need them.</summary>
    public static string Properties(IReadOnlyList<CustomerEffect.Push> profiles, string prefix) => JsonBody.Write(json =>
    {
        json.WriteStartArray("inputs");
        Define(json, prefix + ProfileFields.Orders, "Orders", "number", "number");
        Define(json, prefix + ProfileFields.FirstOrder, "First order", "datetime", "date");
        Define(json, prefix + ProfileFields.LastOrder, "Last order", "datetime", "date");
        Define(json, prefix + ProfileFields.Segments, "Customer segments", "string", "text");
        Define(json, prefix + Language, "Language", "string", "text");
        foreach (var currency in profiles.SelectMany(p => p.Lifetime).Select(l => l.Currency).Distinct().Order(StringComparer.Ordinal))
            Define(json, prefix + ProfileFields.LifetimeIn(currency), $"Ordered so far ({currency})", "number", "number");
        json.WriteEndArray();
    });

    public static string ConsentPath(Consent said) => said.Wish == Wish.Marketing ? "/communication-preferences/v3/subscribe" : "/communication-preferences/v3/unsubscribe";

    /// <summary>With our proof as the explanation of the legal basis.</summary>
    public static string Consent(string email, Consent said, string subscription) => JsonBody.Write(json =>
    {
        json.WriteString("emailAddress", email);
        json.WriteString("subscriptionId", subscription);
        if (said.Wish != Wish.Marketing) return;
        json.WriteString("legalBasis", "CONSENT_WITH_NOTICE");
        json.WriteString("legalBasisExplanation", said.At is { } at ? $"{said.Why}, {ProfileFields.Instant(at)}" : said.Why ?? "");
    });

    public static string Deletion(CustomerEffect.Forget forget) => JsonBody.Write(json =>
    {
        json.WriteString("objectId", forget.RemoteId ?? forget.Email);
        if (forget.RemoteId is null) json.WriteString("idProperty", "email");
    });

    /// <summary>Contacts that said a no, or whose address nobody has, and that changed since; the longest unchanged first.</summary>
    public static string Search(DateTimeOffset since, string? after, IReadOnlyList<string> noes) => JsonBody.Write(json =>
    {
        json.WriteStartArray("filterGroups");
        foreach (var no in noes)
        {
            json.WriteStartObject();
            json.WriteStartArray("filters");
            Filter(json, no, "EQ", "true");
            Filter(json, "lastmodifieddate", "GTE", since.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture));
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        Names(json, "properties", ["lastmodifieddate"]);
        Names(json, "sorts", ["lastmodifieddate"]);
        json.WriteNumber("limit", 100);
        json.WriteString("after", after ?? "0");
    });

    /// <summary>These contacts, with what each no was before and since when it is.</summary>
    public static string Read(IReadOnlyList<string> ids, IReadOnlyList<string> noes) => JsonBody.Write(json =>
    {
        json.WriteStartArray("inputs");
        foreach (var id in ids)
        {
            json.WriteStartObject();
            json.WriteString("id", id);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        Names(json, "properties", ["email", .. noes, "lastmodifieddate"]);
        Names(json, "propertiesWithHistory", noes);
    });

    private static void Names(Utf8JsonWriter json, string property, IReadOnlyList<string> names)
    {
        json.WriteStartArray(property);
        foreach (var name in names) json.WriteStringValue(name);
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, CustomerEffect.Push profile, string prefix)
    {
        var (first, last) = ProfileFields.NameOf(profile);
        json.WriteString("email", profile.Email);
        json.Optional("firstname", first);
        json.Optional("lastname", last);
        json.Optional("phone", profile.Phone);
        json.Optional("country", profile.Country);
        // HubSpot's values are texts, whatever the property is.
        json.WriteString(prefix + ProfileFields.Orders, profile.Orders.ToString(CultureInfo.InvariantCulture));
        foreach (var spent in profile.Lifetime) json.WriteString(prefix + ProfileFields.LifetimeIn(spent.Currency), spent.Amount.ToString("0.####", CultureInfo.InvariantCulture));
        if (profile.FirstOrderAt is { } from) json.WriteString(prefix + ProfileFields.FirstOrder, ProfileFields.Instant(from));
        if (profile.LastOrderAt is { } until) json.WriteString(prefix + ProfileFields.LastOrder, ProfileFields.Instant(until));
        json.WriteString(prefix + ProfileFields.Segments, string.Join(", ", profile.Segments));
        json.Optional(prefix + Language, profile.Language);
    }

    private static void Define(Utf8JsonWriter json, string name, string label, string type, string field)
    {
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteString("label", label);
        json.WriteString("groupName", "contactinformation");
        json.WriteString("type", type);
        json.WriteString("fieldType", field);
        json.WriteEndObject();
    }

    private static void Filter(Utf8JsonWriter json, string property, string how, string value)
    {
        json.WriteStartObject();
        json.WriteString("propertyName", property);
        json.WriteString("operator", how);
        json.WriteString("value", value);
        json.WriteEndObject();
    }
}
