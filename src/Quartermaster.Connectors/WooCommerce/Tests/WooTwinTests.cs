using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Quartermaster.Connectors.WooCommerce;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Stock;
using Quartermaster.Sandbox;
using Quartermaster.Sandbox.Twins;

namespace Quartermaster.Connectors.Tests.WooCommerce;

/// <summary>The connector, unmodified, against the twin over real HTTP, webhooks included.</summary>
public sealed class WooTwinTests : IAsyncLifetime
{
    private static readonly WooConnector Woo = new();
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private readonly ConcurrentQueue<Reading> readings = new();
    private readonly ConcurrentDictionary<string, int> deliveries = new();
    private readonly ConcurrentQueue<Knock> pings = new();
    private readonly HttpClient http = new();
    private readonly DemoOrders orders = new(DemoBrands.All[1]);
    private WebApplication hub = null!;
    private SandboxHost box = null!;
    private Session session = null!;
    private WooTwin shop = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        hub = builder.Build();
        hub.Urls.Add("http://127.0.0.1:0");
        hub.MapPost("/webhooks/woo", TakeAsync);
        await hub.StartAsync(Cancel);
        var settings = new Dictionary<string, string> { ["site"] = "harbour.example", ["consumer_key"] = "ck_sandbox", ["consumer_secret"] = "cs_sandbox", ["webhook_secret"] = "sandbox-webhooks" };
        box = await SandboxHost.StartAsync([new("harbour", "woo", "woocommerce", settings, new Uri($"{hub.Urls.First()}/webhooks/woo"))], TimeProvider.System, Cancel);
        shop = box.Twin<WooTwin>("woo");
        session = new Session("harbour", "woo", new Settings(new Dictionary<string, string>(settings) { ["base_url"] = box.BaseOf("woo").ToString() }), "", new Dictionary<string, string>(), http, TimeProvider.System);
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
        var order = shop.Place(orders.Make(77) with { Paid = true });
        await box.DeliveredAsync(Cancel);
        var told = Told<OrderSignal.Reported>().Single(r => r.Topic == "order.created").Facts;
        told.ExternalId.ShouldBe(Text(order.Id));
        told.Payment.State.ShouldBe(PaymentState.Paid);
        var fetched = await FetchAsync(order);
        JsonSerializer.Serialize(fetched).ShouldBe(JsonSerializer.Serialize(told));
        var found = await Woo.PollAsync(session, DateTimeOffset.UtcNow.AddMinutes(-1), Cancel).ToListAsync(Cancel);
        found.Single().Stream.ShouldBe(session.OrderStream(told.ExternalId));
        (await Woo.PollAsync(session, DateTimeOffset.UtcNow.AddMinutes(1), Cancel).ToListAsync(Cancel)).ShouldBeEmpty();
        (await Woo.CountOrdersAsync(session, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1), Cancel)).ShouldBe(1);
    }

    [Fact]
    public async Task Every_order_adds_up_to_the_cent()
    {
        foreach (var number in Enumerable.Range(100, 300)) shop.Place(orders.Make(number));
        await box.DeliveredAsync(Cancel);
        var told = Told<OrderSignal.Reported>().ToList();
        told.Count.ShouldBe(300);
        foreach (var report in told) WooReadTests.AddsUp(report.Facts);
    }

    [Fact]
    public async Task A_parcel_is_written_once_however_often_it_is_sent_and_the_last_one_completes_the_order()
    {
        var order = shop.Place(Order(1) with { Paid = true });
        var work = Write(order, "BD1");
        (await ActAsync(work)).ShouldBeOfType<Outcome.Done>();
        (await ActAsync(work)).ShouldBeOfType<Outcome.AlreadyDone>();
        (await Woo.LookUpAsync(session, work, Cancel)).Outcome.ShouldBeOfType<Outcome.AlreadyDone>();
        var there = shop.Find(order.Id)!;
        (there.Status, there.Notes.Count, there.Meta.Count).ShouldBe(("completed", 1, 1));
        await box.DeliveredAsync(Cancel);
        Told<OrderSignal.FulfilmentReported>().ShouldBeEmpty("our own parcel is not somebody else's");
    }

    [Fact]
    public async Task Parcels_of_one_order_that_leave_together_complete_it_together()
    {
        var order = shop.Place(Order(2) with { Paid = true });
        var results = await Woo.ActAsync(session, [.. order.Lines.Select((_, i) => Write(order, "BD" + i, i))], Cancel);
        results.ShouldAllBe(r => r.Outcome is Outcome.Done);
        (shop.Find(order.Id)!.Status, shop.Find(order.Id)!.Notes.Count).ShouldBe(("completed", order.Lines.Count));
    }

    [Fact]
    public async Task A_failure_after_the_work_is_never_written_twice()
    {
        var order = shop.Place(Order(1) with { Paid = true });
        var faults = box.FaultsOf("woo");
        (faults.FailAfter, faults.Reset) = (0.3, 0.2);
        Outcome? outcome = null;
        for (var round = 0; round < 200 && outcome is not (Outcome.Done or Outcome.AlreadyDone); round++)
            outcome = outcome is Outcome.Unsure ? (await Woo.LookUpAsync(session, Write(order, "BD2"), Cancel)).Outcome : await ActAsync(Write(order, "BD2"));
        outcome.ShouldNotBeOfType<Outcome.Refused>();
        var there = shop.Find(order.Id)!;
        (there.Status, there.Meta.Count).ShouldBe(("completed", 1));
        there.Notes.Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task Every_fault_has_its_outcome()
    {
        var faults = box.FaultsOf("woo");
        (faults.TooMany, faults.RetryAfter) = (1, TimeSpan.FromSeconds(3));
        (await Woo.TestAsync(session, Cancel)).Outcome.ShouldBeOfType<Outcome.TryLater>().After.ShouldBe(TimeSpan.FromSeconds(3));
        (faults.TooMany, faults.Reset) = (0, 1);
        (await Woo.TestAsync(session, Cancel)).Outcome.ShouldBeOfType<Outcome.TryLater>();
        faults.Reset = 0;
        (await Woo.TestAsync(session, Cancel)).Outcome.ShouldBeOfType<Outcome.Done>();
        (await Woo.TestAsync(session with { Settings = new Settings(new Dictionary<string, string>(session.Settings.Values) { ["consumer_secret"] = "wrong" }) }, Cancel)).Outcome.ShouldBeOfType<Outcome.NotConnected>();
        (await Woo.TestAsync(session with { Settings = new Settings(new Dictionary<string, string>(session.Settings.Values) { ["keys_in_address"] = "true" }) }, Cancel)).Outcome.ShouldBeOfType<Outcome.Done>();
    }

    [Fact]
    public async Task A_duplicated_webhook_has_the_same_delivery_id_and_two_orders_of_one_second_do_not()
    {
        box.FaultsOf("woo").Duplicate = 1;
        shop.Place(Order(1) with { Id = 11 });
        shop.Place(Order(1) with { Id = 12 });
        await box.DeliveredAsync(Cancel);
        deliveries.Values.ShouldBe([2, 2]);
    }

    [Fact]
    public async Task A_refund_an_edit_a_completion_by_hand_and_the_bin_are_told()
    {
        var placed = Enumerable.Range(0, 4).Select(n => shop.Place(Order(2) with { Id = 100 + n, Paid = true })).ToList();
        shop.Refund(placed[0].Id, 0, 1);
        shop.Refund(placed[0].Id, 0, 0, goodwill: 2.50m);
        shop.Remove(placed[1].Id, 1, 99);
        shop.SetStatus(placed[2].Id, "completed");
        shop.Bin(placed[3].Id);
        await box.DeliveredAsync(Cancel);
        Told<OrderSignal.ChangeAnnounced>().Select(c => (c.ExternalId, c.Topic)).Order().ShouldBe([("100", "order.updated"), ("100", "order.updated"), ("103", "order.deleted")]);
        Told<OrderSignal.Reported>().ShouldContain(r => r.Facts.ExternalId == "101" && r.Facts.Lines.Count == 1);
        Told<OrderSignal.FulfilmentReported>().Single().FulfilmentId.ShouldBe("completed-102");

        var fetched = (await Woo.ActAsync(session, [new Work("f", new FulfilmentEffect.FetchOrder("100", "refund"), 1)], Cancel)).Single().Learned!.Select(l => l.Signal).ToList();
        var facts = fetched.OfType<OrderSignal.Reported>().Single().Facts;
        WooReadTests.AddsUp(facts);
        (facts.Lines[0].Quantity, facts.Payment.State).ShouldBe((placed[0].Lines[0].Current - 1, PaymentState.PartiallyRefunded));
        fetched.OfType<OrderSignal.RefundReported>().Select(r => r.Lines.Count).ShouldBe([1, 0]);
        (await FetchAsync(placed[3])).CancelledAt.ShouldNotBeNull();
    }

    [Fact]
    public async Task An_order_that_nobody_paid_is_cancelled_once_and_told()
    {
        var order = shop.Place(Order(1) with { Paid = false });
        var work = new Work("c", new OrderEffect.CancelAtChannel(Text(order.Id), "nobody paid"), 1);
        (await ActAsync(work)).ShouldBeOfType<Outcome.Done>();
        (await ActAsync(work)).ShouldBeOfType<Outcome.AlreadyDone>();
        await box.DeliveredAsync(Cancel);
        Told<OrderSignal.Reported>().Count(r => r.Facts.CancelledAt is not null).ShouldBe(1);
    }

    [Fact]
    public async Task Stock_is_set_read_and_left_alone_when_somebody_else_changed_it()
    {
        foreach (var n in Enumerable.Range(0, 130)) shop.Stock($"MUG-{n}", $"Mug {n}", 10);
        var small = shop.Stock("TEE-S", "S", 4, variationOf: "Tee");
        shop.Stock("CARD", "Gift card", 0, counted: false);
        var seen = await Woo.ReadStockAsync(session, Cancel).ToListAsync(Cancel);
        seen.Count.ShouldBe(132);
        seen.Single(s => s.Sku == "TEE-S").ShouldBe(new ListingSeen(new(small.Item, ""), "TEE-S", "Tee, S", Text(small.Id), 4));
        seen.Single(s => s.Sku == "CARD").Units.ShouldBeNull();

        LevelToSet Level(string sku, int units, int was) => new(seen.Single(s => s.Sku == sku).Listing, sku, units, was, "k");
        shop.Retype("MUG-2", 9);
        var answers = await Woo.SetStockAsync(session, [Level("MUG-1", 3, 10), Level("MUG-2", 3, 10), Level("TEE-S", 1, 4), Level("CARD", 5, 0)], Cancel);
        answers[0].Outcome.ShouldBeOfType<Outcome.Done>();
        answers[1].ShouldSatisfyAllConditions(a => a.Outcome.ShouldBeOfType<Outcome.TryLater>(), a => a.Found.ShouldBe(9));
        answers[2].Outcome.ShouldBeOfType<Outcome.Done>();
        answers[3].Outcome.ShouldBeOfType<Outcome.Refused>().Code.ShouldBe("not_counted");
        (shop.Units("MUG-1"), shop.Units("MUG-2"), shop.Units("TEE-S")).ShouldBe((3, 9, 1));
    }

    [Fact]
    public async Task A_sale_and_its_cancellation_are_told_as_levels()
    {
        var order = Order(1) with { Paid = true };
        shop.Stock(order.Lines[0].Sku, order.Lines[0].Title, 10);
        shop.Place(order);
        shop.SetStatus(order.Id, "cancelled");
        await box.DeliveredAsync(Cancel);
        Told<StockSignal.ChannelLevelReported>().Select(l => l.Available).Order().ShouldBe([8, 10, 10]);
        shop.Units(order.Lines[0].Sku).ShouldBe(10);
    }

    [Fact]
    public async Task Webhooks_are_made_and_a_stopped_one_is_started_again()
    {
        var address = new Uri($"{hub.Urls.First()}/webhooks/woo");
        (await Woo.MendSubscriptionsAsync(session, address, Cancel)).Count.ShouldBe(WooOutbound.Topics.Count);
        await box.DeliveredAsync(Cancel);
        pings.Count.ShouldBe(WooOutbound.Topics.Count);
        (await Woo.MendSubscriptionsAsync(session, address, Cancel)).ShouldBeEmpty();
        shop.Stop("order.created");
        shop.Place(Order(1) with { Id = 21 });
        await box.DeliveredAsync(Cancel);
        Told<OrderSignal.Reported>().ShouldBeEmpty("the shop tells nobody that it stopped");
        (await Woo.MendSubscriptionsAsync(session, address, Cancel)).Single().What.ShouldContain("started again");
        shop.Place(Order(1) with { Id = 22 });
        await box.DeliveredAsync(Cancel);
        Told<OrderSignal.Reported>().Single().Facts.ExternalId.ShouldBe("22");
    }

    private IEnumerable<T> Told<T>() => readings.SelectMany(r => r.Signals).Select(s => s.Signal).OfType<T>();

    private async Task<Outcome> ActAsync(Work work) => (await Woo.ActAsync(session, [work], Cancel)).Single().Outcome;

    private async Task<OrderFacts> FetchAsync(WooOrder order) =>
        (await Woo.ActAsync(session, [new Work("f", new FulfilmentEffect.FetchOrder(Text(order.Id), "test"), 1)], Cancel)).Single().Learned!.Select(l => l.Signal).OfType<OrderSignal.Reported>().Single().Facts;

    // A card order of so many lines, two units each.
    private NewOrder Order(int lines) => orders.Make(80) with
    {
        Gateway = "card",
        Lines = [.. DemoBrands.All[1].Products.Take(lines).Select(p => new NewLine(p.Sku, p.Title, p.Price, 2, p.Grams))],
    };

    /// <param name="line">One line of the order; all of them without it.</param>
    private static Work Write(WooOrder order, string tracking, int? line = null) => new("parcel-" + tracking, new FulfilmentEffect.WriteFulfilment(Text(order.Id), new Parcel(
        tracking, "RTM", "PostNL", tracking, null, [.. order.Lines.Where((_, i) => line is null || i == line).Select(l => new HandoffLine(Text(l.Id), l.Placed.Sku, l.Current, l.Placed.Title))], DateTimeOffset.UnixEpoch)), 1);

    private static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var delivery = new Delivery("POST", "", "", name => context.Request.Headers.TryGetValue(name, out var value) ? value.ToString() : null, body.ToArray(), DateTimeOffset.UtcNow);
        switch (Woo.Receive(session, delivery))
        {
            case Knock.Take take when deliveries.AddOrUpdate(take.DeliveryId, 1, (_, n) => n + 1) == 1: readings.Enqueue(Woo.Read(session, take.Topic, delivery.Body, delivery.ReceivedAt)); break;
            case Knock.Take: break;
            case Knock.Answer ping: pings.Enqueue(ping); break;
            default: context.Response.StatusCode = 401; break;
        }
    }
}
