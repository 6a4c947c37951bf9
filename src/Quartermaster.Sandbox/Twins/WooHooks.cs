using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Quartermaster.Sandbox.Twins;

/// <summary>The webhooks of a WooCommerce shop. Guarded by the twin's lock.</summary>
/// <remarks>A topic that nobody made a webhook for is told all the same, so that a sandbox without a public address hears everything.</remarks>
internal sealed class WooHooks(TwinContext context)
{
    private readonly byte[] secret = Encoding.UTF8.GetBytes(context.Settings.GetValueOrDefault("webhook_secret", ""));
    private readonly List<(string Topic, string Address)> made = [];
    private readonly HashSet<int> stopped = [];

    public void Tell(string topic, JsonNode body)
    {
        var at = made.FindIndex(h => h.Topic == topic);
        if (at >= 0 && stopped.Contains(at)) return;
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body);
        var parts = topic.Split('.');
        context.Hub.Send(context, "", bytes, new Dictionary<string, string>
        {
            ["X-WC-Webhook-Source"] = "https://" + context.Settings.GetValueOrDefault("site", "shop.example") + "/",
            ["X-WC-Webhook-Topic"] = topic,
            ["X-WC-Webhook-Resource"] = parts[0],
            ["X-WC-Webhook-Event"] = parts[1],
            ["X-WC-Webhook-Signature"] = Convert.ToBase64String(HMACSHA256.HashData(secret, bytes)),
            ["X-WC-Webhook-ID"] = Number(at + 1),
            // As the shop makes it: of the webhook's number and the second, and so the same for all that happens within one.
            ["X-WC-Webhook-Delivery-ID"] = Knobs.Hash(topic + Number(context.Clock.GetUtcNow().ToUnixTimeSeconds())).ToString("x16", CultureInfo.InvariantCulture),
        });
    }

    public void Stop(string topic)
    {
        var at = made.FindIndex(h => h.Topic == topic);
        if (at >= 0) stopped.Add(at);
    }

    public JsonNode All() => new JsonArray([.. made.Select((_, i) => Of(i))]);

    /// <summary>The address is tried with an unsigned form before it is kept.</summary>
    public JsonNode Add(JsonElement asked)
    {
        made.Add((asked.GetProperty("topic").GetString()!, asked.GetProperty("delivery_url").GetString()!));
        context.Hub.Send(context, "", Encoding.ASCII.GetBytes("webhook_id=" + Number(made.Count)), new Dictionary<string, string> { ["Content-Type"] = "application/x-www-form-urlencoded" });
        return Of(made.Count - 1);
    }

    public (int, JsonNode) Update(long id, JsonElement asked)
    {
        if (id < 1 || id > made.Count) return (400, WooJson.Error("woocommerce_rest_shop_webhook_invalid_id", "Invalid ID.", 400));
        if (asked.TryGetProperty("status", out var status) && status.GetString() == "active") stopped.Remove((int)id - 1);
        return (200, Of((int)id - 1));
    }

    private JsonNode Of(int at) => WooJson.Node(new { Id = at + 1, Name = made[at].Topic, Status = stopped.Contains(at) ? "disabled" : "active", made[at].Topic, DeliveryUrl = made[at].Address });

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
