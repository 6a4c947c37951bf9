using System.Text.Json;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Connectors.ShipEngine;

/// <summary>What we ask of ShipEngine: effect → request body. Pure.</summary>
internal static class ShipEngineOutbound
{
    /// <summary>The header that we have ShipEngine send with every webhook.</summary>
    public const string TokenHeader = "X-Webhook-Token";

    public static string Label(Settings settings, Consignment parcel) => JsonBody.Write(json =>
    {
        json.WriteStartObject("shipment");
        json.WriteString("carrier_id", settings["carrier_id"]);
        json.WriteString("service_code", parcel.Service);
        json.WriteString("external_shipment_id", parcel.Reference);
        json.WriteString("shipment_number", AtMost(parcel.Number, 50));
        Address(json, "ship_to", parcel.To, "unknown");
        Address(json, "ship_from", parcel.From, "no");
        json.WriteStartArray("packages");
        Package(json, parcel);
        json.WriteEndArray();
        if (parcel.CrossesBorder) Customs(json);
        if (parcel.Collect is { } amount) Collect(json, amount, parcel.Currency);
        json.WriteEndObject();
        json.WriteString("label_download_type", "url");
        json.WriteString("label_format", settings.Get("label_format", "pdf"));
        json.WriteString("label_layout", settings.Get("label_layout", "4x6"));
    });

    /// <summary>What every service of the account would cost.</summary>
    public static string Estimate(Session session, Consignment parcel) => JsonBody.Write(json =>
    {
        json.WriteStartArray("carrier_ids");
        json.WriteStringValue(session.Settings["carrier_id"]);
        json.WriteEndArray();
        foreach (var (end, at) in (ReadOnlySpan<(string, PostalAddress)>)[("from", parcel.From), ("to", parcel.To)])
        {
            json.WriteString($"{end}_country_code", at.Country);
            json.Optional($"{end}_postal_code", at.PostalCode);
            json.Optional($"{end}_city_locality", at.City);
            json.Optional($"{end}_state_province", at.Province);
        }
        Weight(json, parcel.Grams);
        Size(json, parcel.Size);
        json.WriteString("ship_date", session.Clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture));
    });

    public static string Webhook(Settings settings, Uri address) => JsonBody.Write(json =>
    {
        json.WriteString("event", "track");
        json.WriteString("url", address.ToString());
        json.WriteStartArray("headers");
        json.WriteStartObject();
        json.WriteString("key", TokenHeader);
        json.WriteString("value", settings["webhook_token"]);
        json.WriteEndObject();
        json.WriteEndArray();
    });

    private static void Address(Utf8JsonWriter json, string name, PostalAddress at, string residential)
    {
        json.WriteStartObject(name);
        // What is missing is left out: ShipEngine then says which field it wants, and that is the case a person sees.
        json.Optional("name", at.Name ?? at.Company);
        json.Optional("phone", at.Phone);
        json.Optional("email", at.Email);
        json.Optional("company_name", at.Company);
        json.Optional("address_line1", at.Line1);
        json.Optional("address_line2", at.Line2);
        json.Optional("city_locality", at.City);
        json.Optional("state_province", at.Province);
        json.Optional("postal_code", at.PostalCode);
        json.WriteString("country_code", at.Country);
        json.WriteString("address_residential_indicator", residential);
        json.WriteEndObject();
    }

    private static void Package(Utf8JsonWriter json, Consignment parcel)
    {
        json.WriteStartObject();
        Weight(json, parcel.Grams);
        Size(json, parcel.Size);
        json.WriteStartObject("label_messages");
        json.WriteString("reference1", parcel.Number);
        json.WriteNull("reference2");
        json.WriteNull("reference3");
        json.WriteEndObject();
        if (parcel.CrossesBorder) Products(json, parcel);
        json.WriteEndObject();
    }

    private static void Products(Utf8JsonWriter json, Consignment parcel)
    {
        json.WriteStartArray("products");
        foreach (var item in parcel.Items)
        {
            json.WriteStartObject();
            json.WriteString("description", AtMost(item.Title, 100));
            json.WriteNumber("quantity", item.Quantity);
            Money(json, "value", item.UnitValue, parcel.Currency);
            json.WriteString("sku", item.Sku);
            if (item.Grams > 0) Weight(json, item.Grams);
            json.Optional("harmonized_tariff_code", item.TariffCode);
            json.Optional("country_of_origin", item.Origin);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void Customs(Utf8JsonWriter json)
    {
        json.WriteStartObject("customs");
        json.WriteString("contents", "merchandise");
        json.WriteString("non_delivery", "return_to_sender");
        json.WriteEndObject();
    }

    private static void Collect(Utf8JsonWriter json, decimal amount, string currency)
    {
        json.WriteStartObject("advanced_options");
        json.WriteStartObject("collect_on_delivery");
        json.WriteString("payment_type", "any");
        Money(json, "payment_amount", amount, currency);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Weight(Utf8JsonWriter json, int grams)
    {
        json.WriteStartObject("weight");
        json.WriteNumber("value", grams);
        json.WriteString("unit", "gram");
        json.WriteEndObject();
    }

    private static void Size(Utf8JsonWriter json, ParcelSize? size)
    {
        if (size is null) return;
        json.WriteStartObject("dimensions");
        json.WriteString("unit", "centimeter");
        json.WriteNumber("length", size.Length);
        json.WriteNumber("width", size.Width);
        json.WriteNumber("height", size.Height);
        json.WriteEndObject();
    }

    private static void Money(Utf8JsonWriter json, string name, decimal amount, string currency)
    {
        json.WriteStartObject(name);
        json.WriteString("currency", currency.ToLowerInvariant());
        json.WriteNumber("amount", amount);
        json.WriteEndObject();
    }

    private static string AtMost(string text, int most) => text.Length <= most ? text : Storable.Cut(text, most - 1);
}
