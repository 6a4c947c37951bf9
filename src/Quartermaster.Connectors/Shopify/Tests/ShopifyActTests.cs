using System.Text.Json.Nodes;
using Quartermaster.Connectors.Shared;
using Quartermaster.Connectors.Shopify;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Orders;

namespace Quartermaster.Connectors.Tests.Shopify;

public sealed class ShopifyActTests
{
    private const string Order = "9007199254740993123";
    private static readonly ShopifyConnector Shopify = new();
    private static int shops;

    [Fact]
    public async Task A_parcel_with_everything_fulfils_the_whole_order_under_its_key()
    {
        var remote = new RemoteScript().Answer(200, Fixture.Text("Shopify", "open-fulfilments.json")).Answer(200, Fixture.Text("Shopify", "fulfilled.json"));
        var result = await Act(remote, Parcel(("14000000000000000201", "AUR-KUR-IND-M", 2), ("14000000000000000202", "AUR-STO-RUS", 1)));
        result.Outcome.ShouldBeNamed("Done 4000000000000000101");
        var request = remote.Requests[1];
        request.Line.ShouldBe("POST http://twin.test/admin/api/2026-07/graphql.json");
        request.Headers["Idempotency-Key"].ShouldBe("key-1");
        request.Headers["X-Shopify-Access-Token"].ShouldBe("shpat_s3cret");
        JsonNode.Parse(request.Body)!["variables"]!.ToJsonString().ShouldBe(
            """{"f0":{"lineItemsByFulfillmentOrder":[{"fulfillmentOrderId":"gid://shopify/FulfillmentOrder/6000000000000000001"}],"notifyCustomer":false,"trackingInfo":{"company":"Blue Dart","number":"BD700001","url":"https://track.test/BD700001"}}}""");
        (result.Exchange.Request + result.Exchange.Answer).ShouldNotContain("shpat_s3cret");
    }

    [Fact]
    public async Task A_parcel_with_a_part_names_its_lines()
    {
        var remote = new RemoteScript().Answer(200, Fixture.Text("Shopify", "open-fulfilments.json")).Answer(200, Fixture.Text("Shopify", "fulfilled.json"));
        await Act(remote, Parcel(("", "AUR-KUR-IND-M", 1)));
        JsonNode.Parse(remote.Requests[1].Body)!["variables"]!["f0"]!["lineItemsByFulfillmentOrder"]!.ToJsonString().ShouldBe(
            """[{"fulfillmentOrderId":"gid://shopify/FulfillmentOrder/6000000000000000001","fulfillmentOrderLineItems":[{"id":"gid://shopify/FulfillmentOrderLineItem/201","quantity":1}]}]""");
    }

    [Fact]
    public async Task Two_parcels_of_one_order_are_planned_one_after_the_other()
    {
        var left = Open(o => o["lineItems"]!["nodes"]![0]!["remainingQuantity"] = 0);
        var remote = new RemoteScript().Answer(200, Fixture.Text("Shopify", "open-fulfilments.json")).Answer(200, Fixture.Text("Shopify", "fulfilled.json"))
            .Answer(200, left).Answer(200, Fixture.Text("Shopify", "fulfilled.json"));
        var first = new Work("key-1", new FulfilmentEffect.WriteFulfilment(Order, Parcel(("14000000000000000201", "", 2))), 1);
        var second = new Work("key-2", new FulfilmentEffect.WriteFulfilment(Order, Parcel(("14000000000000000202", "", 1)) with { Tracking = "BD700002" }), 1);
        var results = await Shopify.ActAsync(SessionOf(remote), [first, second], default);
        results.ShouldAllBe(r => r.Outcome is Outcome.Done);
        remote.Requests.Count.ShouldBe(4);
        remote.Requests[3].Body.ShouldNotContain("fulfillmentOrderLineItems", Case.Sensitive, "nothing else was left, so the second parcel takes the order whole");
    }

