using Quartermaster.Core.Kernel;
using Quartermaster.Core.Purchasing;
using Quartermaster.Core.Stock;
using Quartermaster.Runtime;
using Quartermaster.Runtime.Purchasing;
using Quartermaster.Runtime.Replenishment;
using Quartermaster.Sandbox;
using Quartermaster.Sandbox.Twins;
using Shouldly;

namespace Quartermaster.Stories;

/// <summary>A kurta sells out: the team hears of it once, a draft waits for a decision, the supplier gets a mail, the delivery comes in two parts, and the shopper who waited gets hers.</summary>
public sealed class RunningLowTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_sells_out_is_told_ordered_received_and_sent_to_who_waits()
    {
        var brand = DemoBrands.All[0] with { Terms = DemoBrands.All[0].Terms with { Replenishment = new ReplenishmentTerms { LowUnits = 4 }, PurchaseOrdersTo = DemoBrands.All[0].Terms.Accounting, Locations = [DemoBrands.All[0].Terms.Locations[0]] } };
        await using var day = await BusinessDay.BeginAsync(brand, null, Cancel, units: 5);
        var (sku, aurora) = (brand.Products[0].Sku, brand.Terms.Brand);
        var desk = new PurchaseDesk(day.Hub.Database, day.Hub.Plan, day.Hub.Desk, TimeProvider.System);
        await desk.SaveAsync(aurora, DemoBuying.Suppliers, "lea", Cancel);
        await desk.SaveAsync(aurora, [(sku, new SkuTerms("jaipur-block", "J-1", Pack: 6, UnitCost: 600m))], "lea", Cancel);
        var today = brand.Terms.DayOf(DateTimeOffset.UtcNow);
        await new SalesHistory(day.Hub.Database).AddAsync(aurora, [.. Enumerable.Range(1, 30).Select(back => new DayOfSales(today.AddDays(-back), sku, "BLR", 1))], Cancel);

        var first = day.Order(o => o with { Lines = [o.Lines[0] with { Sku = sku, Quantity = 3, Discount = 0 }] });
        await day.UntilAsync(first, "closed");
        await LookAsync(day);
        (await day.SoonAsync("SELECT units FROM purchase WHERE state = 'draft'")).ShouldBe(36, "21 days of lead time, 7 until the next review and 7 more, less 2, in sixes");
        var heard = await UntilAsync(() => day.Alerts.FirstOrDefault(m => m.Title.Contains("runs low", StringComparison.Ordinal)));
        heard.Text.ShouldBe($"{sku}: 2 available, line at 4");

        var second = day.Order(o => o with { Lines = [o.Lines[0] with { Sku = sku, Quantity = 4, Discount = 0 }] });
        await day.UntilAsync(second, "backordered");
        await desk.SendAsync(aurora, "PO-1", new PurchaseSignal.ApproveAsked(null, "lea"), "lea", Cancel);
        var letter = await UntilAsync(() => day.Mails.FirstOrDefault(m => m.To.Contains("jaipur-block", StringComparison.Ordinal)));
        letter.Title.ShouldBe("Purchase order PO-1 from Aurora Threads");
        letter.Text.ShouldContain($"36 x {sku} (yours: J-1) at 600.00 INR");
        (await day.SoonAsync("SELECT 'sent' FROM purchase WHERE sent")).ShouldBe("sent");
        (await day.ScalarAsync($"SELECT incoming FROM position WHERE sku = '{sku}'")).ShouldBe(36);
        for (var i = 0; i < 400 && day.Books.DocumentsNumbered("PO-1") == 0; i++) await Task.Delay(25, Cancel);
        day.Books.DocumentsNumbered("PO-1").ShouldBe(1, "the accountant has it as a draft");

        await desk.SendAsync(aurora, "PO-1", new PurchaseSignal.GoodsReceived("DN-1", [new(sku, 10, 2)], DateTimeOffset.UtcNow, "ann"), "ann", Cancel);
        await day.UntilAsync(second, "closed");
        (await day.ScalarAsync($"SELECT on_hand || ' ' || incoming FROM position WHERE sku = '{sku}'")).ShouldBe("8 24", "2 + 10 − 4, and two dozen to come");
        await desk.SendAsync(aurora, "PO-1", new PurchaseSignal.CloseAsked("the rest is discontinued", "lea"), "lea", Cancel);
        (await day.SoonAsync("SELECT state FROM purchase WHERE state = 'closed_short'")).ShouldBe("closed_short");
        (await day.ScalarAsync($"SELECT incoming FROM position WHERE sku = '{sku}'")).ShouldBe(0);

        await LookAsync(day);
        day.Alerts.Count(m => m.Title.Contains("run", StringComparison.Ordinal)).ShouldBe(1, "it has recovered, and was told once");
        (await day.ScalarAsync("SELECT sum(on_hand) FROM movement WHERE kind = 'received'")).ShouldBe(10L);
    }

    private static async Task LookAsync(BusinessDay day)
    {
        await using var connection = await day.Hub.Database.General.OpenConnectionAsync(Cancel);
        await new Replenisher(day.Hub.Plan, day.Hub.Switches, day.Hub.Wakeup, TimeProvider.System).LookAsync(connection, Cancel);
    }

    private static async Task<Sent> UntilAsync(Func<Sent?> what)
    {
        for (var i = 0; i < 400 && what() is null; i++) await Task.Delay(25, Cancel);
        return what().ShouldNotBeNull();
    }
}
