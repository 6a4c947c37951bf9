using System.Globalization;
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
        return JsonBody.Write(json =>
        {
            json.WriteString("order_ref", effect.OrderRef);
            json.WriteString("warehouse", Theirs(session, effect.Location));
            json.WriteString("reason", effect.Why);
            json.WriteString("handoff_key", effect.HandoffKey);
            json.WriteString("idempotency_key", work.Key);
        });
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
            json.Optional("title", line.Title);
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
        json.Optional("note", order.Note);
        json.Optional("service", order.By?.Service);
        json.Optional("carrier", order.By?.Carrier);
        if (order.Label is { } label)
        {
            json.WriteStartObject("label");
            json.WriteString("carrier", label.Carrier);
            json.Optional("service", label.Service);
            json.WriteString("tracking_number", label.Tracking);
            json.Optional("tracking_url", label.TrackingUrl);
            json.Optional("document", label.Document);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void WriteRecipient(Utf8JsonWriter json, Recipient to)
    {
        json.WriteStartObject("ship_to");
        json.Optional("name", to.Name);
        json.Optional("company", to.Company);
        json.Optional("line1", to.Line1);
        json.Optional("line2", to.Line2);
        json.Optional("city", to.City);
        json.Optional("province", to.Province);
        json.Optional("postal_code", to.PostalCode);
        json.WriteString("country", to.Country);
        json.Optional("phone", to.Phone);
        json.Optional("email", to.Email);
        json.WriteEndObject();
    }

    // A code that is not mapped is the same on both sides.
    private static string Theirs(Session session, string ours) => session.Locations.GetValueOrDefault(ours, ours);
}
