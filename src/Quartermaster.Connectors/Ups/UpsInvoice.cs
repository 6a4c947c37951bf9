using System.Globalization;
using System.Text.Json;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.Ups;

/// <summary>The commercial invoice of a parcel that crosses a customs border. Pure.</summary>
internal static class UpsInvoice
{
    // UPS's own name of the form, and of a unit of goods that is a piece.
    private const string CommercialInvoice = "01", Pieces = "PCS";

    public static void Write(Utf8JsonWriter json, Consignment parcel, DateTimeOffset now) => json.Object("InternationalForms", () =>
    {
        json.WriteStartArray("FormType");
        json.WriteStringValue(CommercialInvoice);
        json.WriteEndArray();
        json.WriteString("InvoiceNumber", UpsOutbound.Cut(parcel.Number, 35));
        json.WriteString("InvoiceDate", now.ToString("yyyyMMdd", CultureInfo.InvariantCulture));
        json.WriteString("ReasonForExport", "SALE");
        json.WriteString("CurrencyCode", parcel.Currency);
        json.Object("Contacts", () => json.Object("SoldTo", () =>
        {
            UpsOutbound.Contact(json, parcel.To, parcel);
            UpsOutbound.Address(json, parcel.To);
        }));
        json.WriteStartArray("Product");
        foreach (var item in parcel.Items) Product(json, item);
        json.WriteEndArray();
    });

    /// <summary>UPS wants it told once more between the United States and these two.</summary>
    public static bool WantsTotal(Consignment parcel) => Customs.Declares(parcel) && parcel is { From.Country: "US", To.Country: "CA" or "PR" };

    public static void Total(Utf8JsonWriter json, Consignment parcel) => json.Object("InvoiceLineTotal", () =>
    {
        json.WriteString("CurrencyCode", parcel.Currency);
        json.WriteString("MonetaryValue", decimal.Max(1m, decimal.Ceiling(Customs.Value(parcel))).ToString("0", CultureInfo.InvariantCulture));
    });

    private static void Product(Utf8JsonWriter json, ConsignmentItem item)
    {
        json.WriteStartObject();
        json.WriteStartArray("Description");
        json.WriteStringValue(UpsOutbound.Cut(item.Title.Length == 0 ? item.Sku : item.Title, 35));
        json.WriteEndArray();
        json.Object("Unit", () =>
        {
            json.WriteString("Number", item.Quantity.ToString(CultureInfo.InvariantCulture));
            json.Object("UnitOfMeasurement", () => json.WriteString("Code", Pieces));
            json.WriteString("Value", item.UnitValue.ToString("0.00", CultureInfo.InvariantCulture));
        });
        json.Optional("CommodityCode", item.TariffCode);
        json.WriteString("PartNumber", UpsOutbound.Cut(item.Sku, 35));
        json.Optional("OriginCountryCode", item.Origin);
        json.WriteEndObject();
    }
}
