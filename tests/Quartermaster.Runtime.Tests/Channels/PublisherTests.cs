using Quartermaster.Core.Channels;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Products;
using Quartermaster.Core.Stock;
using Quartermaster.Runtime.Hosting;
using Quartermaster.Runtime.Tests.Machine;
using Shouldly;

namespace Quartermaster.Runtime.Tests.Channels;

/// <summary>A storefront sells what is there: every change within seconds, the newest number, and what went astray is found.</summary>
public sealed class PublisherTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sale_a_count_and_a_shipment_reach_the_channel_and_only_when_its_number_changes()
    {
        await using var test = await StartAsync(new(1, []));
        await test.CountAsync("A", "AMS", 10);
        await ShouldSellAsync(test, 9, "a buffer of one");
        await test.PlaceAsync("o1", ("A", 3));
        await ShouldSellAsync(test, 6, "reserved");
        await test.CountAsync("A", "BER", 5);
        await ShouldSellAsync(test, 11, "two locations");
        var calls = test.Shop.Levels.Count;
        await test.SendAsync(TestHub.Order("o1"), new Core.Fulfilment.FulfilmentSignal.Shipped("o1", "AMS", "DHL", "T1", [new("A", 3)], DateTimeOffset.UtcNow, null));
        await test.UntilAsync("SELECT on_hand FROM position WHERE location = 'AMS'", 7);
        await test.QuietAsync();
        await Task.Delay(300, Cancel);
        test.Shop.Levels.Count.ShouldBe(calls, "what leaves was not for sale any more");
        (await test.ScalarAsync("SELECT word FROM listing")).ShouldBe("accepted");
    }

    [Fact]
    public async Task A_burst_is_one_call_and_the_newest_number_wins()
    {
        await using var test = await StartAsync(new(0, []));
        await test.CountAsync("A", "AMS", 1000);
        await ShouldSellAsync(test, 1000, "first");
        var calls = test.Shop.Levels.Count;
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => test.PlaceAsync("o" + i, ("A", 1))));
        await ShouldSellAsync(test, 800, "all of them");
        (test.Shop.Levels.Count - calls).ShouldBeLessThan(40);
    }

    [Fact]
    public async Task A_change_during_a_call_is_told_after_it()
    {
        await using var test = await StartAsync(new(0, []));
        await test.CountAsync("A", "AMS", 10);
        await ShouldSellAsync(test, 10, "first");
        var hold = new TaskCompletionSource();
        var begun = new TaskCompletionSource();
        test.Shop.Before = _ => { begun.TrySetResult(); return hold.Task; };
        await test.PlaceAsync("o1", ("A", 1));
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(10), Cancel);
        await test.PlaceAsync("o2", ("A", 1));
        await test.UntilAsync("SELECT reserved FROM position", 2);
        hold.SetResult();
        await ShouldSellAsync(test, 8, "both");
    }

    [Fact]
    public async Task What_the_channel_sold_meanwhile_is_not_written_over()
    {
        await using var test = await StartAsync(new(0, []));
        await test.CountAsync("A", "AMS", 10);
        await ShouldSellAsync(test, 10, "first");
        test.Shop.Shelf["a"] = 9; // A shopper bought one there; its webhook is still on the way.
        await test.CountAsync("A", "BER", 2);
        await test.UntilAsync("SELECT known FROM listing", 9);
        await Task.Delay(500, Cancel);
        test.Shop.Shelf["a"].ShouldBe(9, "not raised before the calm is over");
        await test.PlaceAsync("o1", ("A", 1));
        await test.UntilAsync("SELECT on_hand - reserved FROM position WHERE location = 'AMS'", 9);
        await SqlAsync(test, "UPDATE listing SET calm_until = now(), due_at = now()");
        await ShouldSellAsync(test, 11, "its order has come in");
        (await test.ScalarAsync("SELECT count(*) FROM drift")).ShouldBe(0L, "an order explains it");
    }

    [Fact]
    public async Task Of_two_numbers_of_one_second_neither_is_believed()
    {
        await using var test = await StartAsync(new(0, []) { Calm = TimeSpan.FromMilliseconds(200) });
        await test.CountAsync("A", "AMS", 10);
        await ShouldSellAsync(test, 10, "first");
        test.Shop.Shelf["a"] = 7;
        var second = DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 2);
        await test.SendAsync(new(TestHub.Brand, "stock", "shop/a"), new StockSignal.ChannelLevelReported("shop", "a", "", 7, second));
        await test.SendAsync(new(TestHub.Brand, "stock", "shop/a"), new StockSignal.ChannelLevelReported("shop", "a", "", 10, second));
        await ShouldSellAsync(test, 10, "the late echo of our own word did not hide what was sold");
    }

    [Fact]
    public async Task A_number_changed_by_hand_is_found_by_reading_and_put_right_with_its_cause()
    {
        await using var test = await StartAsync(new(0, []), TimeSpan.FromMilliseconds(300));
        await test.CountAsync("A", "AMS", 10);
        await ShouldSellAsync(test, 10, "first");
        test.Shop.Shelf["a"] = 50;
        await ShouldSellAsync(test, 10, "lowered at once");
        await test.UntilAsync("SELECT cause || ': ' || word FROM drift", "manual_edit: raised there by a person or another app, and the channel did not tell us");
        (await test.ScalarAsync("SELECT ours || ' ' || theirs FROM drift")).ShouldBe("10 50");
        test.Shop.Shelf.TryRemove("a", out _);
        test.Shop.Shelf["b"] = 3;
        await test.UntilAsync("SELECT string_agg(item, ',') FROM listing", "b");
        test.Shop.Shelf["b"].ShouldBe(3, "never counted here, so its number is left alone");
    }

    [Fact]
    public async Task A_number_that_is_far_off_is_asked_about_where_the_brand_says_so_and_overwritten_when_a_person_does()
    {
        await using var test = await StartAsync(new(0, []) { AskFrom = 20 }, TimeSpan.FromMilliseconds(300));
        await test.CountAsync("A", "AMS", 10);
        await ShouldSellAsync(test, 10, "first");
        test.Shop.Shelf["a"] = 15;
        await ShouldSellAsync(test, 10, "a slip is put right without a word");
        test.Shop.Shelf["a"] = 50;
        await test.UntilAsync("SELECT detail LIKE 'A: 50 instead of 10.%' FROM open_case WHERE kind = 'stock.drifted' AND closed_at IS NULL", true, 30);
        test.Shop.Shelf["a"].ShouldBe(50, "nobody has said that it is wrong");
        (await test.ScalarAsync("SELECT string_agg(theirs || ' ' || cause, ',' ORDER BY at) FROM drift")).ShouldBe("15 manual_edit,50 manual_edit", "once, however often it is looked at");
        (await new Runtime.Channels.DriftDesk(test.Hub.Database, TimeProvider.System).OverwriteAsync(test.Hub.Plan.Connections["shop"], null, "ann", Cancel)).ShouldBe(1);
        await ShouldSellAsync(test, 10, "overwritten");
        await test.UntilAsync("SELECT count(*) FROM open_case WHERE kind = 'stock.drifted' AND closed_at IS NULL", 0L, 30);
        test.Shop.Shelf["a"] = 50;
        await test.UntilAsync("SELECT asks FROM listing", true);
        test.Shop.Shelf["a"] = 10;
        await test.UntilAsync("SELECT asks FROM listing", false);
    }

    [Fact]
    public async Task Trouble_waits_a_switch_holds_and_shadow_only_looks()
    {
        await using var test = await StartAsync(new(0, []));
        test.Shop.Level = l => l.Units == 7 ? new Outcome.Unsure("timeout") : null;
        await test.CountAsync("A", "AMS", 7);
        await test.UntilAsync("SELECT word FROM listing", "timeout");
        test.Shop.Level = _ => null;
        await ShouldSellAsync(test, 7, "tried again");

        await SqlAsync(test, "INSERT INTO switch(scope, reason, by_whom) VALUES ('effect/stock.publish.v1', 'test', 'ann')");
        await Task.Delay(1300, Cancel);
        await test.CountAsync("A", "AMS", 6);
        await test.UntilAsync("SELECT count(*) FROM listing WHERE due_at IS NOT NULL", 1L);
        await Task.Delay(500, Cancel);
        test.Shop.Shelf["a"].ShouldBe(7, "switched off");
        await SqlAsync(test, "DELETE FROM switch");
        await ShouldSellAsync(test, 6, "switched on again, nothing is lost");

        await SqlAsync(test, "UPDATE brand SET mode = 'shadow'");
        await Task.Delay(1300, Cancel);
        await test.CountAsync("A", "AMS", 5);
        await test.UntilAsync("SELECT word FROM listing", "in shadow: would be set to 5");
        test.Shop.Shelf["a"].ShouldBe(6);
    }

    [Fact]
    public async Task What_a_dead_hub_had_not_told_the_next_one_tells()
    {
        await using var test = await StartAsync(new(0, []));
        await test.CountAsync("A", "AMS", 10);
        await ShouldSellAsync(test, 10, "first");
        await test.Hub.StopAsync(TimeSpan.FromSeconds(5));
        var quiet = await test.StartAsync(Roles.Intake | Roles.Decide);
        await test.SendAsync(TestHub.Order("o1"), new Core.Orders.OrderSignal.Reported(TestHub.Facts("o1", ("A", 4)), "orders/create"), quiet);
        await test.UntilAsync("SELECT count(*) FROM stock_mark", 1L);
        await test.StartAsync(Roles.Act);
        await ShouldSellAsync(test, 6, "the mark was still there");
    }

    [Fact]
    public async Task Other_terms_count_from_the_start_on()
    {
        await using var test = await StartAsync(new(0, []));
        await test.CountAsync("A", "AMS", 10);
        await ShouldSellAsync(test, 10, "first");
        await test.Hub.StopAsync(TimeSpan.FromSeconds(5));
        test.Offers = new(4, []) { Share = 50 };
        await test.StartAsync();
        await ShouldSellAsync(test, 3, "nothing moved and the catalogue was read minutes ago; buffer and share are others");
    }

    [Fact]
    public async Task A_refused_listing_waits_for_a_change_and_says_why()
    {
        await using var test = await StartAsync(new(0, []));
        test.Shop.Level = _ => new Outcome.Refused("not_stocked", "The item is not stocked there.");
        // A catalogue that is read for the first time is news of its own.
        await test.UntilAsync("SELECT count(*) FROM catalogue WHERE read_at IS NOT NULL", 1L);
        await test.CountAsync("A", "AMS", 7);
        await test.UntilAsync("SELECT word FROM listing WHERE refused AND due_at IS NULL", "The item is not stocked there. (not_stocked)");
        await Task.Delay(400, Cancel);
        test.Shop.Levels.Count.ShouldBe(1);
        // Its catalogue was read minutes ago.
        await SqlAsync(test, "INSERT INTO catalogue(connection, begun_at, read_at) VALUES ('shop', now(), now()) ON CONFLICT (connection) DO UPDATE SET begun_at = now(), read_at = now()");
        await test.Hub.StopAsync(TimeSpan.FromSeconds(5));
        var again = await test.StartAsync();
        await test.UntilAsync("SELECT count(*) FROM lane WHERE connection = 'shop' AND owner IS NOT NULL", 1L);
        await Task.Delay(700, Cancel);
        test.Shop.Levels.Count.ShouldBe(1, "a start has learned nothing new of the channel");
        test.Shop.Level = _ => null;
        await test.SendAsync(new(TestHub.Brand, "stock", "A"), new StockSignal.Counted("A", "AMS", 8, "test", DateTimeOffset.UtcNow), again);
        await ShouldSellAsync(test, 8, "a change is another question");
    }

    [Fact]
    public async Task A_number_that_is_refused_is_a_persons_case_until_it_is_taken()
    {
        await using var test = await StartAsync(new(0, []), TimeSpan.FromMilliseconds(200));
        test.Shop.Level = _ => new Outcome.Refused("not_stocked", "The item is not stocked there.");
        await test.CountAsync("A", "AMS", 10);
        await test.UntilAsync("SELECT title || ' / ' || left(detail, 48) FROM open_case WHERE kind = 'stock.refused' AND closed_at IS NULL",
            "shop takes no number for 1 of its listings and goes on selling by its own / A: The item is not stocked there. (not_stocked).");
        // Put away by a person it stays so, as long as it is the same.
        await test.ScalarAsync("UPDATE open_case SET closed_at = now() WHERE kind = 'stock.refused'");
        await Task.Delay(700, Cancel);
        (await test.ScalarAsync("SELECT count(*) FROM open_case WHERE kind = 'stock.refused' AND closed_at IS NULL")).ShouldBe(0L);
        test.Shop.Level = _ => null;
        await ShouldSellAsync(test, 10, "mended there, and tried again with the next read");
        await test.UntilAsync("SELECT count(*) FROM listing WHERE refused", 0L);
    }

    [Fact]
    public async Task A_catalogue_that_cannot_be_read_for_long_is_a_persons_case_until_it_can()
    {
        await using var test = await StartAsync(new(0, []), TimeSpan.FromMilliseconds(200));
        test.Shop.Unreadable = "403 read_inventory";
        await test.UntilAsync("SELECT detail FROM open_case WHERE kind = 'stock.not_reconciled' AND closed_at IS NULL", "What changes there without a word is not found. The last read ended with: 403 read_inventory");
        test.Shop.Unreadable = null;
        await test.UntilAsync("SELECT count(*) FROM open_case WHERE kind = 'stock.not_reconciled' AND closed_at IS NULL", 0L);
    }

    private static async Task<TestHub> StartAsync(StockTerms offers, TimeSpan? readEvery = null)
    {
        var test = await TestHub.NewAsync(Cancel);
        test.Offers = offers;
        if (readEvery is { } every) test.ReadStockEvery = every;
        test.Shop.Shelf["a"] = 0;
        await test.StartAsync();
        await test.SendAsync(new(TestHub.Brand, "product", "shop/p-a"), new ProductSignal.Reported("shop", "p-a", "Product A", [new Variant("v", "A", "", "a")], DateTimeOffset.UtcNow));
        await test.UntilAsync("SELECT count(*) FROM listing WHERE sku = 'A'", 1L);
        return test;
    }

    private static async Task ShouldSellAsync(TestHub test, int units, string why)
    {
        for (var i = 0; i < 400 && test.Shop.Shelf.GetValueOrDefault("a") != units; i++) await Task.Delay(20, Cancel);
        test.Shop.Shelf["a"].ShouldBe(units, why);
        await test.UntilAsync("SELECT known FROM listing WHERE item = 'a'", units);
    }

    private static async Task SqlAsync(TestHub test, string sql)
    {
        await using var command = test.Postgres.Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancel);
    }
}
