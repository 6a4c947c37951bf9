using Quartermaster.Core.Connecting;
using Quartermaster.Runtime;
using Quartermaster.Sandbox;

namespace Quartermaster.Hosting;

/// <summary>The simulated outside world of a hub's sandboxed connections, and the plan that points them at it.</summary>
internal sealed class PlayedWorld : IAsyncDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(8);

    private readonly SandboxHost _twins;
    private readonly List<OrderTrickle> _shoppers = [];

    private PlayedWorld(SandboxHost twins, HubPlan plan) => (_twins, Plan) = (twins, plan);

    /// <summary>The hub's plan with every sandboxed connection's settings leading to its twin.</summary>
    public HubPlan Plan { get; }

    /// <returns>Null when no connection of the plan is sandboxed.</returns>
    /// <param name="folder">Where twins keep what they have under way, so that a restart forgets nothing.</param>
    public static async Task<PlayedWorld?> StartAsync(HubPlan plan, Uri listen, string folder, TimeProvider clock, CancellationToken cancel)
    {
        var played = plan.Connections.Values.Where(c => c.Sandboxed).ToList();
        if (played.Count == 0)
            return null;
        Directory.CreateDirectory(folder);
        var webhooks = new Uri(Reachable(listen), "webhooks/");
        var twins = await SandboxHost.StartAsync(
            played.Select(c => new SandboxedConnection(c.Brand, c.Key, c.Connector.Manifest.Key, With(c, "sandbox_journal", Path.Combine(folder, c.Key + ".journal")), new Uri(webhooks, c.Key))), clock, cancel);
        var connections = plan.Connections.ToDictionary(c => c.Key, c => c.Value.Sandboxed ? PointAt(c.Value, twins.WayTo(c.Key)) with { Callback = new Uri(webhooks, c.Key) } : c.Value);
        return new(twins, plan with { Connections = connections });
    }

    /// <summary>Lets shoppers order at the demo brands, and at no other; called when the hub listens.</summary>
    /// <param name="opened">Brands that nobody has ever ordered at.</param>
    public void LetShoppersIn(TimeProvider clock, IReadOnlyCollection<string> opened)
    {
        if (!Plan.IsDemo)
            return;
        foreach (var brand in DemoBrands.All)
            _shoppers.Add(OrderTrickle.Start(brand, _twins, clock, Pace, opened.Contains(brand.Terms.Brand)));
    }

    public async Task SendShoppersHomeAsync()
    {
        foreach (var shopper in _shoppers)
            await shopper.DisposeAsync();
        _shoppers.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await SendShoppersHomeAsync();
        await _twins.DisposeAsync();
    }

    private static ConnectionPlan PointAt(ConnectionPlan connection, IReadOnlyDictionary<string, string> way)
    {
        var settings = new Dictionary<string, string>(connection.Settings.Values);
        foreach (var (key, value) in way)
            settings[key] = value;
        return connection with { Settings = new Settings(settings) };
    }

    private static Dictionary<string, string> With(ConnectionPlan connection, string key, string value) => new(connection.Settings.Values) { [key] = value };

    // A hub that listens everywhere is reached on the loopback by its own twins.
    private static Uri Reachable(Uri listen) =>
        listen.Host is "0.0.0.0" or "[::]" or "+" or "*" ? new UriBuilder(listen) { Host = "127.0.0.1" }.Uri : listen;
}
