using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Quartermaster.Connectors.Shopify;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Sandbox;
using Quartermaster.Sandbox.Twins;

namespace Quartermaster.Connectors.Tests.Shopify;

/// <summary>The connector, unmodified, against the twin over real HTTP, webhooks included.</summary>
public sealed class ShopifyTwinTests : IAsyncLifetime
{
    private static readonly DemoBrand Brand = DemoBrands.All[0];
    private static readonly ShopifyConnector Shopify = new();
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private readonly ConcurrentQueue<Reading> readings = new();
    private readonly ConcurrentDictionary<string, int> deliveries = new();
    private readonly HttpClient http = new();
    private WebApplication hub = null!;
    private SandboxHost box = null!;
    private Session session = null!;
    private ShopifyTwin shop = null!;
    private string connection = "";

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        hub = builder.Build();
        hub.Urls.Add("http://127.0.0.1:0");
        hub.MapPost("/webhooks/{connection}", TakeAsync);
        await hub.StartAsync(Cancel);
        var plan = Brand.Connections.Single(c => c.Connector == "shopify");
        connection = "shop-" + Guid.NewGuid().ToString("N");
        box = await SandboxHost.StartAsync([new(Brand.Terms.Brand, connection, "shopify", plan.Settings, new Uri($"{hub.Urls.First()}/webhooks/{connection}"))], TimeProvider.System, Cancel);
        shop = box.Twin<ShopifyTwin>(connection);
        var settings = new Dictionary<string, string>(plan.Settings) { ["base_url"] = box.BaseOf(connection).ToString() };
        session = new Session(Brand.Terms.Brand, connection, new Settings(settings), "", plan.Locations, http, TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        await box.DisposeAsync();
        await hub.DisposeAsync();
        http.Dispose();
    }

    [Fact]
    public async Task An_order_is_told_fetched_and_polled_alike()
    {
        var order = shop.Place(new DemoOrders(Brand).Make(77));
        await box.DeliveredAsync(Cancel);
        var told = readings.SelectMany(r => r.Signals).Select(s => s.Signal).OfType<OrderSignal.Reported>().First(r => r.Topic == "orders/create").Facts;
        told.ExternalId.ShouldBe(order.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
        told.Lines.Sum(l => l.UnitPrice * l.Quantity - l.Discount).ShouldBe(told.Total - told.Shipping);
        var fetched = (await Shopify.ActAsync(session, [new Work("f", new FulfilmentEffect.FetchOrder(told.ExternalId, "test"), 1)], Cancel)).Single();
        var again = fetched.Learned!.Select(l => l.Signal).OfType<OrderSignal.Reported>().Single().Facts;
        Json(again).ShouldBe(Json(told));
        var found = await Shopify.PollAsync(session, DateTimeOffset.UtcNow.AddMinutes(-1), Cancel).ToListAsync(Cancel);
        found.Single().Stream.ShouldBe(session.OrderStream(told.ExternalId));
        (await Shopify.CountOrdersAsync(session, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1), Cancel)).ShouldBe(1);
    }

    [Fact]
    public async Task What_the_shop_thinks_of_the_risk_comes_with_the_fetch_where_it_is_wanted()
    {
        var order = shop.Place(new DemoOrders(Brand).Make(79));
        shop.Assess(order.Id, "HIGH");
        await box.DeliveredAsync(Cancel);
        var id = order.Id.ToString(System.Globalization.CultureInfo.InvariantCulture);
        readings.SelectMany(r => r.Signals).Select(s => s.Signal).OfType<OrderSignal.ChangeAnnounced>().ShouldBeEmpty("nobody asked for it");
        var work = new Work("f", new FulfilmentEffect.FetchOrder(id, "test"), 1);
        (await Shopify.ActAsync(session, [work], Cancel)).Single().Learned!.Select(l => l.Signal).OfType<OrderSignal.StorefrontRiskTold>().ShouldBeEmpty();
        var wanting = session with { Settings = new Settings(new Dictionary<string, string>(session.Settings.Values) { ["risk"] = "true" }) };
        (await Shopify.ActAsync(wanting, [work], Cancel)).Single().Learned!.Select(l => l.Signal).OfType<OrderSignal.StorefrontRiskTold>().ShouldHaveSingleItem().Risk.ShouldBe(StorefrontRisk.High);
    }

