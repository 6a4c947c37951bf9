using Quartermaster.Core.Codes;
using Quartermaster.Runtime;
using Quartermaster.Runtime.Operations;
using Quartermaster.Runtime.Purchasing;
using Quartermaster.Runtime.ReadModels;
using Quartermaster.Runtime.Replenishment;
using Quartermaster.Runtime.Stock;
using Quartermaster.Sandbox;

namespace Quartermaster.Hosting;

/// <summary>What demo brands have on the day they open: counted shelves, suppliers and a past, and kits that somebody has explained.</summary>
internal static class DemoOpening
{
    private const string By = "demo";

    /// <returns>The brands that open now; those that a hub on this database opened before are left as they are.</returns>
    public static async Task<IReadOnlyCollection<string>> PrepareAsync(Database database, HubPlan plan, CancellationToken cancel)
    {
        List<string> opened = [];
        foreach (var brand in DemoBrands.All)
        {
            if (!await FirstCount.TakeAsync(database, brand.Terms.Brand, [.. brand.Shelves().Select(s => new CountedShelf(s.Sku, s.Location, s.Units))], TimeProvider.System, cancel)) continue;
            opened.Add(brand.Terms.Brand);
            var desk = new Desk(database, wakeup: null, TimeProvider.System);
            if (brand.Terms.Replenishment is not null) await LetBuyAsync(database, plan, desk, brand, cancel);
            // After the shelves: a code may only mean SKUs that were counted.
            var codes = new CodeDesk(desk, new CodeReads(database.General, plan), plan);
            foreach (var kit in brand.Kits) await codes.SayAsync(brand.Terms.Brand, kit.Product.Sku, Meaning.AllChannels, kit.Parts, null, By, cancel);
        }
        return opened;
    }

    // The drafts that a newcomer finds are proposed by the hub itself, a few seconds later.
    private static async Task LetBuyAsync(Database database, HubPlan plan, Desk desk, DemoBrand brand, CancellationToken cancel)
    {
        var buying = new PurchaseDesk(database, plan, desk, TimeProvider.System);
        await buying.SaveAsync(brand.Terms.Brand, DemoBuying.Suppliers, By, cancel);
        await buying.SaveAsync(brand.Terms.Brand, [.. DemoBuying.Terms(brand)], By, cancel);
        await new SalesHistory(database).AddAsync(brand.Terms.Brand, [.. DemoBuying.Sales(brand, brand.Terms.DayOf(TimeProvider.System.GetUtcNow())).Select(s => new DayOfSales(s.Day, s.Sku, s.Location, s.Units))], cancel);
    }
}
