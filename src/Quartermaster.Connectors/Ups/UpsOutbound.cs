using System.Globalization;
using System.Text.Json;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Connectors.Ups;

/// <summary>What we ask of UPS: effect → request body. Pure.</summary>
internal static class UpsOutbound
{
    // UPS's names have room for so much; what does not fit is cut, and the address still is.
    private const int Line = 35, City = 30;

    public static string Shipment(Settings settings, Consignment parcel, DateTimeOffset now) => JsonBody.Write(json => json.Object("ShipmentRequest", () =>
    {
        json.Object("Request", () =>
        {
            json.WriteString("RequestOption", "nonvalidate");
            json.Object("TransactionReference", () => json.WriteString("CustomerContext", parcel.Reference));
        });
        json.Object("Shipment", () =>
        {
            json.WriteString("Description", Cut($"Order {parcel.Number}", 50));
            Parties(json, settings, parcel);
            json.Object("PaymentInformation", () => Bill(json, settings));
            // Between places of one country of these the reference stands on the package, elsewhere on the shipment: UPS's own rule.
            if (!IsDomestic(parcel)) Reference(json, parcel);
            json.Object("Service", () => json.WriteString("Code", parcel.Service));
            json.Object("ShipmentRatingOptions", () => json.WriteString("NegotiatedRatesIndicator", "Y"));
            json.Object("ShipmentServiceOptions", () =>
            {
                json.Object("LabelDelivery", () => json.WriteString("LabelLinksIndicator", "Y"));
                if (Customs.Declares(parcel)) UpsInvoice.Write(json, parcel, now);
            });
            if (UpsInvoice.WantsTotal(parcel)) UpsInvoice.Total(json, parcel);
            Package(json, parcel, "Packaging", withReference: IsDomestic(parcel));
        });
        LabelSpecification(json, settings);
    }));

    public static string Recovery(Settings settings, string reference) => JsonBody.Write(json => json.Object("LabelRecoveryRequest", () =>
    {
        json.Object("Request", () => json.WriteString("SubVersion", "1903"));
        json.Object("LabelSpecification", () => json.Object("LabelImageFormat", () => json.WriteString("Code", settings.Get("label_format", "GIF"))));
        json.Object("LabelDelivery", () => json.WriteString("LabelLinkIndicator", "Y"));
        json.Object("ReferenceValues", () =>
        {
            json.Object("ReferenceNumber", () => json.WriteString("Value", reference));
            json.WriteString("ShipperNumber", settings["account_number"]);
        });
    }));

    /// <summary>What every service between the two addresses would cost.</summary>
    public static string Prices(Settings settings, Consignment parcel) => JsonBody.Write(json => json.Object("RateRequest", () =>
    {
        json.Object("Request", () => json.WriteString("RequestOption", "Shop"));
        json.Object("Shipment", () =>
        {
            Parties(json, settings, parcel);
            json.Object("PaymentDetails", () => Bill(json, settings));
            json.Object("ShipmentRatingOptions", () => json.WriteString("NegotiatedRatesIndicator", "Y"));
            Package(json, parcel, "PackagingType", withReference: false);
        });
    }));

    private static bool IsDomestic(Consignment parcel) => parcel is { From.Country: "US", To.Country: "US" } or { From.Country: "PR", To.Country: "PR" };

    private static void Parties(Utf8JsonWriter json, Settings settings, Consignment parcel)
    {
        json.Object("Shipper", () =>
        {
            Contact(json, parcel.From, parcel);
            json.WriteString("ShipperNumber", settings["account_number"]);
            Address(json, parcel.From);
        });
        json.Object("ShipTo", () =>
        {
            Contact(json, parcel.To, parcel);
            Address(json, parcel.To);
        });
        json.Object("ShipFrom", () =>
        {
            Contact(json, parcel.From, parcel);
            Address(json, parcel.From);
        });
    }

    internal static void Contact(Utf8JsonWriter json, PostalAddress at, Consignment parcel)
    {
        json.Optional("Name", Cut(at.Company ?? at.Name, Line));
        // Customs wants a person's name also of a company, and of a person it is both.
        if (at.Company is not null || Customs.Declares(parcel)) json.Optional("AttentionName", Cut(at.Name ?? at.Company, Line));
        if (Digits(at.Phone) is { Length: > 0 } phone) json.Object("Phone", () => json.WriteString("Number", phone));
    }

    internal static void Address(Utf8JsonWriter json, PostalAddress at) => json.Object("Address", () =>
    {
        json.WriteStartArray("AddressLine");
        foreach (var line in (string?[])[at.Line1, at.Line2])
            if (!string.IsNullOrEmpty(line)) json.WriteStringValue(Cut(line, Line));
        json.WriteEndArray();
        json.Optional("City", Cut(at.City, City));
        json.Optional("StateProvinceCode", at.Province is { Length: <= 5 } province ? province : null);
        json.Optional("PostalCode", at.PostalCode?.Replace("-", "", StringComparison.Ordinal));
        json.WriteString("CountryCode", at.Country);
    });

    private static void Bill(Utf8JsonWriter json, Settings settings)
    {
        json.WriteStartArray("ShipmentCharge");
        json.WriteStartObject();
        json.WriteString("Type", "01");
        json.Object("BillShipper", () => json.WriteString("AccountNumber", settings["account_number"]));
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void Reference(Utf8JsonWriter json, Consignment parcel)
    {
        json.WriteStartArray("ReferenceNumber");
        json.WriteStartObject();
        json.WriteString("Value", parcel.Reference);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void Package(Utf8JsonWriter json, Consignment parcel, string packaging, bool withReference)
    {
        var measures = Measures.Of(parcel);
        json.WriteStartArray("Package");
        json.WriteStartObject();
        json.Object(packaging, () => json.WriteString("Code", "02"));
        if (measures is { Length: { } length, Width: { } width, Height: { } height })
        {
            json.Object("Dimensions", () =>
            {
                Unit(json, measures.IsImperial ? ("IN", "Inches") : ("CM", "Centimeters"));
                json.WriteString("Length", Number(length));
                json.WriteString("Width", Number(width));
                json.WriteString("Height", Number(height));
            });
        }
        json.Object("PackageWeight", () =>
        {
            Unit(json, measures.IsImperial ? ("LBS", "Pounds") : ("KGS", "Kilograms"));
            json.WriteString("Weight", Number(measures.Weight));
        });
        if (withReference) Reference(json, parcel);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void Unit(Utf8JsonWriter json, (string Code, string Description) unit) => json.Object("UnitOfMeasurement", () =>
    {
        json.WriteString("Code", unit.Code);
        json.WriteString("Description", unit.Description);
    });

    private static void LabelSpecification(Utf8JsonWriter json, Settings settings) => json.Object("LabelSpecification", () =>
    {
        json.Object("LabelImageFormat", () => json.WriteString("Code", settings.Get("label_format", "GIF")));
        json.Object("LabelStockSize", () =>
        {
            json.WriteString("Height", "6");
            json.WriteString("Width", "4");
        });
    });

    internal static string? Cut(string? text, int most) => text is null || text.Length <= most ? text : text[..most].TrimEnd();

    private static string? Digits(string? phone) => phone is null ? null : new string([.. phone.Where(char.IsAsciiDigit)]) is { Length: <= 15 } digits ? digits : null;

    private static string Number(decimal number) => number.ToString("0.#", CultureInfo.InvariantCulture);
}
