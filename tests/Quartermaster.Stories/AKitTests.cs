using Quartermaster.Core.Codes;
using Quartermaster.Core.Kernel;
using Quartermaster.Runtime.Operations;
using Quartermaster.Runtime.ReadModels;
using Quartermaster.Sandbox;
using Quartermaster.Sandbox.Twins;
using Shouldly;

namespace Quartermaster.Stories;

/// <summary>A shop that sells breakfast for two, which no shelf has, and mugs under a code that nobody has explained.</summary>
public sealed class AKitTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    private static readonly DemoBrand Brand = DemoBrands.All[1];

    [Fact]
    public async Task A_kit_leaves_in_two_parcels_and_the_shop_and_the_books_hear_of_it_as_it_was_sold()
    {
        await using var day = await BusinessDay.BeginAsync(Brand, null, Cancel, units: 100, ("sandbox_split", "1"), ("sandbox_short", "0"), ("sandbox_missed", "0"), ("sandbox_ship_ms", "1500"));
        var (kit, carafe) = (Brand.Kits[0], Brand.Products.Single(p => p.Sku == "HH-CRF-1L"));
        await CodesOf(day).SayAsync(Brand.Terms.Brand, kit.Product.Sku, Meaning.AllChannels, kit.Parts, null, "lea", Cancel);
        (await day.SoonAsync($"SELECT string_agg(units || ' ' || sku, ', ' ORDER BY sku) FROM meaning WHERE code = '{kit.Product.Sku}'")).ShouldBe("2 HH-MUG-SEA, 2 HH-PLT-21C");

        var order = day.Order(o => o with { Lines = [Line(kit.Product, 2), Line(carafe, 1)] });
        await day.UntilAsync(order, "partly_shipped");
        (await day.ScalarAsync("SELECT string_agg(sku || -on_hand, ', ') FROM movement WHERE kind = 'shipped'")).ShouldBe("HH-MUG-SEA4", "the mugs are on their way");
        day.Shop.Find(order.Id)!.Fulfilments.ShouldBeEmpty("four mugs are no breakfast");
        (await day.ScalarAsync("SELECT count(*) FROM effect_log WHERE kind = 'books.draft_invoice.v1'")).ShouldBe(0L);

        await day.UntilAsync(order, "closed");
        day.Shop.Find(order.Id)!.Fulfilments.ShouldHaveSingleItem().Lines.Select(l => (l.Line.Placed.Sku, l.Quantity)).ShouldBe([(kit.Product.Sku, 2), (carafe.Sku, 1)], ignoreOrder: true);
        ((string)(await day.ScalarAsync("SELECT request FROM effect_log WHERE kind = 'books.draft_invoice.v1'"))!).ShouldSatisfyAllConditions(r => r.ShouldContain(kit.Product.Title), r => r.ShouldNotContain("HH-MUG-SEA"));
        (await day.ScalarAsync("SELECT sum(value) = (SELECT sum(total) FROM stream WHERE placed_at IS NOT NULL) FROM tally WHERE name LIKE 'invoiced_total/%'")).ShouldBe(true);
        (await day.ScalarAsync("SELECT string_agg(sku || sent, ', ' ORDER BY sku) FROM (SELECT sku, sum(-on_hand) AS sent FROM movement WHERE kind = 'shipped' GROUP BY sku) m")).ShouldBe("HH-CRF-1L1, HH-MUG-SEA4, HH-PLT-21C4");
        (await day.ScalarAsync("SELECT sum(reserved) FROM position")).ShouldBe(0L);
        (await day.ScalarAsync("SELECT count(*) FROM open_case WHERE closed_at IS NULL")).ShouldBe(0L);
    }

    [Fact]
    public async Task Orders_with_a_code_that_nobody_knows_wait_as_one_case_and_go_on_when_a_person_takes_the_suggestion()
    {
        await using var day = await BusinessDay.BeginAsync(Brand, null, Cancel, units: 100, ("sandbox_short", "0"), ("sandbox_missed", "0"));
        var pair = Brand.Unexplained.ShouldNotBeNull();
        List<ShopOrder> orders = [.. Enumerable.Range(0, 2).Select(_ => day.Order(o => o with { Lines = [Line(pair, 1)] }))];
        foreach (var order in orders) await day.UntilAsync(order, "held");
        await day.UntilAsync(day.Order(o => o with { Lines = [Line(Brand.Products[^1], 1)] }), "closed");
        (await day.ScalarAsync("SELECT string_agg(kind, ', ') FROM open_case WHERE closed_at IS NULL")).ShouldBe("code.unknown", "one for both, and nobody else waits");

        var reads = new CodeReads(day.Hub.Database.General, day.Hub.Plan);
        var waits = (await reads.UnknownAsync([Brand.Terms.Brand], 0, 10, Cancel)).ShouldHaveSingleItem();
        (waits.Code, waits.Title, waits.Orders).ShouldBe((pair.Sku, pair.Title, 2));
        var best = (await reads.MatcherAsync(Brand.Terms.Brand, Cancel)).For(waits.Code, waits.Title)[0];
        best.Parts.ShouldBe([new Part("HH-MUG-SEA", 2)]);

        await CodesOf(day).SayAsync(Brand.Terms.Brand, waits.Code, Meaning.AllChannels, best.Parts, best.Why, "lea", Cancel);
        foreach (var order in orders) await day.UntilAsync(order, "closed");
        (await day.ScalarAsync("SELECT sum(-on_hand) FROM movement WHERE kind = 'shipped' AND sku = 'HH-MUG-SEA'")).ShouldBe(4L);
        (await day.ScalarAsync("SELECT count(*) FROM open_case WHERE closed_at IS NULL")).ShouldBe(0L);
        (await day.ScalarAsync("SELECT count(*) FROM code_waiting")).ShouldBe(0L);
    }

    private static CodeDesk CodesOf(BusinessDay day) => new(day.Hub.Desk, new CodeReads(day.Hub.Database.General, day.Hub.Plan), day.Hub.Plan);

    private static NewLine Line(DemoProduct product, int units) => new(product.Sku, product.Title, product.Price, units, product.Grams);
}
