using System.Globalization;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Dispatching;

namespace Quartermaster.Connectors.ShipRocket;

/// <summary>What we ask of ShipRocket: effect → request. Pure.</summary>
internal static class ShipRocketOutbound
{
    /// <summary>The service by which ShipRocket chooses the courier itself, as its account's rules say.</summary>
    public const string AnyCourier = "auto";

    private static readonly TimeSpan India = TimeSpan.FromMinutes(330);

    public static string Order(Session session, Consignment parcel) => JsonBody.Write(json =>
    {
        var to = parcel.To;
        // Their number for the order: under it a purchase of unknown fate is found.
        json.WriteString("order_id", parcel.Reference);
        json.WriteString("order_date", session.Clock.GetUtcNow().ToOffset(India).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture));
        json.WriteString("pickup_location", session.Settings["pickup_location"]);
        json.WriteString("comment", $"Order {parcel.Number}");
        json.WriteString("billing_customer_name", to.Name ?? to.Company ?? "-");
        json.WriteString("billing_last_name", "");
        json.WriteString("billing_address", to.Line1);
        json.WriteString("billing_address_2", string.Join(", ", new[] { to.Line2, to.Name is null ? null : to.Company }.Where(part => !string.IsNullOrEmpty(part))));
        json.WriteString("billing_city", to.City);
        json.WriteString("billing_pincode", IndianAddress.PincodeOf(to));
        json.WriteString("billing_state", to.Province);
        json.WriteString("billing_country", "India");
        json.WriteString("billing_email", to.Email ?? "");
        json.WriteString("billing_phone", IndianAddress.PhoneOf(to));
        json.WriteBoolean("shipping_is_billing", true);
        json.WriteStartArray("order_items");
        foreach (var item in parcel.Items)
        {
            json.WriteStartObject();
            json.WriteString("name", item.Title);
            json.WriteString("sku", item.Sku);
            json.WriteNumber("units", item.Quantity);
            json.WriteNumber("selling_price", item.UnitValue);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteString("payment_method", parcel.Collect is null ? "Prepaid" : "COD");
        // What is collected is what they take the order to be worth: shipping and discounts are in it.
        json.WriteNumber("sub_total", parcel.Collect ?? parcel.Items.Sum(i => i.UnitValue * i.Quantity));
        json.WriteNumber("length", parcel.Size!.Length);
        json.WriteNumber("breadth", parcel.Size.Width);
        json.WriteNumber("height", parcel.Size.Height);
        json.WriteNumber("weight", Kilograms(parcel));
    });

    /// <param name="service">Id of a courier company, or <see cref="AnyCourier"/>.</param>
    public static string Waybill(long shipment, string service) => JsonBody.Write(json =>
    {
        json.WriteNumber("shipment_id", shipment);
        if (long.TryParse(service, NumberStyles.None, CultureInfo.InvariantCulture, out var courier)) json.WriteNumber("courier_id", courier);
    });

    public static string Ids(string name, params IReadOnlyList<long> ids) => JsonBody.Write(json =>
    {
        json.WriteStartArray(name);
        foreach (var id in ids) json.WriteNumberValue(id);
        json.WriteEndArray();
    });

    public static IReadOnlyList<long> Shipments(DispatchList list) => [.. list.Labels.Select(l => FoundOrder.ShipmentIn(l.LabelId)).OfType<long>()];

    public static string Serviceability(Consignment parcel) =>
        string.Create(CultureInfo.InvariantCulture, $"pickup_postcode={IndianAddress.PincodeOf(parcel.From)}&delivery_postcode={IndianAddress.PincodeOf(parcel.To)}&weight={Kilograms(parcel)}&cod={(parcel.Collect is null ? 0 : 1)}");

    // Rounded up to ten grams: what is declared too light is charged again.
    private static decimal Kilograms(Consignment parcel) => decimal.Ceiling(decimal.Max(10, parcel.Grams) / 10) / 100;
}
