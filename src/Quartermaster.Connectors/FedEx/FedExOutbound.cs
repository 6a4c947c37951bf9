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
        // Goods are declared in kilograms, and FedEx wants package and goods in one unit.
        var measures = Customs.Declares(parcel) ? Measures.Of(parcel, imperial: false) : Measures.Of(parcel);
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
            if (Customs.Declares(parcel)) Declaration(json, parcel);
            Package(json, measures, parcel.Reference);
        });
    });

    /// <summary>The goods for customs, and that FedEx makes the commercial invoice of it and sends it ahead.</summary>
    private static void Declaration(Utf8JsonWriter json, Consignment parcel)
    {
        json.Object("shipmentSpecialServices", () =>
        {
            Words(json, "specialServiceTypes", "ELECTRONIC_TRADE_DOCUMENTS");
            json.Object("etdDetail", () => Words(json, "requestedDocumentTypes", "COMMERCIAL_INVOICE"));
        });
        json.Object("shippingDocumentSpecification", () =>
        {
            Words(json, "shippingDocumentTypes", "COMMERCIAL_INVOICE");
            json.Object("commercialInvoiceDetail", () => json.Object("documentFormat", () =>
            {
                json.WriteString("docType", "PDF");
                json.WriteString("stockType", "PAPER_LETTER");
            }));
        });
        json.Object("customsClearanceDetail", () =>
        {
            json.Object("commercialInvoice", () => json.WriteString("shipmentPurpose", "SOLD"));
            // Whoever sells has not been paid for duties: they are the recipient's, as everywhere where nothing else was agreed.
            json.Object("dutiesPayment", () => json.WriteString("paymentType", "RECIPIENT"));
            Money(json, "totalCustomsValue", Customs.Value(parcel), parcel.Currency);
            json.WriteStartArray("commodities");
            foreach (var item in parcel.Items) Commodity(json, item, parcel.Currency);
            json.WriteEndArray();
        });
    }

    private static void Commodity(Utf8JsonWriter json, ConsignmentItem item, string currency)
    {
        json.WriteStartObject();
        json.WriteString("description", item.Title.Length == 0 ? item.Sku : item.Title.Length <= 450 ? item.Title : Storable.Cut(item.Title, 449));
        json.WriteNumber("quantity", item.Quantity);
        json.WriteString("quantityUnits", "EA");
        Money(json, "unitPrice", item.UnitValue, currency);
        Money(json, "customsValue", item.UnitValue * item.Quantity, currency);
        json.Optional("countryOfManufacture", item.Origin);
        json.Optional("harmonizedCode", item.TariffCode);
        json.WriteString("partNumber", item.Sku);
        json.Object("weight", () =>
        {
            json.WriteString("units", "KG");
            json.WriteNumber("value", item.Grams * item.Quantity / 1000m);
        });
        json.WriteEndObject();
    }

    private static void Money(Utf8JsonWriter json, string name, decimal amount, string currency) => json.Object(name, () =>
    {
        json.WriteNumber("amount", amount);
        json.WriteString("currency", FedExCurrency.Of(currency));
    });

    private static void Words(Utf8JsonWriter json, string name, string word)
    {
        json.WriteStartArray(name);
        json.WriteStringValue(word);
        json.WriteEndArray();
    }

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
