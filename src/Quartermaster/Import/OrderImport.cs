using Quartermaster.Core;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Runtime.Intake;

namespace Quartermaster.Import;

/// <summary>What is to be imported, and as what.</summary>
public sealed record OrderImportRequest
{
    public required string Brand { get; init; }

    /// <summary>Where the orders were sold: a connection, or any name for a channel of the past.</summary>
    public required string Channel { get; init; }

    /// <summary>Put before the orders' ids to make stream ids.</summary>
    public required string OrderPrefix { get; init; }

    /// <summary>Used when a file names none.</summary>
    public required string Currency { get; init; }

    /// <summary>False: history, which causes nothing. True: they go through the whole loop.</summary>
    public bool Live { get; init; }

    public OrderMapping? Mapping { get; init; }
    public DateTimeOffset? Since { get; init; }
    public DateTimeOffset? Until { get; init; }

    /// <summary>Reads one order as the channel's vendor writes it.</summary>
    public Func<ReadOnlyMemory<byte>, Reading>? ReadVendors { get; init; }
}

/// <summary>How far an import is.</summary>
public sealed class ImportCount
{
    public long BytesRead { get; set; }
    public int Files { get; set; }
    public int Orders { get; set; }
    public int Lines { get; set; }
    public int Imported { get; set; }

    /// <summary>Were imported before; nothing happened to them now.</summary>
    public int Repeated { get; set; }
    public int OutsidePeriod { get; set; }
}

/// <summary>Streams orders from files into intake, the road that every other signal takes.</summary>
/// <param name="store">Stores a batch durably; null for a dry run.</param>
public sealed class OrderImport(OrderImportRequest request, Func<IReadOnlyList<Arrival>, CancellationToken, Task<IntakeResult[]>>? store, ImportReport report, TimeProvider clock)
{
    private const int Batch = 500;

    public ImportCount Count { get; } = new();

    /// <summary>Asked before each batch is stored, so that an import can make way.</summary>
    public Func<CancellationToken, Task>? BeforeEachBatch { get; init; }

    /// <exception cref="ImportRefusedException">A file cannot be begun with.</exception>
    public async Task RunAsync(IReadOnlyList<string> files, Action<ImportCount> progress, CancellationToken cancel)
    {
        var arrivals = new List<Arrival>(Batch);
        foreach (var file in files)
        {
            var before = Count.BytesRead;
            await using var stream = File.OpenRead(file);
            await foreach (var order in Orders(file, stream, cancel))
            {
                Count.BytesRead = before + stream.Position;
                Count.Orders++;
                if (order.Facts.PlacedAt < request.Since || order.Facts.PlacedAt >= request.Until)
                {
                    Count.OutsidePeriod++;
                    continue;
                }
                Count.Lines += order.Facts.Lines.Count;
                arrivals.Add(ArrivalOf(order));
                if (arrivals.Count == Batch)
                    await StoreAsync(arrivals, progress, cancel);
            }
            Count.BytesRead = before + stream.Length;
            Count.Files++;
            progress(Count);
        }
        await StoreAsync(arrivals, progress, cancel);
    }

    private IAsyncEnumerable<ReadOrder> Orders(string file, Stream stream, CancellationToken cancel) =>
        Path.GetExtension(file).ToLowerInvariant() is ".json" or ".jsonl" or ".ndjson"
            ? new JsonOrders(request.Channel, request.ReadVendors, report.Add).ReadAsync(file, stream, cancel)
            : new CsvOrders(request.Mapping, mapping => new(mapping, request.Channel, request.Currency, request.Live, report.Add), report.Add).ReadAsync(file, stream, cancel);

    private Arrival ArrivalOf(ReadOrder order)
    {
        var facts = order.Facts;
        var stream = new StreamId(request.Brand, "order", request.OrderPrefix + facts.ExternalId);
        Signal signal = request.Live ? new OrderSignal.Reported(facts, "import", TakeOver: true) : new OrderSignal.Imported(facts, Path.GetFileName(order.File));
        // The same order of the same channel is taken once, whatever file it stands in. Taking it live after it was history is
        // a decision of the order's own: it says what it makes of it.
        var key = $"{request.Brand}/{request.Channel}/{facts.ExternalId}/{(request.Live ? "live" : "history")}";
        return new(request.Brand, stream.Key, Raw: false, Wire.KindOf(signal.GetType()), "import", key, null, CoreJson.Write(signal), clock.GetUtcNow());
    }

    private async Task StoreAsync(List<Arrival> arrivals, Action<ImportCount> progress, CancellationToken cancel)
    {
        if (store is not null && arrivals.Count > 0)
        {
            if (BeforeEachBatch is not null)
                await BeforeEachBatch(cancel);
            foreach (var result in await store(arrivals, cancel))
                _ = result.Duplicate ? Count.Repeated++ : Count.Imported++;
        }
        arrivals.Clear();
        progress(Count);
    }
}

/// <summary>The files that a person named, folders opened.</summary>
public static class OrderFiles
{
    private static readonly string[] Endings = [".csv", ".json", ".jsonl", ".ndjson"];

    /// <exception cref="ImportRefusedException">A path does not exist, or a folder holds no file of orders.</exception>
    public static IReadOnlyList<string> Expand(IEnumerable<string> paths) => [.. paths.SelectMany(path =>
        File.Exists(path) ? [path]
        : !Directory.Exists(path) ? throw new ImportRefusedException($"There is no file or folder '{path}'.")
        : Directory.EnumerateFiles(path).Where(f => Endings.Contains(Path.GetExtension(f).ToLowerInvariant())).Order(StringComparer.Ordinal).ToArray() is { Length: > 0 } files ? files
        : throw new ImportRefusedException($"The folder '{path}' holds no {string.Join(", ", Endings)} files."))];
}
