using System.Diagnostics.Metrics;
using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using Quartermaster.Testing;

namespace Quartermaster.Hosting;

/// <summary>What a collector of metrics is told of a hub.</summary>
public sealed class TelemetryTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_collector_hears_of_backlog_and_lanes()
    {
        await using var database = await Import.OrderImportTests.NewDatabaseAsync();
        await using var hub = await HubHost.StartAsync(HubHostTests.Configured(database, TestPorts.Free()) with { Roles = ["intake", "decide"] }, Cancel);
        using var telemetry = ActivatorUtilities.CreateInstance<Telemetry>(hub.Services);
        using var collector = new HttpListener { Prefixes = { $"http://127.0.0.1:{TestPorts.Free()}/" } };
        collector.Start();
        // Nobody acts here, so the row stays as it is.
        await using var row = database.Source.CreateCommand("INSERT INTO lane(connection, breaker, calls) VALUES ($1, 'open', 41)");
        row.Parameters.Add(new() { Value = hub.Services.GetRequiredService<Quartermaster.Runtime.Hosting.HubRuntime>().Plan.Connections.Keys.First() });
        await row.ExecuteNonQueryAsync(Cancel);

        using var meter = telemetry.Open();
        using var sender = Telemetry.Sender(to => (to.Endpoint, to.Protocol) = (new(collector.Prefixes.First() + "v1/metrics"), OtlpExportProtocol.HttpProtobuf)).Build();
        await telemetry.LookAsync(Cancel);
        var taken = TakeOneAsync(collector);
        sender.ForceFlush(5000).ShouldBeTrue();
        var (path, body) = await taken.WaitAsync(TimeSpan.FromSeconds(10), Cancel);

        path.ShouldBe("/v1/metrics");
        foreach (var name in new[] { "quartermaster.signals.lag", "quartermaster.signals.decided", "quartermaster.lane.breaker", "quartermaster.lane.calls" }) body.ShouldContain(name);
        Read(telemetry, "quartermaster.lane.breaker").ShouldContain(2);
        Read(telemetry, "quartermaster.lane.calls").ShouldContain(41);
        Read(telemetry, "quartermaster.signals.waiting").ShouldBe([0]);
    }

    private static List<double> Read(Telemetry telemetry, string name)
    {
        List<double> values = [];
        using var meter = telemetry.Open();
        using var listener = new MeterListener { InstrumentPublished = (instrument, l) => { if (instrument.Meter == meter && instrument.Name == name) l.EnableMeasurementEvents(instrument); } };
        listener.SetMeasurementEventCallback<int>((_, value, _, _) => values.Add(value));
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => values.Add(value));
        listener.SetMeasurementEventCallback<double>((_, value, _, _) => values.Add(value));
        listener.Start();
        listener.RecordObservableInstruments();
        return values;
    }

    private static async Task<(string Path, string Body)> TakeOneAsync(HttpListener collector)
    {
        var call = await collector.GetContextAsync();
        using var body = new MemoryStream();
        await call.Request.InputStream.CopyToAsync(body);
        call.Response.Close();
        return (call.Request.Url!.AbsolutePath, Encoding.Latin1.GetString(body.ToArray()));
    }
}
