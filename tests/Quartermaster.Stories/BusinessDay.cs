using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Quartermaster.Configuration;
using Quartermaster.Connectors;
using Quartermaster.Core;
using Quartermaster.Core.Channels;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Customers;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Stock;
using Quartermaster.Dashboard;
using Quartermaster.Runtime;
using Quartermaster.Runtime.Customers;
using Quartermaster.Runtime.Hosting;
using Quartermaster.Runtime.Intake;
using Quartermaster.Runtime.Migrations;
using Quartermaster.Runtime.Operations;
using Quartermaster.Runtime.ReadModels;
using Quartermaster.Sandbox;
using Quartermaster.Sandbox.Twins;
using Quartermaster.Testing;
using Quartermaster.Webhooks;
using Shouldly;

namespace Quartermaster.Stories;

/// <summary>A hub with one demo brand on a real database, its outside world played by twins over real HTTP, and a clock that runs quickly for parcels.</summary>
public sealed class BusinessDay : IAsyncDisposable
{
    private static readonly TimeSpan Rarely = TimeSpan.FromMinutes(5);

    private readonly TestDatabase _postgres;
    private readonly Database _database;
    private readonly SandboxHost _world;
    private readonly WebApplication _hub;
    private readonly DemoOrders _shoppers;
    private int _next = 4000;

    private BusinessDay(TestDatabase postgres, Database database, SandboxHost world, WebApplication hub, DemoBrand brand, MovableClock clock)
    {
        (_postgres, _database, _world, _hub, Brand, Clock) = (postgres, database, world, hub, brand, clock);
        _shoppers = new DemoOrders(brand);
    }

    public DemoBrand Brand { get; }

    /// <summary>Of the hub and of its outside world.</summary>
    public MovableClock Clock { get; }
    public ShopifyTwin Shop => _world.Twin<ShopifyTwin>(Brand.Storefront);
    public WooTwin WooShop => _world.Twins<WooTwin>().Single();
    public WarehouseTwin Warehouse => _world.Twins<WarehouseTwin>().Single();
    public LabelSeller LabelShop => _world.Twins<LabelSeller>().Single();
    public SignifydTwin Reviewer => _world.Twins<SignifydTwin>().Single();
    public XeroTwin Books => _world.Twins<XeroTwin>().Single();
    public WhatsAppTwin Chat => _world.Twins<WhatsAppTwin>().Single();
    public TwilioTwin Texts => _world.Twins<TwilioTwin>().Single();

    /// <summary>What the team read in its chat, newest first.</summary>
    public IReadOnlyList<Sent> Alerts => _world.Twins<SlackTwin>().Single().Messages;

    /// <summary>Mails that went out, newest first.</summary>
    public IReadOnlyList<Sent> Mails => _world.Twins<SendGridTwin>().Single().Messages;

    /// <summary>The one twin of this kind.</summary>
    public T Twin<T>() where T : ITwin => _world.Twins<T>().Single();

    public HubRuntime Hub => (HubRuntime)_hub.Services.GetService(typeof(HubRuntime))!;

    /// <param name="units">What lies on every shelf in the morning.</param>
    /// <param name="warehouse">Knobs of the warehouse twin.</param>
    public static Task<BusinessDay> BeginAsync(CancellationToken cancel, int units = 100, params (string Key, string Value)[] warehouse) => BeginAsync(DemoBrands.All[0], null, cancel, units, warehouse);

    /// <param name="offers">How the shop is told what may be sold; null = it is not.</param>
    public static Task<BusinessDay> BeginAsync(StockTerms? offers, CancellationToken cancel, int units = 100, params (string Key, string Value)[] warehouse) =>
        BeginAsync(DemoBrands.All[0], offers, cancel, units, warehouse);

    /// <param name="patience">How long the warehouse may say nothing of what it was handed.</param>
    public static Task<BusinessDay> BeginAsync(HandoffPatience patience, CancellationToken cancel, params (string Key, string Value)[] warehouse) => BeginAsync(DemoBrands.All[0], null, patience, Rarely, 100, warehouse, cancel);

    /// <param name="pollEvery">How often the shop is asked for what its webhooks lost.</param>
    public static Task<BusinessDay> BeginAsync(TimeSpan pollEvery, CancellationToken cancel, int units = 100, params (string Key, string Value)[] warehouse) => BeginAsync(DemoBrands.All[0], null, HandoffPatience.Usual, pollEvery, units, warehouse, cancel);

    public static Task<BusinessDay> BeginAsync(DemoBrand brand, StockTerms? offers, CancellationToken cancel, int units = 100, params (string Key, string Value)[] warehouse) =>
        BeginAsync(brand, offers, HandoffPatience.Usual, Rarely, units, warehouse, cancel);