    [Fact]
    public async Task Lines_at_two_assigned_locations_are_two_fulfilments_in_one_call()
    {
        var split = JsonNode.Parse(Fixture.Text("Shopify", "open-fulfilments.json"))!;
        var orders = split["data"]!["nodes"]![0]!["fulfillmentOrders"]!["nodes"]!.AsArray();
        var copy = orders[0]!.DeepClone();
        orders[0]!["lineItems"]!["nodes"]!.AsArray().RemoveAt(1);
        copy["id"] = "gid://shopify/FulfillmentOrder/6000000000000000002";
        copy["assignedLocation"]!["location"]!["id"] = "gid://shopify/Location/2";
        copy["lineItems"]!["nodes"]!.AsArray().RemoveAt(0);
        orders.Add(copy);
        var remote = new RemoteScript().Answer(200, split.ToJsonString()).Answer(200,
            """{"data":{"p0":{"fulfillment":{"id":"gid://shopify/Fulfillment/1"},"userErrors":[]},"p1":{"fulfillment":{"id":"gid://shopify/Fulfillment/2"},"userErrors":[]}}}""");
        var result = await Act(remote, Parcel(("14000000000000000201", "", 2), ("14000000000000000202", "", 1)));
        result.Outcome.ShouldBeNamed("Done 1");
        remote.Requests[1].Body.ShouldContain("p1: fulfillmentCreate(fulfillment: $f1)");
    }

    [Fact]
    public async Task Lines_at_more_locations_than_one_call_takes_are_written_by_the_next_attempt()
    {
        var split = JsonNode.Parse(Fixture.Text("Shopify", "open-fulfilments.json"))!;
        var orders = split["data"]!["nodes"]![0]!["fulfillmentOrders"]!["nodes"]!.AsArray();
        var first = orders[0]!;
        first["lineItems"]!["nodes"]!.AsArray().RemoveAt(1);
        first["lineItems"]!["nodes"]![0]!["remainingQuantity"] = 1;
        for (var i = 2; i <= 5; i++)
        {
            var copy = first.DeepClone();
            copy["id"] = $"gid://shopify/FulfillmentOrder/600000000000000000{i}";
            copy["assignedLocation"]!["location"]!["id"] = $"gid://shopify/Location/{i}";
            copy["lineItems"]!["nodes"]![0]!["id"] = $"gid://shopify/FulfillmentOrderLineItem/20{i}";
            orders.Add(copy);
        }
        var four = string.Join(',', Enumerable.Range(0, 4).Select(i => $$"""
            "p{{i}}":{"fulfillment":{"id":"gid://shopify/Fulfillment/{{i}}"},"userErrors":[]}
            """));
        var remote = new RemoteScript().Answer(200, split.ToJsonString()).Answer(200, """{"data":{""" + four + "}}");
        (await Act(remote, Parcel(("14000000000000000201", "", 5)))).Outcome.ShouldBeNamed("TryLater");
    }

    [Fact]
    public async Task An_order_with_more_lines_than_are_read_is_never_taken_for_whole()
    {
        var paged = Open(o => o["lineItems"]!["pageInfo"] = JsonNode.Parse("""{"hasNextPage":true,"endCursor":"x"}"""));
        var remote = new RemoteScript().Answer(200, paged).Answer(200, Fixture.Text("Shopify", "fulfilled.json"));
        await Act(remote, Parcel(("14000000000000000201", "AUR-KUR-IND-M", 2), ("14000000000000000202", "AUR-STO-RUS", 1)));
        remote.Requests[1].Body.ShouldContain("fulfillmentOrderLineItems");
        (await Act(new RemoteScript().Answer(200, paged), Parcel(("14000000000000009999", "", 1)))).Outcome.ShouldBeNamed("Refused too_many_lines");
    }

