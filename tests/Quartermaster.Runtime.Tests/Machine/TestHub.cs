using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Quartermaster.Core;
using Quartermaster.Core.Channels;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Stock;
using Quartermaster.Runtime.Hosting;
using Quartermaster.Runtime.Intake;
using Quartermaster.Runtime.Migrations;
using Quartermaster.Runtime.Partitions;
using Quartermaster.Testing;

namespace Quartermaster.Runtime.Tests.Machine;

/// <summary>The whole machine on a real database, with fake remote systems: warehouse <c>wms</c>, messages <c>chat</c> and <c>mail</c> (a channel only if asked for), books <c>books</c>, storefront <c>shop</c>.</summary>
public sealed class TestHub : IAsyncDisposable
{
    public const string Brand = "acme";

    private readonly List<Database> _databases = [];
    private readonly List<HubRuntime> _hubs = [];

    private TestHub(TestDatabase database) => Postgres = database;

    public TestDatabase Postgres { get; }
    public FakeConnector Wms { get; } = new();
    public FakeConnector Shop { get; } = new();
    public FakeConnector Chat { get; } = new();
    public FakeConnector Mail { get; } = new();
    public FakeConnector Books { get; } = new();
    public List<MessageChannel> Channels { get; } = [new("whatsapp", "chat")];
    public List<LocationTerms> Locations { get; } = [new("AMS", "Amsterdam", "wms", "NL", "1", 5m), new("BER", "Berlin", "wms", "DE", "1", 6m)];

    /// <summary>How the storefront is told what may be sold; null = it is not.</summary>
    public StockTerms? Offers { get; set; }

    /// <summary>Set: the brand is told in the chat of what runs low, and more is drafted.</summary>
    public ReplenishmentTerms? Replenishment { get; set; }
    public TimeSpan ReserveUnpaidFor { get; set; }
    public TimeSpan ReadStockEvery { get; set; } = TimeSpan.FromMinutes(15);
    /// <summary>Where shoppers reach the hub; null = nowhere, and nothing is advertised by mail.</summary>
    public Uri? ShopperAddress { get; set; }

    /// <summary>The clock of the hubs that are built from now on.</summary>
    public TimeProvider Clock { get; set; } = TimeProvider.System;

    /// <summary>What a test has otherwise in its plan.</summary>
    public Func<HubPlan, HubPlan> Change { get; set; } = plan => plan;
    public HubRuntime Hub => _hubs[0];

    public static async Task<TestHub> NewAsync(CancellationToken cancel) => new(await TestPostgres.NewDatabaseAsync("spine", MigrateAsync, cancel));

