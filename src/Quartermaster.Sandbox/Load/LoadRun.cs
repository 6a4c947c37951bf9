using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Quartermaster.Sandbox.Twins;

namespace Quartermaster.Sandbox.Load;

/// <summary>How hard and how long a hub is driven.</summary>
public sealed record LoadOptions
{
    /// <summary>Orders a second in open loop; 0 = closed loop: a new order when an earlier one has ended.</summary>
    public double Rate { get; init; }

    /// <summary>Unfinished orders allowed in closed loop.</summary>
    public int Window { get; init; } = 1000;
    public int Connections { get; init; } = 32;
    public TimeSpan Warmup { get; init; } = TimeSpan.FromSeconds(10);
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The hub may be this long without any progress before what is open counts as lost.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);
    public int Skus { get; init; } = 2000;
    public int Units { get; init; } = 1_000_000;

    /// <summary>Share of the orders' webhooks that are sent twice.</summary>
    public double Duplicate { get; init; } = 0.05;
}

/// <summary>Drives a hub over real HTTP with orders, plays everything around it, and says what became of each order.</summary>
/// <remarks>
/// In this order: <see cref="PrepareAsync"/>; start a hub with <see cref="Brand"/> and its <see cref="Shelves"/>; <see cref="DriveAsync"/>.
/// The twins tell more than the neutral bench does (accepted, scans, echoes of fulfilments): figures of the two are not comparable.
/// </remarks>
public sealed class LoadRun : IAsyncDisposable
{
    private const int Attempts = 12;
    private readonly LoadOptions options;
    private readonly SandboxHost world;
    private readonly DemoOrders orders;
    private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(5) };
    private readonly byte[] secret;
    private readonly Uri storefront;
    private readonly ConcurrentBag<double> acks = [];
    private long first;
    private long placed;

    private LoadRun(LoadOptions options, SandboxHost world, DemoBrand brand, LoadOracle oracle, Uri webhooks, TimeProvider clock)
    {
        (this.options, this.world, Brand, Oracle) = (options, world, brand, oracle);
        orders = new DemoOrders(brand);
        storefront = new Uri($"{webhooks.ToString().TrimEnd('/')}/{brand.Storefront}");
        secret = Encoding.UTF8.GetBytes(brand.Connections.Single(c => c.Key == brand.Storefront).Settings["webhook_secret"]);
        // Another second, other numbers: a hub that was driven before does not take these orders for old ones.
        first = DemoOrders.NumberAt(clock.GetUtcNow()) * 5 % 400_000 * 2000;
        world.Twin<ShopifyTwin>(brand.Storefront).Recall = id => id >= DemoOrders.IdOf(0) ? Order(id - DemoOrders.IdOf(0)) : null;
    }

    /// <summary>The brand a hub has to be configured with; every connection's <c>base_url</c> is set.</summary>
    public DemoBrand Brand { get; }

    public LoadOracle Oracle { get; }

    /// <summary>What lies on the shelves when the run begins: plenty, and of every fortieth SKU very little.</summary>
    public IReadOnlyDictionary<(string Sku, string Location), int> Shelves { get; private init; } = new Dictionary<(string, string), int>();

    /// <param name="webhooks">Where the hub will take webhooks; the connection's key is appended.</param>
    public static async Task<LoadRun> PrepareAsync(LoadOptions options, Uri webhooks, TimeProvider clock, CancellationToken cancel)
    {
        var demo = DemoBrands.All[0];
        var brand = demo with
        {
            Products = [.. Enumerable.Range(0, options.Skus).Select(i => new DemoProduct($"LOAD-{i:D5}", $"Load article {i}", 199 + i * 37 % 4800, 400))],
            Connections = [.. demo.Connections.Select(c => c with { Settings = new Dictionary<string, string>(c.Settings)
            {
                ["sandbox_accept_ms"] = "100", ["sandbox_ship_ms"] = "100", ["sandbox_step_ms"] = "50",
                ["sandbox_reject"] = "0", ["sandbox_short"] = "0", ["sandbox_split"] = "0", ["sandbox_missed"] = "0", ["sandbox_returned"] = "0",
            } })],
        };
        var shelves = brand.Products.SelectMany((p, i) => brand.Terms.Locations.Select(l => (Key: (p.Sku, l.Code), Units: i % 40 == 7 ? 25 : options.Units)))
            .ToDictionary(s => s.Key, s => s.Units);
        var maker = new DemoOrders(brand);
        var oracle = new LoadOracle(n => Ready(maker.Make(n)), shelves);
        var world = await SandboxHost.StartAsync(DemoBrands.Sandboxed([brand], webhooks), clock, cancel, listener: oracle.Hear).ConfigureAwait(false);
        var addressed = brand with
        {
            Connections = [.. brand.Connections.Select(c => c with { Settings = new Dictionary<string, string>(c.Settings) { ["base_url"] = world.BaseOf(c.Key).ToString() } })],
        };
        return new LoadRun(options, world, addressed, oracle, webhooks, clock) { Shelves = shelves };
    }

    public async Task<LoadReport> DriveAsync(CancellationToken cancel)
    {
        using var window = new SemaphoreSlim(options.Window);
        Oracle.OnEnded = () => { if (options.Rate <= 0) window.Release(); };
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var began = Stopwatch.GetTimestamp();
        var senders = Enumerable.Range(0, options.Connections).Select(_ => SendAsync(window, began, stop.Token)).ToList();
        await Task.Delay(options.Warmup, cancel).ConfigureAwait(false);
        var (before, since) = (Ended(), Stopwatch.GetTimestamp());
        acks.Clear();
        await Task.Delay(options.Duration, cancel).ConfigureAwait(false);
        var (after, seconds, acknowledged) = (Ended(), Stopwatch.GetElapsedTime(since).TotalSeconds, acks.Order().ToList());
        await stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(senders).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancel.ThrowIfCancellationRequested();
        await SettleAsync(cancel).ConfigureAwait(false);
        Oracle.OnEnded = null;
        return Report(seconds, after.Complete - before.Complete, after.Backordered - before.Backordered, acknowledged);
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await world.DisposeAsync().ConfigureAwait(false);
    }

    // Everybody pays and everybody has a phone that hears WhatsApp: an order that waits for a person would never end, and what goes out as mail is not listened for.
    private static NewOrder Ready(NewOrder order) => order with
    {
        Paid = !order.Gateway.StartsWith("Cash", StringComparison.Ordinal),
        Shopper = order.Shopper with { Phone = order.Shopper.Phone is { } phone && WhatsAppTwin.Hears(phone) ? phone : "+919810000000" },
    };

    private NewOrder Order(long number) => Ready(orders.Make(number));

    private async Task SendAsync(SemaphoreSlim window, long began, CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            if (options.Rate <= 0) await window.WaitAsync(cancel).ConfigureAwait(false);
            var turn = Interlocked.Increment(ref placed);
            var due = TimeSpan.FromSeconds(options.Rate > 0 ? turn / options.Rate : 0) - Stopwatch.GetElapsedTime(began);
            if (due > TimeSpan.Zero) await Task.Delay(due, cancel).ConfigureAwait(false);
            await PlaceAsync(first + turn, due < TimeSpan.Zero && options.Rate > 0 ? -due : TimeSpan.Zero).ConfigureAwait(false);
        }
    }

    /// <param name="late">How long the order already waited for a free sender; counted, or an overloaded hub would look quick.</param>
    private async Task PlaceAsync(long number, TimeSpan late)
    {
        var body = ShopJson.Order(new ShopOrder(Order(number), DateTimeOffset.UtcNow));
        var (signature, id) = (Convert.ToBase64String(HMACSHA256.HashData(secret, body)), Guid.NewGuid().ToString());
        Oracle.Placed(number);
        var started = Stopwatch.GetTimestamp();
        var pause = TimeSpan.FromMilliseconds(200);
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            if (await DeliverAsync(body, signature, id).ConfigureAwait(false))
            {
                acks.Add((Stopwatch.GetElapsedTime(started) + late).TotalMilliseconds);
                Oracle.Acknowledged(number);
                if (Random.Shared.NextDouble() < options.Duplicate) await DeliverAsync(body, signature, id).ConfigureAwait(false);
                return;
            }
            await Task.Delay(pause).ConfigureAwait(false);
            pause = pause * 2 < TimeSpan.FromSeconds(5) ? pause * 2 : TimeSpan.FromSeconds(5);
        }
    }

    private async Task<bool> DeliverAsync(byte[] body, string signature, string id)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, storefront) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.Add("X-Shopify-Topic", "orders/create");
        request.Headers.Add("X-Shopify-Hmac-Sha256", signature);
        request.Headers.Add("X-Shopify-Event-Id", id);
        try
        {
            using var response = await http.SendAsync(request).ConfigureAwait(false);
            return response.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    private async Task SettleAsync(CancellationToken cancel)
    {
        var (last, quiet) = (-1L, Stopwatch.GetTimestamp());
        while (Oracle.Fates.Any(f => !f.IsEnded) && Stopwatch.GetElapsedTime(quiet) < options.Patience)
        {
            var progress = Oracle.Fates.Sum(f => (long)System.Numerics.BitOperations.PopCount((uint)f.Seen));
            if (progress != last) (last, quiet) = (progress, Stopwatch.GetTimestamp());
            await Task.Delay(200, cancel).ConfigureAwait(false);
        }
    }

    private (long Complete, long Backordered) Ended()
    {
        var (complete, backordered) = (0L, 0L);
        foreach (var fate in Oracle.Fates.Where(f => f.IsEnded))
            if (fate.Has(LoadEffect.Backordered)) backordered++;
            else complete++;
        return (complete, backordered);
    }

    private LoadReport Report(double seconds, long complete, long backordered, IReadOnlyList<double> acknowledged)
    {
        var toWarehouse = Oracle.Fates.Select(f => f.ToWarehouse?.TotalMilliseconds).OfType<double>().Order().ToList();
        var toMessage = Oracle.Fates.Select(f => f.ToMessage?.TotalMilliseconds).OfType<double>().Order().ToList();
        var (allComplete, allBackordered) = Ended();
        return new LoadReport
        {
            Seconds = seconds, OrdersPerSecond = complete / seconds, BackorderedPerSecond = backordered / seconds,
            AckP50Ms = LoadReport.Percentile(acknowledged, 0.5), AckP99Ms = LoadReport.Percentile(acknowledged, 0.99),
            ToWarehouseP50Ms = LoadReport.Percentile(toWarehouse, 0.5), ToWarehouseP99Ms = LoadReport.Percentile(toWarehouse, 0.99),
            ToMessageP50Ms = LoadReport.Percentile(toMessage, 0.5), ToMessageP95Ms = LoadReport.Percentile(toMessage, 0.95),
            Created = Oracle.Fates.LongCount(), Completed = allComplete, Backordered = allBackordered,
            Lost = Oracle.Fates.LongCount(f => f.Acknowledged && !f.IsEnded), LostOrders = [.. Oracle.Fates.Where(f => f.Acknowledged && !f.IsEnded).Take(10).Select(f => $"{f.Number}: no {LoadEffect.Complete & ~f.Seen}")], NeverAcknowledged = Oracle.Fates.LongCount(f => !f.Acknowledged),
            Duplicates = Oracle.Duplicates, Replays = Oracle.Replays, Oversold = Oracle.Oversold, WrongLines = Oracle.WrongLines,
            FalseBackorders = Oracle.FalseBackorders, Strangers = Oracle.Strangers,
        };
    }
}
