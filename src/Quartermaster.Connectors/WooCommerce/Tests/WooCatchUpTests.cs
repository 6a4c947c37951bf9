using System.Text.Json;
using Quartermaster.Connectors.WooCommerce;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Orders;

namespace Quartermaster.Connectors.Tests.WooCommerce;

public sealed class WooCatchUpTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;
    private static readonly Uri Address = new("https://hub.test/webhooks/aurora-woo");
    private static readonly WooConnector Woo = new();

    [Fact]
    public async Task The_poll_brings_what_a_webhook_would_have()
    {
        var order = Fixture.Text("WooCommerce", "order-updated.json");
        var full = "[" + string.Join(",", Enumerable.Repeat(order, 50)) + "]";
        var remote = new RemoteScript().Answer(200, full).Answer(200, $"[{order}]");
        var found = await Woo.PollAsync(WooShop.Session(remote), new DateTimeOffset(2026, 3, 2, 3, 0, 0, TimeSpan.Zero), Cancel).ToListAsync(Cancel);
        found.Count.ShouldBe(51);
        remote.Requests[0].Line.ShouldBe("GET https://shop.test/wp-json/wc/v3/orders?modified_after=2026-03-02T02:59:59&dates_are_gmt=true&orderby=id&order=asc&per_page=50&page=1");
        remote.Requests[1].Line.ShouldEndWith("page=2");
        found[^1].ShouldSatisfyAllConditions(f => f.Topic.ShouldBe("order.updated"), f => f.DeliveryId.ShouldBe("poll:48213:2026-03-02T09:15:31"), f => f.Stream.Key.ShouldBe("order/48213"));
        Woo.Read(WooShop.Session(remote), found[0].Topic, found[0].Body, DateTimeOffset.UnixEpoch).Signals.Single().Signal.ShouldBeOfType<OrderSignal.Reported>();
    }

    [Theory]
    [InlineData(401, "")]
    [InlineData(200, "{}")]
    public async Task A_poll_that_cannot_read_says_so_and_skips_nothing(int status, string body) =>
        await Should.ThrowAsync<HttpRequestException>(async () => await Woo.PollAsync(WooShop.Session(new RemoteScript().Answer(status, body)), DateTimeOffset.UnixEpoch, Cancel).ToListAsync(Cancel));

    [Fact]
    public async Task Baskets_are_not_counted_as_orders()
    {
        var remote = new RemoteScript().Answer(200, "[]", ("X-WP-Total", "41")).Answer(200, "[]", ("X-WP-Total", "3"))
            .Answer(200, "[]", ("X-WP-Total", "41")).Answer(400, """{"code":"rest_invalid_param","message":"status"}""")
            .Answer(200, "[]", ("X-WP-Total", "41")).Answer(401);
        var (session, day) = (WooShop.Session(remote), new DateTimeOffset(2026, 3, 2, 0, 0, 0, TimeSpan.Zero));
        (await Woo.CountOrdersAsync(session, day, day.AddDays(1), Cancel)).ShouldBe(38);
        (await Woo.CountOrdersAsync(session, day, day.AddDays(1), Cancel)).ShouldBe(41);
        (await Woo.CountOrdersAsync(session, day, day.AddDays(1), Cancel)).ShouldBeNull();
        remote.Requests[0].Line.ShouldContain("orders?after=2026-03-01T23:59:59&before=2026-03-03T00:00:00&dates_are_gmt=true&status=any");
    }

    [Fact]
    public async Task Webhooks_that_stand_still_are_started_and_missing_ones_made()
    {
        string Of(string topic, string status, string address = "https://hub.test/webhooks/aurora-woo/") => JsonSerializer.Serialize(new { id = 7, topic, status, delivery_url = address });
        var listed = WooOutbound.Topics.Skip(3).Select(t => Of(t, "active"))
            .Concat([Of("order.created", "disabled"), Of("order.updated", "active", "https://elsewhere.test/"), Of("order.deleted", "paused")]);
        var remote = new RemoteScript().Answer(200, $"[{string.Join(',', listed)}]").Answer(200, "{}").Answer(201, "{}");
        (await Woo.MendSubscriptionsAsync(WooShop.Session(remote), Address, Cancel)).ShouldBe(
        [
            SubscriptionTrouble.Again("order.created had been stopped by the shop after failed deliveries; it was started again."),
            SubscriptionTrouble.Again("order.updated had no webhook; it was made."),
            SubscriptionTrouble.Not("order.deleted is paused in the shop; somebody did that by hand. Orders come by the poll until it is active again."),
        ]);
        (remote.Requests[1].Line, remote.Requests[1].Body).ShouldBe(("PUT https://shop.test/wp-json/wc/v3/webhooks/7", """{"status":"active","secret":"s3cret"}"""));
        remote.Requests[2].Body.ShouldBe("""{"name":"Quartermaster order.updated","topic":"order.updated","delivery_url":"https://hub.test/webhooks/aurora-woo","secret":"s3cret","status":"active"}""");
    }

    [Fact]
    public async Task Webhooks_that_cannot_be_listed_are_a_problem() =>
        (await Woo.MendSubscriptionsAsync(WooShop.Session(new RemoteScript().Answer(403)), Address, Cancel)).Single().ShouldSatisfyAllConditions(t => t.What.ShouldStartWith("The webhooks could not be listed"), t => t.Now.ShouldBe(Subscribed.Unknown));
}