    [Theory]
    [InlineData("BD700001", 3, "AlreadyDone")]
    [InlineData("OTHER", 3, "Refused fulfilled_elsewhere")]
    public async Task A_closed_order_is_ours_when_it_has_our_tracking(string tracking, int units, string outcome)
    {
        var closed = JsonNode.Parse(Open(o => { o["status"] = "CLOSED"; o["lineItems"]!["nodes"]![0]!["remainingQuantity"] = 0; o["lineItems"]!["nodes"]![1]!["remainingQuantity"] = 0; }))!;
        closed["data"]!["nodes"]![0]!["fulfillments"] = JsonNode.Parse($$"""[{"id":"gid://shopify/Fulfillment/9","status":"SUCCESS","totalQuantity":{{units}},"trackingInfo":[{"number":"{{tracking}}"}]}]""");
        var remote = new RemoteScript().Answer(200, closed.ToJsonString());
        (await Act(remote, Parcel(("14000000000000000201", "", 2), ("14000000000000000202", "", 1)))).Outcome.ShouldBeNamed(outcome);
    }

    [Fact]
    public async Task An_order_on_hold_in_the_shop_is_refused_with_the_way_out() =>
        (await Act(new RemoteScript().Answer(200, Open(o => o["status"] = "ON_HOLD")), Parcel(("14000000000000000201", "", 2)))).Outcome.ShouldBeNamed("Refused on_hold");

    [Fact]
    public async Task An_order_that_is_gone_is_refused() =>
        (await Act(new RemoteScript().Answer(200, """{"data":{"nodes":[null]}}"""), Parcel(("1", "", 1)))).Outcome.ShouldBeNamed("Refused not_found");

    [Theory]
    [InlineData(200, """{"data":{"p0":{"fulfillment":{"id":"gid://shopify/Fulfillment/7"},"userErrors":[]}}}""", "Done 7")]
    [InlineData(200, """{"data":{"p0":{"fulfillment":null,"userErrors":[{"field":["fulfillment"],"message":"Not open."}]}}}""", "Refused fulfillment")]
    [InlineData(200, """{"data":{"p0":{"fulfillment":null,"userErrors":[]}}}""", "Unsure")]
    [InlineData(200, """{"data":null,"errors":[{"message":"Throttled","extensions":{"code":"THROTTLED"}}]}""", "TryLater")]
    [InlineData(200, """{"errors":[{"message":"no","extensions":{"code":"ACCESS_DENIED"}}]}""", "NotConnected")]
    [InlineData(200, """{"errors":[{"message":"oops","extensions":{"code":"INTERNAL_SERVER_ERROR"}}]}""", "Unsure")]
    [InlineData(200, """{"errors":[{"message":"Field 'x' doesn't exist"}]}""", "Refused graphql_error")]
    [InlineData(200, """{"errors":"[API] Invalid API key"}""", "Refused graphql_error")]
    [InlineData(200, "<html>", "Unsure")]
    [InlineData(200, "{}", "Unsure")]
    [InlineData(200, "null", "Unsure")]
    [InlineData(401, "", "NotConnected")]
    [InlineData(402, "", "NotConnected")]
    [InlineData(403, "", "NotConnected")]
    [InlineData(404, "", "NotConnected")]
    [InlineData(422, "", "Refused 422")]
    [InlineData(423, "", "NotConnected")]
    [InlineData(429, "", "TryLater")]
    [InlineData(430, "", "TryLater")]
    [InlineData(500, "", "Unsure")]
    [InlineData(502, "", "Unsure")]
    public async Task Every_answer_to_a_mutation_has_an_outcome(int status, string body, string outcome) =>
        (await Act(new RemoteScript().Answer(200, Fixture.Text("Shopify", "open-fulfilments.json")).Answer(status, body), Parcel(("14000000000000000201", "", 2)))).Outcome.ShouldBeNamed(outcome);

    [Theory]
    [InlineData(500, "TryLater")]
    [InlineData(401, "NotConnected")]
    public async Task A_question_that_failed_wrote_nothing(int status, string outcome) =>
        (await Act(new RemoteScript().Answer(status), Parcel(("1", "", 1)))).Outcome.ShouldBeNamed(outcome);

    [Fact]
    public async Task A_broken_connection_may_have_written() =>
        (await Act(new RemoteScript().Answer(200, Fixture.Text("Shopify", "open-fulfilments.json")).Fail(HttpRequestError.ResponseEnded), Parcel(("14000000000000000201", "", 2)))).Outcome.ShouldBeNamed("Unsure");

