using System.Globalization;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Dispatching;

namespace Quartermaster.Connectors.Delhivery;

/// <summary>What we ask of Delhivery: effect → request. Pure.</summary>
internal static class DelhiveryOutbound
{
    private const int Description = 100;

    private static readonly TimeSpan India = TimeSpan.FromMinutes(330);

    /// <summary>Delhivery's services: by road and by air.</summary>
    public static readonly IReadOnlyList<string> Modes = ["Surface", "Express"];

    public static string Shipment(Session session, Consignment parcel) => JsonBody.Write(json =>
    {
        var to = parcel.To;
        json.WriteStartArray("shipments");
        json.WriteStartObject();
        // Their number for the order: under it a purchase of unknown fate is found.
        json.WriteString("order", parcel.Reference);
        json.WriteString("name", to.Name ?? to.Company ?? "-");
        json.WriteString("add", Plain(string.Join(", ", new[] { to.Name is null ? null : to.Company, to.Line1, to.Line2 }.Where(part => !string.IsNullOrEmpty(part)))));
        json.WriteString("city", Plain(to.City!));
        json.WriteString("state", Plain(to.Province!));
        json.WriteString("country", "India");
        json.WriteString("pin", IndianAddress.PincodeOf(to));
        json.WriteString("phone", IndianAddress.PhoneOf(to));
        json.WriteString("payment_mode", parcel.Collect is null ? "Prepaid" : "COD");
        json.WriteString("cod_amount", Rupees(parcel.Collect ?? 0));
        json.WriteString("total_amount", Rupees(parcel.Collect ?? parcel.Items.Sum(i => i.UnitValue * i.Quantity)));
        json.WriteString("products_desc", Cut(Plain(string.Join(", ", parcel.Items.Select(i => $"{i.Quantity} x {i.Title}"))), Description));
        json.WriteString("quantity", parcel.Items.Sum(i => i.Quantity).ToString(CultureInfo.InvariantCulture));
        json.WriteString("weight", parcel.Grams.ToString(CultureInfo.InvariantCulture));
        if (parcel.Size is { } size)
        {
            json.WriteString("shipment_length", size.Length.ToString(CultureInfo.InvariantCulture));
            json.WriteString("shipment_width", size.Width.ToString(CultureInfo.InvariantCulture));
            json.WriteString("shipment_height", size.Height.ToString(CultureInfo.InvariantCulture));
        }
        json.WriteString("shipping_mode", parcel.Service);
        json.WriteString("return_name", parcel.From.Name ?? parcel.From.Company ?? "-");
        json.WriteString("return_add", Plain(parcel.From.Line1!));
        json.WriteString("return_city", Plain(parcel.From.City!));
        json.WriteString("return_state", Plain(parcel.From.Province!));
        json.WriteString("return_pin", IndianAddress.PincodeOf(parcel.From));
        json.WriteString("return_phone", IndianAddress.PhoneOf(parcel.From));
        json.WriteString("return_country", "India");
        json.WriteEndObject();
        json.WriteEndArray();
        json.Object("pickup_location", () => json.WriteString("name", session.Settings["pickup_location"]));
    });

    public static string Cancellation(string waybill) => JsonBody.Write(json =>
    {
        json.WriteString("waybill", waybill);
        json.WriteString("cancellation", "true");
    });

    public static string Pickup(Session session, DispatchList list) => JsonBody.Write(json =>
    {
        var there = list.ReadyAt.ToOffset(India);
        var from = TimeOnly.TryParseExact(session.Settings.Get("pickup_time", "14:00"), "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var at) ? at : new TimeOnly(14, 0);
        // A time that has passed is refused: then it is the same time tomorrow.
        var day = DateOnly.FromDateTime(there.DateTime).AddDays(TimeOnly.FromDateTime(there.DateTime) < from ? 0 : 1);
        json.WriteString("pickup_location", session.Settings["pickup_location"]);
        json.WriteString("pickup_date", day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        json.WriteString("pickup_time", from.ToString("HH:mm:ss", CultureInfo.InvariantCulture));
        json.WriteNumber("expected_package_count", list.Labels.Count);
    });

    public static string Charges(Consignment parcel, string mode) => string.Create(CultureInfo.InvariantCulture,
        $"md={mode[0]}&ss=Delivered&o_pin={IndianAddress.PincodeOf(parcel.From)}&d_pin={IndianAddress.PincodeOf(parcel.To)}&cgm={int.Max(1, parcel.Grams)}&pt={(parcel.Collect is null ? "Pre-paid" : "COD")}&cod={Rupees(parcel.Collect ?? 0)}");

    // Delhivery's parser trips over these, and refuses the whole or cuts the address off.
    private static string Plain(string text) => string.Concat(text.Select(c => c is '&' or '#' or '%' or ';' or '\\' ? ' ' : c));

    private static string Rupees(decimal amount) => amount.ToString("0.##", CultureInfo.InvariantCulture);

    private static string Cut(string text, int most) => text.Length > most ? text[..most] : text;
}
