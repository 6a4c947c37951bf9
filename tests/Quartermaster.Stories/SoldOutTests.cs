using Quartermaster.Core.Channels;
using Shouldly;

namespace Quartermaster.Stories;

/// <summary>The last kurta is sold: its page leaves the shop's lists, and is back with the next delivery. One that a person drafted stays a draft.</summary>
public sealed class SoldOutTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_sold_out_is_hidden_until_goods_arrive_and_a_person_is_not_overruled()
    {
        await using var day = await BusinessDay.BeginAsync(new StockTerms(0, []) { Calm = TimeSpan.FromSeconds(1), HideAtZero = true, HideAfter = TimeSpan.Zero }, Cancel, units: 0);
        var (first, second) = (day.Brand.Products[0].Sku, day.Brand.Products[1].Sku);
        var location = day.Brand.Terms.Locations[0].Code;
        await UntilAsync(day, first, "UNLISTED");
        await UntilAsync(day, second, "UNLISTED");

        await day.CountAsync(first, location, 2);
        await UntilAsync(day, first, "ACTIVE");
        var order = day.Order(o => o with { Lines = [o.Lines[0] with { Sku = first, Quantity = 2, Discount = 0 }] });
        await UntilAsync(day, first, "UNLISTED");
        await day.UntilAsync(order, "closed");

        day.Shop.SetStatus(second, "DRAFT");
        await day.CountAsync(first, location, 5);
        await day.CountAsync(second, location, 5);
        await UntilAsync(day, first, "ACTIVE");
        (await day.SoonAsync($"SELECT 'told' FROM listing WHERE sku = '{second}' AND sent = 5")).ShouldBe("told");
        await day.SoonAsync("SELECT 'none' WHERE NOT EXISTS (SELECT 1 FROM showing s JOIN listing l ON l.connection = s.connection AND l.page = s.page WHERE l.sku = '" + second + "')");
        day.Shop.StatusOf(second).ShouldBe("DRAFT", "nobody shows what a person took away");
    }

    private static async Task UntilAsync(BusinessDay day, string sku, string status)
    {
        for (var i = 0; i < 800 && day.Shop.StatusOf(sku) != status; i++) await Task.Delay(25, Cancel);
        day.Shop.StatusOf(sku).ShouldBe(status, $"{sku}\n{await day.ScalarAsync("SELECT string_agg(s::text, E'\\n') FROM showing s")}\n{await day.ScalarAsync($"SELECT string_agg(l::text, E'\\n') FROM listing l WHERE sku = '{sku}'")}");
    }
}
