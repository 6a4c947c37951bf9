using System.IO.Compression;
using System.Text;
using Quartermaster.Core.Routing;
using Quartermaster.Runtime;
using Quartermaster.Runtime.Routing;

namespace Quartermaster.Import;

public sealed class PostcodeImportTests
{
    private const string Rows = "IN\t560001\tBangalore G.P.O.\tKarnataka\t19\tBengaluru\t583\tBangalore North\t\t12.9\t77.6\t4\nIN\t560001\tVidhana Soudha\tKarnataka\t19\tBengaluru\t583\tBangalore North\t\t13.0\t77.5\t4\nSE\t186 00\tVallentuna\tStockholm\tAB\tVallentuna\t0115\t\t\t59.5344\t18.0776\t4\n";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Codes_lie_in_the_middle_of_their_places_and_a_second_import_replaces_its_countries()
    {
        await using var database = await OrderImportTests.NewDatabaseAsync();
        await using var hub = new Database(database.ConnectionString);
        var table = new PostcodeTable(hub.General);
        (await table.StampAsync(Cancel)).ShouldBe("");
        (await ImportAsync(table, ("all.txt", Text(Rows)))).ShouldBe([("IN", 1), ("SE", 1)]);
        var first = await table.StampAsync(Cancel);
        var points = await table.ReadAsync(null, Cancel);
        points.Find("IN", "560 001").ShouldBe(new PostalPoints.Point(12.95f, 77.55f));
        points.Find("SE", "18600").ShouldNotBeNull();

        (await ImportAsync(table, ("IN.zip", Zip("IN.txt", Rows.Replace("560001", "110001"), "readme.txt", "nothing to read")))).ShouldBe([("IN", 1), ("SE", 1)]);
        (await table.StampAsync(Cancel)).ShouldNotBe(first, "running hubs see that it changed");
        points = await table.ReadAsync(["IN"], Cancel);
        (points.Count, points.Find("IN", "560001"), points.Find("SE", "18600")).ShouldBe((1, null, null));
    }

    [Fact]
    public async Task What_cannot_be_is_reported_with_its_line_and_another_file_refused()
    {
        await using var report = new ImportReport(Path.GetTempFileName());
        var import = new PostcodeImport(null, report, TimeProvider.System);
        await import.ReadAsync("IN.txt", Text(Rows + "XX\t1\tA\t\t\t\t\t\t\t1\t1\t\nIN\t \tA\t\t\t\t\t\t\t1\t1\t\nIN\t1\tA\t\t\t\t\t\t\t91\t1\t\nIN\t1\n"), Cancel);
        report.Counts.Select(c => c.Category).Order().ShouldBe(["bad place", "bad postal code", "unknown country", "wrong number of fields"]);
        (await Should.ThrowAsync<ImportRefusedException>(() => import.ReadAsync("x.csv", Text("sku,location,qty\n"), Cancel))).Message.ShouldContain("postal code file of GeoNames");
        (await Should.ThrowAsync<ImportRefusedException>(() => import.ReadAsync("x.zip", Text("no zip"), Cancel))).Message.ShouldContain("is no zip file");
    }

    private static async Task<IReadOnlyList<(string, int)>> ImportAsync(PostcodeTable table, (string Name, Stream Stream) file)
    {
        await using var report = new ImportReport(Path.GetTempFileName());
        var import = new PostcodeImport(table, report, TimeProvider.System);
        await import.ReadAsync(file.Name, file.Stream, Cancel);
        report.Wrong.ShouldBe(0);
        return await import.StoreAsync(Cancel);
    }

    private static MemoryStream Text(string text) => new(Encoding.UTF8.GetBytes(text));

    private static MemoryStream Zip(params string[] entries)
    {
        var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var entry in entries.Chunk(2))
            {
                using var inside = new StreamWriter(zip.CreateEntry(entry[0]).Open());
                inside.Write(entry[1]);
            }
        }
        stream.Position = 0;
        return stream;
    }
}