    private static async Task<BusinessDay> BeginAsync(DemoBrand brand, StockTerms? offers, HandoffPatience patience, TimeSpan pollEvery, int units, (string Key, string Value)[] warehouse, CancellationToken cancel)
    {
        var postgres = await TestPostgres.NewDatabaseAsync("spine", MigrateAsync, cancel);
        var database = new Database(postgres.ConnectionString);
        var address = new Uri($"http://127.0.0.1:{TestPorts.Free()}");
        Dictionary<string, string> quick = new() { ["sandbox_ship_ms"] = "50", ["sandbox_step_ms"] = "50" };
        foreach (var (key, value) in warehouse) quick[key] = value;
        var sandboxed = DemoBrands.Sandboxed([brand], new Uri(address, "webhooks")).Select(c => c with { Settings = new Dictionary<string, string>([.. c.Settings, .. quick]) }).ToList();
        var clock = new MovableClock();
        var world = await SandboxHost.StartAsync(sandboxed, clock, cancel);

        var connectors = ConnectorCatalogue.Find();
        var connections = brand.Connections.ToDictionary(c => c.Key, c => new ConnectionPlan(c.Key, brand.Terms.Brand, connectors[c.Connector],
            new Settings(new Dictionary<string, string>(c.Settings) { ["base_url"] = world.BaseOf(c.Key).ToString().TrimEnd('/') }), "", c.Locations, connectors[c.Connector].Manifest.Limits with { PerSecond = 0, PerDay = 0 }, Sandboxed: true)
        {
            Stock = connectors[c.Connector].Manifest.StockBatch > 0 ? offers : null,
            Callback = new Uri(address, "webhooks/" + c.Key),
            Patience = patience,
        });
        var plan = new HubPlan(new Dictionary<string, BrandPlan> { [brand.Terms.Brand] = new(brand.Terms, BrandMode.Live) { Templates = brand.Templates } }, connections).WithDashboard();

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(address.ToString());
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddHub(plan, database, new HubOptions { ShopperAddress = address, PollEvery = pollEvery });
        // Who is told of delays opens the order's page; in all other stories nobody looks at one.
        var pages = brand.Terms.Delays is not null;
        if (pages) builder.Services.AddRouting().AddDashboard();
        var hub = builder.Build();
        hub.UseWebhooks(2 << 20);
        if (pages) hub.UseRouting();
        if (pages) hub.MapDashboard();
        await hub.StartAsync(cancel);
        var day = new BusinessDay(postgres, database, world, hub, brand, clock);
        if (offers is not null && world.Twins<ShopifyTwin>().Any()) day.Shop.Announce(brand.Offered.Select(p => new NewLine(p.Sku, p.Title, p.Price, 1, p.Grams)));
        await day.CountEveryShelfAsync(units, cancel);
        return day;
    }

    /// <summary>A shopper orders.</summary>
    public ShopOrder Order(Func<NewOrder, NewOrder>? change = null)
    {
        var made = Basket();
        return Shop.Place(change is null ? made : change(made));
    }

    /// <summary>What the next shopper orders and pays for.</summary>
    public NewOrder Basket() => _shoppers.Make(Interlocked.Increment(ref _next)) with { Paid = true, Gateway = Brand.Gateway };

    /// <summary>Somebody sets the brand's mode; returns when the hub goes by it.</summary>
    public async Task SetModeAsync(BrandMode mode)
    {
        await Hub.Desk.SetModeAsync(Brand.Terms.Brand, mode, "mara", CancellationToken.None);
        while (Hub.Switches.ModeOf(Brand.Terms.Brand) != mode) await Task.Delay(25);
    }

    public static string IdOf(ShopOrder order) => order.Id.ToString(CultureInfo.InvariantCulture);

    /// <summary>Waits until the operator sees this status.</summary>
    public Task UntilAsync(ShopOrder order, string status, int seconds = 30) => UntilAsync(IdOf(order), status, seconds);

    public async Task UntilAsync(string order, string status, int seconds = 30)
    {
        var watch = Stopwatch.StartNew();
        string? last = null;
        while (watch.Elapsed.TotalSeconds < seconds)
        {
            last = (string?)await ScalarAsync($"SELECT status FROM stream WHERE stream = 'order/{order}'");
            if (last == status) return;
            await Task.Delay(25);
        }
        throw new ShouldAssertException($"After {seconds} s the order is '{last}', not '{status}'.\n{string.Join('\n', await TimelineAsync(order))}");
    }

    /// <summary>What happened to an order, oldest first: the events of each decision by their wire names, and the effects that ended.</summary>
    public Task<List<string>> TimelineAsync(ShopOrder order) => TimelineAsync(IdOf(order));

