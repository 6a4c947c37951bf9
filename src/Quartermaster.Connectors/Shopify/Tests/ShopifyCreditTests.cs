using System.Text.Json.Nodes;
using Quartermaster.Connectors.Shopify;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Shipping;
using Quartermaster.Sandbox.Twins;

namespace Quartermaster.Connectors.Tests.Shopify;

/// <summary>Store credit at the shop: given once for each parcel, looked for where an earlier call may have arrived.</summary>
public sealed class ShopifyCreditTests
{
    private static readonly DateTimeOffset Since = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;
    private static readonly ShopifyConnector Shopify = new();
    private static readonly ShippingEffect.GiveCredit Effect = new("5", 100.50m, "INR", Since, First: true, Others: ["7"]);
    private static readonly Work Work = new("order/5/credit/T1", Effect, 1);

    private static readonly (string At, string Amount, string Currency) Just = ("2026-11-21T12:00:05Z", "100.50", "INR");

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
    public async Task What_they_were_given_of_that_amount_since_the_first_call_is_this_one(string at, string amount, string currency, string outcome) =>
        (await Act(new RemoteScript().Answer(200, Given((at, amount, currency))).Answer(200, Taken), Work with { Attempt = 2 })).Outcome.ShouldBeNamed(outcome);

    [Fact]
    public async Task At_the_first_call_nothing_is_looked_for_and_at_every_other_one_it_is()
    {
        foreach (var (work, outcome) in ((Work, string)[])[(Work, "Done 9"), (Work with { Attempt = 2 }, "AlreadyDone"), (Work with { MayHaveArrived = true }, "AlreadyDone"), (Work with { Effect = Effect with { First = false } }, "AlreadyDone")])
            (await Act(new RemoteScript().Answer(200, Given(Just)).Answer(200, Taken), work)).Outcome.ShouldBeNamed(outcome);
    }

