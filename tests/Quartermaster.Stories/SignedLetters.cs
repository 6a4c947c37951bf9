using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Stories;

/// <summary>What vendors send to a hub, from the bodies that were recorded beside each connector, and how each of them signs what it sends.</summary>
internal sealed class SignedLetters : IDisposable
{
    private readonly ECDsa mail = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private int number;

    /// <summary>Recorded bodies by connector: the file, and what the vendor says that it is about.</summary>
    private static readonly Dictionary<string, (string File, string Topic)[]> Recorded = new()
    {
        ["shopify"] =
        [
            ("orders-create.json", "orders/create"), ("orders-edited.json", "orders/edited"), ("refunds-create.json", "refunds/create"), ("fulfillments-create.json", "fulfillments/create"),
            ("products-update.json", "products/update"), ("inventory_levels-update.json", "inventory_levels/update"),
        ],
        ["woocommerce"] = [("order-updated.json", "order.updated"), ("order-refunded.json", "order.updated"), ("product-updated.json", "product.updated"), ("variation-updated.json", "product.updated")],
        ["warehouse-rest"] = [("shipment_confirmed.json", ""), ("accepted.json", ""), ("rejected.json", ""), ("short_picked.json", ""), ("stock_counted.json", ""), ("withdrawal_answered.json", "")],
        ["carrier-rest"] = [("delivered.json", ""), ("minimal.json", ""), ("unknown_code.json", "")],
        ["reviews-rest"] = [("written.json", ""), ("by_email.json", "")],
        ["xero"] = [("webhook.json", "")],
        ["whatsapp"] = [("statuses.webhook.json", "")],
        ["sendgrid"] = [("events.webhook.json", "")],
        ["twilio"] = [("inbound.form.txt", "")],
        ["shipengine"] = [("track.json", "")],
        ["sendcloud"] = [("event.json", "")],
        ["signifyd"] = [("decision.json", "DECISION")],
        ["shiprocket"] = [("webhook.json", "")],
        ["klaviyo"] = [("events.webhook.json", "")],
        ["hubspot"] = [("contact.webhook.json", ""), ("changes.webhook.json", "")],
        ["mailchimp"] = [("unsubscribe.form.txt", "")],
    };

    /// <summary>Published samples of Shopify's webhooks, where the vendors' contracts are on this machine.</summary>
    private static readonly (string File, string Topic)[] Published =
    [
        ("Order.json", "orders/updated"), ("Refund.json", "refunds/create"), ("Fulfillment.json", "fulfillments/update"), ("FulfillmentEventsCreate.json", "fulfillment_events/create"),
        ("OrderEdited.json", "orders/edited"), ("Product.json", "products/create"), ("InventoryLevel.json", "inventory_levels/update"),
    ];

    public static IEnumerable<string> Connectors => Recorded.Keys;

    public IEnumerable<(string Connector, string Topic, byte[] Body)> All()
    {
        foreach (var (connector, files) in Recorded)
            foreach (var (file, topic) in files) yield return (connector, topic, Read(connector, file));
        if (Environment.GetEnvironmentVariable("QM_CONTRACTS") is not { Length: > 0 } contracts) yield break;
        foreach (var (file, topic) in Published)
            if (Path.Combine(contracts, "shopify", "webhooks_repaired", file) is var path && File.Exists(path)) yield return ("shopify", topic, File.ReadAllBytes(path));
    }

    /// <summary>Settings with which a connector believes these signatures; addresses lead to a closed port.</summary>
    public Settings SettingsFor(IConnector connector)
    {
        var values = connector.Manifest.Settings.ToDictionary(s => s.Key, s => s.Secret ? SecretOf(s.Key) : s.Key.EndsWith("url", StringComparison.Ordinal) ? "http://127.0.0.1:9/" : s.Default ?? "value");
        if (connector.Manifest.Key == "sendgrid") values["webhook_public_key"] = values["inbound_public_key"] = Convert.ToBase64String(mail.ExportSubjectPublicKeyInfo());
        return new(values);
    }

    /// <summary>A letter as its vendor would send it, under an id that no other has.</summary>
    public HttpRequestMessage Sign(string connector, string topic, byte[] body, Uri address)
    {
        var id = Interlocked.Increment(ref number).ToString(CultureInfo.InvariantCulture);
        // Mailchimp signs nothing: it is known by the end of the address.
        var request = new HttpRequestMessage(HttpMethod.Post, connector == "mailchimp" ? new Uri($"{address}/{SecretOf("webhook_secret")}") : address) { Content = new ByteArrayContent(body) };
        foreach (var (name, value) in Headers(connector, topic, body, address, id)) request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }

