using System.Diagnostics;
using System.Globalization;
using Quartermaster.Core.Channels;
using Quartermaster.Sandbox;
using Shouldly;

namespace Quartermaster.Stories;

/// <summary>One unit, a Shopify shop and a WooCommerce shop that both show it.</summary>
public sealed class TheLastUnitTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_shoppers_buy_the_last_unit_in_two_shops_and_one_of_them_gets_it()
    {
        await using var day = await BusinessDay.BeginAsync(InTwoShops(DemoBrands.All[0]), new StockTerms(0, []) { Calm = TimeSpan.FromSeconds(1) }, Cancel, units: 0);
        var product = day.Brand.Products[0];
        day.WooShop.Stock(product.Sku, product.Title, 0);
        await day.CountAsync(product.Sku, "BLR", 1);
        await UntilAsync(() => (Shopify(day), Woo(day)), (1, 1), "both show it");

        var basket = day.Basket();
        var one = basket with { Lines = [basket.Lines[0] with { Sku = product.Sku, Quantity = 1, Discount = 0 }] };
        var here = day.Shop.Place(one);
        var there = day.WooShop.Place(one with { Id = one.Id + 1, Name = one.Name + "-w" });

        string[] ids = [BusinessDay.IdOf(here), there.Id.ToString(CultureInfo.InvariantCulture)];
        var winner = await FirstAsync(day, ids, "closed");
        await day.UntilAsync(ids[1 - winner], "backordered");
        await UntilAsync(() => (Shopify(day), Woo(day)), (0, 0), "nobody shows it any more");
        (await day.ScalarAsync("SELECT sum(-on_hand) FROM movement WHERE kind = 'shipped'")).ShouldBe(1L);

        await day.CountAsync(product.Sku, "DEL", 1);
        await day.UntilAsync(ids[1 - winner], "closed");
        (await day.ScalarAsync("SELECT count(*) FROM position WHERE on_hand < 0 OR reserved <> 0")).ShouldBe(0L);
        (Shopify(day), Woo(day)).ShouldBe((0, 0), "what came was his who waited");
    }

    [Fact]
    public async Task A_sale_in_one_shop_is_seen_in_the_other_within_seconds()
    {
        await using var day = await BusinessDay.BeginAsync(InTwoShops(DemoBrands.All[0]), new StockTerms(0, []) { Calm = TimeSpan.FromSeconds(1) }, Cancel, units: 5);
        var product = day.Brand.Products[0];
        day.WooShop.Stock(product.Sku, product.Title, 0);
        await UntilAsync(() => (Shopify(day), Woo(day)), (15, 15), "both show three shelves");
        var basket = day.Basket();
        var watch = Stopwatch.StartNew();
        day.Shop.Place(basket with { Lines = [basket.Lines[0] with { Sku = product.Sku, Quantity = 2, Discount = 0 }] });
        await UntilAsync(() => (13, Woo(day)), (13, 13), "sold there, seen here");
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5));
        await UntilAsync(() => (Shopify(day), Woo(day)), (13, 13), "and nowhere twice");
    }

    private static int Shopify(BusinessDay day) => day.Brand.Connections.Single(c => c.Connector == "shopify").Locations.Values.Sum(at => day.Shop.Sells(day.Brand.Products[0].Sku, at));

    private static int Woo(BusinessDay day) => day.WooShop.Units(day.Brand.Products[0].Sku) ?? -1;

    private static async Task<int> FirstAsync(BusinessDay day, string[] orders, string status)
    {
        for (var i = 0; i < 1200; i++)
        {
            for (var at = 0; at < orders.Length; at++)
                if ((string?)await day.ScalarAsync($"SELECT status FROM stream WHERE stream = 'order/{orders[at]}'") == status) return at;
            await Task.Delay(25, Cancel);
        }
        throw new ShouldAssertException($"None of the orders became '{status}'.");
    }

    private static async Task UntilAsync(Func<(int, int)> what, (int, int) expected, string why)
    {
        for (var i = 0; i < 1200 && what() != expected; i++) await Task.Delay(25, Cancel);
        what().ShouldBe(expected, why);
    }

    private static DemoBrand InTwoShops(DemoBrand brand) => brand with { Connections = [.. brand.Connections, AWooCommerceShopTests.Storefront] };
}
