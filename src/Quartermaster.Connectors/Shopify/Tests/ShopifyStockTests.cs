using System.Text.Json.Nodes;
using Quartermaster.Connectors.Shopify;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.Tests.Shopify;

/// <summary>What may be sold, told to a shop that sells meanwhile: compared and swapped, all or none, and the faulty ones named.</summary>
public sealed class ShopifyStockTests
{
    private const string Taken = """{"data":{"inventorySetQuantities":{"userErrors":[]}}}""";

    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;
    private static readonly ShopifyConnector Shopify = new();

    [Fact]
    public async Task Levels_go_out_in_one_call_with_what_they_are_changed_from_under_one_key()
    {
        var remote = new RemoteScript().Answer(200, Taken).Answer(200, Taken);
        (await SetAsync(remote, Level("31", 4, 5), Level("32", 0, 7))).ShouldAllBe(a => a.Outcome is Outcome.Done);
        var asked = JsonNode.Parse(remote.Requests.Single().Body)!;
        ((string?)asked["query"]).ShouldNotBeNull().ShouldContain("@idempotent(key: $key)");
        var input = asked["variables"]!["input"]!;
        ((string?)input["name"]).ShouldBe("available");
        input["quantities"]!.ToJsonString().ShouldBe("""[{"inventoryItemId":"gid://shopify/InventoryItem/31","locationId":"gid://shopify/Location/41","quantity":4,"changeFromQuantity":5},{"inventoryItemId":"gid://shopify/InventoryItem/32","locationId":"gid://shopify/Location/41","quantity":0,"changeFromQuantity":7}]""");
        await SetAsync(remote, Level("31", 4, 5), Level("32", 0, 7));
        KeyOf(remote, 1).ShouldBe(KeyOf(remote, 0), "a repeat is the same call");
    }

    [Fact]
    public async Task A_stale_one_is_found_a_refused_one_is_told_and_the_others_go_out_again()
    {
        var remote = new RemoteScript()
            .Answer(200, """{"data":{"inventorySetQuantities":{"userErrors":[{"code":"CHANGE_FROM_QUANTITY_STALE","field":["input","quantities","1","changeFromQuantity"],"message":"stale"},{"code":"ITEM_NOT_STOCKED_AT_LOCATION","field":["input","quantities","2","inventoryItemId"],"message":"Not stocked."}]}}}""")
            .Answer(200, Taken)
            .Answer(200, """{"data":{"items":[{"id":"gid://shopify/InventoryItem/32","tracked":true,"inventoryLevel":{"quantities":[{"name":"available","quantity":6}]}}]}}""");
        var answers = await SetAsync(remote, Level("31", 4, 5), Level("32", 0, 7), Level("33", 1, 2));
        answers.Select(a => (a.Outcome.GetType().Name, a.Found)).ShouldBe([("Done", null), ("TryLater", 6), ("Refused", null)]);
        remote.Requests[1].Body.ShouldNotContain("InventoryItem/32");
        KeyOf(remote, 1).ShouldNotBe(KeyOf(remote, 0), "another call under the same key would be refused");
    }

    [Theory]
    [InlineData("""{"id":"x","tracked":true,"inventoryLevel":{"quantities":[{"name":"available","quantity":9}]}}""", "TryLater", 9)]
    [InlineData("""{"id":"x","tracked":true,"inventoryLevel":null}""", "Refused not_stocked", null)]
    [InlineData("""{"id":"x","tracked":false,"inventoryLevel":null}""", "Refused not_tracked", null)]
    [InlineData("null", "Refused not_found", null)]
    public async Task An_unknown_number_is_looked_at_first_and_nothing_is_written(string item, string outcome, int? found)
    {
        var answer = (await SetAsync(new RemoteScript().Answer(200, $$$"""{"data":{"items":[{{{item}}}]}}"""), Level("31", 4, null))).Single();
        answer.Outcome.ShouldBeNamed(outcome);
        answer.Found.ShouldBe(found);
    }

