using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.HttpOverrides;
using Quartermaster.Api;
using Quartermaster.Configuration;
using Quartermaster.Dashboard;
using Quartermaster.Runtime;
using Quartermaster.Runtime.Hosting;
using Quartermaster.Webhooks;

namespace Quartermaster.Hosting;

/// <summary>One process of the hub, from its database to its address; disposing drains it.</summary>
internal sealed class HubHost : IAsyncDisposable
{
    private readonly OpenDatabase _database;
    private readonly PlayedWorld? _world;
    private readonly WebApplication _app;

    private HubHost(OpenDatabase database, PlayedWorld? world, WebApplication app) => (_database, _world, _app) = (database, world, app);

    public IServiceProvider Services => _app.Services;

    public OpenDatabase Database => _database;

    /// <summary>Brings everything up in the order in which it is needed; returns when the hub takes requests.</summary>
    public static async Task<HubHost> StartAsync(HubConfiguration configuration, CancellationToken cancel)
    {
        using var logs = LoggerFactory.Create(ConsoleLog.Configure);
        var log = logs.CreateLogger("Quartermaster.Start");
        RefuseTakenAddress(configuration.Listen);
        var database = await OpenDatabase.OpenAsync(configuration, log, cancel);
        PlayedWorld? world = null;
        WebApplication? app = null;
        try
        {
            await database.MigrateAsync(log, cancel);
            world = await PlayedWorld.StartAsync(configuration.Plan, configuration.Listen, Path.Combine(configuration.DataFolder, "sandbox"), TimeProvider.System, cancel);
            app = Build(configuration, world?.Plan ?? configuration.Plan, database.Database);
            IReadOnlyCollection<string> opened = configuration.IsSandbox ? await DemoOpening.PrepareAsync(database.Database, configuration.Plan, cancel) : [];
            await app.StartAsync(cancel);
            world?.LetShoppersIn(TimeProvider.System, opened);
            return new(database, world, app);
        }
        catch
        {
            if (app is not null) await app.DisposeAsync();
            if (world is not null) await world.DisposeAsync();
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>Returns when somebody asks the program to stop; readiness is false from then on.</summary>
    public async Task WaitAsync(CancellationToken cancel)
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var signal = _app.Lifetime.ApplicationStopping.Register(asked.SetResult);
        await using var interrupt = cancel.Register(_app.Lifetime.StopApplication);
        await asked.Task;
    }

    // Shoppers go first, so that nobody orders at a hub that drains; its last effects still find the world; the database goes
    // last, because draining writes to it.
    public async ValueTask DisposeAsync()
    {
        if (_world is not null) await _world.SendShoppersHomeAsync();
        await _app.StopAsync();
        if (_world is not null) await _world.DisposeAsync();
        await _app.DisposeAsync();
        await _database.DisposeAsync();
    }

    private static WebApplication Build(HubConfiguration configuration, HubPlan plan, Database database)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        ConsoleLog.Configure(builder.Logging);
        builder.WebHost.UseUrls(configuration.Listen.ToString());
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = configuration.BodyBytes;
        });
        // Draining finishes what is under way; a page that stays open does not hold it up for longer than this.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(25));
        var roles = configuration.Roles.Aggregate(Roles.None, (all, role) => all | Enum.Parse<Roles>(role, ignoreCase: true));
        plan = plan.WithDashboard();
        builder.Services.AddHub(plan, database, new HubOptions(roles, Math.Clamp(Environment.ProcessorCount, 2, 8), configuration.PublicAddress, configuration.HistoryDays, ProgramVersion.Text) { ShopperAddress = configuration.ShopperAddress });
        builder.Services.AddSingleton(configuration);
        builder.Services.AddSingleton<Health>();
        if (Telemetry.IsWanted)
            builder.Services.AddHostedService<Telemetry>();
        if (roles.HasFlag(Roles.Web))
        {
            builder.Services.AddDashboard();
            builder.Services.AddApi();
        }

        var app = builder.Build();
        // A proxy on this machine, or one that configuration trusts, says who called and whether by https; nobody else is believed.
        var forwarded = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto };
        foreach (var proxy in configuration.TrustedProxies) forwarded.KnownIPNetworks.Add(proxy);
        app.UseForwardedHeaders(forwarded);
        if (roles.HasFlag(Roles.Intake))
            app.UseWebhooks(configuration.BodyBytes);
        app.UseRouting();
        app.MapHealth();
        if (roles.HasFlag(Roles.Web))
        {
            app.MapDashboard();
            app.MapApi();
        }
        return app;
    }

    // Asked before anything else is touched: a second hub by mistake has then neither migrated nor joined anything. The server binds
    // some seconds later, and before the machine starts, so that whoever came in between is still found in time.
    /// <exception cref="IOException">Somebody listens there.</exception>
    private static void RefuseTakenAddress(Uri listen)
    {
        var address = IPAddress.TryParse(listen.Host.Trim('[', ']'), out var written) ? written : listen.Host == "localhost" ? IPAddress.Loopback : IPAddress.Any;
        using var probe = new TcpListener(address, listen.Port);
        try
        {
            probe.Start();
        }
        catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new IOException($"The address {listen.GetLeftPart(UriPartial.Authority)} is in use", new AddressInUseException(taken.Message, taken));
        }
    }
}
