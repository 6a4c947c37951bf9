using System.Text.Json.Nodes;
using Quartermaster.Connectors.Shopify;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.Tests.Shopify;

/// <summary>A product is asked how it is shown, and shown in another way.</summary>
public sealed class ShopifyShowingTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;
    private static readonly ShopifyConnector Shopify = new();

    [Fact]
    public async Task Products_are_asked_about_in_one_call_and_one_that_is_gone_has_no_status()
    {
        var remote = new RemoteScript().Answer(200, """{"data":{"products":[{"id":"gid://shopify/Product/21","status":"ACTIVE"},null,{"id":"gid://shopify/Product/23","status":"ARCHIVED"}]}}""");
        var answers = await Shopify.ReadShownAsync(Session(remote), ["21", "22", "23"], Cancel);
        answers.Select(a => a.As).ShouldBe(["ACTIVE", null, "ARCHIVED"]);
        answers.ShouldAllBe(a => a.Outcome is Outcome.Done);
        JsonNode.Parse(remote.Requests.Single().Body)!["variables"]!.ToJsonString().ShouldBe("""{"ids":["gid://shopify/Product/21","gid://shopify/Product/22","gid://shopify/Product/23"]}""");
    }

    [Fact]
    public async Task Only_the_status_is_changed()
    {
        var remote = new RemoteScript().Answer(200, """{"data":{"productUpdate":{"product":{"id":"gid://shopify/Product/21","status":"UNLISTED"},"userErrors":[]}}}""");
        (await Shopify.ShowAsync(Session(remote), [new("21", "UNLISTED")], Cancel)).Single().ShouldBeOfType<Outcome.Done>();
        JsonNode.Parse(remote.Requests.Single().Body)!["variables"]!["product"]!.ToJsonString().ShouldBe("""{"id":"gid://shopify/Product/21","status":"UNLISTED"}""");
    }

    [Theory]
    [InlineData(200, """{"data":{"productUpdate":{"product":null,"userErrors":[{"field":["id"],"message":"Product does not exist"}]}}}""", "Refused user_error")]
    [InlineData(200, """{"data":{"productUpdate":{"product":{"id":"x","status":"ACTIVE"},"userErrors":[]}}}""", "Unsure")]
    [InlineData(200, """{"data":{"productUpdate":null}}""", "Unsure")]
    [InlineData(200, """{"errors":[{"message":"no","extensions":{"code":"ACCESS_DENIED"}}]}""", "NotConnected")]
    [InlineData(429, "", "TryLater")]
    [InlineData(502, "", "Unsure")]
    public async Task An_answer_is_an_outcome(int status, string body, string outcome) =>
        (await Shopify.ShowAsync(Session(new RemoteScript().Answer(status, body)), [new("21", "UNLISTED")], Cancel)).Single().ShouldBeNamed(outcome);

    private static Session Session(RemoteScript remote) =>
        remote.Session("shop-showing-" + Guid.NewGuid().ToString("N"), ("shop", "a.test"), ("token", "t"), ("webhook_secret", "s"));
}