    [Fact]
    public async Task A_parcel_is_written_once_however_often_it_is_sent()
    {
        var order = shop.Place(new DemoOrders(Brand).Make(78));
        var work = new Work("parcel-1", Write(order, "BD1", 1), 1);
        (await Shopify.ActAsync(session, [work], Cancel)).Single().Outcome.ShouldBeOfType<Outcome.Done>();
        (await Shopify.ActAsync(session, [work], Cancel)).Single().Outcome.ShouldBeOfType<Outcome.AlreadyDone>();
        (await Shopify.LookUpAsync(session, work, Cancel)).Outcome.ShouldBeOfType<Outcome.AlreadyDone>();
        shop.Find(order.Id)!.Fulfilments.Count.ShouldBe(1);
        await box.DeliveredAsync(Cancel);
        readings.SelectMany(r => r.Signals).Select(s => s.Signal).OfType<OrderSignal.FulfilmentReported>().Select(f => f.Tracking).ShouldBe(["BD1", "BD1"], "by itself, and by its order");
    }

    [Fact]
    public async Task A_failure_after_the_work_is_unsure_and_the_look_up_finds_it()
    {
        var order = shop.Place(new DemoOrders(Brand).Make(79));
        var work = new Work("parcel-1", Write(order, "BD2", 1), 1);
        var faults = box.FaultsOf(connection);
        faults.FailAfter = 1;
        (await Shopify.ActAsync(session, [work], Cancel)).Single().Outcome.ShouldBeOfType<Outcome.TryLater>("the question failed, nothing was written");
        // The question gets through and the mutation does not: the one call that may have arrived.
        faults.FailAfter = 0;
        var first = new Fail(http, failFrom: 2, () => faults.FailAfter = 1);
        (await Shopify.ActAsync(session with { Http = new HttpClient(first) }, [work], Cancel)).Single().Outcome.ShouldBeOfType<Outcome.Unsure>();
        faults.FailAfter = 0;
        (await Shopify.LookUpAsync(session, work, Cancel)).Outcome.ShouldBeOfType<Outcome.AlreadyDone>();
    }

    [Fact]
    public async Task Every_fault_has_its_outcome_and_the_knobs_turn_over_http()
    {
        var address = new Uri(box.Address, $"/_sandbox/faults/{connection}");
        using (var put = await http.PutAsync(address, new StringContent("""{"tooMany":1,"retryAfterSeconds":3}""", System.Text.Encoding.UTF8, "application/json"), Cancel))
            put.EnsureSuccessStatusCode();
        (await Shopify.TestAsync(session, Cancel)).Outcome.ShouldBeOfType<Outcome.TryLater>().After.ShouldBe(TimeSpan.FromSeconds(3));
        var faults = box.FaultsOf(connection);
        (faults.TooMany, faults.Reset) = (0, 1);
        (await Shopify.TestAsync(session, Cancel)).Outcome.ShouldBeOfType<Outcome.TryLater>();
        faults.Reset = 0;
        (await Shopify.TestAsync(session, Cancel)).Outcome.ShouldBeOfType<Outcome.Done>();
        using var wrong = await http.PutAsync(address, new StringContent("""{"reset":2}""", System.Text.Encoding.UTF8, "application/json"), Cancel);
        ((int)wrong.StatusCode).ShouldBe(400);
    }

    [Fact]
    public async Task A_duplicated_webhook_has_the_same_delivery_id()
    {
        box.FaultsOf(connection).Duplicate = 1;
        shop.Place(new DemoOrders(Brand).Make(80) with { Paid = false });
        await box.DeliveredAsync(Cancel);
        deliveries.Single(d => d.Key.Contains("orders/create", StringComparison.Ordinal)).Value.ShouldBe(2);
    }

