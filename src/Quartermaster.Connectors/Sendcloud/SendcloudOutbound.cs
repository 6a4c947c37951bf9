using System.Globalization;
using System.Text.Json;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Connectors.Sendcloud;

/// <summary>What we ask of Sendcloud: effect → request body. Pure.</summary>
internal static class SendcloudOutbound
{
    /// <remarks>Goods are listed only where customs asks for them: once there is a list, Sendcloud wants the tariff code of everything on it, also within the EU.</remarks>
    public static string Announcement(Settings settings, Consignment parcel) => JsonBody.Write(json =>
    {
        Address(json, "from_address", parcel.From);
        Address(json, "to_address", parcel.To);
        json.WriteStartObject("ship_with");
        json.WriteString("type", "shipping_option_code");
        json.WriteStartObject("properties");
        json.WriteString("shipping_option_code", parcel.Service);
        if (settings.Find("contract_id") is { } contract && int.TryParse(contract, NumberStyles.None, CultureInfo.InvariantCulture, out var id)) json.WriteNumber("contract_id", id);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteString("order_number", parcel.Number);
        json.WriteString("external_reference_id", parcel.Reference);
        json.WriteStartObject("label_details");
        json.WriteString("mime_type", settings.Get("label_type", "application/pdf"));
        json.WriteEndObject();
        if (Customs.Declares(parcel)) Declaration(json, parcel);
        json.WriteStartArray("parcels");
        json.WriteStartObject();
        json.WriteStartObject("weight");
        json.WriteString("value", (parcel.Grams / 1000m).ToString("0.000", CultureInfo.InvariantCulture));
        json.WriteString("unit", "kg");
        json.WriteEndObject();
        if (parcel.Size is { } size)
        {
            json.WriteStartObject("dimensions");
            json.WriteString("length", Text(size.Length));
            json.WriteString("width", Text(size.Width));
            json.WriteString("height", Text(size.Height));
            json.WriteString("unit", "cm");
            json.WriteEndObject();
        }
        if (Customs.Declares(parcel)) Goods(json, parcel);
        json.WriteEndObject();
        json.WriteEndArray();
    });

    public static string Connection(Settings settings, Uri address) => JsonBody.Write(json =>
    {
        json.WriteString("type", "webhook");
        json.WriteStartObject("configuration");
        json.WriteString("url", address.ToString());
        json.WriteString("auth_type", "bearer");
        json.WriteStartObject("auth_config");
        json.WriteString("token", settings["webhook_token"]);
        json.WriteEndObject();
        json.WriteEndObject();
    });

    public static string Subscription(int connection) => JsonBody.Write(json =>
    {
        json.WriteNumber("connection_id", connection);
        json.WriteString("event_type", SendcloudInbound.ParcelEvent);
        json.WriteBoolean("is_active", true);
    });

    private static void Declaration(Utf8JsonWriter json, Consignment parcel)
    {
        json.WriteStartObject("customs_information");
        json.WriteString("invoice_number", parcel.Number);
        json.WriteString("export_reason", "commercial_goods");
        json.WriteString("export_type", "commercial_b2c");
        json.WriteEndObject();
    }

    private static void Goods(Utf8JsonWriter json, Consignment parcel)
    {
        json.WriteStartArray("parcel_items");
        foreach (var item in parcel.Items)
        {
            json.WriteStartObject();
            json.WriteString("description", item.Title.Length == 0 ? item.Sku : item.Title.Length <= 255 ? item.Title : Storable.Cut(item.Title, 254));
            json.WriteNumber("quantity", item.Quantity);
            json.WriteStartObject("weight");
            json.WriteNumber("value", item.Grams / 1000m);
            json.WriteString("unit", "kg");
            json.WriteEndObject();
            json.WriteStartObject("price");
            json.WriteString("value", item.UnitValue.ToString("0.00", CultureInfo.InvariantCulture));
            json.WriteString("currency", parcel.Currency);
            json.WriteEndObject();
            json.Optional("hs_code", item.TariffCode);
            json.Optional("origin_country", item.Origin);
            json.WriteString("sku", item.Sku);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void Address(Utf8JsonWriter json, string name, PostalAddress at)
    {
        json.WriteStartObject(name);
        json.Optional("name", at.Name ?? at.Company);
        json.Optional("company_name", at.Company);
        json.Optional("address_line_1", at.Line1);
        json.Optional("address_line_2", at.Line2);
        json.Optional("postal_code", at.PostalCode);
        json.Optional("city", at.City);
        // ISO 3166-2, where the shop sends the short code; a written-out name is nothing that Sendcloud takes.
        if (at.Province is { Length: > 0 and <= 3 } province) json.WriteString("state_province_code", $"{at.Country}-{province}");
        json.WriteString("country_code", at.Country);
        json.Optional("email", at.Email);
        json.Optional("phone_number", at.Phone);
        json.WriteEndObject();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
