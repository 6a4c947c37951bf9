using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Quartermaster.Core.Kernel;
using Quartermaster.Runtime;
using Quartermaster.Runtime.Intake;
using Quartermaster.Runtime.Migrations;
using Quartermaster.Testing;

namespace Quartermaster.Import;

[Collection(nameof(Alone))]
public sealed class OrderImportTests : IDisposable
{
    private const string Header = "Invoice,Date,Item,Qty,Price\n";

    private readonly OrderMapping _mapping = ImportTestBed.Mapping("group_by: Invoice\ncolumns: { placed_at: Date, sku: Item, quantity: Qty, unit_price: Price }");
    private readonly string _folder = Directory.CreateTempSubdirectory("qm-import-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_second_run_imports_nothing_twice_even_from_another_file()
    {
        await using var database = await NewDatabaseAsync();
        await using var hub = new Database(database.ConnectionString);
        await using var intake = await IntakeAsync(hub);
        var first = Write("first.csv", Header + "1,2026-01-01,A,1,10\n1,2026-01-01,B,2,5\n2,2026-01-02,A,1,10\n");
        var longer = Write("longer.csv", Header + "2,2026-01-02,A,1,10\n3,2026-01-03,A,1,10\n");

        (await RunAsync(first, intake)).ShouldSatisfyAllConditions(c => c.Imported.ShouldBe(2), c => c.Repeated.ShouldBe(0));
        (await RunAsync(first, intake)).ShouldSatisfyAllConditions(c => c.Imported.ShouldBe(0), c => c.Repeated.ShouldBe(2));
        (await RunAsync(longer, intake)).ShouldSatisfyAllConditions(c => c.Imported.ShouldBe(1), c => c.Repeated.ShouldBe(1));

        (await ListAsync(database.Source, "SELECT stream || ' ' || kind FROM signal ORDER BY seq")).ShouldBe(
            ["order/old-1 order.imported.v1", "order/old-2 order.imported.v1", "order/old-3 order.imported.v1"]);
    }

    [Fact]
    public async Task A_dry_run_reads_everything_and_stores_nothing()
    {
        var file = Write("orders.csv", Header + "1,2026-01-01,A,1,10\n2,never,A,1,10\n");
        await using var report = new ImportReport(Path.Combine(_folder, "report.csv"));
        var import = new OrderImport(Request(), store: null, report, TimeProvider.System);

        await import.RunAsync([file], _ => { }, Cancel);
        await report.DisposeAsync();

        import.Count.ShouldSatisfyAllConditions(c => c.Orders.ShouldBe(1), c => c.Imported.ShouldBe(0));
        report.Wrong.ShouldBe(1);
        File.ReadAllLines(report.Path)[1].ShouldStartWith($"{file},3,wrong,bad date,");
    }

    [Fact]
    public async Task Only_orders_of_the_asked_period_are_taken()
    {
        var file = Write("orders.csv", Header + "1,2026-01-01,A,1,10\n2,2026-01-02,A,1,10\n3,2026-01-03,A,1,10\n");
        var stored = new List<Arrival>();
        var import = Import(Request() with { Since = new(2026, 1, 2, 0, 0, 0, TimeSpan.Zero), Until = new(2026, 1, 3, 0, 0, 0, TimeSpan.Zero), Live = true }, stored.AddRange);

        await import.RunAsync([file], _ => { }, Cancel);

        stored.ShouldHaveSingleItem().ShouldSatisfyAllConditions(a => a.Stream.ShouldBe("order/old-2"), a => a.Kind.ShouldBe("order.reported.v1"));
        import.Count.OutsidePeriod.ShouldBe(2);
    }

    [Fact]
    public async Task A_large_file_is_streamed_in_constant_memory()
    {
        const int Orders = 120_000;
        var file = Path.Combine(_folder, "large.csv");
        await using (var writer = new StreamWriter(file))
        {
            await writer.WriteAsync(Header);
            for (var i = 0; i < Orders; i++)
                await writer.WriteAsync($"{i},2026-01-01,SKU-{i % 977},1,10.00\n{i},2026-01-01,SKU-{i % 983},2,5.00\n");
        }
        var (stored, most) = (0, 0L);
        var import = Import(Request(), arrivals =>
        {
            stored += arrivals.Count;
            if (stored % 10_000 == 0)
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true));
        });
        var before = GC.GetTotalMemory(forceFullCollection: true);

        await import.RunAsync([file], _ => { }, Cancel);

        stored.ShouldBe(Orders);
        // The fingerprints of finished orders are what grows: some 20 bytes each. The orders themselves would be 150 MB.
        (most - before).ShouldBeLessThan(16 * 1024 * 1024);
    }

    private OrderImport Import(OrderImportRequest request, Action<IReadOnlyList<Arrival>> store) => new(request, (arrivals, _) =>
    {
        store(arrivals);
        return Task.FromResult(arrivals.Select(_ => new IntakeResult(1)).ToArray());
    }, new ImportReport(Path.Combine(_folder, "report.csv")), TimeProvider.System);

    private async Task<ImportCount> RunAsync(string file, IntakeWriter intake)
    {
        var import = new OrderImport(Request(), intake.WriteAsync, new ImportReport(Path.Combine(_folder, "report.csv")), TimeProvider.System);
        await import.RunAsync([file], _ => { }, Cancel);
        return import.Count;
    }

    private OrderImportRequest Request() => new() { Brand = "aurora", Channel = "old", OrderPrefix = "old-", Currency = "EUR", Mapping = _mapping };

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text, Encoding.UTF8);
        return path;
    }

    internal static Task<TestDatabase> NewDatabaseAsync() => TestPostgres.NewDatabaseAsync("migrated", async (address, cancel) =>
    {
        await using var source = NpgsqlDataSource.Create(address);
        await Migrator.RunAsync(source, NullLogger.Instance, cancel);
    }, Cancel);

    internal static async Task<IntakeWriter> IntakeAsync(Database database)
    {
        var intake = new IntakeWriter(database, new Wakeup(1, decidesHere: false), NullLogger<IntakeWriter>.Instance);
        await intake.StartAsync(Cancel);
        return intake;
    }

    internal static async Task<List<string>> ListAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(Cancel);
        var rows = new List<string>();
        while (await reader.ReadAsync(Cancel)) rows.Add(reader.GetString(0));
        return rows;
    }
}

/// <summary>What measures the memory of its process runs when nothing else does.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
