using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Sandbox;

namespace Quartermaster.Connectors.Tests;

/// <summary>As much of a hub as a connector needs to meet its twin over real HTTP: takes webhooks in, repeats effects of unknown fate.</summary>
internal sealed class LoopbackHub : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentDictionary<string, (IConnector Connector, Session Session)> connections = new();
    private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(10) };
    private SandboxHost? sandbox;

    private LoopbackHub(WebApplication app) => this.app = app;

    /// <summary>What came in, once per event id, in order of arrival.</summary>
    public ConcurrentDictionary<(string Connection, string DeliveryId), Signal> Signals { get; } = new();

    public ConcurrentBag<string> Refused { get; } = [];

    public SandboxHost Sandbox => sandbox!;

    public static async Task<LoopbackHub> StartAsync(CancellationToken cancel, params (IConnector Connector, string Connection, Dictionary<string, string> Settings)[] wanted)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        var hub = new LoopbackHub(builder.Build());
        hub.app.MapPost("/webhooks/{connection}", hub.TakeAsync);
        await hub.app.StartAsync(cancel);
        var address = hub.app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        hub.sandbox = await SandboxHost.StartAsync(
            wanted.Select(w => new SandboxedConnection("aurora", w.Connection, w.Connector.Manifest.Key, w.Settings, new Uri($"{address}/webhooks/{w.Connection}"))),
            TimeProvider.System, cancel);
        foreach (var (connector, connection, settings) in wanted)
        {
            settings["base_url"] = hub.sandbox.BaseOf(connection).ToString();
            hub.connections[connection] = (connector, new Session("aurora", connection, new Settings(settings), "", new Dictionary<string, string>(), hub.http, TimeProvider.System));
        }
        return hub;
    }

    public Session SessionOf(string connection) => connections[connection].Session;

    /// <summary>Does a batch as a lane would: what may have arrived is sent again under the same key, what was refused is not.</summary>
    /// <returns>The last outcome of each, and how many calls it took.</returns>
    public async Task<(Outcome[] Outcomes, int Rounds)> DoAsync(string connection, IReadOnlyList<Work> batch, CancellationToken cancel)
    {
        var (connector, session) = connections[connection];
        var outcomes = new Outcome?[batch.Count];
        var inDoubt = new bool[batch.Count];
        for (var round = 1; round <= 200; round++)
        {
            var open = Enumerable.Range(0, batch.Count).Where(i => outcomes[i] is null or Outcome.TryLater or Outcome.Unsure).ToArray();
            if (open.Length == 0) return ([.. outcomes.OfType<Outcome>()], round - 1);
            var results = await connector.ActAsync(session, [.. open.Select(i => batch[i] with { Attempt = round, MayHaveArrived = inDoubt[i] })], cancel);
            for (var i = 0; i < open.Length; i++)
            {
                outcomes[open[i]] = results[i].Outcome;
                inDoubt[open[i]] |= results[i].Outcome is Outcome.Unsure;
            }
        }
        throw new InvalidOperationException("200 rounds were not enough.");
    }

    /// <summary>Does one effect as a lane does it at a vendor that can be asked: what may have arrived is looked up, and sent again only when it is not there.</summary>
    public async Task<Result> DoByLookUpAsync(string connection, Work work, CancellationToken cancel)
    {
        var (connector, session) = connections[connection];
        var inDoubt = false;
        for (var round = 1; round <= 200; round++)
        {
            var result = inDoubt ? await connector.LookUpAsync(session, work, cancel) : (await connector.ActAsync(session, [work with { Attempt = round }], cancel)).Single();
            if (result.Outcome is not (Outcome.TryLater or Outcome.Unsure)) return result;
            // "It is not there" ends the doubt; a look-up without an answer does not.
            inDoubt = result.Outcome is Outcome.Unsure;
        }
        throw new InvalidOperationException("200 rounds were not enough.");
    }

    public async Task UntilAsync(Func<bool> reached, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        while (!reached()) await Task.Delay(20, limit.Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (sandbox is not null) await sandbox.DisposeAsync();
        await app.DisposeAsync();
        http.Dispose();
    }

    private async Task TakeAsync(HttpContext context)
    {
        var name = (string)context.Request.RouteValues["connection"]!;
        var (connector, session) = connections[name];
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var knock = connector.Receive(session, new Delivery(
            "POST", "", "", header => context.Request.Headers.TryGetValue(header, out var value) ? value.ToString() : null, body.ToArray(), DateTimeOffset.UtcNow));
        if (knock is not Knock.Take take)
        {
            Refused.Add(name);
            context.Response.StatusCode = 401;
            return;
        }
        var read = connector.Read(session, take.Topic, body.ToArray(), DateTimeOffset.UtcNow).Signals;
        for (var i = 0; i < read.Count; i++) Signals.TryAdd((name, i == 0 ? take.DeliveryId : $"{take.DeliveryId}/{i}"), read[i].Signal);
    }
}
