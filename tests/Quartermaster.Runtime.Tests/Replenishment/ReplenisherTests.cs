using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;
using Quartermaster.Core.Purchasing;
using Quartermaster.Core.Stock;
using Quartermaster.Runtime.Operations;
using Quartermaster.Runtime.Purchasing;
using Quartermaster.Runtime.ReadModels;
using Quartermaster.Runtime.Replenishment;
using Quartermaster.Runtime.Tests.Machine;
using Shouldly;

namespace Quartermaster.Runtime.Tests.Replenishment;

public sealed class ReplenisherTests
{
    /// <summary>The law: what a position expects is what open purchase orders still wait for.</summary>
    private const string Unexplained = """
        SELECT count(*) FROM (SELECT brand, sku, location, sum(missing) AS missing FROM purchase_line GROUP BY 1, 2, 3) l FULL JOIN position p USING (brand, sku, location) WHERE coalesce(l.missing, 0) <> coalesce(p.incoming, 0)
        """;

    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_runs_low_is_told_once_drafted_once_and_received()
    {
        await using var test = await StartAsync();
        await LookAsync(test);
        await test.UntilAsync("SELECT string_agg(id || ' ' || state || ' ' || location || ' ' || units, ',') FROM purchase", "PO-1 draft AMS 48");
        await test.UntilAsync("SELECT count(*) FROM effect_log WHERE kind = 'message.alert.v1'", 1L);
        test.Chat.Calls.Select(c => c.Effect).OfType<MessageEffect.Alert>().Single().Text.ShouldBe("A: 4 available, line at 5");
        await LookAsync(test);
        await test.QuietAsync();
        (await test.ScalarAsync("SELECT count(*) FROM decision WHERE stream LIKE 'purchase/%'")).ShouldBe(1L, "it is on a draft already");
        test.Chat.Calls.Count.ShouldBe(1, "it was told already");
        (await test.ScalarAsync(Unexplained)).ShouldBe(0L, "a draft expects nothing");

        await DeskOf(test).SendAsync(TestHub.Brand, "PO-1", new PurchaseSignal.ApproveAsked(null, "lea"), "lea", Cancel);
        await test.UntilAsync("SELECT incoming FROM position WHERE sku = 'A' AND location = 'AMS'", 48);
        (await test.ScalarAsync(Unexplained)).ShouldBe(0L);
        (await test.ScalarAsync("SELECT count(*) FROM drafted")).ShouldBe(0L);
        await LookAsync(test);
        (await test.ScalarAsync("SELECT count(*) FROM drafted")).ShouldBe(0L, "what is on its way counts");

        await ReceiveAsync(test, "r1", DateTimeOffset.UtcNow, new ReceivedLine("A", 20, 4));
        await test.UntilAsync("SELECT on_hand || '+' || incoming FROM position WHERE sku = 'A' AND location = 'AMS'", "24+24");
        (await test.ScalarAsync("SELECT string_agg(kind || ' ' || on_hand || ' ' || coalesce(damaged, 0) || ' ' || why, '; ' ORDER BY n) FROM movement WHERE sku = 'A' AND kind IN ('received', 'damaged')")).ShouldBe("received 20 0 received: PO-1/r1; damaged 0 4 PO-1: came damaged: r1");
        (await test.ScalarAsync(Unexplained)).ShouldBe(0L);

        await ReplayEverythingAsync(test);
        (await test.ScalarAsync("SELECT on_hand || '+' || incoming FROM position WHERE sku = 'A' AND location = 'AMS'")).ShouldBe("24+24");
        test.Chat.Calls.Count.ShouldBe(1);
        await LookAsync(test);
        (await test.ScalarAsync("SELECT count(*) FROM low_stock")).ShouldBe(0L, "it has recovered");
    }

