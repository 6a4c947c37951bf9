using System.Text;
using Quartermaster.Core.Kernel;
using Quartermaster.Runtime;
using Quartermaster.Runtime.Operations;
using Quartermaster.Runtime.Purchasing;
using Quartermaster.Runtime.ReadModels;
using Quartermaster.Runtime.Replenishment;

namespace Quartermaster.Import;

public sealed class BuyingImportTests
{
    private static readonly BrandTerms Brand = new() { Brand = "aurora", Title = "Aurora", Currency = "INR", TimeZone = "Asia/Kolkata", Locations = [new("BLR", "Bengaluru", "wms", "IN")] };
    private static readonly HubPlan Plan = new(new Dictionary<string, BrandPlan> { ["aurora"] = new(Brand, BrandMode.Live) }, new Dictionary<string, ConnectionPlan>());

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Suppliers_terms_sales_and_receipts_come_from_files_and_a_second_run_changes_nothing_twice()
    {
        await using var database = await OrderImportTests.NewDatabaseAsync();
        await using var hub = new Database(database.ConnectionString);
        var reads = new PurchaseReads(hub.General, Plan, TimeProvider.System);
        for (var run = 0; run < 2; run++)
        {
            await using var report = new ImportReport(Path.GetTempFileName());
            var import = Import(hub, report);
            (await import.SuppliersAsync("s.csv", Csv("lead_days,Code,title,email\n21,mill,Surat Mill,orders@mill.example\n"), Cancel)).ShouldBe(1);
            (await import.TermsAsync("t.csv", Csv("sku,supplier,pack,unit_cost,low_units\nA,mill,12,110.50,\nB,,,,3\n"), reads, Cancel)).ShouldBe(2);
            (await import.SalesAsync("d.csv", Csv("day,sku,location,units\n2026-01-05,A,BLR,3\n2026-01-05,A,BLR,2\n2026-01-06,A,BLR,1\n"), new SalesHistory(hub), Cancel)).ShouldBe(run == 0 ? 2 : 0);
            report.Wrong.ShouldBe(0);
        }

        (await OrderImportTests.ListAsync(database.Source, "SELECT code || ' ' || lead_days || ' ' || email || ' ' || currency FROM supplier")).ShouldBe(["mill 21 orders@mill.example INR"]);
        (await OrderImportTests.ListAsync(database.Source, "SELECT concat_ws(' ', sku, supplier, pack, unit_cost, low_units) FROM sku_terms ORDER BY 1")).ShouldBe(["A mill 12 110.50", "B 1 0 3"]);
        (await OrderImportTests.ListAsync(database.Source, "SELECT day || ' ' || units FROM sold ORDER BY 1")).ShouldBe(["2026-01-05 5", "2026-01-06 1"]);
    }

    [Fact]
    public async Task Rows_of_one_receipt_are_booked_together_for_orders_that_exist()
    {
        await using var database = await OrderImportTests.NewDatabaseAsync();
        await using var hub = new Database(database.ConnectionString);
        await using var report = new ImportReport(Path.GetTempFileName());
        await using (var make = database.Source.CreateCommand("INSERT INTO purchase(brand, id, state, supplier, title, location, currency, total, units, missing, drafted_at, late, sent, updated_at) VALUES ('aurora', 'PO-1', 'ordered', 'mill', 'Mill', 'BLR', 'INR', 1, 1, 1, now(), false, false, now())"))
            await make.ExecuteNonQueryAsync(Cancel);

        var booked = await Import(hub, report).ReceiptsAsync("r.csv", Csv("purchase,receipt,sku,units,damaged,at\nPO-1,DN7,A,10,1,2026-01-05T09:00:00+05:30\nPO-1,DN7,B,2,,\nPO-9,DN8,A,1,,\nPO-1,DN9,A,x,,\nPO-1,DN9,A,1,,2999-01-01T00:00Z\n"), Cancel);

        booked.ShouldBe(1);
        report.Wrong.ShouldBe(3);
        (await OrderImportTests.ListAsync(database.Source, "SELECT convert_from(body, 'UTF8') FROM signal")).Single().ShouldBe("""{"receiptId":"DN7","lines":[{"sku":"A","units":10,"damaged":1},{"sku":"B","units":2,"damaged":0}],"at":"2026-01-05T03:30:00+00:00","by":"ann"}""");
    }

    [Fact]
    public async Task What_cannot_be_is_reported_with_its_line_and_a_strange_header_refused()
    {
        await using var report = new ImportReport(Path.GetTempFileName());
        var import = new BuyingImport(null, Brand, report, "ann", TimeProvider.System);
        (await import.SuppliersAsync("s.csv", Csv("code,title,lead_days,currency\nmill,Mill,21,\nmill,Again,1,\nBad Code,X,1,\nfar,Far,,\nodd,Odd,1,DUCATS\n"), Cancel)).ShouldBe(1);
        (await import.TermsAsync("t.csv", Csv("sku,pack,low_days,quiet\nA,0,,\nB,,0,\nC,,,maybe\n,1,,\nD,6,3.5,yes\n"), null, Cancel)).ShouldBe(1);
        (await import.SalesAsync("d.csv", Csv("day,sku,location,units\n2999-01-01,A,BLR,1\n2026-01-05,A,XXX,1\n"), null, Cancel)).ShouldBe(0);
        report.Wrong.ShouldBe(10);
        (await Should.ThrowAsync<ImportRefusedException>(() => import.SuppliersAsync("s.csv", Csv("code,title,leaddays\n"), Cancel))).Message.ShouldContain("lead_days");
        (await Should.ThrowAsync<ImportRefusedException>(() => import.TermsAsync("t.csv", Csv("pack\n1\n"), null, Cancel))).Message.ShouldContain("'sku' is missing");
    }

    private static BuyingImport Import(Database hub, ImportReport report) =>
        new(new PurchaseDesk(hub, Plan, new Desk(hub, null, TimeProvider.System), TimeProvider.System), Brand, report, "ann", TimeProvider.System);

    private static MemoryStream Csv(string text) => new(Encoding.UTF8.GetBytes(text));
}
