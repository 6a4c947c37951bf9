using System.Text.Json.Nodes;
using Quartermaster.Connectors.Shopify;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Shipping;
using Quartermaster.Sandbox.Twins;

namespace Quartermaster.Connectors.Tests.Shopify;

/// <summary>Store credit at the shop: given once, looked for before every call.</summary>
public sealed class ShopifyCreditTests
{
    private static readonly DateTimeOffset Since = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;
    private static readonly ShopifyConnector Shopify = new();
    private static readonly Work Work = new("order/5/credit/T1", new ShippingEffect.GiveCredit("5", 100.50m, "INR", Since), 1);

    private const string Taken = """{"data":{"storeCreditAccountCredit":{"storeCreditAccountTransaction":{"id":"gid://shopify/StoreCreditAccountCreditTransaction/9"},"userErrors":[]}}}""";

    [Fact]
    public async Task Credit_goes_to_the_orders_customer_and_the_shop_writes_to_nobody()
    {
        var remote = new RemoteScript().Answer(200, Given()).Answer(200, Taken);
        (await Act(remote)).Outcome.ShouldBeNamed("Done 9");
        JsonNode.Parse(remote.Requests[1].Body)!["variables"]!.ToJsonString().ShouldBe("""{"id":"gid://shopify/Customer/77","credit":{"creditAmount":{"amount":"100.50","currencyCode":"INR"},"notify":false}}""");
        remote.Requests[1].Headers.ContainsKey("Idempotency-Key").ShouldBeFalse("nothing there would recognise it");
    }

    [Theory]
    [InlineData("2026-11-21T11:59:00Z", "100.5", "INR", "AlreadyDone")]
    [InlineData("2026-11-21T11:50:00Z", "100.5", "INR", "Done 9")]
    [InlineData("2026-11-21T12:01:00Z", "100.5", "EUR", "Done 9")]
    [InlineData("2026-11-21T12:01:00Z", "50.0", "INR", "Done 9")]
    public async Task What_they_were_given_of_that_amount_since_is_this_one(string at, string amount, string currency, string outcome) =>
        (await Act(new RemoteScript().Answer(200, Given((at, amount, currency))).Answer(200, Taken))).Outcome.ShouldBeNamed(outcome);

    [Theory]
    [InlineData(200, """{"data":{"storeCreditAccountCredit":{"storeCreditAccountTransaction":null,"userErrors":[{"code":"CREDIT_LIMIT_EXCEEDED","field":["id"],"message":"Too much."}]}}}""", "Refused CREDIT_LIMIT_EXCEEDED")]
    [InlineData(200, """{"data":{"storeCreditAccountCredit":{"storeCreditAccountTransaction":null,"userErrors":[]}}}""", "Unsure")]
    [InlineData(200, """{"errors":[{"message":"no","extensions":{"code":"ACCESS_DENIED"}}]}""", "Refused access_denied")]
    [InlineData(502, "", "Unsure")]
    [InlineData(429, "", "TryLater")]
    [InlineData(401, "", "NotConnected")]
    public async Task Every_answer_has_an_outcome(int status, string body, string outcome) => (await Act(new RemoteScript().Answer(200, Given()).Answer(status, body))).Outcome.ShouldBeNamed(outcome);

    [Theory]
    [InlineData("""{"data":{"order":null}}""", "Refused not_found")]
    [InlineData("""{"data":{"order":{"id":"gid://shopify/Order/5","customer":null}}}""", "Refused no_customer")]
    [InlineData("""{"errors":[{"message":"no","extensions":{"code":"ACCESS_DENIED"}}]}""", "Refused access_denied")]
    public async Task Where_it_cannot_be_given_a_person_hears_why_and_the_lane_goes_on(string answer, string outcome)
    {
        var remote = new RemoteScript().Answer(200, answer);
        (await Act(remote)).Outcome.ShouldBeNamed(outcome);
        remote.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task One_of_unknown_fate_is_looked_for_before_it_is_given_again()
    {
        (await LookUp(new RemoteScript().Answer(200, Given(("2026-11-21T12:00:05Z", "100.50", "INR"))))).Outcome.ShouldBeNamed("AlreadyDone");
        (await LookUp(new RemoteScript().Answer(200, Given()))).Outcome.ShouldBeNamed("TryLater");
        (await LookUp(new RemoteScript().Answer(500))).Outcome.ShouldBeNamed("Unsure");
        (await LookUp(new RemoteScript().Answer(401))).Outcome.ShouldBeNamed("NotConnected");
    }

    [Fact]
    public async Task The_twin_gives_credit_at_every_call_and_the_connector_asks_it_once()
    {
        await using var box = await TwinBox.StartAsync(new ShopifyConnector(), ("shop", "a.myshopify.com"), ("token", "t"), ("webhook_secret", "s3cret"));
        var twin = box.Twin<ShopifyTwin>();
        var order = twin.Place(new NewOrder(9007199254740993500, "#1001", "INR", new(77, "Asha", "Rao", "asha@example.com", null, "1 MG Road", null, "Bengaluru", "KA", "560001", "IN", "India", "en"), [new("SKU", "Tea", 100m, 1, 200)], 0m, "razorpay", Paid: true, 0.05m));
        var work = new Work("credit", new ShippingEffect.GiveCredit(order.Id.ToString(System.Globalization.CultureInfo.InvariantCulture), 100.5m, "INR", DateTimeOffset.UtcNow), 1);
        (await box.ActAsync(work))[0].Outcome.ShouldBeOfType<Outcome.Done>();
        (await Shopify.LookUpAsync(box.Session, work, Cancel)).Outcome.ShouldBeOfType<Outcome.AlreadyDone>();
        (await box.ActAsync(work))[0].Outcome.ShouldBeOfType<Outcome.AlreadyDone>();
        twin.Credits.ShouldHaveSingleItem().ShouldSatisfyAllConditions(c => c.Customer.ShouldBe(77), c => c.Amount.ShouldBe(100.5m));
    }

    private static string Given(params (string At, string Amount, string Currency)[] credits) =>
        """{"data":{"order":{"id":"gid://shopify/Order/5","customer":{"id":"gid://shopify/Customer/77","storeCreditAccounts":{"nodes":[{"transactions":{"nodes":["""
        + string.Join(',', credits.Select(c => $$"""{"id":"gid://shopify/StoreCreditAccountCreditTransaction/8","createdAt":"{{c.At}}","amount":{"amount":"{{c.Amount}}","currencyCode":"{{c.Currency}}"} }"""))
        + "]}}]}}}}}";

    private static async Task<Result> Act(RemoteScript remote) => (await Shopify.ActAsync(Session(remote), [Work], Cancel)).Single();

    private static Task<Result> LookUp(RemoteScript remote) => Shopify.LookUpAsync(Session(remote), Work, Cancel);

    private static Session Session(RemoteScript remote) => remote.Session("shop-credit-" + Guid.NewGuid().ToString("N"), ("shop", "a.test"), ("token", "t"), ("webhook_secret", "s"));
}