    [Fact]
    public async Task A_draft_that_was_turned_down_is_not_proposed_again_before_the_next_review_and_a_person_may_all_the_same()
    {
        await using var test = await StartAsync();
        await LookAsync(test);
        await test.UntilAsync("SELECT count(*) FROM purchase", 1L);
        await DeskOf(test).SendAsync(TestHub.Brand, "PO-1", new PurchaseSignal.RejectAsked("we sell it out", "lea"), "lea", Cancel);
        await test.UntilAsync("SELECT state FROM purchase", "rejected");
        await LookAsync(test);
        await test.QuietAsync();
        (await test.ScalarAsync("SELECT count(*) FROM purchase")).ShouldBe(1L);

        (await DeskOf(test).ProposeAsync(TestHub.Brand, "A", "AMS", 5, "lea", Cancel)).ShouldBe("PO-2");
        (await Should.ThrowAsync<InvalidOperationException>(() => DeskOf(test).ProposeAsync(TestHub.Brand, "A", "AMS", 5, "lea", Cancel))).Message.ShouldContain("draft");
        (await Should.ThrowAsync<InvalidOperationException>(() => DeskOf(test).ProposeAsync(TestHub.Brand, "Z", "AMS", 5, "lea", Cancel))).Message.ShouldContain("no supplier");
        await test.UntilAsync("SELECT state FROM purchase WHERE id = 'PO-2'", "draft");
        await DeskOf(test).SendAsync(TestHub.Brand, "PO-2", new PurchaseSignal.RejectAsked("no", "lea"), "lea", Cancel);
        await test.UntilAsync("SELECT count(*) FROM drafted WHERE until > now()", 1L);
        await test.ScalarAsync("UPDATE drafted SET until = now() - interval '1 second'");
        await LookAsync(test);
        await test.UntilAsync("SELECT state FROM purchase WHERE id = 'PO-3'", "draft");
    }

