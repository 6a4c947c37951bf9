using System.Diagnostics.Metrics;
using Npgsql;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using Quartermaster.Runtime.Hosting;
using Quartermaster.Runtime.ReadModels;
using Meter = System.Diagnostics.Metrics.Meter;

namespace Quartermaster.Hosting;

/// <summary>Sends the hub's figures to an OpenTelemetry collector (OTLP), when the environment names one.</summary>
/// <remarks>
/// The standard variables are used: <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>, <c>OTEL_EXPORTER_OTLP_PROTOCOL</c>, <c>OTEL_METRIC_EXPORT_INTERVAL</c> and the others of
/// https://opentelemetry.io/docs/specs/otel/protocol/exporter/. What the database knows is read a few times a minute, so that nothing on the way of
/// an order counts anything for this. Any one process's word on backlog and lanes is the whole hub's; take the maximum over processes, not the sum.
/// </remarks>
internal sealed partial class Telemetry(HubRuntime hub, TimeProvider clock, ILogger<Telemetry> log) : BackgroundService
{
    public const string Name = "Quartermaster";

    /// <summary>As metric value of <c>quartermaster.lane.breaker</c>.</summary>
    private static readonly string[] Breakers = ["closed", "half-open", "open", "disconnected"];

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(10);

    private readonly HubReads _hubReads = new(hub.Database.General);
    private readonly LaneReads _laneReads = new(hub.Database.General);
    private Backlog _backlog = new(0, null);
    private IReadOnlyList<LaneRow> _lanes = [];
    private IReadOnlyList<QueueRow> _queues = [];

    /// <summary>Whether the environment names a collector.</summary>
    public static bool IsWanted => Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT") is { Length: > 0 } || Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT") is { Length: > 0 };

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var meter = Open();
        using var sender = Sender(_ => { }).Build();
        using var timer = new PeriodicTimer(Look, clock);
        do
        {
            try { await LookAsync(stoppingToken); }
            catch (NpgsqlException e) { LogTrouble(log, e.Message); }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <param name="options">Where to, when the environment is not to decide.</param>
    internal static MeterProviderBuilder Sender(Action<OtlpExporterOptions> options) => Sdk.CreateMeterProviderBuilder()
        .ConfigureResource(resource => resource.AddService("quartermaster", serviceVersion: ProgramVersion.Text))
        .AddMeter(Name, "Microsoft.AspNetCore.Hosting", "System.Runtime", "Npgsql")
        .AddOtlpExporter(options);

    /// <summary>Opens the meter; every instrument is read when somebody collects.</summary>
    internal Meter Open()
    {
        var meter = new Meter(Name, ProgramVersion.Text);
        meter.CreateObservableCounter("quartermaster.signals.stored", () => hub.Intake.Stored, "{signal}", "Signals that this process stored, repeats not counted.");
        meter.CreateObservableCounter("quartermaster.signals.decided", () => hub.Throughput.Total, "{signal}", "Signals that this process decided on.");
        meter.CreateObservableGauge("quartermaster.signals.waiting", () => _backlog.Ready, "{signal}", $"Signals that wait to be decided on, counted up to {HubReads.ReadyCountLimit}.");
        meter.CreateObservableGauge("quartermaster.signals.lag", () => _backlog.OldestAt is { } oldest ? (clock.GetUtcNow() - oldest).TotalSeconds : 0, "s", "Age of the signal that waits longest.");
        meter.CreateObservableGauge("quartermaster.effects.under_way", () => _queues.Select(q => new Measurement<long>(q.UnderWay, Of(q.Lane))), "{effect}", "Effects that are planned, claimed or wait for another try.");
        meter.CreateObservableGauge("quartermaster.effects.in_trouble", () => _queues.Select(q => new Measurement<long>(q.Trouble, Of(q.Lane))), "{effect}", "Effects that were refused, given up, or of unknown fate: they need a person.");
        meter.CreateObservableCounter("quartermaster.lane.calls", () => _lanes.Select(l => new Measurement<long>(l.Calls, Of(l.Connection))), "{call}", "Calls to the remote system.");
        meter.CreateObservableCounter("quartermaster.lane.failures", () => _lanes.Select(l => new Measurement<long>(l.Failures, Of(l.Connection))), "{call}", "Calls that failed.");
        meter.CreateObservableGauge("quartermaster.lane.breaker", () => _lanes.Select(l => new Measurement<int>(Array.IndexOf(Breakers, l.Breaker), Of(l.Connection))), null, "0 closed, 1 half-open, 2 open, 3 disconnected.");
        return meter;
    }

    internal async Task LookAsync(CancellationToken cancel)
    {
        string[] connections = [.. hub.Plan.Connections.Keys];
        _backlog = await _hubReads.BacklogAsync(cancel);
        _lanes = await _laneReads.LanesAsync(connections, cancel);
        _queues = await _laneReads.QueuesAsync(connections, cancel);
    }

    private static KeyValuePair<string, object?> Of(string connection) => new("connection", connection);

    [LoggerMessage(700, LogLevel.Warning, "The figures for OpenTelemetry could not be read: {Why}")]
    private static partial void LogTrouble(ILogger log, string why);
}