    public static async Task MigrateAsync(string connectionString, CancellationToken cancel)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await Migrator.RunAsync(source, NullLogger.Instance, cancel);
    }

    public async Task<HubRuntime> StartAsync(Roles roles = Roles.All, ICheckpoints? checkpoints = null)
    {
        var hub = Build(roles, checkpoints);
        await hub.StartAsync(CancellationToken.None);
        return hub;
    }

    public HubRuntime Build(Roles roles = Roles.All, ICheckpoints? checkpoints = null)
    {
        var database = new Database(Postgres.ConnectionString);
        _databases.Add(database);
        var hub = new HubRuntime(Change(Plan()), database, new HubOptions(roles) { ReadStockEvery = ReadStockEvery, ShopperAddress = ShopperAddress }, Clock, NullLoggerFactory.Instance, checkpoints);
        _hubs.Add(hub);
        return hub;
    }

    public HubPlan Plan()
    {
        var terms = new BrandTerms
        {
            Brand = Brand, Title = "Acme", Currency = "EUR", Accounting = "books", OrdersFrom = DateTimeOffset.UnixEpoch, MessageChannels = Channels, Replenishment = Replenishment, Alerts = Replenishment is null ? null : "chat",
            Locations = Locations, ReserveUnpaidFor = ReserveUnpaidFor,
        };
        ConnectionPlan Connection(string key, FakeConnector connector) => new(key, Brand, connector, connector.Settings, "", new Dictionary<string, string>(), null);
        return new(new Dictionary<string, BrandPlan> { [Brand] = new(terms, BrandMode.Live) },
            new[] { Connection("wms", Wms), Connection("shop", Shop) with { Stock = Offers }, Connection("chat", Chat), Connection("mail", Mail), Connection("books", Books) }.ToDictionary(c => c.Key));
    }

    public Task CountAsync(string sku, string location, int onHand) =>
        SendAsync(new(Brand, "stock", sku), new StockSignal.Counted(sku, location, onHand, "test", DateTimeOffset.UtcNow));

    /// <summary>It is a SKU of ours, and there is none of it.</summary>
    public async Task NoneOfAsync(string sku)
    {
        await CountAsync(sku, "AMS", 0);
        await UntilAsync($"SELECT count(*) FROM position WHERE sku = '{sku}'", 1L);
    }

    public Task PlaceAsync(string id, params (string Sku, int Quantity)[] lines) => SendAsync(Order(id), new OrderSignal.Reported(Facts(id, lines), "orders/create"));

    public Task SendAsync(StreamId to, Signal signal, HubRuntime? through = null) =>
        (through ?? Hub).Intake.WriteAsync(Canonical(to, signal), CancellationToken.None);

    public static Arrival Canonical(StreamId to, Signal signal, string? delivery = null) =>
        new(to.Brand, to.Key, false, Wire.KindOf(signal.GetType()), "test", delivery, null, CoreJson.Write(signal), DateTimeOffset.UtcNow);

    public static StreamId Order(string id) => new(Brand, "order", id);

    public static OrderFacts Facts(string id, params (string Sku, int Quantity)[] lines) => new()
    {
        ExternalId = id, Number = "#" + id, Channel = "shop", PlacedAt = DateTimeOffset.UnixEpoch.AddYears(56), UpdatedAt = DateTimeOffset.UnixEpoch.AddYears(56), Currency = "EUR",
        Total = lines.Sum(l => 10m * l.Quantity), Buyer = new("c1", "Ada", "ada@example.test", "+31612345678", "en"),
        ShipTo = new("Ada", null, "Street 1", null, "Amsterdam", null, "1011", "NL", null),
        Lines = [.. lines.Select((l, i) => new OrderLine { LineId = $"{id}-{i}", Sku = l.Sku, Title = l.Sku, Quantity = l.Quantity, UnitPrice = 10m })],
        Payment = new(PaymentState.Paid, PaymentMethod.Prepaid, "card", lines.Sum(l => 10m * l.Quantity)), TaxesIncluded = true,
    };

    /// <summary>Waits, by asking the database, until something is so; fails with what it is instead.</summary>
    public async Task UntilAsync(string sql, object expected, int seconds = 15)
    {
        var watch = Stopwatch.StartNew();
        object? last = null;
        while (watch.Elapsed.TotalSeconds < seconds)
        {
            last = await ScalarAsync(sql);
            if (Equals(last, expected)) return;
            await Task.Delay(20);
        }
        throw new Shouldly.ShouldAssertException($"After {seconds} s: {sql}\n is {last ?? "null"}, expected {expected}.\n{await TroubleAsync()}");
    }

    /// <summary>A hub that decides and sends nothing, so that effects stand in the table.</summary>
    public Task<HubRuntime> StartWithoutLanesAsync() => StartAsync(Roles.Intake | Roles.Decide);

    public async Task<object?> ScalarAsync(string sql)
    {
        await using var command = Postgres.Source.CreateCommand(sql);
        var value = await command.ExecuteScalarAsync();
        return value is DBNull ? null : value;
    }

    public Task QuietAsync(int seconds = 15) => UntilAsync("SELECT (SELECT count(*) FROM ready) + (SELECT count(*) FROM effect WHERE state < 3)", 0L, seconds);

    private async Task<string> TroubleAsync() => (string?)await ScalarAsync(
        "SELECT string_agg(x, E'\n') FROM (SELECT 'parked ' || seq || ' ' || stream || ' ' || reason FROM parked UNION ALL SELECT 'effect ' || key || ' state ' || state || ' ' || coalesce(why, '') FROM effect LIMIT 20) t(x)") ?? "nothing parked, no effect open";

    public async ValueTask DisposeAsync()
    {
        foreach (var hub in _hubs) await hub.DisposeAsync();
        foreach (var database in _databases) await database.DisposeAsync();
        await Postgres.DisposeAsync();
    }
}
