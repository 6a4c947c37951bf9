using System.Text;
using Quartermaster.Core.Kernel;
using Quartermaster.Runtime;
using Quartermaster.Runtime.Goods;

namespace Quartermaster.Import;

public sealed class SkuImportTests
{
    private static readonly BrandTerms Brand = new() { Brand = "aurora", Title = "Aurora" };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_file_names_is_known_and_what_it_leaves_out_stays()
    {
        await using var database = await OrderImportTests.NewDatabaseAsync();
        await using var hub = new Database(database.ConnectionString);
        var table = new SkuFactsTable(hub.General);
        (await ImportAsync(table, "sku,grams,cm,tariff,origin\nTEA,250,10x8x5,0902.30,in\nMUG,,,6911.10.00,CN\n")).ShouldBe((2, 2));
        (await ImportAsync(table, "sku,grams\nMUG,400\nTEA,\n")).ShouldBe((2, 1));
        (await table.FindAsync("aurora", "TEA", Cancel))!.Facts.ShouldBe(new SkuFacts(250, new(10, 8, 5), "090230", "IN"));
        (await table.FindAsync("aurora", "MUG", Cancel))!.Facts.ShouldBe(new SkuFacts(400, null, "69111000", "CN"));
        var about = await table.AboutAsync("aurora", ["TEA", "NONE"], Cancel);
        (about("TEA").Grams, about("MUG").Grams, about("NONE")).ShouldBe((250, 0, SkuFacts.Unknown));
    }

    [Theory]
    [InlineData("sku,grams\nTEA,0.25\n", "is not a weight")]
    [InlineData("sku,cm\nTEA,10x8\n", "is not the size of a unit")]
    [InlineData("sku,tariff\nTEA,tea\n", "is not a tariff number")]
    [InlineData("sku,origin\nTEA,India\n", "is not a country")]
    [InlineData("sku,grams\n,250\n", "the SKU is empty")]
    [InlineData("sku,grams\nTEA,250\nTEA,260\n", "stands further up")]
    public async Task What_cannot_be_is_reported_with_its_line(string csv, string said)
    {
        var path = Path.GetTempFileName();
        await using (var report = new ImportReport(path))
        {
            await new SkuImport(null, Brand, report, "ann", TimeProvider.System).RunAsync("skus.csv", new MemoryStream(Encoding.UTF8.GetBytes(csv)), Cancel);
            report.Wrong.ShouldBe(1);
        }
        (await File.ReadAllTextAsync(path, Cancel)).ShouldContain(said);
    }

    private static async Task<(int, int)> ImportAsync(SkuFactsTable table, string csv)
    {
        await using var report = new ImportReport(Path.GetTempFileName());
        var done = await new SkuImport(table, Brand, report, "ann", TimeProvider.System).RunAsync("skus.csv", new MemoryStream(Encoding.UTF8.GetBytes(csv)), Cancel);
        report.Wrong.ShouldBe(0);
        return done;
    }
}
