using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Quartermaster.Core.Connecting;
using Quartermaster.Sandbox;

namespace Quartermaster.Connectors.Tests;

/// <summary>One connector and its twin, with the way back: webhooks arrive at a loopback listener and are read by the connector.</summary>
internal sealed class TwinBox : IAsyncDisposable
{
    private const string Door = "/webhooks/box";

    private readonly IConnector connector;
    private readonly SandboxHost host;
    private readonly WebApplication hub;

    private TwinBox(IConnector connector, SandboxHost host, WebApplication hub, Session session, List<Reading> readings, ConcurrentDictionary<string, int> news) =>
        (this.connector, this.host, this.hub, Session, Readings, News) = (connector, host, hub, session, readings, news);

    public Session Session { get; }

    /// <summary>What the connector made of every webhook it wanted stored.</summary>
    public List<Reading> Readings { get; }

    /// <summary>What it only counted.</summary>
    public ConcurrentDictionary<string, int> News { get; }

    public static async Task<TwinBox> StartAsync(IConnector connector, params (string Key, string Value)[] settings)
    {
        var key = connector.Manifest.Key;
        var values = settings.ToDictionary(s => s.Key, s => s.Value);
        var readings = new List<Reading>();
        var news = new ConcurrentDictionary<string, int>();
        Session? session = null;
        var hub = await StartHubAsync(connector, () => session!, readings, news);
        var host = await SandboxHost.StartAsync(
            [new SandboxedConnection("aurora", "box", key, values, new Uri(hub.Urls.First() + Door))], new Hurried(), TestContext.Current.CancellationToken);
        foreach (var (name, value) in host.WayTo("box")) values[name] = value;
        session = new Session("aurora", "box", new Settings(values), "", new Dictionary<string, string>(), new HttpClient(), TimeProvider.System) { Callback = new Uri(hub.Urls.First() + Door) };
        return new TwinBox(connector, host, hub, session, readings, news);
    }

    public T Twin<T>() where T : ITwin => host.Twin<T>("box");

    public async Task<IReadOnlyList<Result>> ActAsync(params Work[] works) => await connector.ActAsync(Session, works, TestContext.Current.CancellationToken);

    public Task<Result> TestAsync() => connector.TestAsync(Session, TestContext.Current.CancellationToken);

    public Task DeliveredAsync() => host.DeliveredAsync(TestContext.Current.CancellationToken);

    /// <summary>The page that an operator sees at the twin's address.</summary>
    public Task<string> PageAsync() => Session.Http.GetStringAsync(host.BaseOf("box") + "/", TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        Session.Http.Dispose();
        await host.DisposeAsync();
        await hub.DisposeAsync();
    }

    private static async Task<WebApplication> StartHubAsync(IConnector connector, Func<Session> session, List<Reading> readings, ConcurrentDictionary<string, int> news)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.Run(async http =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            var delivery = new Delivery(http.Request.Method, http.Request.Path.Value![Door.Length..].TrimStart('/'), http.Request.QueryString.Value ?? "",
                name => http.Request.Headers.TryGetValue(name, out var value) ? value.ToString() : null, body.ToArray(), DateTimeOffset.UnixEpoch);
            var knock = connector.Receive(session(), delivery);
            if (knock is Knock.Take take)
                lock (readings) readings.Add(connector.Read(session(), take.Topic, delivery.Body, delivery.ReceivedAt));
            foreach (var (word, times) in (knock as Knock.Counted)?.News ?? new Dictionary<string, int>()) news.AddOrUpdate(word, times, (_, n) => n + times);
            http.Response.StatusCode = knock is Knock.Refused ? 401 : 200;
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    /// <summary>A twin reports after a pause, as its vendor does; here the pauses are a fiftieth.</summary>
    private sealed class Hurried : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? dueTime / 50 : dueTime, period);
    }
}
