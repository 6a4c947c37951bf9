using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Fulfilment;

namespace Quartermaster.Connectors.WooCommerce;

/// <summary>Effect → request. Pure. Every address and body this connector ever sends is here.</summary>
internal static class WooOutbound
{
    public const int PageSize = 100;

    // What a parcel or a cancellation has to know of an order; the whole of one may have hundreds of hidden entries.
    private const string ToFulfil = "_fields=id,number,status,currency,total,total_tax,prices_include_tax,shipping,shipping_lines,line_items,refunds,meta_data,date_paid_gmt,date_created_gmt,date_modified_gmt";
    /// <summary>Members that tell what goods are, and not how many there are.</summary>
    public const string Measured = "_fields=id,name,type,sku,parent_id,variations,weight,dimensions";
    private const string Listed = "_fields=id,name,type,sku,parent_id,manage_stock,stock_quantity,variations,attributes";

    /// <summary>Topics this hub lives on.</summary>
    public static readonly IReadOnlyList<string> Topics = ["order.created", "order.updated", "order.deleted", "order.restored", "product.created", "product.updated", "product.deleted"];

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Order(string id) => $"orders/{Uri.EscapeDataString(id)}";

    public static string OrderToFulfil(string id) => $"{Order(id)}?{ToFulfil}";

    public static string Refunds(string id) => $"{Order(id)}/refunds?per_page={PageSize}";

    public static string Notes(string id) => $"{Order(id)}/notes";

    public static string Changed(DateTimeOffset since, int page) =>
        $"orders?modified_after={Zoneless(since.AddSeconds(-1))}&dates_are_gmt=true&orderby=id&order=asc&per_page={PageSize / 2}&page={Number(page)}";

    public static string Counted(DateTimeOffset from, DateTimeOffset to, string status) =>
        $"orders?after={Zoneless(from.AddSeconds(-1))}&before={Zoneless(to)}&dates_are_gmt=true&status={status}&per_page=1&_fields=id";

    public const string Cheapest = "orders?per_page=1&_fields=id";

    public static string Webhooks(int page) => $"webhooks?per_page={PageSize}&page={Number(page)}";

    public static string Products(int page, string fields = Listed) => $"products?per_page={PageSize}&orderby=id&order=asc&page={Number(page)}&{fields}";

    public static string Variations(string product, int page, string fields = Listed) => $"products/{Uri.EscapeDataString(product)}/variations?per_page={PageSize}&orderby=id&order=asc&page={Number(page)}&{fields}";

    /// <param name="product">The product whose variations are meant; null for products themselves.</param>
    public static string Levels(string? product, IEnumerable<string> ids) => $"{Stocked(product)}?per_page={PageSize}&include={string.Join(',', ids.Select(Uri.EscapeDataString))}&{Listed}";

    public static string Shown(IEnumerable<string> products) => $"products?per_page={PageSize}&include={string.Join(',', products.Select(Uri.EscapeDataString))}&_fields=id,status,catalog_visibility";

    public static byte[] Show(IEnumerable<ShowAs> products) => Body(w =>
    {
        w.WriteStartArray("update");
        foreach (var product in products)
        {
            w.WriteStartObject();
            WriteNumber(w, "id", product.Product);
            w.WriteString("catalog_visibility", product.As);
            w.WriteEndObject();
        }
        w.WriteEndArray();
    });

    public static string Batch(string? product) => Stocked(product) + "/batch";

    public static byte[] SetLevels(IEnumerable<(string Id, int Units)> levels) => Body(w =>
    {
        w.WriteStartArray("update");
        foreach (var (id, units) in levels)
        {
            w.WriteStartObject();
            WriteNumber(w, "id", id);
            w.WriteNumber("stock_quantity", units);
            w.WriteEndObject();
        }
        w.WriteEndArray();
    });