    [Fact]
    public async Task However_many_propose_at_once_a_sku_stands_on_one_draft()
    {
        await using var test = await StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
        {
            if (i % 2 == 0) { await LookAsync(test); return; }
            try { await DeskOf(test).ProposeAsync(TestHub.Brand, "A", "AMS", i, "lea", Cancel); }
            catch (InvalidOperationException) { /* somebody else was first */ }
        }));
        await test.QuietAsync();
        (await test.ScalarAsync("SELECT count(*) FROM purchase_line WHERE sku = 'A'")).ShouldBe(1L);
        (await test.ScalarAsync("SELECT count(*) FROM parked")).ShouldBe(0L);
    }

    [Fact]
    public async Task Nothing_is_proposed_to_a_brand_that_is_off_and_a_claim_that_came_to_nothing_is_freed()
    {
        await using var test = await StartAsync();
        await test.ScalarAsync("UPDATE brand SET mode = 'off'");
        (await Should.ThrowAsync<InvalidOperationException>(() => DeskOf(test).ProposeAsync(TestHub.Brand, "A", "AMS", 5, "lea", Cancel))).Message.ShouldContain("off");
        (await test.ScalarAsync("SELECT count(*) FROM drafted")).ShouldBe(0L);

        await test.ScalarAsync("INSERT INTO drafted(brand, sku, location, purchase, supplier, since) VALUES ('acme', 'X', 'AMS', 'PO-77', 'mill', now() - interval '25 hours'), ('acme', 'Y', 'AMS', 'PO-77', 'mill', now() - interval '23 hours')");
        await LookAsync(test);
        (await test.ScalarAsync("SELECT count(*) FROM drafted WHERE purchase = 'PO-77' AND sku = 'X'")).ShouldBe(0L);
        (await test.ScalarAsync("SELECT count(*) FROM drafted WHERE purchase = 'PO-77' AND sku = 'Y'")).ShouldBe(1L, "its signal may be on its way");
    }

    [Fact]
    public async Task What_is_needed_later_joins_the_open_draft_of_its_supplier()
    {
        await using var test = await StartAsync();
        await LookAsync(test);
        await test.UntilAsync("SELECT count(*) FROM purchase", 1L);
        await SellAsync(test, "B");
        await test.CountAsync("B", "AMS", 1);
        await test.UntilAsync("SELECT count(*) FROM position", 2L);
        await LookAsync(test);
        await test.UntilAsync("SELECT string_agg(purchase || ' ' || sku, ',' ORDER BY sku) FROM purchase_line", "PO-1 A,PO-1 B");
    }

    // The four orders in which a delivery of six and a count of the shelf can happen and be heard of; the shelf always ends at what was counted or came after.
    [Theory]
    [InlineData(false, false, 9)] // the count saw 3, then six came; told in that order
    [InlineData(false, true, 9)] // … and the count is told last
    [InlineData(true, false, 9)] // six came, then the count saw 9; the count is told last
    [InlineData(true, true, 9)] // … and the receipt is told last: nothing is added to a count that has seen it
    public async Task A_delivery_and_a_count_of_the_shelf_never_add_up_twice(bool countSawThem, bool secondFirst, int onHand)
    {
        await using var test = await StartAsync();
        await DeskOf(test).ProposeAsync(TestHub.Brand, "A", "AMS", 6, "lea", Cancel);
        await test.UntilAsync("SELECT state FROM purchase", "draft");
        await DeskOf(test).SendAsync(TestHub.Brand, "PO-1", new PurchaseSignal.ApproveAsked(null, "lea"), "lea", Cancel);
        await test.UntilAsync("SELECT state FROM purchase", "ordered");
        var earlier = DateTimeOffset.UtcNow;
        await Task.Delay(50, Cancel);
        var later = DateTimeOffset.UtcNow;
        var (cameAt, countedAt) = countSawThem ? (earlier, later) : (later, earlier);
        Task Came() => ReceiveAsync(test, "r1", cameAt, new ReceivedLine("A", 6));
        Task Count() => test.SendAsync(new(TestHub.Brand, "stock", "A"), new StockSignal.Counted("A", "AMS", countSawThem ? 9 : 3, "wms", countedAt));

        var receiptFirst = countSawThem != secondFirst;
        await (receiptFirst ? Came() : Count());
        await test.QuietAsync();
        await (receiptFirst ? Count() : Came());
        await test.UntilAsync("SELECT state FROM purchase", "received");
        await test.QuietAsync();

        (await test.ScalarAsync("SELECT on_hand || '+' || incoming FROM position WHERE sku = 'A' AND location = 'AMS'")).ShouldBe($"{onHand}+0");
        (await test.ScalarAsync("SELECT sum(on_hand) FROM movement WHERE sku = 'A'")).ShouldBe((long)onHand);
        (await test.ScalarAsync(Unexplained)).ShouldBe(0L);
    }

    [Fact]
    public async Task Units_of_a_sku_that_no_location_has_yet_are_expected_and_come()
    {
        await using var test = await StartAsync();
        await test.ScalarAsync("INSERT INTO sku_terms(brand, sku, supplier) VALUES ('acme', 'NEW', 'mill')");
        await test.PlaceAsync("1", ("NEW", 2));
        // Nobody has counted it, so nobody knows that it is ours. Buying it says so.
        await test.UntilAsync("SELECT status FROM stream WHERE stream = 'order/1'", "held");
        await DeskOf(test).ProposeAsync(TestHub.Brand, "NEW", "BER", 6, "lea", Cancel);
        await test.UntilAsync("SELECT state FROM purchase", "draft");
        await DeskOf(test).SendAsync(TestHub.Brand, "PO-1", new PurchaseSignal.ApproveAsked(null, "lea"), "lea", Cancel);
        await test.UntilAsync("SELECT incoming FROM position WHERE sku = 'NEW'", 6);
        await test.UntilAsync("SELECT status FROM stream WHERE stream = 'order/1'", "backordered");
        await ReceiveAsync(test, "r1", DateTimeOffset.UtcNow, new ReceivedLine("NEW", 6));
        await test.UntilAsync("SELECT status FROM stream WHERE stream = 'order/1'", "submitted");
        (await test.ScalarAsync("SELECT on_hand || ' ' || reserved FROM position WHERE sku = 'NEW'")).ShouldBe("6 2");
    }

    // Two a day for a month, four left at AMS: protected are 7 + 7 days, so the point is 28, and it is filled up to 42, in dozens.
    [Fact]
    public async Task Days_that_began_with_an_empty_shelf_say_nothing_of_the_demand()
    {
        await using var test = await StartAsync();
        await test.ScalarAsync("""
            DELETE FROM sold WHERE day >= (now() AT TIME ZONE 'UTC')::date - 14;
            INSERT INTO empty_day(brand, day, sku, location) SELECT 'acme', (now() AT TIME ZONE 'UTC')::date - d, 'A', 'AMS' FROM generate_series(1, 20) d
            """);
        var figures = (await new PurchaseReads(test.Postgres.Source, test.Hub.Plan, TimeProvider.System).FiguresAsync(TestHub.Brand, ["A"], Cancel)).Single();
        // 14 of 28 days sold 2 each, of which 6 began empty and sold all the same; the other 14 had nothing.
        (figures.PerDay, figures.Shelves.Single(s => s.Location == "AMS").Sales.Week).ShouldBe((2m, 0m));

        await test.CountAsync("A", "AMS", 0);
        await test.UntilAsync("SELECT on_hand FROM position WHERE sku = 'A' AND location = 'AMS'", 0);
        await test.ScalarAsync("DELETE FROM empty_day");
        await NextDayAsync(test);
        await LookAsync(test);
        (await test.ScalarAsync("SELECT count(*) FROM empty_day")).ShouldBe(1L);
        await test.ScalarAsync("DELETE FROM empty_day");
        await LookAsync(test);
        (await test.ScalarAsync("SELECT count(*) FROM empty_day")).ShouldBe(0L, "another process, or a restart, does not take now for the day's beginning");
        await NextDayAsync(test);
        await LookAsync(test);
        (await test.ScalarAsync("SELECT count(*) FROM empty_day")).ShouldBe(1L);
        await test.ScalarAsync("DELETE FROM empty_day");
        await NextDayAsync(test);
        await test.PlaceAsync("w", ("A", 1));
        await test.UntilAsync("SELECT count(*) FROM waiting", 1L);
        await LookAsync(test);
        (await test.ScalarAsync("SELECT count(*) FROM empty_day")).ShouldBe(0L, "somebody waits: that demand is counted when it gets its unit");
    }

    private static async Task<TestHub> StartAsync()
    {
        var test = await TestHub.NewAsync(Cancel);
        test.Replenishment = new() { LowUnits = 5, ReviewDays = 7 };
        await test.StartAsync();
        await test.ScalarAsync("INSERT INTO supplier(brand, code, title, lead_days, currency) VALUES ('acme', 'mill', 'Surat Mill', 7, 'INR')");
        await SellAsync(test, "A");
        await test.CountAsync("A", "AMS", 4);
        await test.UntilAsync("SELECT on_hand FROM position", 4);
        return test;
    }

    private static Task SellAsync(TestHub test, string sku) => test.ScalarAsync($"""
        INSERT INTO sold(brand, day, sku, location, units) SELECT 'acme', (now() AT TIME ZONE 'UTC')::date - d, '{sku}', 'AMS', 2 FROM generate_series(1, 40) d;
        INSERT INTO sku_terms(brand, sku, supplier, pack, unit_cost) VALUES ('acme', '{sku}', 'mill', 12, 3.5)
        """);

    // As if the day had been noted yesterday, and today had just begun.
    private static Task NextDayAsync(TestHub test) => test.ScalarAsync($"UPDATE hub_value SET value = '2026-01-01' WHERE key = 'empty_day/{TestHub.Brand}'");

    private static async Task LookAsync(TestHub test)
    {
        await using var connection = await test.Postgres.Source.OpenConnectionAsync(Cancel);
        await new Replenisher(test.Hub.Plan, test.Hub.Switches, test.Hub.Wakeup, TimeProvider.System).LookAsync(connection, Cancel);
    }

    private static PurchaseDesk DeskOf(TestHub test) => new(test.Hub.Database, test.Hub.Plan, test.Hub.Desk, TimeProvider.System);

    private static Task<long> ReceiveAsync(TestHub test, string id, DateTimeOffset at, params ReceivedLine[] lines) =>
        DeskOf(test).SendAsync(TestHub.Brand, "PO-1", new PurchaseSignal.GoodsReceived(id, lines, at, "ann"), "ann", Cancel);

    private static async Task ReplayEverythingAsync(TestHub test)
    {
        var last = (long)(await test.ScalarAsync("SELECT max(seq) FROM signal"))!;
        for (var seq = 1L; seq <= last; seq++) await test.Hub.Desk.ReplayAsync(new ReplayFilter(Seq: seq, What: "signals"), "ann", Cancel);
        await test.QuietAsync();
    }
}
