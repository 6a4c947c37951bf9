using Quartermaster.Core.Channels;
using Quartermaster.Core.Stock;
using Shouldly;

namespace Quartermaster.Stories;

/// <summary>The shop sells what lies on the shelves: the morning's count, a sale elsewhere, its own sales, and a person who types a number into its pages.</summary>
public sealed class SellingWhatIsThereTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_shop_is_told_within_seconds_and_its_own_sales_are_not_written_over()
    {
        await using var day = await BusinessDay.BeginAsync(new StockTerms(2, []) { Calm = TimeSpan.FromSeconds(2) }, Cancel, units: 10);
        var sku = day.Brand.Products[0].Sku;
        var places = day.Brand.Connections.Single(c => c.Key == day.Brand.Storefront).Locations;
        int Sells(string location) => day.Shop.Sells(sku, places[location]);
        foreach (var location in places.Keys) await UntilAsync(day, () => Sells(location), 8, "ten on the shelf, two kept back");

        var order = day.Order(o => o with { Lines = [o.Lines[0] with { Sku = sku, Quantity = 3, Discount = 0 }] });
        await day.UntilAsync(order, "closed");
        await UntilAsync(day, () => places.Keys.Sum(Sells), 21, "sold once, not twice");
        (await day.ScalarAsync("SELECT count(*) FROM listing WHERE refused")).ShouldBe(0L);

        await day.CountAsync(sku, "DEL", 30);
        await UntilAsync(day, () => places.Keys.Sum(Sells) > 21 ? 1 : 0, 1, "a delivery");

        day.Shop.SetByHand(sku, places["BOM"], 500);
        await UntilAsync(day, () => Sells("BOM") < 500 ? 1 : 0, 1, "typed by hand, and put right");
        (await day.SoonAsync("SELECT theirs FROM drift")).ShouldBe(500);
        (await day.ScalarAsync("SELECT cause || ': ' || word FROM drift")).ShouldBe("manual_edit: raised there by a person or another app");
    }

    private static async Task UntilAsync(BusinessDay day, Func<int> what, int expected, string why)
    {
        for (var i = 0; i < 1200 && what() != expected; i++) await Task.Delay(25, Cancel);
        if (what() != expected) what().ShouldBe(expected, $"{why}\n{await day.ScalarAsync("SELECT string_agg(l::text, E'\n') FROM listing l WHERE sent IS DISTINCT FROM 8 OR known IS DISTINCT FROM 8")}");
    }
}
