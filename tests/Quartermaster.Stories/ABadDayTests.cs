using Quartermaster.Sandbox.Twins;
using Shouldly;

namespace Quartermaster.Stories;

/// <summary>One day on which every vendor fails now and then: before the work, after it, with resets, twice and out of order.</summary>
public sealed class ABadDayTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task With_every_vendor_failing_one_call_in_eight_every_order_is_closed_and_nothing_happened_twice()
    {
        await using var day = await BusinessDay.BeginAsync(Cancel, units: 500, ("sandbox_short", "0"), ("sandbox_reject", "0"), ("sandbox_split", "0"));
        foreach (var connector in new[] { "shopify", "warehouse-rest", "xero", "whatsapp" })
        {
            var faults = day.FaultsOf(connector);
            (faults.FailBefore, faults.FailAfter, faults.Reset, faults.TooMany, faults.Duplicate, faults.Reorder) = (0.03, 0.03, 0.02, 0.04, 0.1, 0.1);
            faults.RetryAfter = TimeSpan.FromMilliseconds(100);
        }
        List<ShopOrder> orders = [.. Enumerable.Range(0, 40).Select(_ => day.Order())];
        foreach (var order in orders) await day.UntilAsync(order, "closed", 90);

        foreach (var order in orders) day.Warehouse.HandoffsOf(BusinessDay.IdOf(order)).ShouldBe(1);
        (await day.ScalarAsync("SELECT count(*) FROM effect_log WHERE kind = 'books.draft_invoice.v1'")).ShouldBe(40L);
        (await day.ScalarAsync("SELECT count(DISTINCT key) = count(*) FROM effect_log")).ShouldBe(true);
        (await day.ScalarAsync("SELECT count(*) FROM parked")).ShouldBe(0L);
        // Each position is the sum of its ledger.
        (await day.ScalarAsync("""
            SELECT count(*) FROM position p JOIN (SELECT brand, sku, location, sum(on_hand) AS h, sum(reserved) AS r FROM movement GROUP BY 1, 2, 3) m USING (brand, sku, location)
            WHERE p.on_hand <> m.h OR p.reserved <> m.r
            """)).ShouldBe(0L);
    }
}
