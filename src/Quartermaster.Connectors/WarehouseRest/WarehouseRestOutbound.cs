using System.Globalization;
using System.Text;
using System.Text.Json;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Fulfilment;

namespace Quartermaster.Connectors.WarehouseRest;

/// <summary>What we ask of a warehouse: effect → request body. Pure.</summary>
internal static class WarehouseRestOutbound
{
    public static BatchBody Orders(Session session, IReadOnlyList<Work> batch) =>
        BatchBody.Write("orders", batch, (json, work) => WriteOrder(json, session, work));

    public static string Withdrawal(Session session, Work work)
    {
        var effect = (FulfilmentEffect.WithdrawFromWarehouse)work.Effect;
        using var stream = new MemoryStream(256);
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("order_ref", effect.OrderRef);
            json.WriteString("warehouse", Theirs(session, effect.Location));
            json.WriteString("reason", effect.Why);
            json.WriteString("handoff_key", effect.HandoffKey);
            json.WriteString("idempotency_key", work.Key);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    public static HandoffOrder OrderOf(Work work) => ((FulfilmentEffect.SubmitToWarehouse)work.Effect).Order;

    private static void WriteOrder(Utf8JsonWriter json, Session session, Work work)
    {
        var order = OrderOf(work);
        json.WriteStartObject();
        json.WriteString("order_ref", order.OrderRef);
        json.WriteString("warehouse", Theirs(session, order.Location));
        json.WriteString("idempotency_key", work.Key);
        json.WriteString("number", order.Number);
        json.WriteStartArray("lines");
        foreach (var line in order.Lines)
        {
            json.WriteStartObject();
            json.WriteString("sku", line.Sku);
            json.WriteNumber("qty", line.Quantity);
            Optional(json, "title", line.Title);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        WriteRecipient(json, order.ShipTo);
        if (order.CollectOnDelivery is { } amount)
        {
            // Text, because a number in JSON becomes a binary fraction in many a warehouse's language.
            json.WriteStartObject("collect_on_delivery");
            json.WriteString("amount", amount.ToString("0.00##", CultureInfo.InvariantCulture));
            json.WriteString("currency", order.Currency);
            json.WriteEndObject();
        }
        Optional(json, "note", order.Note);
        if (order.Label is { } label)
        {
            json.WriteStartObject("label");
            json.WriteString("carrier", label.Carrier);
            Optional(json, "service", label.Service);
            json.WriteString("tracking_number", label.Tracking);
            Optional(json, "tracking_url", label.TrackingUrl);
            Optional(json, "document", label.Document);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void WriteRecipient(Utf8JsonWriter json, Recipient to)
    {
        json.WriteStartObject("ship_to");
        Optional(json, "name", to.Name);
        Optional(json, "company", to.Company);
        Optional(json, "line1", to.Line1);
        Optional(json, "line2", to.Line2);
        Optional(json, "city", to.City);
        Optional(json, "province", to.Province);
        Optional(json, "postal_code", to.PostalCode);
        json.WriteString("country", to.Country);
        Optional(json, "phone", to.Phone);
        Optional(json, "email", to.Email);
        json.WriteEndObject();
    }

    // A code that is not mapped is the same on both sides.
    private static string Theirs(Session session, string ours) => session.Locations.GetValueOrDefault(ours, ours);

    private static void Optional(Utf8JsonWriter json, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value)) json.WriteString(name, value);
    }
}
