using System.Globalization;
using System.Text.Json;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Dispatching;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Connectors.Dhl;

/// <summary>What we ask of MyDHL: effect → request. Pure.</summary>
internal static class MyDhlOutbound
{
    // DHL's fields have room for so much; what does not fit is cut, and the address still is.
    private const int Line = 45, Company = 100, Phone = 70, Description = 70, Province = 35;

    /// <summary>DHL takes what has just begun for something of the past.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromHours(1);

    /// <summary>What DHL would refuse of this parcel, in words that say what to mend; null when nothing speaks against it.</summary>
    public static Outcome.Refused? Wrong(Consignment parcel) => (parcel.From, parcel.To) switch
    {
        ({ Phone: null or "" }, _) => new("phone", "The sender's phone number is missing: write it under 'labels.from.phone' of the location."),
        (_, { Phone: null or "" }) => new("phone", "DHL Express carries nothing without the recipient's phone number."),
        (_, { Line1: null or "" } or { City: null or "" }) => new("address", "The recipient's street or city is missing."),
        _ => null,
    };

    public static string Shipment(Session session, Consignment parcel) => JsonBody.Write(json =>
    {
        var settings = session.Settings;
        json.WriteString("plannedShippingDateAndTime", Instant(session.Clock.GetUtcNow() + Ahead));
        json.Object("pickup", () => json.WriteBoolean("isRequested", false));
        json.WriteString("productCode", parcel.Service);
        Accounts(json, settings);
        json.Object("outputImageProperties", () =>
        {
            json.WriteString("encodingFormat", settings.Get("label_format", MyDhlConnector.DefaultFormat));
            json.WriteStartArray("imageOptions");
            json.WriteStartObject();
            json.WriteString("typeCode", "label");
            json.WriteString("templateName", settings.Get("label_template", "ECOM26_84_001"));
            json.WriteEndObject();
            json.WriteEndArray();
        });
        json.WriteStartArray("customerReferences");
        Reference(json, parcel.Reference);
        json.WriteEndArray();
        json.Object("customerDetails", () =>
        {
            Party(json, "shipperDetails", parcel.From);
            Party(json, "receiverDetails", parcel.To);
        });
        json.Object("content", () =>
        {
            json.WriteStartArray("packages");
            Package(json, parcel);
            json.WriteEndArray();
            json.WriteBoolean("isCustomsDeclarable", false);
            json.WriteString("description", Cut($"Order {parcel.Number}", Description));
            json.WriteString("incoterm", "DAP");
            json.WriteString("unitOfMeasurement", Units(Measures.Of(parcel)));
        });
    });

    // More shipments one request does not name.
    private const int MostNamed = 999;

    /// <summary>A courier for what is on the list. Of a very long one DHL is told the weight by product: it wants to know how much it is, and one courier comes for all of it.</summary>
    public static string Pickup(Session session, DispatchList list) => JsonBody.Write(json =>
    {
        json.WriteString("plannedPickupDateAndTime", Instant(list.ReadyAt + Ahead));
        json.WriteString("closeTime", session.Settings.Get("pickup_close", "18:00"));
        json.WriteString("locationType", "business");
        Accounts(json, session.Settings);
        json.WriteString("remark", $"{list.Labels.Count} parcels, {list.Reference}");
        json.Object("customerDetails", () => Party(json, "shipperDetails", list.From, withProvince: false));
        json.WriteStartArray("shipmentDetails");
        if (list.Labels.Count <= MostNamed) foreach (var label in list.Labels) Fetched(json, label.Service, label.Tracking, label.Grams);
        else foreach (var product in list.Labels.GroupBy(l => l.Service).OrderBy(g => g.Key, StringComparer.Ordinal)) Fetched(json, product.Key, null, product.Sum(l => (long)l.Grams));
        json.WriteEndArray();
    });