    [Fact]
    public async Task What_may_be_for_another_parcel_or_order_is_a_persons_to_say()
    {
        foreach (var (given, effect, outcome) in ((string, ShippingEffect.GiveCredit, string)[])[
            (Given(Just), Effect, "AlreadyDone"), (Given(Just), Effect with { Others = ["8"] }, "TryLater"), (Given(Just), Effect with { Others = null }, "Unsure"),
            (Given(Just).Replace("\"numberOfOrders\":\"1\"", "\"numberOfOrders\":\"2\"", StringComparison.Ordinal), Effect, "Unsure"), (Given(Just).Replace("\"numberOfOrders\":\"1\",", "", StringComparison.Ordinal), Effect, "Unsure"),
            (Given(Just, Just), Effect, "Unsure")])
            (await Shopify.LookUpAsync(Session(new RemoteScript().Answer(200, given)), Work with { Effect = effect }, Cancel)).Outcome.ShouldBeNamed(outcome);
    }

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
        (await LookUp(new RemoteScript().Answer(200, Given(Just)))).Outcome.ShouldBeNamed("AlreadyDone");
        (await LookUp(new RemoteScript().Answer(200, Given()))).Outcome.ShouldBeNamed("TryLater");
        (await LookUp(new RemoteScript().Answer(500))).Outcome.ShouldBeNamed("Unsure");
        (await LookUp(new RemoteScript().Answer(401))).Outcome.ShouldBeNamed("NotConnected");
    }

    [Fact]
    public async Task The_twin_gives_credit_at_every_call_and_the_connector_asks_it_once()
    {
        await using var box = await ShopAsync();
        var twin = box.Twin<ShopifyTwin>();
        var work = Of(Place(twin, 9007199254740993500), "T1");
        (await box.ActAsync(work))[0].Outcome.ShouldBeOfType<Outcome.Done>();
        (await Shopify.LookUpAsync(box.Session, work, Cancel)).Outcome.ShouldBeOfType<Outcome.AlreadyDone>();
        twin.Credits.ShouldHaveSingleItem().ShouldSatisfyAllConditions(c => c.Customer.ShouldBe(77), c => c.Amount.ShouldBe(100.5m));
    }

    [Fact]
    public async Task Two_parcels_of_an_order_are_two_credits_and_a_lost_answer_to_the_second_is_not_the_first()
    {
        await using var box = await ShopAsync();
        var twin = box.Twin<ShopifyTwin>();
        var order = Place(twin, 9007199254740993500);
        var first = (await box.ActAsync(Of(order, "T1")))[0].Outcome.ShouldBeOfType<Outcome.Done>();
        var second = Of(order, "T2", first.RemoteId!);
        // The call did not reach the shop: what is there is the first parcel's.
        (await Shopify.LookUpAsync(box.Session, second, Cancel)).Outcome.ShouldBeOfType<Outcome.TryLater>();
        var given = (await box.ActAsync(second))[0].Outcome.ShouldBeOfType<Outcome.Done>();
        twin.Credits.Count.ShouldBe(2);
        // It did, and the answer was lost; after the look-up, and at every repeat, nothing more is given.
        (await Shopify.LookUpAsync(box.Session, second, Cancel)).Outcome.ShouldBe(new Outcome.AlreadyDone(given.RemoteId));
        (await box.ActAsync(second with { Attempt = 2 }))[0].Outcome.ShouldBe(new Outcome.AlreadyDone(given.RemoteId));
        (await box.ActAsync(second with { MayHaveArrived = true }))[0].Outcome.ShouldBe(new Outcome.AlreadyDone(given.RemoteId));
        twin.Credits.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Two_orders_of_a_customer_are_two_credits_and_of_a_lost_answer_a_person_is_asked()
    {
        await using var box = await ShopAsync();
        var twin = box.Twin<ShopifyTwin>();
        var (first, second) = (Of(Place(twin, 9007199254740993500), "T1"), Of(Place(twin, 9007199254740993501), "T2"));
        foreach (var work in (Work[])[first, second]) (await box.ActAsync(work))[0].Outcome.ShouldBeOfType<Outcome.Done>();
        twin.Credits.Count.ShouldBe(2);
        (await Shopify.LookUpAsync(box.Session, second, Cancel)).Outcome.ShouldBeOfType<Outcome.Unsure>().Why.ShouldContain("does not say what for");
        (await box.ActAsync(second with { Attempt = 2 }))[0].Outcome.ShouldBeOfType<Outcome.Unsure>();
        twin.Credits.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_try_after_one_that_was_given_up_finds_what_that_one_gave()
    {
        await using var box = await ShopAsync();
        var twin = box.Twin<ShopifyTwin>();
        var first = Of(Place(twin, 9007199254740993500), "T1");
        var again = first with { Key = "T1/2", Effect = (ShippingEffect.GiveCredit)first.Effect with { First = false } };
        (await box.ActAsync(again))[0].Outcome.ShouldBeOfType<Outcome.Done>("the first gave nothing");
        (await box.ActAsync(again))[0].Outcome.ShouldBeOfType<Outcome.AlreadyDone>();
        twin.Credits.ShouldHaveSingleItem();
    }

    private static Task<TwinBox> ShopAsync() => TwinBox.StartAsync(new ShopifyConnector(), ("shop", "a.myshopify.com"), ("token", "t"), ("webhook_secret", "s3cret"));

    private static string Place(ShopifyTwin twin, long id) => twin.Place(new NewOrder(id, $"#{id % 1000}", "INR", new(77, "Asha", "Rao", "asha@example.com", null, "1 MG Road", null, "Bengaluru", "KA", "560001", "IN", "India", "en"),
        [new("SKU", "Tea", 100m, 1, 200)], 0m, "razorpay", Paid: true, 0.05m)).Id.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static Work Of(string order, string parcel, params string[] others) => new(parcel, new ShippingEffect.GiveCredit(order, 100.5m, "INR", DateTimeOffset.UtcNow, First: true, Others: others), 1);

    private static string Given(params (string At, string Amount, string Currency)[] credits) =>
        """{"data":{"order":{"id":"gid://shopify/Order/5","customer":{"id":"gid://shopify/Customer/77","numberOfOrders":"1","storeCreditAccounts":{"nodes":[{"transactions":{"nodes":["""
        + string.Join(',', credits.Select(c => $$"""{"id":"gid://shopify/StoreCreditAccountCreditTransaction/8","createdAt":"{{c.At}}","amount":{"amount":"{{c.Amount}}","currencyCode":"{{c.Currency}}"} }"""))
        + "]}}]}}}}}";

    private static async Task<Result> Act(RemoteScript remote, Work? work = null) => (await Shopify.ActAsync(Session(remote), [work ?? Work], Cancel)).Single();

    private static Task<Result> LookUp(RemoteScript remote) => Shopify.LookUpAsync(Session(remote), Work, Cancel);

    private static Session Session(RemoteScript remote) => remote.Session("shop-credit-" + Guid.NewGuid().ToString("N"), ("shop", "a.test"), ("token", "t"), ("webhook_secret", "s"));
}
