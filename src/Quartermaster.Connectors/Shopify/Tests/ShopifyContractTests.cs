using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Quartermaster.Connectors.Shared;
using Quartermaster.Connectors.Shopify;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.Tests.Shopify;

/// <summary>Shopify's own samples: each is taken at the door, and either understood, left with a reason, or parked as a named case.</summary>
public sealed partial class ShopifyContractTests
{
    private static readonly ShopifyConnector Shopify = new();
    private static readonly Session Session = new RemoteScript().Session("aurora-shopify", ("shop", "a"), ("token", "t"), ("webhook_secret", "s3cret"));

    // Which topics a sample of that name is sent under.
    private static readonly Dictionary<string, string[]> Topics = new()
    {
        ["Order"] = ["orders/create", "orders/updated", "orders/paid", "orders/cancelled", "orders/fulfilled", "orders/partially_fulfilled"],
        ["OrderEdited"] = ["orders/edited"],
        ["Refund"] = ["refunds/create"],
        ["Fulfillment"] = ["fulfillments/create", "fulfillments/update"],
        ["FulfillmentEventsCreate"] = ["fulfillment_events/create"],
        ["InventoryLevel"] = ["inventory_levels/update", "inventory_levels/connect"],
        ["Product"] = ["products/create", "products/update"],
        ["Deleted"] = ["products/delete"],
        ["AppUninstalled"] = ["app/uninstalled"],
    };

    [Fact]
    public void Every_sample_of_a_webhook_is_taken_and_answered_for()
    {
        var folder = ContractFolder.Require("shopify/webhooks_repaired");
        var understood = 0;
        foreach (var file in Directory.EnumerateFiles(folder, "*.json"))
        {
            var name = Path.GetFileNameWithoutExtension(file);
            var used = Topics.TryGetValue(name, out var topics);
            foreach (var topic in topics ?? [Underscored(name)])
            {
                var reading = TakeAndRead(topic, File.ReadAllBytes(file));
                if (used)
                {
                    reading.ShouldNotBeNull(topic).Signals.ShouldNotBeEmpty($"{topic} has a meaning here");
                    understood++;
                }
            }
        }
        understood.ShouldBe(Topics.Values.Sum(t => t.Length));
    }

    [Fact]
    public void Every_topic_of_the_published_schema_is_known()
    {
        var schema = File.ReadAllText(ContractFolder.Require("shopify/admin_2026-07.graphql"));
        var start = schema.IndexOf("enum WebhookSubscriptionTopic {", StringComparison.Ordinal);
        var described = schema[start..schema.IndexOf("\n}", start, StringComparison.Ordinal)];
        var topics = TopicNames().Matches(described).Select(m => m.Groups[1].Value).Distinct().ToList();
        topics.Count.ShouldBeGreaterThan(150);
        topics.Where(t => !IsKnown(t)).ShouldBeEmpty();
        ShopifyOutbound.Topics.ShouldAllBe(t => described.Contains("\n  " + t + "\n"));
    }

    [Theory]
    [InlineData("order.json", "order", "orders/updated")]
    [InlineData("refund.json", "refund", "refunds/create")]
    [InlineData("fulfillment.json", "fulfillment", "fulfillments/update")]
    [InlineData("product.json", "product", "products/update")]
    [InlineData("inventory_level.json", "inventory_level", "inventory_levels/update")]
    public void Every_sample_of_a_rest_resource_is_understood_or_a_named_case(string file, string root, string topic)
    {
        var (understood, parked) = (0, new List<string>());
        foreach (var body in Bodies(ContractFolder.Require("shopify/rest_2026_07/" + file), root))
            if (TakeAndRead(topic, Encoding.UTF8.GetBytes(body.ToJsonString()), parked) is not null) understood++;
        TestContext.Current.TestOutputHelper?.WriteLine($"{file}: {understood} understood, {parked.Count} cases\n{string.Join('\n', parked.Distinct())}");
        understood.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Every_other_rest_sample_is_taken_and_never_lost()
    {
        foreach (var file in Directory.EnumerateFiles(ContractFolder.Require("shopify/rest_2026_07"), "*.json"))
            foreach (var sample in JsonNode.Parse(File.ReadAllBytes(file))!.AsArray())
                TakeAndRead("orders/updated", Encoding.UTF8.GetBytes(sample!["response"]?.ToJsonString() ?? ""));
    }

    // Null when it became a named case; any other exception fails the test.
    private static Reading? TakeAndRead(string topic, byte[] body, List<string>? parked = null)
    {
        var headers = new Dictionary<string, string> { ["X-Shopify-Hmac-Sha256"] = HmacSignature.Base64("s3cret", body), ["X-Shopify-Topic"] = topic, ["X-Shopify-Webhook-Id"] = "w" };
        Shopify.Receive(Session, new Delivery("POST", "", "", headers.GetValueOrDefault, body, DateTimeOffset.UnixEpoch)).ShouldBeOfType<Knock.Take>(topic);
        try
        {
            return Shopify.Read(Session, topic, body, DateTimeOffset.UnixEpoch);
        }
        catch (NotUnderstoodException e)
        {
            e.CaseKind.ShouldStartWith("shopify.");
            parked?.Add($"{e.CaseKind}: {e.Message}");
            return null;
        }
    }

    private static IEnumerable<JsonNode> Bodies(string file, string root) => JsonNode.Parse(File.ReadAllBytes(file))!.AsArray()
        .Select(s => s!["response"] as JsonObject).OfType<JsonObject>()
        .SelectMany(r => r[root] is { } one ? [one] : r[root + "s"] is JsonArray many ? many.OfType<JsonNode>() : []);

    private static bool IsKnown(string topic)
    {
        try
        {
            Shopify.Read(Session, topic, "{}"u8.ToArray(), DateTimeOffset.UnixEpoch);
            return true;
        }
        catch (NotUnderstoodException e)
        {
            return e.CaseKind != "shopify.unknown_topic";
        }
    }

    [GeneratedRegex("`([a-z_]+/[a-z_]+)` events?")]
    private static partial Regex TopicNames();

    // FulfillmentOrdersMoved → fulfillment/orders_moved: wrong on purpose for what has no meaning here; it must still be a named case.
    private static string Underscored(string name)
    {
        var text = string.Concat(name.Select((c, i) => char.IsUpper(c) && i > 0 ? "_" + char.ToLowerInvariant(c) : char.ToLowerInvariant(c).ToString()));
        var cut = text.LastIndexOf('_');
        return cut < 0 ? text + "/create" : $"{text[..cut]}/{text[(cut + 1)..]}";
    }
}