    public void Dispose() => mail.Dispose();

    private (string, string)[] Headers(string connector, string topic, byte[] body, Uri address, string id) => connector switch
    {
        "shopify" => [("X-Shopify-Topic", topic), ("X-Shopify-Event-Id", id), ("X-Shopify-Hmac-Sha256", HmacSignature.Base64(SecretOf("webhook_secret"), body))],
        "woocommerce" => [("X-WC-Webhook-Topic", topic), ("X-WC-Webhook-Delivery-ID", id), ("X-WC-Webhook-Signature", HmacSignature.Base64(SecretOf("webhook_secret"), body))],
        "warehouse-rest" or "carrier-rest" or "reviews-rest" => [(OpenCallback.EventIdHeader, id), (OpenCallback.SignatureHeader, HmacSignature.Base64(SecretOf("callback_secret"), body))],
        "xero" => [("x-xero-signature", HmacSignature.Base64(SecretOf("webhook_key"), body))],
        "whatsapp" => [("X-Hub-Signature-256", "sha256=" + HmacSignature.Hex(SecretOf("app_secret"), body))],
        "sendgrid" => [("X-Twilio-Email-Event-Webhook-Timestamp", id), ("X-Twilio-Email-Event-Webhook-Signature", Convert.ToBase64String(mail.SignData([.. Encoding.UTF8.GetBytes(id), .. body], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)))],
        "twilio" => [("X-Twilio-Signature", OfForm(body, address))],
        "shipengine" => [("X-Webhook-Token", SecretOf("webhook_token"))],
        "signifyd" => [("Signifyd-Checkpoint", topic), ("Signifyd-Sec-Hmac-Sha256", HmacSignature.Base64(SecretOf("api_key"), body))],
        "sendcloud" => [("Authorization", "Bearer " + SecretOf("webhook_token"))],
        "shiprocket" => [("x-api-key", SecretOf("webhook_token"))],
        "klaviyo" => [("Klaviyo-Timestamp", id), ("Klaviyo-Signature", HmacSignature.Hex(SecretOf("webhook_secret"), [.. body, .. Encoding.UTF8.GetBytes(id)]))],
        "hubspot" => OfAddress(body, address, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)),
        "mailchimp" => [],
        _ => throw new ArgumentOutOfRangeException(nameof(connector), connector, "Nobody knows how it signs."),
    };

    /// <summary>HubSpot signs the method, the address and the time with the body.</summary>
    private static (string, string)[] OfAddress(byte[] body, Uri address, string time) =>
        [("X-HubSpot-Request-Timestamp", time), ("X-HubSpot-Signature-v3", HmacSignature.Base64(SecretOf("client_secret"), [.. Encoding.UTF8.GetBytes("POST" + address), .. body, .. Encoding.UTF8.GetBytes(time)]))];

    /// <summary>Twilio signs the address and the form's members, sorted by name.</summary>
    private static string OfForm(byte[] body, Uri address)
    {
        var members = Encoding.UTF8.GetString(body).Split('&', StringSplitOptions.RemoveEmptyEntries).Select(f => f.Split('=', 2)).Select(f => (Name: WebUtility.UrlDecode(f[0]), Value: f.Length > 1 ? WebUtility.UrlDecode(f[1]) : ""));
        var signed = address + string.Concat(members.Distinct().OrderBy(m => m.Name, StringComparer.Ordinal).ThenBy(m => m.Value, StringComparer.Ordinal).Select(m => m.Name + m.Value));
        // The vendor's algorithm; as an HMAC, SHA-1 is not broken.
#pragma warning disable CA5350
        return Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(SecretOf("auth_token")), Encoding.UTF8.GetBytes(signed)));
#pragma warning restore CA5350
    }

    private static string SecretOf(string key) => $"hidden-{key}";

    private static byte[] Read(string connector, string file, [CallerFilePath] string here = "")
    {
        var folder = Quartermaster.Connectors.ConnectorCatalogue.Find()[connector].GetType().Namespace!.Split('.')[^1];
        return File.ReadAllBytes(Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "src", "Quartermaster.Connectors", folder, "Fixtures", file)));
    }
}