    [Fact]
    public async Task An_edit_a_cancellation_and_a_refund_are_told()
    {
        var orders = new DemoOrders(Brand);
        var placed = Enumerable.Range(100, 200).Select(n => orders.Make(n)).Where(o => o.Paid && o.Lines.Count > 1).Take(3).Select(shop.Place).ToList();
        shop.Remove(placed[0].Id, 1, 1);
        shop.Cancel(placed[1].Id, "customer");
        await Shopify.ActAsync(session, [new Work("p", Write(placed[2], "BD3", int.MaxValue), 1)], Cancel);
        shop.Refund(placed[2].Id, 0, 1, goodsBack: true);
        await box.DeliveredAsync(Cancel);
        var signals = readings.SelectMany(r => r.Signals).Select(s => s.Signal).ToList();
        signals.OfType<OrderSignal.ChangeAnnounced>().Count().ShouldBe(1);
        signals.OfType<OrderSignal.Reported>().ShouldContain(r => r.Topic == "orders/cancelled" && r.Facts.CancelledAt != null);
        var refunds = signals.OfType<OrderSignal.RefundReported>().ToList();
        refunds.Count.ShouldBe(2, "by itself, and by its order");
        refunds[0].ShouldSatisfyAllConditions(r => r.Amount.ShouldBeGreaterThan(0), r => r.Lines.Single().Restock.ShouldBeTrue());
        System.Text.Json.JsonSerializer.Serialize(refunds[1]).ShouldBe(System.Text.Json.JsonSerializer.Serialize(refunds[0]));
    }

    [Fact]
    public async Task What_webhooks_lost_is_counted_by_the_poll_and_named_by_the_fetch()
    {
        var order = shop.Place(new DemoOrders(Brand).Make(81) with { Paid = true });
        await box.DeliveredAsync(Cancel);
        readings.Clear();
        box.FaultsOf(connection).Lose = 1;
        shop.Fulfil(order.Id, "Blue Dart", "BD9");
        shop.Refund(order.Id, 0, 1, goodsBack: true);
        var found = (await Shopify.PollAsync(session, DateTimeOffset.UtcNow.AddMinutes(-1), Cancel).ToListAsync(Cancel)).Single();
        var polled = Shopify.Read(session, found.Topic, found.Body, DateTimeOffset.UtcNow).Signals.Select(s => s.Signal).ToList().ShouldHaveSingleItem().ShouldBeOfType<OrderSignal.Reported>();
        polled.CountsOnly.ShouldBeTrue();
        polled.Facts.Payment.Refunded.ShouldBe(order.RefundedMoney);
        polled.Facts.Lines.Sum(l => l.Fulfilled).ShouldBe(polled.Facts.Lines.Sum(l => l.Quantity));

        var learned = (await Shopify.ActAsync(session, [new Work("f", new FulfilmentEffect.FetchOrder(found.Stream.Id, "test"), 1)], Cancel)).Single().Learned!.Select(l => l.Signal).ToList();
        learned.OfType<OrderSignal.Reported>().Single().ShouldSatisfyAllConditions(r => r.CountsOnly.ShouldBeFalse(), r => r.Facts.Payment.Refunded.ShouldBe(order.RefundedMoney));
        learned.OfType<OrderSignal.FulfilmentReported>().Single().Tracking.ShouldBe("BD9");
        learned.OfType<OrderSignal.RefundReported>().Single().ShouldSatisfyAllConditions(r => r.Amount.ShouldBe(order.RefundedMoney), r => r.Lines.Single().Restock.ShouldBeTrue());
        readings.ShouldBeEmpty("no webhook came");
    }

    [Fact]
    public async Task An_order_that_nobody_paid_is_cancelled_once_and_told()
    {
        var order = shop.Place(new DemoOrders(Brand).Make(78) with { Paid = false });
        var work = new Work("c", new OrderEffect.CancelAtChannel(order.Id.ToString(System.Globalization.CultureInfo.InvariantCulture), "nobody paid"), 1);
        (await Shopify.ActAsync(session, [work], Cancel)).Single().Outcome.ShouldBeOfType<Outcome.Done>();
        (await Shopify.LookUpAsync(session, work, Cancel)).Outcome.ShouldBeOfType<Outcome.AlreadyDone>();
        (await Shopify.ActAsync(session, [work with { Key = "c2" }], Cancel)).Single().Outcome.ShouldBeOfType<Outcome.AlreadyDone>();
        await box.DeliveredAsync(Cancel);
        readings.SelectMany(r => r.Signals).Select(s => s.Signal).OfType<OrderSignal.Reported>().Count(r => r.Topic == "orders/cancelled").ShouldBe(1);
    }