    [Fact]
    public async Task Throttling_says_how_long_the_bucket_needs() =>
        (await Act(new RemoteScript().Answer(200, Fixture.Text("Shopify", "throttled.json")), Parcel(("1", "", 1)))).Outcome.ShouldBe(
            new Outcome.TryLater("Shopify's cost budget is used up for the moment.", TimeSpan.FromSeconds(4)));

    [Theory]
    [InlineData("""{"data":{"order":{"id":"gid://shopify/Order/1","fulfillments":[{"id":"gid://shopify/Fulfillment/9","status":"SUCCESS","totalQuantity":2,"trackingInfo":[{"number":"BD700001"}]}]}}}""", "AlreadyDone")]
    [InlineData("""{"data":{"order":{"id":"gid://shopify/Order/1","fulfillments":[{"id":"gid://shopify/Fulfillment/9","status":"CANCELLED","totalQuantity":2,"trackingInfo":[{"number":"BD700001"}]}]}}}""", "TryLater")]
    [InlineData("""{"data":{"order":{"id":"gid://shopify/Order/1","fulfillments":[]}}}""", "TryLater")]
    public async Task An_effect_of_unknown_fate_is_looked_up_by_its_tracking_number(string answer, string outcome)
    {
        var work = new Work("key-1", new FulfilmentEffect.WriteFulfilment(Order, Parcel(("14000000000000000201", "", 2))), 2);
        (await Shopify.LookUpAsync(SessionOf(new RemoteScript().Answer(200, answer)), work, default)).Outcome.ShouldBeNamed(outcome);
    }

    [Fact]
    public async Task A_shop_that_cannot_be_asked_leaves_the_fate_unknown()
    {
        var work = new Work("key-1", new FulfilmentEffect.WriteFulfilment(Order, Parcel(("1", "", 1))), 2);
        (await Shopify.LookUpAsync(SessionOf(new RemoteScript().Answer(503)), work, default)).Outcome.ShouldBeNamed("Unsure");
    }

    [Fact]
    public async Task A_fetched_order_comes_back_as_signals()
    {
        var remote = new RemoteScript().Answer(200, Fixture.Text("Shopify", "fetched-order.json"));
        var result = (await Shopify.ActAsync(SessionOf(remote), [new Work("k", new FulfilmentEffect.FetchOrder(Order, "edited"), 1)], default)).Single();
        result.Outcome.ShouldBeOfType<Outcome.Done>();
        result.Learned!.Select(l => l.Signal).OfType<OrderSignal.Reported>().Single().Facts.Number.ShouldBe("#A-2043");
    }

    [Fact]
    public async Task The_poll_brings_what_a_webhook_would_have_and_shrinks_pages_that_cost_too_much()
    {
        var order = JsonNode.Parse(Fixture.Text("Shopify", "fetched-order.json"))!["data"]!["order"]!.ToJsonString();
        var remote = new RemoteScript()
            .Answer(200, """{"errors":[{"message":"too much","extensions":{"code":"MAX_COST_EXCEEDED"}}]}""")
            .Answer(200, """{"data":{"orders":{"pageInfo":{"hasNextPage":false},"nodes":[ORDER]}}}""".Replace("ORDER", order, StringComparison.Ordinal));
        var found = await Shopify.PollAsync(SessionOf(remote), new DateTimeOffset(2026, 3, 2, 3, 0, 0, TimeSpan.Zero), default).ToListAsync(TestContext.Current.CancellationToken);
        remote.Requests[1].Body.ShouldContain("\"first\":5");
        remote.Requests[1].Body.ShouldContain("updated_at:>='2026-03-02T03:00:00Z'");
        found.Single().ShouldSatisfyAllConditions(f => f.Topic.ShouldBe("orders/updated"), f => f.BusinessKey.ShouldBe($"orders/updated:{Order}:2026-03-02T03:45:28Z"));
        Shopify.Read(SessionOf(remote), found[0].Topic, found[0].Body, DateTimeOffset.UnixEpoch).Signals[0].Signal.ShouldBeOfType<OrderSignal.Reported>();
    }