    private static void Fetched(Utf8JsonWriter json, string product, string? tracking, long grams)
    {
        json.WriteStartObject();
        json.WriteString("productCode", product);
        json.WriteBoolean("isCustomsDeclarable", false);
        json.WriteString("unitOfMeasurement", "metric");
        if (tracking is not null) json.WriteString("shipmentTrackingNumber", tracking);
        json.WriteStartArray("packages");
        json.WriteStartObject();
        json.WriteNumber("weight", decimal.Ceiling(decimal.Max(1, grams) / 100m) / 10);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>The query of a question for prices.</summary>
    public static string Prices(Session session, Consignment parcel)
    {
        var measures = Measures.Of(parcel);
        (string Name, string? Value)[] asked =
        [
            ("accountNumber", session.Settings["account_number"]),
            ("originCountryCode", parcel.From.Country), ("originPostalCode", parcel.From.PostalCode), ("originCityName", parcel.From.City ?? ""),
            ("destinationCountryCode", parcel.To.Country), ("destinationPostalCode", parcel.To.PostalCode), ("destinationCityName", parcel.To.City ?? ""),
            ("weight", Number(measures.Weight)), ("length", Number(measures.Length ?? 1)), ("width", Number(measures.Width ?? 1)), ("height", Number(measures.Height ?? 1)),
            ("plannedShippingDate", session.Clock.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
            ("isCustomsDeclarable", Countries.ShareCustoms(parcel.From.Country, parcel.To.Country) ? "false" : "true"), ("unitOfMeasurement", Units(measures)), ("nextBusinessDay", "true"),
        ];
        return string.Join('&', asked.Where(a => a.Value is not null).Select(a => $"{a.Name}={Uri.EscapeDataString(a.Value!)}"));
    }

    private static string Units(Measures measures) => measures.IsImperial ? "imperial" : "metric";

    private static string Number(decimal number) => number.ToString(CultureInfo.InvariantCulture);

    // Local time with its zone, as DHL writes it: in universal time it is the same instant.
    private static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss' GMT+00:00'", CultureInfo.InvariantCulture);

    private static void Accounts(Utf8JsonWriter json, Settings settings)
    {
        json.WriteStartArray("accounts");
        json.WriteStartObject();
        json.WriteString("typeCode", "shipper");
        json.WriteString("number", settings["account_number"]);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void Party(Utf8JsonWriter json, string name, PostalAddress at, bool withProvince = true) => json.Object(name, () =>
    {
        json.Object("postalAddress", () =>
        {
            json.WriteString("postalCode", at.PostalCode ?? "");
            json.WriteString("cityName", Cut(at.City, Line));
            json.WriteString("countryCode", at.Country);
            json.WriteString("addressLine1", Cut(at.Line1, Line));
            json.Optional("addressLine2", Cut(at.Line2, Line));
            // Couriers are booked without one: the contract has no place for it there.
            if (withProvince) json.Optional("provinceName", Cut(at.Province, Province));
        });
        json.Object("contactInformation", () =>
        {
            json.Optional("email", at.Email is { Length: <= Phone } email ? email : null);
            json.WriteString("phone", PhoneNumber.ToE164(at.Phone, at.Country) ?? Cut(at.Phone, Phone));
            // Both are wanted, and a person is no company.
            json.WriteString("companyName", Cut(at.Company ?? at.Name ?? "-", Company));
            json.WriteString("fullName", at.Name ?? at.Company ?? "-");
        });
    });

    private static void Package(Utf8JsonWriter json, Consignment parcel)
    {
        var measures = Measures.Of(parcel);
        json.WriteStartObject();
        json.WriteNumber("weight", measures.Weight);
        if (measures is { Length: { } length, Width: { } width, Height: { } height })
        {
            json.Object("dimensions", () =>
            {
                json.WriteNumber("length", length);
                json.WriteNumber("width", width);
                json.WriteNumber("height", height);
            });
        }
        json.WriteEndObject();
    }

    private static void Reference(Utf8JsonWriter json, string reference)
    {
        json.WriteStartObject();
        json.WriteString("value", reference);
        json.WriteString("typeCode", "CU");
        json.WriteEndObject();
    }

    private static string? Cut(string? text, int most) => text is { Length: var length } && length > most ? text[..most] : text;
}
