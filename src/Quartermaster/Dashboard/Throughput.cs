using Quartermaster.Runtime.ReadModels;

namespace Quartermaster.Dashboard;

/// <summary>One reading of the meters.</summary>
internal sealed record Reading(DateTimeOffset At, Meter Meter);

/// <summary>The last half hour of throughput, read off rising counters every five seconds; nothing is scanned for it.</summary>
/// <remarks>Lives in memory, so it begins when this process began. The chart says so by beginning there.</remarks>
internal sealed partial class Throughput(HubReads hub, TimeProvider clock, ILogger<Throughput> log) : BackgroundService
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(5);
    private const int Kept = 361;

    private readonly Queue<Reading> _readings = new();
    private readonly Lock _lock = new();

    public IReadOnlyList<Reading> Readings { get { lock (_lock) return [.. _readings]; } }

    /// <summary>Orders placed in the last minute; null before there are two readings.</summary>
    public decimal? OrdersPerMinute(IReadOnlyList<string> brands)
    {
        var readings = Readings;
        if (readings.Count < 2) return null;
        var last = readings[^1];
        var first = readings.First(r => last.At - r.At <= TimeSpan.FromSeconds(61));
        if (first == last) first = readings[^2];
        return Math.Max(0, Placed(last, brands) - Placed(first, brands)) * 60 / (decimal)(last.At - first.At).TotalSeconds;
    }

    public static decimal Placed(Reading reading, IReadOnlyList<string> brands) => brands.Sum(b => reading.Meter.Placed.GetValueOrDefault(b));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Step, clock);
        var from = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime).AddDays(-1);
        try
        {
            do
            {
                try
                {
                    var reading = new Reading(clock.GetUtcNow(), await hub.MeterAsync(from, stoppingToken));
                    lock (_lock)
                    {
                        _readings.Enqueue(reading);
                        while (_readings.Count > Kept) _readings.Dequeue();
                    }
                }
                catch (Exception e) when (e is Npgsql.NpgsqlException or TimeoutException)
                {
                    Missed(log, e.Message);
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
    }

    [LoggerMessage(EventId = 7001, Level = LogLevel.Debug, Message = "Throughput could not be read: {Why}")]
    private static partial void Missed(ILogger logger, string why);
}
