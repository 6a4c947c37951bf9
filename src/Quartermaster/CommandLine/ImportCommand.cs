using System.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;
using Quartermaster.Configuration;
using Quartermaster.Core.Connecting;
using Quartermaster.Dashboard.Shown;
using Quartermaster.Import;
using Quartermaster.Runtime;
using Quartermaster.Runtime.Intake;
using Quartermaster.Runtime.Operations;
using Spectre.Console;

namespace Quartermaster.CommandLine;

/// <summary>Takes orders, stock counts, meanings of codes and what buying needs in from files.</summary>
internal static class ImportCommand
{
    internal static readonly Option<string?> Brand = new("--brand") { Description = "The brand they belong to; not needed when there is one" };
    internal static readonly Option<string?> Report = new("--report") { Description = "Where every skipped or unreadable row is written (import-report-TIME.csv)" };
    private static readonly Argument<string[]> Paths = new("files") { Description = "Files or folders: .csv, .json, .jsonl", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<string> Channel = new("--channel") { Description = "Where they were sold: a storefront connection, or any name for a channel of the past", Required = true };
    private static readonly Option<string?> Mapping = new("--mapping") { Description = "How columns become orders (docs/configuration.md); not needed for Shopify's export and JSON" };
    private static readonly Option<string> As = new("--as") { Description = "history: searchable, causes nothing. live: through the whole loop", DefaultValueFactory = _ => "history" };
    internal static readonly Option<bool> DryRun = new("--dry-run") { Description = "Read and report, store nothing" };
    private static readonly Option<DateTimeOffset?> Since = new("--since") { Description = "Only orders placed from then on" };
    private static readonly Option<DateTimeOffset?> Until = new("--until") { Description = "Only orders placed before" };

    public static Command Create()
    {
        As.AcceptOnlyFromAmong("history", "live");
        var orders = new Command("orders", "Imports orders; a second run imports nothing twice") { Paths, Brand, Channel, Mapping, As, DryRun, Since, Until, Report };
        orders.Does(OrdersAsync);
        var source = new Argument<string>("source") { Description = "A file or http address; a header is optional" };
        var stock = new Command("stock", "Takes stock counts: sku,location,qty, what is there now") { source, Brand, DryRun, Report };
        stock.Does((parsed, cancel) => StockAsync(parsed, parsed.GetValue(source)!, cancel));
        var codes = new Command("codes", "Takes in what codes mean: channel,code,sku,units; several rows of one code are a kit") { source, Brand, DryRun, Report };
        codes.Does((parsed, cancel) => CodesAsync(parsed, parsed.GetValue(source)!, cancel));
        return new Command("import", "Takes orders, stock counts, meanings of codes, what SKUs weigh, what buying needs and where postal codes lie in from files") { orders, stock, codes, SkuCommand.Import(), BuyingCommand.Suppliers(), BuyingCommand.Terms(), BuyingCommand.Receipts(), BuyingCommand.Sales(), PostcodeCommand.Create() };
    }

    private static async Task<int> OrdersAsync(ParseResult parsed, CancellationToken cancel)
    {
        var files = OrderFiles.Expand(parsed.GetValue(Paths)!);
        var mapping = parsed.GetValue(Mapping) is { } path ? MappingReader.Read(File.Exists(path) ? await File.ReadAllTextAsync(path, cancel) : throw new ImportRefusedException($"There is no mapping file '{path}'."), path) : null;
        if (parsed.GetValue(DryRun))
            return await RunOrdersAsync(parsed, Access.Read(parsed), store: null, backlog: null, files, mapping, cancel);
        await using var access = await Access.OpenAsync(parsed, cancel);
        await using var intake = await IntakeAsync(access.Database, cancel);
        return await RunOrdersAsync(parsed, access.Configuration, intake.WriteAsync, new Backlog(access.Database), files, mapping, cancel);
    }

    private static async Task<int> RunOrdersAsync(
        ParseResult parsed, HubConfiguration configuration, Func<IReadOnlyList<Arrival>, CancellationToken, Task<IntakeResult[]>>? store, Backlog? backlog,
        IReadOnlyList<string> files, OrderMapping? mapping, CancellationToken cancel)
    {
        var request = Request(parsed, configuration, mapping);
        await using var report = new ImportReport(ReportPath(parsed));
        var import = new OrderImport(request, store, report, TimeProvider.System) { BeforeEachBatch = backlog is null ? null : backlog.WaitAsync };
        var clock = System.Diagnostics.Stopwatch.StartNew();
        await ImportScreen.WithProgressAsync(files.Sum(f => new FileInfo(f).Length), progress => import.RunAsync(files, progress, cancel));
        ImportScreen.Summarise(import.Count, report, clock.Elapsed, store is null);
        return report.Wrong == 0 ? ExitCode.Ok : ExitCode.Trouble;
    }

    private static OrderImportRequest Request(ParseResult parsed, HubConfiguration configuration, OrderMapping? mapping)
    {
        var brand = BrandOf(parsed, configuration);
        var channel = parsed.GetValue(Channel)!;
        var connection = configuration.Plan.Connections.GetValueOrDefault(channel);
        var isStorefront = connection is not null && connection.Brand == brand.Brand && connection.Connector.Manifest.Capabilities.Contains(Capability.Storefront);
        var live = parsed.GetValue(As) == "live";
        if (!isStorefront && (live || connection is not null))
        {
            var storefronts = configuration.Plan.Connections.Values.Where(c => c.Brand == brand.Brand && c.Connector.Manifest.Capabilities.Contains(Capability.Storefront)).Select(c => c.Key);
            throw new CommandRefusedException($"'{channel}' is not a storefront connection of {brand.Brand}, and live orders need one: {string.Join(", ", storefronts)}. History may name any channel that is no connection.");
        }
        if (!WrittenValues.IsKey(channel))
            throw new CommandRefusedException($"'{channel}' cannot name a channel: use lower-case letters, digits and hyphens, such as old-shop.");
        return new()
        {
            Brand = brand.Brand,
            Channel = channel,
            // A channel of the past must not mix its order ids with those of a storefront that is in use.
            OrderPrefix = connection?.OrderPrefix ?? channel + "-",
            Currency = brand.Currency,
            Live = live,
            Mapping = mapping,
            Since = parsed.GetValue(Since),
            Until = parsed.GetValue(Until),
            ReadVendors = connection is null ? null : body => connection.Connector.Read(SessionOf(connection), "orders/updated", body, TimeProvider.System.GetUtcNow()),
        };
    }

    private static async Task<int> StockAsync(ParseResult parsed, string source, CancellationToken cancel)
    {
        if (parsed.GetValue(DryRun))
            return await RunStockAsync(parsed, source, Access.Read(parsed), store: null, cancel);
        await using var access = await Access.OpenAsync(parsed, cancel);
        await using var intake = await IntakeAsync(access.Database, cancel);
        return await RunStockAsync(parsed, source, access.Configuration, new(access.Database, intake), cancel);
    }

    private static async Task<int> RunStockAsync(ParseResult parsed, string source, HubConfiguration configuration, StockStore? store, CancellationToken cancel)
    {
        await using var report = new ImportReport(ReportPath(parsed));
        using var http = new HttpClient { Timeout = TimeSpan.FromMinutes(2) };
        await using var stream = await OpenAsync(source, http, cancel);
        var result = await new StockImport(store, BrandOf(parsed, configuration), report, TimeProvider.System).RunAsync(source, stream, cancel);
        var counts = Words.Count(result.Counted, "count");
        Console.WriteLine(store is null ? $"Dry run: nothing was stored. {counts} would be taken."
            : $"{counts} taken{(result.First ? " as the brand's first stock" : "; the hub works them off")}.");
        ImportScreen.Notes(report);
        return report.Wrong == 0 ? ExitCode.Ok : ExitCode.Trouble;
    }

    private static async Task<int> CodesAsync(ParseResult parsed, string source, CancellationToken cancel)
    {
        await using var access = await Access.OpenAsync(parsed, cancel);
        await using var report = new ImportReport(ReportPath(parsed));
        using var http = new HttpClient { Timeout = TimeSpan.FromMinutes(2) };
        await using var stream = await OpenAsync(source, http, cancel);
        var (brand, reads) = (BrandOf(parsed, access.Configuration).Brand, new Runtime.ReadModels.CodeReads(access.Database.General, access.Configuration.Plan));
        var desk = new CodeDesk(access.Desk, reads, access.Configuration.Plan);
        var meanings = await new CodeImport(desk, brand, report).ReadAsync(source, stream, cancel);
        foreach (var m in meanings)
        {
            if (parsed.GetValue(DryRun))
            {
                Console.WriteLine($"{m.Code} {(m.Channel.Length == 0 ? "at all channels" : $"at {m.Channel}")}: {Core.Kernel.Part.Words(m.Parts)}");
                CodesCommand.Show(await reads.ImpactAsync(brand, m.Code, m.Channel, m.Parts, cancel));
            }
            else await desk.SayAsync(brand, m.Code, m.Channel, m.Parts, "imported", Access.Who, cancel);
        }
        Console.WriteLine(parsed.GetValue(DryRun) ? $"Dry run: nothing was stored. {Words.Count(meanings.Count, "meaning")} would be taken." : $"{Words.Count(meanings.Count, "meaning")} taken; a running hub acts on them within a second.");
        ImportScreen.Notes(report);
        return report.Wrong == 0 ? ExitCode.Ok : ExitCode.Trouble;
    }

    internal static async Task<Stream> OpenAsync(string source, HttpClient http, CancellationToken cancel)
    {
        if (!source.StartsWith("http://", StringComparison.Ordinal) && !source.StartsWith("https://", StringComparison.Ordinal))
            return File.Exists(source) ? File.OpenRead(source) : throw new ImportRefusedException($"There is no file '{source}'.");
        try
        {
            return await http.GetStreamAsync(new Uri(source), cancel);
        }
        catch (HttpRequestException failure)
        {
            throw new ImportRefusedException($"{source} cannot be read: {failure.Message}");
        }
    }

    internal static Core.Kernel.BrandTerms BrandOf(ParseResult parsed, HubConfiguration configuration)
    {
        var brands = configuration.Plan.Brands;
        var named = parsed.GetValue(Brand) ?? (brands.Count == 1 ? brands.Keys.First() : throw new CommandRefusedException($"Say which brand with --brand: {string.Join(", ", brands.Keys)}."));
        return brands.TryGetValue(named, out var brand) ? brand.Terms : throw new CommandRefusedException($"There is no brand '{named}'. {NearestWord.Hint(named, [.. brands.Keys], "")}");
    }

    private static async Task<IntakeWriter> IntakeAsync(Database database, CancellationToken cancel)
    {
        var intake = new IntakeWriter(database, new Wakeup(1, decidesHere: false), NullLogger<IntakeWriter>.Instance);
        await intake.StartAsync(cancel);
        return intake;
    }

    private static Session SessionOf(ConnectionPlan connection) =>
        new(connection.Brand, connection.Key, connection.Settings, connection.OrderPrefix, connection.Locations, new HttpClient(), TimeProvider.System);

    internal static string ReportPath(ParseResult parsed) =>
        parsed.GetValue(Report) ?? $"import-report-{TimeProvider.System.GetUtcNow():yyyyMMdd-HHmmss}.csv";
}