    [Fact]
    public async Task A_count_that_shopify_only_estimates_is_no_count()
    {
        var remote = new RemoteScript().Answer(200, """{"data":{"ordersCount":{"count":41,"precision":"EXACT"}}}""").Answer(200, """{"data":{"ordersCount":{"count":10000,"precision":"AT_LEAST"}}}""");
        var session = SessionOf(remote);
        (await Shopify.CountOrdersAsync(session, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(1), default)).ShouldBe(41);
        (await Shopify.CountOrdersAsync(session, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(1), default)).ShouldBeNull();
    }

    [Fact]
    public async Task A_lost_subscription_is_made_again_and_reported()
    {
        var alive = string.Join(",", ShopifyOutbound.Topics.Where(t => t != "ORDERS_CREATE").Select(t => $$"""{"id":"1","topic":"{{t}}","uri":"https://hub.test/webhooks/s"}"""));
        var remote = new RemoteScript().Answer(200, """{"data":{"webhookSubscriptions":{"pageInfo":{"hasNextPage":false},"nodes":[ALIVE]}}}""".Replace("ALIVE", alive, StringComparison.Ordinal))
            .Answer(200, """{"data":{"webhookSubscriptionCreate":{"webhookSubscription":{"id":"2"},"userErrors":[]}}}""");
        (await Shopify.MendSubscriptionsAsync(SessionOf(remote), new Uri("https://hub.test/webhooks/s"), default)).ShouldBe([SubscriptionTrouble.Again("ORDERS_CREATE had no subscription; it was made again.")]);
        remote.Requests[1].Body.ShouldContain("\"topic\":\"ORDERS_CREATE\"");
    }

    [Fact]
    public async Task The_test_button_names_the_shop() =>
        (await Shopify.TestAsync(SessionOf(new RemoteScript().Answer(200, """{"data":{"shop":{"name":"Aurora"}}}""")), default)).Outcome.ShouldBeNamed("Done Aurora");

    [Fact]
    public void A_call_that_the_bucket_cannot_pay_waits_for_the_refill()
    {
        var (budget, now) = (new PointBudget(), DateTimeOffset.UnixEpoch);
        budget.Take(500, now).ShouldBe(TimeSpan.Zero, "nothing is known yet");
        budget.Answered(500, new ThrottleStatus(1000, 20, 50), now);
        budget.Take(10, now).ShouldBe(TimeSpan.Zero);
        budget.Take(60, now).ShouldBe(TimeSpan.FromSeconds(1));
        budget.Take(10, now.AddSeconds(2)).ShouldBe(TimeSpan.Zero);
        budget.Answered(80, new ThrottleStatus(20_000, 19_990, 1000), now.AddSeconds(3));
        budget.Take(5_000, now.AddSeconds(3)).ShouldBe(TimeSpan.Zero, "the vendor's own figure counts, upwards too");
    }

    private static async Task<Result> Act(RemoteScript remote, Parcel parcel) =>
        (await Shopify.ActAsync(SessionOf(remote), [new Work("key-1", new FulfilmentEffect.WriteFulfilment(Order, parcel), 1)], default)).Single();

    // Each session is another shop, because what is learned about a shop's bucket outlives the session.
    private static Session SessionOf(RemoteScript remote) => remote.Session($"shop-{Interlocked.Increment(ref shops)}",
        ("shop", "aurora.myshopify.com"), ("token", "shpat_s3cret"), ("webhook_secret", "s3cret"), ("base_url", "http://twin.test/"));

    private static Parcel Parcel(params (string Line, string Sku, int Quantity)[] lines) => new(
        "Blue Dart BD700001", "BLR", "Blue Dart", "BD700001", "https://track.test/BD700001",
        [.. lines.Select(l => new HandoffLine(l.Line, l.Sku, l.Quantity, ""))], DateTimeOffset.UnixEpoch);

    private static string Open(Action<JsonNode> change)
    {
        var answer = JsonNode.Parse(Fixture.Text("Shopify", "open-fulfilments.json"))!;
        change(answer["data"]!["nodes"]![0]!["fulfillmentOrders"]!["nodes"]![0]!);
        return answer.ToJsonString();
    }
}