    /// <summary>Records a parcel in the order and, with the last one, says that all was sent: in one call, so that nobody sees the one without the other.</summary>
    public static byte[] Record(Parcel parcel, string? status, bool shipmentTracking, OrderBody order) => Body(w =>
    {
        if (status is not null) w.WriteString("status", status);
        w.WriteStartArray("meta_data");
        w.WriteStartObject();
        w.WriteString("key", WooParcels.KeyOf(parcel));
        w.WriteStartObject("value");
        w.WriteString("carrier", parcel.Carrier);
        w.WriteString("tracking", parcel.Tracking);
        if (parcel.TrackingUrl is { } url) w.WriteString("url", url);
        w.WriteString("sent_at", Zoneless(parcel.ShippedAt));
        w.WriteStartArray("lines");
        foreach (var line in parcel.Lines)
        {
            w.WriteStartObject();
            w.WriteString("line", line.LineId);
            w.WriteString("sku", line.Sku);
            w.WriteNumber("units", line.Quantity);
            w.WriteEndObject();
        }
        w.WriteEndArray();
        w.WriteEndObject();
        w.WriteEndObject();
        if (shipmentTracking) WriteShipmentTracking(w, parcel, order);
        w.WriteEndArray();
    });

    public static byte[] Status(string status) => Body(w => w.WriteString("status", status));

    public static byte[] Note(string text) => Body(w =>
    {
        w.WriteString("note", text);
        w.WriteBoolean("customer_note", false);
    });

    /// <summary>For the shop's staff.</summary>
    public static string Words(Parcel parcel) =>
        $"{Opening(parcel)}{(parcel.TrackingUrl is { } url ? $" {url}" : "")} ({string.Join(", ", parcel.Lines.Select(l => $"{Number(l.Quantity)} × {(l.Sku.Length > 0 ? l.Sku : l.Title)}"))})";

    /// <summary>How the note about a parcel begins, by which it is known again.</summary>
    public static string Opening(Parcel parcel) => $"Quartermaster: sent with {parcel.Carrier}, tracking number {parcel.Tracking}.";

    public static byte[] Subscribe(string topic, Uri address, string secret) => Body(w =>
    {
        w.WriteString("name", "Quartermaster " + topic);
        w.WriteString("topic", topic);
        w.WriteString("delivery_url", address.ToString());
        w.WriteString("secret", secret);
        w.WriteString("status", "active");
    });

    /// <summary>With the secret: it may have been changed since the webhook was made, and cannot be read.</summary>
    public static byte[] Revive(string secret) => Body(w =>
    {
        w.WriteString("status", "active");
        w.WriteString("secret", secret);
    });

    // The entry that the plugin "Shipment Tracking" and its imitators show to the shopper. It is one list: what is in it is written again.
    private static void WriteShipmentTracking(Utf8JsonWriter w, Parcel parcel, OrderBody order)
    {
        const string key = "_wc_shipment_tracking_items";
        w.WriteStartObject();
        w.WriteString("key", key);
        w.WriteStartArray("value");
        if (order.MetaData?.FirstOrDefault(m => m.Key == key)?.Value is { ValueKind: JsonValueKind.Array } before)
            foreach (var item in before.EnumerateArray()) item.WriteTo(w);
        w.WriteStartObject();
        w.WriteString("tracking_provider", "");
        w.WriteString("custom_tracking_provider", parcel.Carrier);
        w.WriteString("custom_tracking_link", parcel.TrackingUrl ?? "");
        w.WriteString("tracking_number", parcel.Tracking);
        w.WriteString("date_shipped", parcel.ShippedAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        w.WriteString("tracking_id", HmacSignature.Hex("tracking", Encoding.UTF8.GetBytes(parcel.ParcelId))[..32]);
        w.WriteEndObject();
        w.WriteEndArray();
        w.WriteEndObject();
    }

    private static string Stocked(string? product) => product is null ? "products" : $"products/{Uri.EscapeDataString(product)}/variations";

    private static void WriteNumber(Utf8JsonWriter w, string name, string id)
    {
        if (long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) w.WriteNumber(name, number);
        else w.WriteString(name, id);
    }

    // With a zone WordPress would turn the time into the shop's own before it compares it with a column in UTC.
    private static string Zoneless(DateTimeOffset at) => at.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static byte[] Body(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var w = new Utf8JsonWriter(buffer, Plain))
        {
            w.WriteStartObject();
            members(w);
            w.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }
}