    [Fact]
    public async Task A_paid_order_that_is_declined_is_cancelled_and_its_money_goes_back()
    {
        var order = shop.Place(new DemoOrders(Brand).Make(79) with { Paid = true });
        var id = order.Id.ToString(System.Globalization.CultureInfo.InvariantCulture);
        (await Shopify.ActAsync(session, [new Work("c", new OrderEffect.CancelAtChannel(id, "changed her mind"), 1)], Cancel)).Single().Outcome.ShouldBeNamed("Refused paid_meanwhile");
        order.CancelledAt.ShouldBeNull();
        (await Shopify.ActAsync(session, [new Work("d", new OrderEffect.CancelAtChannel(id, "declined as risky", new Money(order.Total, order.Placed.Currency)), 1)], Cancel)).Single().Outcome.ShouldBeOfType<Outcome.Done>();
        (order.CancelledAt is not null, order.FinancialStatus).ShouldBe((true, "refunded"));
        await box.DeliveredAsync(Cancel);
        readings.SelectMany(r => r.Signals).Select(s => s.Signal).OfType<OrderSignal.Reported>().Single(r => r.Topic == "orders/cancelled").Facts.Payment.State.ShouldBe(PaymentState.Refunded);
    }

    [Fact]
    public void A_shop_that_was_restarted_still_knows_its_orders()
    {
        var orders = new DemoOrders(Brand);
        shop.Recall = orders.Recall;
        shop.Find(DemoOrders.IdOf(4711))!.Placed.Name.ShouldBe("#AT-4711");
        shop.Find(4711).ShouldBeNull();
    }

    [Fact]
    public async Task Lost_subscriptions_come_back()
    {
        var address = new Uri($"{hub.Urls.First()}/webhooks/{connection}");
        (await Shopify.MendSubscriptionsAsync(session, address, Cancel)).ShouldHaveSingleItem("one sentence for all of a new shop's topics").What.Split(", ").Length.ShouldBe(ShopifyOutbound.Topics.Count);
        (await Shopify.MendSubscriptionsAsync(session, address, Cancel)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_wrong_token_is_not_connected() =>
        (await Shopify.TestAsync(session with { Settings = new Settings(new Dictionary<string, string> { ["token"] = "wrong", ["base_url"] = box.BaseOf(connection).ToString() }) }, Cancel))
            .Outcome.ShouldBeOfType<Outcome.NotConnected>();

    private static FulfilmentEffect.WriteFulfilment Write(ShopOrder order, string tracking, int lines) => new(
        order.Id.ToString(System.Globalization.CultureInfo.InvariantCulture),
        new Parcel("p", "BLR", "BlueDart", tracking, null, [.. order.Lines.Take(lines).Select(l => new HandoffLine(
            l.Id.ToString(System.Globalization.CultureInfo.InvariantCulture), l.Placed.Sku, l.Current, l.Placed.Title))], DateTimeOffset.UnixEpoch));

    private static string Json(OrderFacts facts) => System.Text.Json.JsonSerializer.Serialize(facts);

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var delivery = new Delivery("POST", "", "", name => context.Request.Headers.TryGetValue(name, out var value) ? value.ToString() : null, body.ToArray(), DateTimeOffset.UtcNow);
        if (Shopify.Receive(session, delivery) is not Knock.Take take)
        {
            context.Response.StatusCode = 401;
            return;
        }
        if (deliveries.AddOrUpdate(take.DeliveryId, 1, (_, n) => n + 1) == 1) readings.Enqueue(Shopify.Read(session, take.Topic, delivery.Body, delivery.ReceivedAt));
    }

    // Passes calls on and turns a knob before the nth.
    private sealed class Fail(HttpClient inner, int failFrom, Action turn) : HttpMessageHandler
    {
        private int calls;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (++calls == failFrom) turn();
            using var copy = new HttpRequestMessage(request.Method, request.RequestUri);
            foreach (var (name, value) in request.Headers) copy.Headers.TryAddWithoutValidation(name, value);
            copy.Content = new ByteArrayContent(await request.Content!.ReadAsByteArrayAsync(cancellationToken));
            copy.Content.Headers.ContentType = request.Content.Headers.ContentType;
            return await inner.SendAsync(copy, cancellationToken);
        }
    }
}
