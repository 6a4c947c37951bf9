using System.Globalization;
using System.Text.Json;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Connectors.Usps;

/// <summary>What we ask of USPS: effect → request body. Pure.</summary>
internal static class UspsOutbound
{
    // USPS's fields have room for so much; what does not fit is cut, and the address still is.
    private const int Line = 50, City = 28, Reference = 30;

    /// <summary>Names a purchase at USPS for good: the same request under it brings the same label and costs nothing more.</summary>
    public static string KeyOf(string reference) => StableGuid.Of($"usps/{reference}").ToString();

    /// <summary>What USPS would refuse of this parcel, in words that say what to mend; null when nothing speaks against it.</summary>
    public static Outcome.Refused? Wrong(Consignment parcel) => parcel switch
    {
        { Size: null } => new("no_size", "USPS prices a parcel by its sides: write them under 'labels.parcel.cm' of the location."),
        _ => WrongAddress("sender", parcel.From) ?? WrongAddress("recipient", parcel.To),
    };

    public static string Label(Session session, Consignment parcel) => JsonBody.Write(json =>
    {
        Image(json, session.Settings);
        Address(json, "toAddress", parcel.To);
        Address(json, "fromAddress", parcel.From);
        json.Object("packageDescription", () =>
        {
            var measures = Measures.Of(parcel, imperial: true);
            json.WriteString("weightUOM", "lb");
            json.WriteNumber("weight", measures.Weight);
            json.WriteString("dimensionsUOM", "in");
            json.WriteNumber("length", measures.Length!.Value);
            json.WriteNumber("width", measures.Width!.Value);
            json.WriteNumber("height", measures.Height!.Value);
            json.WriteString("mailClass", parcel.Service);
            json.WriteString("rateIndicator", session.Settings.Get("rate_indicator", "SP"));
            json.WriteString("processingCategory", session.Settings.Get("processing_category", "MACHINABLE"));
            json.WriteString("destinationEntryFacilityType", "NONE");
            json.WriteString("mailingDate", Day(session));
            json.WriteStartArray("customerReference");
            json.WriteStartObject();
            json.WriteString("referenceNumber", Cut(parcel.Number, Reference));
            json.WriteBoolean("printReferenceNumber", true);
            json.WriteEndObject();
            json.WriteEndArray();
        });
    });

    public static string Reprint(Settings settings) => JsonBody.Write(json => Image(json, settings));

    /// <summary>Who pays, and whose numbers the labels get.</summary>
    public static string Payment(Settings settings) => JsonBody.Write(json =>
    {
        json.WriteStartArray("roles");
        Role(json, settings, "PAYER");
        Role(json, settings, "LABEL_OWNER");
        json.WriteEndArray();
    });

    public static string Prices(Session session, Consignment parcel) => JsonBody.Write(json =>
    {
        var measures = Measures.Of(parcel, imperial: true);
        json.WriteString("originZIPCode", Zip(parcel.From));
        json.WriteString("destinationZIPCode", Zip(parcel.To));
        json.WriteNumber("weight", measures.Weight);
        json.WriteNumber("length", measures.Length ?? 1);
        json.WriteNumber("width", measures.Width ?? 1);
        json.WriteNumber("height", measures.Height ?? 1);
        json.WriteStartArray("mailClasses");
        foreach (var mail in (string[])["USPS_GROUND_ADVANTAGE", "PRIORITY_MAIL", "PRIORITY_MAIL_EXPRESS"]) json.WriteStringValue(mail);
        json.WriteEndArray();
        json.WriteString("priceType", session.Settings.Get("price_type", "COMMERCIAL"));
        json.WriteString("mailingDate", Day(session));
    });

    // In the United States the day has begun later than here, and USPS takes a day ahead.
    private static string Day(Session session) => session.Clock.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static void Image(Utf8JsonWriter json, Settings settings) => json.Object("imageInfo", () =>
    {
        json.WriteString("imageType", settings.Get("label_format", UspsConnector.DefaultFormat));
        json.WriteString("labelType", settings.Get("label_stock", "4X6LABEL"));
    });

    private static void Role(Utf8JsonWriter json, Settings settings, string name)
    {
        json.WriteStartObject();
        json.WriteString("roleName", name);
        json.WriteString("CRID", settings["crid"]);
        json.WriteString("MID", settings["mid"]);
        json.WriteString("manifestMID", settings.Get("manifest_mid", settings["mid"]));
        if (name == "PAYER")
        {
            var type = settings.Get("account_type", "EPS");
            json.WriteString("accountType", type);
            json.WriteString(type is "PERMIT" or "OMAS" ? "permitNumber" : "accountNumber", settings["account_number"]);
            json.Optional("permitZIP", settings.Find("permit_zip"));
        }
        json.WriteEndObject();
    }

    private static void Address(Utf8JsonWriter json, string name, PostalAddress at) => json.Object(name, () =>
    {
        var (first, last) = Names(at.Name);
        json.Optional("firstName", Cut(first, Line));
        json.Optional("lastName", Cut(last, Line));
        json.Optional("firm", Cut(at.Company, Line));
        json.Optional("streetAddress", Cut(at.Line1, Line));
        json.Optional("secondaryAddress", Cut(at.Line2, Line));
        json.Optional("city", Cut(at.City, City));
        json.Optional("state", at.Province?.ToUpperInvariant());
        json.Optional("ZIPCode", Zip(at));
        if (at.PostalCode is { Length: 10 } whole && whole[5] == '-') json.WriteString("ZIPPlus4", whole[6..]);
        json.Optional("phone", PhoneNumber.ToE164(at.Phone, at.Country));
    });

    private static Outcome.Refused? WrongAddress(string whose, PostalAddress at) => at switch
    {
        { Province: not { Length: 2 } } => new("state", $"The {whose}'s state is '{at.Province}'; USPS takes its two letters, such as TX."),
        _ when Zip(at) is not { Length: 5 } zip || !zip.All(char.IsAsciiDigit) => new("zip_code", $"The {whose}'s ZIP code is '{at.PostalCode}'; five digits belong there, or nine as 95128-1234."),
        { Line1: null or "" } or { City: null or "" } => new("address", $"The {whose}'s street or city is missing."),
        _ => null,
    };

    private static string? Zip(PostalAddress at) => at.PostalCode is { Length: > 5 } whole && whole[5] == '-' ? whole[..5] : at.PostalCode;

    // A name of one word is a last name; USPS needs one of the two.
    private static (string? First, string? Last) Names(string? name) => name?.LastIndexOf(' ') is { } at and > 0 ? (name[..at], name[(at + 1)..]) : (null, name);

    private static string? Cut(string? text, int most) => text is { Length: var length } && length > most ? text[..most] : text;
}
