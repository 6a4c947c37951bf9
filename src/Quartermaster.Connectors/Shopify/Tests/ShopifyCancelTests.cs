using System.Text.Json.Nodes;
using Quartermaster.Connectors.Shopify;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;

namespace Quartermaster.Connectors.Tests.Shopify;

/// <summary>Cancelling at the shop an order that nobody paid, and nothing else.</summary>
public sealed class ShopifyCancelTests
{
    private const string Open = """{"data":{"order":{"id":"gid://shopify/Order/5","cancelledAt":null,"displayFinancialStatus":"PENDING"}}}""";
    private const string Cancelled = """{"data":{"order":{"id":"gid://shopify/Order/5","cancelledAt":"2026-03-05T10:00:00Z","displayFinancialStatus":"VOIDED"}}}""";

    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;
    private static readonly ShopifyConnector Shopify = new();
    private static readonly Work Work = new("order/5/cancel/1", new OrderEffect.CancelAtChannel("5", "the payment did not arrive within 3 days"), 1);

    [Fact]
    public async Task An_unpaid_order_is_cancelled_without_refund_and_without_a_word_to_the_shopper()
    {
        var remote = new RemoteScript().Answer(200, Open).Answer(200, """{"data":{"orderCancel":{"job":{"id":"gid://shopify/Job/9"},"orderCancelUserErrors":[]}}}""");
        (await Act(remote)).Outcome.ShouldBeNamed("Done 9");
        var asked = JsonNode.Parse(remote.Requests[1].Body)!;
        asked["variables"]!.ToJsonString().ShouldBe("""{"id":"gid://shopify/Order/5","note":"Cancelled by Quartermaster: the payment did not arrive within 3 days."}""");
        ((string?)asked["query"]).ShouldNotBeNull().ShouldContain("notifyCustomer: false");
        ((string?)asked["query"]).ShouldNotBeNull().ShouldNotContain("refund");
    }

    [Theory]
    [InlineData("PAID")]
    [InlineData("AUTHORIZED")]
    [InlineData("PARTIALLY_PAID")]
    [InlineData("PARTIALLY_REFUNDED")]
    public async Task An_order_that_was_paid_meanwhile_is_left_alone(string status)
    {
        var remote = new RemoteScript().Answer(200, Open.Replace("PENDING", status, StringComparison.Ordinal));
        (await Act(remote)).Outcome.ShouldBeNamed("Refused paid_meanwhile");
        remote.Requests.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("PAID")]
    [InlineData("AUTHORIZED")]
    [InlineData("PARTIALLY_PAID")]
    [InlineData("PARTIALLY_REFUNDED")]
    public async Task A_declined_order_is_cancelled_with_its_money(string status)
    {
        var remote = new RemoteScript().Answer(200, Open.Replace("PENDING", status, StringComparison.Ordinal)).Answer(200, """{"data":{"orderCancel":{"job":{"id":"gid://shopify/Job/9"},"orderCancelUserErrors":[]}}}""");
        (await Act(remote, Declined)).Outcome.ShouldBeNamed("Done 9");
        ((string?)JsonNode.Parse(remote.Requests[1].Body)!["query"]).ShouldNotBeNull().ShouldContain("refundMethod: { originalPaymentMethodsRefund: true }");
    }

    [Fact]
    public async Task A_shop_that_may_not_refund_says_so() =>
        (await Act(new RemoteScript().Answer(200, Open.Replace("PENDING", "PAID", StringComparison.Ordinal))
            .Answer(200, """{"data":{"orderCancel":{"job":null,"orderCancelUserErrors":[{"code":"NO_REFUND_PERMISSION","field":["refundMethod"],"message":"No."}]}}}"""), Declined)).Outcome.ShouldBeNamed("Refused NO_REFUND_PERMISSION");

    [Fact]
    public async Task An_order_that_is_cancelled_is_cancelled_once() => (await Act(new RemoteScript().Answer(200, Cancelled))).Outcome.ShouldBeNamed("AlreadyDone");

    [Theory]
    [InlineData(200, """{"data":{"orderCancel":{"job":null,"orderCancelUserErrors":[{"code":"INVALID","field":["orderId"],"message":"It has fulfillments."}]}}}""", "Refused INVALID")]
    [InlineData(200, """{"data":{"orderCancel":{"job":null,"orderCancelUserErrors":[]}}}""", "Unsure")]
    [InlineData(200, """{"errors":[{"message":"no","extensions":{"code":"ACCESS_DENIED"}}]}""", "NotConnected")]
    [InlineData(502, "", "Unsure")]
    [InlineData(429, "", "TryLater")]
    public async Task Every_answer_has_an_outcome(int status, string body, string outcome) =>
        (await Act(new RemoteScript().Answer(200, Open).Answer(status, body))).Outcome.ShouldBeNamed(outcome);

    [Theory]
    [InlineData(200, Cancelled, "AlreadyDone")]
    [InlineData(200, Open, "TryLater")]
    [InlineData(200, """{"data":{"order":null}}""", "Refused not_found")]
    [InlineData(500, "", "Unsure")]
    [InlineData(401, "", "NotConnected")]
    public async Task An_unsure_cancellation_is_looked_up(int status, string body, string outcome)
    {
        var remote = new RemoteScript().Answer(status, body);
        (await Shopify.LookUpAsync(Session(remote), Work, Cancel)).Outcome.ShouldBeNamed(outcome);
    }

    private static readonly Work Declined = new("order/5/cancel/1", new OrderEffect.CancelAtChannel("5", "declined as risky: stolen card", new Money(49m, "EUR")), 1);

    private static async Task<Result> Act(RemoteScript remote, Work? work = null) => (await Shopify.ActAsync(Session(remote), [work ?? Work], Cancel)).Single();

    private static Session Session(RemoteScript remote) => remote.Session("shop-cancel-" + Guid.NewGuid().ToString("N"), ("shop", "a.test"), ("token", "t"), ("webhook_secret", "s"));
}
