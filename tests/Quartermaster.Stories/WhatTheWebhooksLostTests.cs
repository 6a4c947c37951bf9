using Quartermaster.Sandbox.Twins;
using Shouldly;

namespace Quartermaster.Stories;

/// <summary>A shop whose webhooks are lost: what happened there meanwhile is found by the poll, and happens here once.</summary>
public sealed class WhatTheWebhooksLostTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_refund_that_nobody_told_is_credited_once_and_its_goods_are_back_on_the_shelf_once()
    {
        await using var day = await BusinessDay.BeginAsync(Soon, Cancel, units: 100, ("sandbox_short", "0"), ("sandbox_reject", "0"), ("sandbox_split", "0"));
        var order = day.Order(o => o with { Lines = [o.Lines[0] with { Quantity = 2, Discount = 0 }] });
        await day.UntilAsync(order, "closed");
        var shelves = await UnitsAsync(day);
        // The shop tells whole seconds: a refund of the second in which the order was sent off would count as told with it.
        await Task.Delay(TimeSpan.FromSeconds(1.1), Cancel);

        day.FaultsOf("shopify").Lose = 1;
        day.Shop.Refund(order.Id, 0, 1, goodsBack: true);
        await PollAsync(day);
        (await day.SoonAsync($"SELECT outcome FROM effect_log WHERE stream = 'order/{BusinessDay.IdOf(order)}' AND kind = 'books.draft_credit_note.v1'")).ShouldBe("done", string.Join('\n', await day.TimelineAsync(order)));
        (await UnitsAsync(day)).ShouldBe(shelves + 1);

        // The shop is heard again and names the refund once more; so does the next poll.
        var heard = (long)(await day.ScalarAsync("SELECT max(seq) FROM signal"))!;
        day.FaultsOf("shopify").Lose = 0;
        day.Shop.Assess(order.Id, "LOW");
        (await day.SoonAsync($"SELECT 1 FROM signal WHERE stream = 'order/{BusinessDay.IdOf(order)}' AND kind = 'orders/updated' AND delivery NOT LIKE 'poll:%' AND seq > {heard}")).ShouldBe(1);
        await PollAsync(day);
        (await day.TimelineAsync(order)).Count(e => e == "order.refunded.v1").ShouldBe(1);
        (await UnitsAsync(day)).ShouldBe(shelves + 1);
        (await day.ScalarAsync("SELECT count(*) FROM effect_log WHERE kind = 'books.draft_credit_note.v1'")).ShouldBe(1L);
    }

    [Fact]
    public async Task What_a_person_sent_from_the_shop_is_not_handed_over_a_second_time()
    {
        await using var day = await BusinessDay.BeginAsync(Soon, Cancel, units: 0);
        var sku = day.Brand.Products[0].Sku;
        ShopOrder Wants() => day.Order(o => o with { Lines = [o.Lines[0] with { Sku = sku, Quantity = 1, Discount = 0 }] });
        var sent = Wants();
        await day.UntilAsync(sent, "backordered");

        day.FaultsOf("shopify").Lose = 1;
        day.Shop.Fulfil(sent.Id, "Blue Dart", "BD-1");
        await PollAsync(day);
        (await day.SoonAsync($"SELECT 1 FROM stream WHERE stream = 'order/{BusinessDay.IdOf(sent)}' AND ended")).ShouldBe(1, string.Join('\n', await day.TimelineAsync(sent)));
        day.FaultsOf("shopify").Lose = 0;

        await day.CountAsync(sku, day.Brand.Terms.Locations[0].Code, 5);
        var next = Wants();
        await day.UntilAsync(next, "closed");
        day.Warehouse.HandoffsOf(BusinessDay.IdOf(next)).ShouldBe(1);
        day.Warehouse.HandoffsOf(BusinessDay.IdOf(sent)).ShouldBe(0);
        (await day.TimelineAsync(sent)).ShouldContain("order.fulfilled_elsewhere.v1");
    }

    private static async Task<long> UnitsAsync(BusinessDay day) => (long)(await day.ScalarAsync("SELECT sum(on_hand) FROM position"))!;

    /// <summary>Waits for a poll that began after this moment.</summary>
    private static async Task PollAsync(BusinessDay day)
    {
        var asked = DateTimeOffset.UtcNow;
        for (var i = 0; i < 800 && await day.ScalarAsync($"SELECT 1 FROM poll WHERE connection = '{day.Brand.Storefront}' AND last_run_at >= '{asked:O}'") is null; i++) await Task.Delay(25, Cancel);
        await day.SoonAsync("SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM ready)");
    }
}
