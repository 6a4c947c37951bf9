using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Quartermaster.Connectors.Shopify;
using Quartermaster.Core.Fulfilment;

namespace Quartermaster.Connectors.Tests.Shopify;

/// <summary>Every document this connector sends, against a server that checks types with Shopify's own published schema.</summary>
/// <remarks>Runs when <c>QM_SHOPIFY_MOCK</c> names the address of such a server's endpoint; it needs node and takes a minute to start.</remarks>
public sealed class ShopifySchemaTests
{
    private static readonly Parcel Parcel = new("p", "BLR", "Blue Dart", "BD1", "https://track.test/BD1", [new HandoffLine("1", "SKU", 1, "")], DateTimeOffset.UnixEpoch);
    private static readonly FulfilmentGroup Whole = new(null, [("gid://shopify/FulfillmentOrder/1", null)]);
    private static readonly FulfilmentGroup Part = new(null, [("gid://shopify/FulfillmentOrder/2", [("gid://shopify/FulfillmentOrderLineItem/3", 1)])]);

    private static readonly Dictionary<string, byte[]> Requests = new()
    {
        ["open fulfilments"] = ShopifyOutbound.Ids(ShopifyOutbound.OpenFulfilmentsDocument, ["1", "2"]),
        ["look up"] = ShopifyOutbound.Id(ShopifyOutbound.LookUpDocument, "1"),
        ["fetch"] = ShopifyOutbound.Id(ShopifyOutbound.FetchDocument, "1"),
        ["fetch more lines"] = ShopifyOutbound.Id(ShopifyOutbound.FetchDocument, "1", "cursor"),
        ["poll"] = ShopifyOutbound.Body(ShopifyOutbound.PollDocument, w =>
        {
            w.WriteString("query", "updated_at:>='2026-01-01T00:00:00Z'");
            w.WriteNumber("first", 10);
            w.WriteString("after", "cursor");
        }),
        ["shop"] = ShopifyOutbound.Body(ShopifyOutbound.ShopDocument),
        ["count"] = ShopifyOutbound.Body(ShopifyOutbound.CountDocument, w => w.WriteString("query", "created_at:>='2026-01-01T00:00:00Z'")),
        ["subscriptions"] = ShopifyOutbound.Body(ShopifyOutbound.SubscriptionsDocument),
        ["subscribe"] = ShopifyOutbound.Body(ShopifyOutbound.SubscribeDocument, w =>
        {
            w.WriteString("topic", "ORDERS_CREATE");
            w.WriteString("uri", "https://hub.test/webhooks/s");
        }),
        ["standing"] = ShopifyOutbound.Id(ShopifyOutbound.StandingDocument, "1"),
        ["cancel"] = ShopifyOutbound.Cancel("1", "nobody paid", givesBack: false),
        ["decline"] = ShopifyOutbound.Cancel("1", "declined as risky", givesBack: true),
        ["credits"] = ShopifyOutbound.Id(ShopifyOutbound.CreditsDocument, "1"),
        ["give credit"] = ShopifyOutbound.GiveCredit("gid://shopify/Customer/1", 100.5m, "EUR"),
        ["set stock"] = ShopifyOutbound.SetStock([new(new("31", "41"), "SKU", 4, 5, "k")], "key"),
        ["levels"] = ShopifyOutbound.Levels(["31", "32"], "41"),
        ["catalogue"] = ShopifyOutbound.Catalogue("41", 50, "cursor"),
        ["goods"] = ShopifyOutbound.Goods(50, "cursor"),
        ["shown"] = ShopifyOutbound.Shown(["21", "22"]),
        ["show"] = ShopifyOutbound.Show(new("21", "UNLISTED")),
        ["fulfil"] = ShopifyOutbound.Fulfil([Whole], Parcel),
        ["fulfil at two locations"] = ShopifyOutbound.Fulfil([Whole, Part], Parcel),
    };

    public static TheoryData<string> Names() => [.. Requests.Keys];

    [Theory, MemberData(nameof(Names))]
    public async Task A_document_is_valid_by_the_published_schema(string name)
    {
        var address = Environment.GetEnvironmentVariable("QM_SHOPIFY_MOCK");
        Assert.SkipWhen(string.IsNullOrEmpty(address), "No type-checking Shopify mock: set QM_SHOPIFY_MOCK to its GraphQL endpoint to run this check.");
        using var http = new HttpClient();
        using var content = new ByteArrayContent(Requests[name]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await http.PostAsync(address, content, TestContext.Current.CancellationToken);
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        answer["errors"]?.ToJsonString().ShouldBeNull();
        answer["data"].ShouldNotBeNull();
    }
}
