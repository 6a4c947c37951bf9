using Quartermaster.Core.Channels;
using Quartermaster.Core.Codes;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Products;
using Quartermaster.Runtime.Tests.Machine;
using Shouldly;

namespace Quartermaster.Runtime.Tests.Codes;

/// <summary>Codes that nobody knows, that mean other SKUs, or several: on the whole machine.</summary>
public sealed class CodeTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_orders_with_an_unknown_code_wait_under_one_case_and_go_on_when_it_is_explained()
    {
        await using var test = await ShopAsync();
        for (var i = 0; i < 25; i++) await test.PlaceAsync("o" + i, ("GIFT", 1));
        await test.UntilAsync("SELECT count(*) FROM code_waiting WHERE code = 'GIFT' AND channel = 'shop'", 25L);
        (await test.ScalarAsync("SELECT count(*) FROM open_case WHERE closed_at IS NULL AND brand || stream || kind <> 'acmecode/GIFTcode.unknown'")).ShouldBe(0L);
        (await test.ScalarAsync("SELECT count(*) FROM stream WHERE status = 'held'")).ShouldBe(25L);

        await SayAsync(test, "GIFT", "", new("MUG", 1), new("TEA", 2));
        await test.UntilAsync("SELECT count(*) FROM stream WHERE status = 'submitted'", 25L);
        (await test.ScalarAsync("SELECT string_agg(sku || reserved, ',' ORDER BY sku) FROM position")).ShouldBe("MUG25,TEA50");
        (await test.ScalarAsync("SELECT count(*) FROM open_case WHERE closed_at IS NULL")).ShouldBe(0L);
        (await test.ScalarAsync("SELECT count(*) FROM code_waiting")).ShouldBe(0L);
        (await test.ScalarAsync("SELECT string_agg(sku || units || by_whom, ',' ORDER BY sku) FROM meaning WHERE code = 'GIFT' AND channel = ''")).ShouldBe("MUG1ada,TEA2ada");
    }

    [Fact]
    public async Task An_order_that_is_decided_while_its_code_is_explained_never_stays_behind()
    {
        await using var test = await ShopAsync();
        for (var i = 0; i < 60; i++) await Task.WhenAll(test.PlaceAsync("r" + i, ("CODE" + i, 1)), SayAsync(test, "CODE" + i, "", new Part("MUG", 1)));
        await test.UntilAsync("SELECT count(*) FROM stream WHERE status = 'submitted'", 60L);
    }

    [Fact]
    public async Task A_code_that_is_counted_is_a_sku_of_ours_even_if_there_is_none_of_it()
    {
        await using var test = await ShopAsync();
        await test.PlaceAsync("1", ("NEW", 1));
        await test.UntilAsync("SELECT status FROM stream WHERE stream = 'order/1'", "held");
        await test.CountAsync("NEW", "AMS", 0);
        await test.UntilAsync("SELECT status FROM stream WHERE stream = 'order/1'", "backordered");
        await test.CountAsync("NEW", "AMS", 1);
        await test.UntilAsync("SELECT status FROM stream WHERE stream = 'order/1'", "submitted");
    }

    [Fact]
    public async Task What_a_channel_means_comes_before_what_all_mean_and_undoing_brings_the_old_back()
    {
        await using var test = await ShopAsync();
        await SayAsync(test, "X", "", new Part("TEA", 1));
        await SayAsync(test, "X", "shop", new Part("MUG", 1));
        await test.UntilAsync("SELECT count(*) FROM meaning", 2L);
        await test.PlaceAsync("1", ("X", 1));
        await test.UntilAsync("SELECT string_agg(sku, ',') FROM position WHERE reserved > 0", "MUG");
        await test.SendAsync(Code("X"), new CodeSignal.UndoAsked("X", "shop", 2, "ada"));
        await test.UntilAsync("SELECT string_agg(channel || sku, ',') FROM meaning", "TEA");
        await test.PlaceAsync("2", ("X", 1));
        await test.UntilAsync("SELECT string_agg(sku, ',' ORDER BY sku) FROM position WHERE reserved > 0", "MUG,TEA");
    }

    [Fact]
    public async Task A_new_meaning_reaches_orders_that_wait_for_stock_and_leaves_those_at_a_warehouse()
    {
        await using var test = await ShopAsync();
        await SayAsync(test, "SET", "", new Part("TEA", 60));
        await test.PlaceAsync("sent", ("SET", 1));
        await test.UntilAsync("SELECT status FROM stream WHERE stream = 'order/sent'", "submitted");
        await test.PlaceAsync("waits", ("SET", 1));
        await test.UntilAsync("SELECT status FROM stream WHERE stream = 'order/waits'", "backordered");
        await SayAsync(test, "SET", "", new Part("MUG", 1));
        await test.UntilAsync("SELECT status FROM stream WHERE stream = 'order/waits'", "submitted");
        (await test.ScalarAsync("SELECT string_agg(sku || reserved, ',' ORDER BY sku) FROM position")).ShouldBe("MUG1,TEA60");
    }

    [Fact]
    public async Task A_case_is_closed_when_no_order_waits_for_its_code_any_more()
    {
        await using var test = await ShopAsync();
        await test.PlaceAsync("1", ("GONE", 1));
        await test.UntilAsync("SELECT count(*) FROM open_case WHERE kind = 'code.unknown' AND closed_at IS NULL", 1L);
        await test.SendAsync(TestHub.Order("1"), new OrderSignal.CancelAsked("no longer wanted", "ada"));
        await test.UntilAsync("SELECT count(*) FROM code_waiting", 0L);
        await test.UntilAsync("SELECT count(*) FROM open_case WHERE closed_at IS NULL", 0L, 30);
    }

    [Fact]
    public async Task A_kits_listing_sells_as_many_as_its_scarcest_part_and_a_mapped_one_what_its_sku_has()
    {
        await using var test = await ShopAsync(new(0, []));
        foreach (var (item, sku) in (List<(string, string)>)[("set", "SET"), ("alias", "ALIAS"), ("half", "HALF"), ("mug", "MUG")])
        {
            test.Shop.Shelf[item] = 0;
            await test.SendAsync(new(TestHub.Brand, "product", "shop/" + item), new ProductSignal.Reported("shop", item, sku, [new Variant("v", sku, "", item)], DateTimeOffset.UtcNow));
        }
        await SayAsync(test, "SET", "", new("MUG", 2), new("TEA", 3));
        await SayAsync(test, "ALIAS", "shop", new Part("MUG", 1));
        await SayAsync(test, "HALF", "", new("MUG", 1), new("NEVER-COUNTED", 1));
        await SellsAsync(test, ("set", 33), ("alias", 100), ("mug", 100), ("half", 0));
        await test.PlaceAsync("1", ("SET", 1));
        await SellsAsync(test, ("set", 32), ("alias", 98), ("mug", 98), ("half", 0));
        (await test.ScalarAsync("SELECT word FROM listing WHERE item = 'half'")).ShouldBe("never counted: the channel's number is left as it is");

        await SayAsync(test, "SET", "", new Part("MUG", 7));
        await SellsAsync(test, ("set", 14));
        await test.SendAsync(Code("ALIAS"), new CodeSignal.UndoAsked("ALIAS", "shop", 1, "ada"));
        await test.CountAsync("ALIAS", "AMS", 5);
        await SellsAsync(test, ("alias", 5));
    }

    /// <summary>100 mugs and 100 teas in Amsterdam.</summary>
    private static async Task<TestHub> ShopAsync(StockTerms? offers = null)
    {
        var test = await TestHub.NewAsync(Cancel);
        test.Offers = offers;
        await test.StartAsync();
        await test.CountAsync("MUG", "AMS", 100);
        await test.CountAsync("TEA", "AMS", 100);
        await test.UntilAsync("SELECT count(*) FROM position WHERE on_hand = 100", 2L);
        return test;
    }

    private static StreamId Code(string code) => new(TestHub.Brand, "code", code);

    private static Task SayAsync(TestHub test, string code, string channel, params Part[] parts) => test.SendAsync(Code(code), new CodeSignal.Explained(code, channel, parts, "ada"));

    private static async Task SellsAsync(TestHub test, params (string Item, int Units)[] shelf)
    {
        for (var i = 0; i < 400 && shelf.Any(s => test.Shop.Shelf.GetValueOrDefault(s.Item) != s.Units); i++) await Task.Delay(20, Cancel);
        foreach (var (item, units) in shelf) test.Shop.Shelf[item].ShouldBe(units, item);
    }
}
