using System.Globalization;
using System.Text.Json;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Connectors.FedEx;

/// <summary>What we ask of FedEx: effect → request body. Pure.</summary>
internal static class FedExOutbound
{
    public static string Shipment(Session session, Consignment parcel) => JsonBody.Write(json =>
    {
        var settings = session.Settings;
        var measures = Measures.Of(parcel);
        json.WriteString("labelResponseOptions", "URL_ONLY");
        json.WriteString("mergeLabelDocOption", "LABELS_ONLY");
        Account(json, settings);
        json.Object("requestedShipment", () =>
        {
            json.WriteString("shipDatestamp", session.Clock.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            json.Object("shipper", () => Party(json, parcel.From));
            json.WriteStartArray("recipients");
            json.WriteStartObject();
            Party(json, parcel.To);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteString("serviceType", parcel.Service);
            json.WriteString("packagingType", "YOUR_PACKAGING");
            json.WriteString("pickupType", settings.Get("pickup_type", "USE_SCHEDULED_PICKUP"));
            json.WriteNumber("totalWeight", measures.Weight);
            json.Object("shippingChargesPayment", () => json.WriteString("paymentType", "SENDER"));
            json.Object("labelSpecification", () =>
            {
                json.WriteString("imageType", settings.Get("label_format", "PDF"));
                json.WriteString("labelStockType", settings.Get("label_stock", "PAPER_4X6"));
            });
            Package(json, measures, parcel.Reference);
        });
    });

    public static string Cancellation(Settings settings, string number) => JsonBody.Write(json =>
    {
        Account(json, settings);
        json.WriteString("trackingNumber", number);
        json.WriteString("deletionControl", "DELETE_ALL_PACKAGES");
    });

    /// <summary>What every service between the two addresses would cost on this account.</summary>
    public static string Prices(Settings settings, Consignment parcel) => JsonBody.Write(json =>
    {
        Account(json, settings);
        json.Object("rateRequestControlParameters", () => json.WriteBoolean("returnTransitTimes", true));
        json.Object("requestedShipment", () =>
        {
            json.Object("shipper", () => Address(json, parcel.From, withStreet: false));
            json.Object("recipient", () => Address(json, parcel.To, withStreet: false));
            json.WriteString("pickupType", settings.Get("pickup_type", "USE_SCHEDULED_PICKUP"));
            json.WriteStartArray("rateRequestType");
            json.WriteStringValue("ACCOUNT");
            json.WriteEndArray();
            Package(json, Measures.Of(parcel), null);
        });
    });

    public static string Question(IEnumerable<string> numbers) => JsonBody.Write(json =>
    {
        json.WriteBoolean("includeDetailedScans", true);
        json.WriteStartArray("trackingInfo");
        foreach (var number in numbers)
        {
            json.WriteStartObject();
            json.Object("trackingNumberInfo", () => json.WriteString("trackingNumber", number.Replace(" ", "", StringComparison.Ordinal)));
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    private static void Account(Utf8JsonWriter json, Settings settings) => json.Object("accountNumber", () => json.WriteString("value", settings["account_number"]));

    private static void Party(Utf8JsonWriter json, PostalAddress at)
    {
        json.Object("contact", () =>
        {
            json.Optional("personName", at.Name);
            json.Optional("companyName", at.Company);
            json.Optional("phoneNumber", at.Phone);
            json.Optional("emailAddress", at.Email);
        });
        Address(json, at, withStreet: true);
    }

    private static void Address(Utf8JsonWriter json, PostalAddress at, bool withStreet) => json.Object("address", () =>
    {
        if (withStreet)
        {
            json.WriteStartArray("streetLines");
            foreach (var line in (string?[])[at.Line1, at.Line2])
                if (!string.IsNullOrEmpty(line)) json.WriteStringValue(line);
            json.WriteEndArray();
        }
        json.Optional("city", at.City);
        json.Optional("stateOrProvinceCode", at.Province is { Length: <= 3 } province ? province : null);
        json.Optional("postalCode", at.PostalCode);
        json.WriteString("countryCode", at.Country);
    });

    private static void Package(Utf8JsonWriter json, Measures measures, string? reference)
    {
        json.WriteStartArray("requestedPackageLineItems");
        json.WriteStartObject();
        json.Object("weight", () =>
        {
            json.WriteString("units", measures.IsImperial ? "LB" : "KG");
            json.WriteNumber("value", measures.Weight);
        });
        if (measures is { Length: { } length, Width: { } width, Height: { } height })
        {
            json.Object("dimensions", () =>
            {
                json.WriteNumber("length", length);
                json.WriteNumber("width", width);
                json.WriteNumber("height", height);
                json.WriteString("units", measures.IsImperial ? "IN" : "CM");
            });
        }
        if (reference is not null)
        {
            json.WriteStartArray("customerReferences");
            json.WriteStartObject();
            json.WriteString("customerReferenceType", "CUSTOMER_REFERENCE");
            json.WriteString("value", reference);
            json.WriteEndObject();
            json.WriteEndArray();
        }
        json.WriteEndObject();
        json.WriteEndArray();
    }
}