    [Theory]
    [InlineData(200, """{"errors":[{"message":"no","extensions":{"code":"ACCESS_DENIED"}}]}""", "NotConnected")]
    [InlineData(200, """{"data":{"inventorySetQuantities":null}}""", "Unsure")]
    [InlineData(200, """{"data":{"inventorySetQuantities":{"userErrors":[{"code":"IDEMPOTENCY_CONCURRENT_REQUEST","field":null,"message":"in progress"}]}}}""", "TryLater")]
    [InlineData(429, "", "TryLater")]
    [InlineData(502, "", "Unsure")]
    public async Task Trouble_of_the_call_is_the_answer_of_each(int status, string body, string outcome)
    {
        foreach (var answer in await SetAsync(new RemoteScript().Answer(status, body), Level("31", 4, 5), Level("32", 1, 2))) answer.Outcome.ShouldBeNamed(outcome);
    }

    [Fact]
    public async Task The_catalogue_is_read_page_by_page_and_an_untracked_item_has_no_number()
    {
        var remote = new RemoteScript()
            .Answer(200, Page("""{"quantities":[{"name":"available","quantity":3}],"item":{"id":"gid://shopify/InventoryItem/31","sku":" KUR-M ","tracked":true,"variants":{"nodes":[{"title":"M","product":{"id":"gid://shopify/Product/21","title":"Kurta"}}]}}}""", "next"))
            .Answer(200, Page("""{"quantities":[{"name":"available","quantity":0}],"item":{"id":"gid://shopify/InventoryItem/32","sku":null,"tracked":false,"variants":{"nodes":[{"title":"Default Title","product":{"id":"gid://shopify/Product/22","title":"Gift card"}}]}}}""", null));
        List<ListingSeen> seen = [];
        await foreach (var one in Shopify.ReadStockAsync(Session(remote), Cancel)) seen.Add(one);
        seen.ShouldBe([new(new("31", "41"), "KUR-M", "Kurta · M", "21", 3), new(new("32", "41"), "", "Gift card", "22", null)]);
        remote.Requests[1].Body.ShouldContain("\"after\":\"next\"");
    }

    [Fact]
    public async Task Goods_are_read_with_what_customs_asks_of_them()
    {
        var remote = new RemoteScript()
            .Answer(200, """{"data":{"inventoryItems":{"pageInfo":{"hasNextPage":true,"endCursor":"next"},"nodes":[{"id":"gid://shopify/InventoryItem/31","sku":" TEA-250 ","harmonizedSystemCode":"0902.30","countryCodeOfOrigin":"IN","measurement":{"weight":{"unit":"KILOGRAMS","value":0.26}}}]}}}""")
            .Answer(200, """{"data":{"inventoryItems":{"pageInfo":{"hasNextPage":false},"nodes":[{"id":"gid://shopify/InventoryItem/32","sku":null,"harmonizedSystemCode":null,"countryCodeOfOrigin":null,"measurement":{"weight":null}}]}}}""");
        List<SkuSeen> seen = [];
        await foreach (var one in Shopify.ReadSkusAsync(Session(remote), Cancel)) seen.Add(one);
        seen.ShouldBe([new("TEA-250", new(260, null, "090230", "IN")), new("", Core.Kernel.SkuFacts.Unknown)]);
        remote.Requests[1].Body.ShouldContain("\"after\":\"next\"");
    }

    private static string Page(string node, string? next) =>
        """{"data":{"location":{"inventoryLevels":{"pageInfo":{"hasNextPage":""" + (next is null ? "false" : "true") + ",\"endCursor\":\"" + next + "\"},\"nodes\":[" + node + "]}}}}";

    private static LevelToSet Level(string item, int units, int? was) => new(new(item, "41"), "SKU-" + item, units, was, "k/" + item);

    private static string KeyOf(RemoteScript remote, int call) => (string)JsonNode.Parse(remote.Requests[call].Body)!["variables"]!["key"]!;

    private static Task<IReadOnlyList<LevelAnswer>> SetAsync(RemoteScript remote, params LevelToSet[] levels) => Shopify.SetStockAsync(Session(remote), levels, Cancel);

    private static Session Session(RemoteScript remote) =>
        remote.Session("shop-stock-" + Guid.NewGuid().ToString("N"), ("shop", "a.test"), ("token", "t"), ("webhook_secret", "s")) with { Locations = new Dictionary<string, string> { ["BLR"] = "41" } };
}
