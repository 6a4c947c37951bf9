using System.Net;
using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Quartermaster.Sandbox;

/// <summary>One connection whose remote system is played by a twin.</summary>
/// <param name="Connector">Key of the connector, which finds the twin.</param>
/// <param name="Callback">Where the hub takes this connection's webhooks.</param>
public sealed record SandboxedConnection(string Brand, string Connection, string Connector, IReadOnlyDictionary<string, string> Settings, Uri Callback);

/// <summary>The outside world in a box: every twin on one loopback port, each below <c>/{connection}</c>, each with its own faults.</summary>
/// <remarks>
/// <c>GET /_sandbox/faults</c> lists the connections, <c>GET</c> and <c>PUT /_sandbox/faults/{connection}</c> read and turn the knobs while
/// it runs. Nothing in here has a timer of its own: a box in which nothing happens costs nothing.
/// </remarks>
public sealed class SandboxHost : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly WebhookSender sender;
    private readonly Dictionary<string, (TwinContext Context, ITwin Twin)> mounted;

    private SandboxHost(WebApplication app, WebhookSender sender, Dictionary<string, (TwinContext Context, ITwin Twin)> mounted)
    {
        this.app = app;
        this.sender = sender;
        this.mounted = mounted;
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    public Uri Address { get; }

    public Uri BaseOf(string connection) => new(Address, connection);

    /// <summary>What a connection's settings have to be for its connector to find the twin.</summary>
    public IReadOnlyDictionary<string, string> WayTo(string connection) => mounted[connection].Twin.Way(BaseOf(connection));

    /// <exception cref="KeyNotFoundException">No twin stands in for this connection.</exception>
    public Faults FaultsOf(string connection) => mounted[connection].Context.Faults;

    public IEnumerable<T> Twins<T>() => mounted.Values.Select(m => m.Twin).OfType<T>();

    public T Twin<T>(string connection) where T : ITwin => (T)mounted[connection].Twin;

    /// <summary>Resolves when every webhook sent so far was taken or given up.</summary>
    public Task DeliveredAsync(CancellationToken cancel) => sender.DeliveredAsync(cancel);

    /// <summary>Connectors that have a twin.</summary>
    public static IReadOnlyDictionary<string, Type> Known(params Assembly[] more) =>
        more.Prepend(typeof(SandboxHost).Assembly).Distinct().SelectMany(a => a.GetTypes())
            .Where(t => t is { IsClass: true, IsAbstract: false } && t.IsAssignableTo(typeof(ITwin)) && t.IsDefined(typeof(TwinOfAttribute)))
            .ToDictionary(t => t.GetCustomAttribute<TwinOfAttribute>()!.Connector, StringComparer.Ordinal);

    /// <param name="port">0 takes a free one.</param>
    /// <param name="listener">Hears every call whose work was done; for whoever has to know what really happened.</param>
    /// <param name="more">Assemblies with further twins.</param>
    /// <exception cref="ArgumentException">A connection's connector has no twin.</exception>
    public static async Task<SandboxHost> StartAsync(IEnumerable<SandboxedConnection> connections, TimeProvider clock, CancellationToken cancel, int port = 0, Action<HeardCall>? listener = null, params Assembly[] more)
    {
        var types = Known(more);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, port);
            kestrel.AddServerHeader = false;
        });
        builder.Services.AddRoutingCore();
        var app = builder.Build();
        var sender = new WebhookSender(clock);
        var mounted = new Dictionary<string, (TwinContext, ITwin)>(StringComparer.Ordinal);
        app.Use((http, next) => FaultInjection.InvokeAsync(http, next, name => mounted.TryGetValue(name, out var m) ? m.Item1.Faults : null, clock));
        if (listener is not null) app.Use((http, next) => HeardCall.ListenAsync(http, next, listener));
        app.UseRouting();
        foreach (var c in connections)
        {
            if (!types.TryGetValue(c.Connector, out var type))
                throw new ArgumentException($"There is no twin of '{c.Connector}' for connection '{c.Connection}'; there are {string.Join(", ", types.Keys.Order())}.", nameof(connections));
            var context = new TwinContext(c.Brand, c.Connection, c.Settings, c.Callback, sender, new Faults(), clock);
            var twin = (ITwin)Activator.CreateInstance(type, context)!;
            mounted.Add(c.Connection, (context, twin));
            twin.Map(app.MapGroup("/" + c.Connection));
        }
        FaultControl.Map(app, mounted.ToDictionary(m => m.Key, m => m.Value.Item1.Faults, StringComparer.Ordinal));
        await app.StartAsync(cancel).ConfigureAwait(false);
        return new SandboxHost(app, sender, mounted);
    }

    public async ValueTask DisposeAsync()
    {
        await sender.DisposeAsync().ConfigureAwait(false);
        foreach (var (_, twin) in mounted.Values)
        {
            if (twin is IAsyncDisposable slow) await slow.DisposeAsync().ConfigureAwait(false);
            else (twin as IDisposable)?.Dispose();
        }
        await app.DisposeAsync().ConfigureAwait(false);
    }
}
