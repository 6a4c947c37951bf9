using Quartermaster.Core.Channels;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Products;
using Quartermaster.Runtime.Channels;
using Quartermaster.Runtime.Tests.Machine;
using Shouldly;

namespace Quartermaster.Runtime.Tests.Channels;

/// <summary>What sold out leaves the shop window, and comes back with the goods.</summary>
public sealed class ShowcaseTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;
    private static readonly StockTerms Hides = new(0, []) { HideAtZero = true, HideAfter = TimeSpan.Zero };

    [Fact]
    public async Task It_is_hidden_when_the_last_of_its_items_is_gone_and_shown_with_the_first_that_comes()
    {
        await using var test = await StartAsync(Hides);
        await test.CountAsync("A", "AMS", 1);
        await test.CountAsync("B", "AMS", 1);
        await test.UntilAsync("SELECT count(*) FROM listing WHERE sent = 1", 2L);
        await test.PlaceAsync("o1", ("A", 1));
        await test.UntilAsync("SELECT sent FROM listing WHERE sku = 'A'", 0);
        await test.UntilAsync("SELECT count(*) FROM showing", 0L);
        test.Shop.Shows.ShouldBeEmpty("B is still there");
        await test.PlaceAsync("o2", ("B", 1));
        await ShouldBeAsync(test, "hidden");
        await test.UntilAsync("SELECT count(*) FROM showing WHERE hidden_at IS NOT NULL AND was = 'shown' AND due_at IS NULL", 1L);
        await test.CountAsync("A", "AMS", 4);
        await ShouldBeAsync(test, "shown");
        await test.UntilAsync("SELECT count(*) FROM showing", 0L);
        test.Shop.Shows.Select(s => s.As).ShouldBe(["hidden", "shown"]);
    }

    [Fact]
    public async Task What_comes_back_within_its_rest_is_never_hidden()
    {
        await using var test = await StartAsync(Hides with { HideAfter = TimeSpan.FromMinutes(10) });
        await test.CountAsync("A", "AMS", 1);
        await test.CountAsync("B", "AMS", 0);
        await test.UntilAsync("SELECT count(*) FROM listing WHERE sent IS NOT NULL", 2L);
        await test.PlaceAsync("o1", ("A", 1));
        await test.UntilAsync("SELECT sent FROM listing WHERE sku = 'A'", 0);
        await test.UntilAsync("SELECT count(*) FROM showing WHERE due_at > now() + interval '9 minutes'", 1L);
        await test.CountAsync("A", "AMS", 9);
        await test.UntilAsync("SELECT count(*) FROM showing", 0L);
        test.Shop.Shows.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_a_person_took_away_is_not_brought_back()
    {
        await using var test = await StartAsync(Hides);
        await SellOutAsync(test);
        await ShouldBeAsync(test, "hidden");
        await test.UntilAsync("SELECT count(*) FROM showing WHERE hidden_at IS NOT NULL", 1L);
        test.Shop.Window["p"] = "archived";
        await test.CountAsync("A", "AMS", 3);
        await test.UntilAsync("SELECT count(*) FROM showing", 0L);
        test.Shop.Window["p"].ShouldBe("archived");
        (await test.ScalarAsync("SELECT sent FROM listing WHERE sku = 'A'")).ShouldBe(3, "it can be sold all the same");
    }

    [Fact]
    public async Task A_lost_answer_leaves_nothing_hidden_that_nobody_remembers()
    {
        await using var test = await StartAsync(Hides);
        var lost = 2;
        test.Shop.Shown = _ => Interlocked.Decrement(ref lost) >= 0 ? new Outcome.Unsure("timeout") : new Outcome.Done();
        await SellOutAsync(test);
        await test.UntilAsync("SELECT count(*) FROM showing WHERE hidden_at IS NOT NULL AND was = 'shown'", 1L);
        await test.CountAsync("A", "AMS", 3);
        await ShouldBeAsync(test, "shown");
        await test.UntilAsync("SELECT count(*) FROM showing", 0L);
    }

    [Fact]
    public async Task One_that_is_kept_in_sight_is_shown_at_once_and_hidden_when_nobody_keeps_it()
    {
        await using var test = await StartAsync(Hides);
        await SellOutAsync(test);
        await ShouldBeAsync(test, "hidden");
        var desk = DeskOf(test);
        await desk.SaveAsync(TestHub.Brand, "B", new(KeepShown: true), "lea", Cancel);
        await ShouldBeAsync(test, "shown");
        (await desk.OfAsync(TestHub.Brand, "B", Cancel)).KeepShown.ShouldBeTrue();
        (await test.ScalarAsync("SELECT detail FROM audit WHERE action = 'sold_out_terms.saved'")).ShouldBe("stays in sight when it has sold out");
        await test.UntilAsync("SELECT count(*) FROM showing", 0L);
        await desk.SaveAsync(TestHub.Brand, "B", SoldOutTerms.Usual, "lea", Cancel);
        await ShouldBeAsync(test, "hidden");
    }

    [Fact]
    public async Task What_a_person_put_back_in_sight_stays_there_when_only_a_pre_order_is_allowed()
    {
        await using var test = await StartAsync(Hides);
        await SellOutAsync(test);
        await ShouldBeAsync(test, "hidden");
        await test.UntilAsync("SELECT count(*) FROM showing WHERE hidden_at IS NOT NULL AND due_at IS NULL", 1L);
        test.Shop.Window["p"] = "shown";
        await test.ScalarAsync("UPDATE showing SET due_at = now()");
        await test.UntilAsync("SELECT count(*) FROM showing WHERE was IS NULL AND due_at IS NULL AND word LIKE '%left so'", 1L);
        var before = await test.ScalarAsync("SELECT marked FROM showing");
        await DeskOf(test).SaveAsync(TestHub.Brand, "B", new(Preorder: new(Most: 5)), "lea", Cancel);
        (await test.ScalarAsync("SELECT marked FROM showing")).ShouldBe(before, "nothing was said of its being in sight");
        test.Shop.Window["p"].ShouldBe("shown");
    }

    [Fact]
    public async Task Switched_off_the_next_start_shows_what_was_hidden()
    {
        await using var test = await StartAsync(Hides);
        await SellOutAsync(test);
        await ShouldBeAsync(test, "hidden");
        await test.UntilAsync("SELECT count(*) FROM showing WHERE hidden_at IS NOT NULL AND due_at IS NULL", 1L);
        await test.Hub.StopAsync(TimeSpan.FromSeconds(5));
        test.Offers = new(0, []);
        await test.StartAsync();
        await ShouldBeAsync(test, "shown");
    }

    private static SoldOutDesk DeskOf(TestHub test) => new(test.Hub.Database, test.Hub.Plan, TimeProvider.System);

    private static async Task SellOutAsync(TestHub test)
    {
        await test.CountAsync("A", "AMS", 0);
        await test.CountAsync("B", "AMS", 1);
        await test.UntilAsync("SELECT count(*) FROM listing WHERE sent IS NOT NULL", 2L);
        await test.PlaceAsync("last", ("B", 1));
    }

    private static async Task<TestHub> StartAsync(StockTerms offers)
    {
        var test = await TestHub.NewAsync(Cancel);
        test.Offers = offers;
        (test.Shop.Shelf["a"], test.Shop.Shelf["b"]) = (5, 5);
        await test.StartAsync();
        // One catalogue of its own, so that the products are those of this report and not one per item.
        await test.UntilAsync("SELECT count(*) FROM catalogue WHERE read_at IS NOT NULL", 1L);
        await test.SendAsync(new(TestHub.Brand, "product", "shop/p"), new ProductSignal.Reported("shop", "p", "Product", [new Variant("v", "A", "", "a"), new Variant("w", "B", "", "b")], DateTimeOffset.UtcNow));
        await test.UntilAsync("SELECT count(*) FROM listing WHERE product = 'p'", 2L);
        return test;
    }

    private static async Task ShouldBeAsync(TestHub test, string shown)
    {
        for (var i = 0; i < 500 && test.Shop.Window.GetValueOrDefault("p") != shown; i++) await Task.Delay(20, Cancel);
        test.Shop.Window.GetValueOrDefault("p").ShouldBe(shown);
    }
}
