using Microsoft.Extensions.Logging.Abstractions;
using Quartermaster.Core.Channels;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Products;
using Quartermaster.Core.Purchasing;
using Quartermaster.Core.Stock;
using Quartermaster.Runtime.Channels;
using Quartermaster.Runtime.Hosting;
using Quartermaster.Runtime.Purchasing;
using Quartermaster.Runtime.ReadModels;
using Quartermaster.Runtime.Tests.Machine;
using Shouldly;

namespace Quartermaster.Runtime.Tests.Stock;

/// <summary>What suppliers are to bring is sold before it is there: each unit once, to who came first.</summary>
public sealed class PreorderTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Channels_are_offered_what_is_on_its_way_less_what_is_waited_for_and_it_is_promised_once()
    {
        await using var test = await StartAsync(new(Most: 8));
        await ExpectAsync(test, 5, DateTimeOffset.UtcNow.AddDays(10));
        await ShouldOfferAsync(test, 5);
        await Task.WhenAll(Enumerable.Range(0, 7).Select(i => test.PlaceAsync("o" + i, ("A", 1))));
        await test.UntilAsync("SELECT count(*) FROM waiting", 7L);
        await test.UntilAsync("SELECT count(*) FROM stream WHERE status = 'preordered'", 5L);
        (await test.ScalarAsync("SELECT count(*) FROM stream WHERE status = 'backordered'")).ShouldBe(2L, "nothing on its way is left for them");
        await ShouldOfferAsync(test, 0);

        var first = (string)(await test.ScalarAsync("SELECT stream FROM waiting ORDER BY since, stream LIMIT 1"))!;
        var outlook = (await new StockReads(test.Postgres.Source).OutlookAsync(TestHub.Brand, first, ["A"], Cancel)).Single();
        (outlook.Units, outlook.Before, outlook.Expected!.Value.Date).ShouldBe((1, 0L, DateTime.UtcNow.AddDays(10).Date));

        await DeskOf(test).SendAsync(TestHub.Brand, "PO-1", new PurchaseSignal.GoodsReceived("DN-1", [new("A", 5)], DateTimeOffset.UtcNow, "ann"), "ann", Cancel);
        await test.UntilAsync("SELECT count(*) FROM waiting", 2L);
        (await test.ScalarAsync("SELECT reserved FROM position WHERE sku = 'A' AND location = 'AMS'")).ShouldBe(5);
        (await test.ScalarAsync("SELECT count(*) FROM stream WHERE status = 'preordered'")).ShouldBe(0L);
    }

    [Fact]
    public async Task A_limit_a_day_and_a_word_taken_back_are_kept()
    {
        await using var test = await StartAsync(new(By: DateOnly.FromDateTime(DateTime.UtcNow.AddDays(20)), Most: 3));
        await ExpectAsync(test, 9, DateTimeOffset.UtcNow.AddDays(10));
        await ShouldOfferAsync(test, 3);
        await test.PlaceAsync("big", ("A", 4));
        await test.UntilAsync("SELECT status FROM stream WHERE stream = 'order/big'", "backordered");
        await DeskOf(test).SendAsync(TestHub.Brand, "PO-1", new PurchaseSignal.DateSet(DateTimeOffset.UtcNow.AddDays(40), "ann"), "ann", Cancel);
        await ShouldOfferAsync(test, 0); // They come too late for its day now.
        await new SoldOutDesk(test.Hub.Database, test.Hub.Plan, TimeProvider.System).SaveAsync(TestHub.Brand, "A", new(Preorder: new()), "lea", Cancel);
        await ShouldOfferAsync(test, 5);
        await test.SendAsync(TestHub.Order("big"), new Core.Orders.OrderSignal.CancelAsked("waited too long", "ann"));
        await test.UntilAsync("SELECT count(*) FROM waiting", 0L);
        await ShouldOfferAsync(test, 9);
        await new SoldOutDesk(test.Hub.Database, test.Hub.Plan, TimeProvider.System).SaveAsync(TestHub.Brand, "A", SoldOutTerms.Usual, "lea", Cancel);
        await ShouldOfferAsync(test, 0);
        await test.PlaceAsync("plain", ("A", 1));
        await test.UntilAsync("SELECT status FROM stream WHERE stream = 'order/plain'", "backordered");
    }

    [Theory]
    [InlineData(true), InlineData(false)]
    public async Task What_came_of_a_pre_order_is_sold_to_nobody_else(bool offersPreorders)
    {
        await using var test = await StartAsync(new(), offersPreorders);
        await ExpectAsync(test, 3, DateTimeOffset.UtcNow.AddDays(10));
        await test.PlaceAsync("first", ("A", 3));
        await test.UntilAsync("SELECT status FROM stream WHERE stream = 'order/first'", "preordered");
        await test.PlaceAsync("second", ("A", 1));
        await test.UntilAsync("SELECT status FROM stream WHERE stream = 'order/second'", "backordered");

        await DeskOf(test).SendAsync(TestHub.Brand, "PO-1", new PurchaseSignal.GoodsReceived("DN-1", [new("A", 2)], DateTimeOffset.UtcNow, "ann"), "ann", Cancel);
        await test.UntilAsync("SELECT on_hand FROM position WHERE sku = 'A' AND location = 'AMS'", 2);
        await test.PlaceAsync("newcomer", ("A", 2));
        await test.UntilAsync("SELECT status FROM stream WHERE stream = 'order/newcomer'", "backordered");
        await new Housekeeping(test.Hub, new HubOptions(), TimeProvider.System, NullLogger.Instance).WakeWaitingAsync(Cancel);
        await test.PlaceAsync("late", ("A", 1));
        await test.UntilAsync("SELECT status FROM stream WHERE stream = 'order/late'", "backordered");
        await Task.Delay(500, Cancel); // The woken are decided beside it.
        await ShouldOfferAsync(test, 0);
        (await test.ScalarAsync("SELECT sum(reserved) FROM position")).ShouldBe(0L, "they are the first one's, though it needs one more");

        await DeskOf(test).SendAsync(TestHub.Brand, "PO-1", new PurchaseSignal.GoodsReceived("DN-2", [new("A", 1)], DateTimeOffset.UtcNow, "ann"), "ann", Cancel);
        await test.UntilAsync("SELECT sum(reserved) FROM position", 3L);
        await test.UntilAsync("SELECT count(*) FROM waiting WHERE stream = 'order/first'", 0L);
    }

    [Fact]
    public async Task What_was_kept_for_a_pre_order_that_is_cancelled_goes_to_the_next_at_once()
    {
        await using var test = await StartAsync(new());
        await ExpectAsync(test, 3, DateTimeOffset.UtcNow.AddDays(10));
        await test.PlaceAsync("first", ("A", 3));
        await test.UntilAsync("SELECT status FROM stream WHERE stream = 'order/first'", "preordered");
        await test.PlaceAsync("second", ("A", 2));
        await test.UntilAsync("SELECT status FROM stream WHERE stream = 'order/second'", "backordered");
        await DeskOf(test).SendAsync(TestHub.Brand, "PO-1", new PurchaseSignal.GoodsReceived("DN-1", [new("A", 2)], DateTimeOffset.UtcNow, "ann"), "ann", Cancel);
        await test.UntilAsync("SELECT on_hand FROM position WHERE sku = 'A' AND location = 'AMS'", 2);
        await test.QuietAsync();
        (await test.ScalarAsync("SELECT sum(reserved) FROM position")).ShouldBe(0L);

        await test.SendAsync(TestHub.Order("first"), new Core.Orders.OrderSignal.CancelAsked("waited too long", "ann"));
        await test.UntilAsync("SELECT sum(reserved) FROM position", 2L);
        (await test.ScalarAsync("SELECT count(*) FROM waiting")).ShouldBe(0L);
    }

    [Fact]
    public async Task Every_order_that_waits_for_a_SKU_is_woken_when_it_comes_however_much_an_older_one_lacks()
    {
        await using var test = await StartAsync(new());
        await test.NoneOfAsync("B");
        await test.PlaceAsync("big", ("B", 100));
        await test.UntilAsync("SELECT status FROM stream WHERE stream = 'order/big'", "backordered");
        await test.PlaceAsync("small", ("B", 1));
        await test.UntilAsync("SELECT status FROM stream WHERE stream = 'order/small'", "backordered");
        await test.CountAsync("B", "AMS", 5);
        await test.UntilAsync("SELECT sum(reserved) FROM position WHERE sku = 'B'", 1L);
    }

    private static async Task<TestHub> StartAsync(PreorderTerms terms, bool offersPreorders = true)
    {
        var test = await TestHub.NewAsync(Cancel);
        test.Offers = new(0, []) { Preorders = offersPreorders };
        test.Replenishment = new ReplenishmentTerms();
        test.Shop.Shelf["a"] = 3;
        await test.StartAsync();
        await test.SendAsync(new(TestHub.Brand, "product", "shop/p-a"), new ProductSignal.Reported("shop", "p-a", "Product A", [new Variant("v", "A", "", "a")], DateTimeOffset.UtcNow));
        await test.UntilAsync("SELECT count(*) FROM listing WHERE sku = 'A'", 1L);
        await test.NoneOfAsync("A");
        await new SoldOutDesk(test.Hub.Database, test.Hub.Plan, TimeProvider.System).SaveAsync(TestHub.Brand, "A", new(Preorder: terms), "lea", Cancel);
        for (var i = 0; i < 200 && !test.Hub.Switches.TakesPreorders(TestHub.Brand); i++) await Task.Delay(25, Cancel);
        return test;
    }

    private static PurchaseDesk DeskOf(TestHub test) => new(test.Hub.Database, test.Hub.Plan, test.Hub.Desk, TimeProvider.System);

    private static async Task ExpectAsync(TestHub test, int units, DateTimeOffset at)
    {
        var desk = DeskOf(test);
        await desk.SaveAsync(TestHub.Brand, [new SupplierTerms("mill", "Mill", null, 10, 0m, "EUR")], "lea", Cancel);
        await desk.SaveAsync(TestHub.Brand, [("A", new SkuTerms("mill", UnitCost: 4m))], "lea", Cancel);
        (await desk.ProposeAsync(TestHub.Brand, "A", "AMS", units, "lea", Cancel)).ShouldBe("PO-1");
        await test.UntilAsync("SELECT state FROM purchase", "draft");
        await desk.SendAsync(TestHub.Brand, "PO-1", new PurchaseSignal.ApproveAsked(at, "lea"), "lea", Cancel);
        await test.UntilAsync("SELECT incoming FROM position WHERE location = 'AMS'", units);
    }

    private static async Task ShouldOfferAsync(TestHub test, int units)
    {
        for (var i = 0; i < 400 && test.Shop.Shelf.GetValueOrDefault("a") != units; i++) await Task.Delay(20, Cancel);
        test.Shop.Shelf["a"].ShouldBe(units);
    }
}
