using System.Text;
using Quartermaster.Core.Kernel;
using Quartermaster.Runtime;

namespace Quartermaster.Import;

public sealed class StockImportTests
{
    private static readonly BrandTerms Brand = new()
    {
        Brand = "aurora",
        Title = "Aurora",
        Locations = [new("BLR", "Bengaluru", "wms", "IN"), new("DEL", "Delhi", "wms", "IN")],
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_counts_become_positions_at_once_and_later_ones_are_signals()
    {
        await using var database = await OrderImportTests.NewDatabaseAsync();
        await using var hub = new Database(database.ConnectionString);
        await using var intake = await OrderImportTests.IntakeAsync(hub);
        await using var report = new ImportReport(Path.GetTempFileName());
        var import = new StockImport(new(hub, intake), Brand, report, TimeProvider.System);

        var first = await import.RunAsync("world", Csv("A,BLR,5\nA,DEL,0\nB,BLR,7\n"), Cancel);
        var second = await import.RunAsync("later.csv", Csv("qty,SKU,warehouse\n9,A,BLR\n"), Cancel);

        first.ShouldBe(new(3, First: true));
        second.ShouldBe(new(1, First: false));
        (await OrderImportTests.ListAsync(database.Source, "SELECT sku || location || on_hand FROM position ORDER BY 1")).ShouldBe(["ABLR5", "ADEL0", "BBLR7"]);
        (await OrderImportTests.ListAsync(database.Source, "SELECT sku || location || on_hand FROM movement ORDER BY 1")).ShouldBe(["ABLR5", "BBLR7"]);
        (await OrderImportTests.ListAsync(database.Source, "SELECT stream || ' ' || kind FROM signal")).ShouldBe(["stock/A stock.counted.v1"]);
    }

    [Fact]
    public async Task Rows_that_cannot_be_are_reported_with_their_lines()
    {
        await using var database = await OrderImportTests.NewDatabaseAsync();
        await using var hub = new Database(database.ConnectionString);
        await using var intake = await OrderImportTests.IntakeAsync(hub);
        await using var report = new ImportReport(Path.GetTempFileName());

        var result = await new StockImport(new(hub, intake), Brand, report, TimeProvider.System)
            .RunAsync("counts.csv", Csv("sku,location,qty\nA,BLR,5\nA,BLR,6\nB,BOM,1\n,BLR,1\nC,BLR,-1\nD,BLR\n"), Cancel);
        await report.DisposeAsync();

        result.Counted.ShouldBe(1);
        File.ReadAllLines(report.Path).Skip(1).Select(l => string.Join(' ', l.Split(',').Skip(1).Take(3))).Order().ShouldBe(
            ["3 wrong counted twice", "4 wrong unknown location", "5 wrong no SKU", "6 wrong bad quantity", "7 wrong wrong number of fields"]);
    }

    [Fact]
    public async Task A_dry_run_reads_everything_and_needs_no_database()
    {
        await using var report = new ImportReport(Path.GetTempFileName());

        var result = await new StockImport(store: null, Brand, report, TimeProvider.System).RunAsync("counts.csv", Csv("sku,location,qty\nA,BLR,5\nB,BOM,1\n"), Cancel);

        (result.Counted, report.Wrong).ShouldBe((1, 1));
    }

    private static MemoryStream Csv(string text) => new(Encoding.UTF8.GetBytes(text));
}