    public async Task<List<string>> TimelineAsync(string order)
    {
        var history = new StreamHistory(_database.General);
        var steps = await history.StepsAsync(Brand.Terms.Brand, "order/" + order, null, CancellationToken.None);
        List<string> lines = [];
        foreach (var step in Enumerable.Reverse(steps))
        {
            foreach (var e in step.Events is { } events ? CoreJson.ReadEvents(events) : []) lines.Add(Wire.KindOf(e.GetType()));
            foreach (var effect in await history.EffectsAsync(step.Effects, CancellationToken.None)) lines.Add($"  {effect.Kind} {effect.State}");
        }
        return lines;
    }

    /// <summary>A person does something with an order.</summary>
    public Task TellAsync(ShopOrder order, Signal signal) => Hub.Intake.WriteAsync(
        new Arrival(Brand.Terms.Brand, "order/" + IdOf(order), false, Wire.KindOf(signal.GetType()), "operator/test", null, null, CoreJson.Write(signal), DateTimeOffset.UtcNow), CancellationToken.None);

    /// <summary>Somebody says something about being written to.</summary>
    public Task TellContactAsync(string email, ContactSignal signal) => Hub.Intake.WriteAsync(
        new Arrival(Brand.Terms.Brand, ContactPoint.Of(ContactPoint.Email, email).On(Brand.Terms.Brand).Key, false, Wire.KindOf(signal.GetType()), "test", null, null, CoreJson.Write(signal), DateTimeOffset.UtcNow), CancellationToken.None);

    /// <summary>A customer asks to be forgotten; somebody does it as soon as nothing of theirs is under way.</summary>
    public async Task<ErasureRow> EraseAsync(long person)
    {
        var asked = await new CustomerDesk(_database, Hub.Desk, Hub.Plan, TimeProvider.System).AskErasureAsync(Brand.Terms.Brand, person, "asked by letter", "mara", CancellationToken.None);
        for (var i = 0; ; i++)
        {
            await ScalarAsync("UPDATE erasure SET tried_at = NULL");
            await new Erasures(_database, Hub.Plan, TimeProvider.System).RunAloneAsync(CancellationToken.None);
            if (await new ErasureReads(_database, Hub.Plan).OfAsync([Brand.Terms.Brand], asked, CancellationToken.None) is { } row && (row.State == "proven" || i == 200)) return row;
            await Task.Delay(50);
        }
    }

    public async Task<object?> ScalarAsync(string sql)
    {
        await using var command = _postgres.Source.CreateCommand(sql);
        return await command.ExecuteScalarAsync() is { } value and not DBNull ? value : null;
    }

    /// <summary>The warehouse counts a shelf.</summary>
    public Task CountAsync(string sku, string location, int units)
    {
        var counted = new StockSignal.Counted(sku, location, units, "warehouse", DateTimeOffset.UtcNow);
        return Hub.Intake.WriteAsync(new Arrival(Brand.Terms.Brand, "stock/" + sku, false, Wire.KindOf(counted.GetType()), "test", null, null, CoreJson.Write(counted), counted.At), CancellationToken.None);
    }

    /// <summary>The first answer to a question that has none yet.</summary>
    public async Task<object?> SoonAsync(string sql)
    {
        for (var i = 0; i < 400; i++)
        {
            if (await ScalarAsync(sql) is { } answer) return answer;
            await Task.Delay(25);
        }
        return null;
    }

    public Faults FaultsOf(string connector) => _world.FaultsOf(Brand.Connections.Single(c => c.Connector == connector).Key);

    private async Task CountEveryShelfAsync(int units, CancellationToken cancel)
    {
        var counts = from product in Brand.Products
                     from location in Brand.Terms.Locations
                     select new StockSignal.Counted(product.Sku, location.Code, units, "morning", DateTimeOffset.UtcNow);
        var arrivals = counts.Select(c => new Arrival(Brand.Terms.Brand, "stock/" + c.Sku, false, Wire.KindOf(c.GetType()), "test", null, null, CoreJson.Write(c), c.At)).ToList();
        await Hub.Intake.WriteAsync(arrivals, cancel);
        for (var i = 0; i < 400 && (long)(await ScalarAsync($"SELECT count(*) FROM position WHERE on_hand = {units}"))! < arrivals.Count; i++) await Task.Delay(25, cancel);
    }

    private static async Task MigrateAsync(string connectionString, CancellationToken cancel)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await Migrator.RunAsync(source, NullLogger.Instance, cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        await _hub.StopAsync();
        await _hub.DisposeAsync();
        await _database.DisposeAsync();
        await _postgres.DisposeAsync();
    }
}
