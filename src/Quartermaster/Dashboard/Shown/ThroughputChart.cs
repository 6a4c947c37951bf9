using System.Text.Json;
using Quartermaster.Runtime.Migrations;

namespace Quartermaster.Dashboard.Shown;

/// <summary>Numbers of the throughput chart, per minute, in the shape the page's script draws.</summary>
internal static class ThroughputChart
{
    // The default encoder escapes what would end a script element, so the numbers and names may stand in one.
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private static readonly TimeSpan Bucket = TimeSpan.FromSeconds(30);

    public static object Of(IReadOnlyList<Reading> readings, IReadOnlyList<string> brands, TimeText times)
    {
        var orders = new List<object[]>();
        var signals = new List<object[]>();
        for (var (i, from) = (1, 0); i < readings.Count; i++)
        {
            var (before, now) = (readings[from], readings[i]);
            if (now.At - before.At < Bucket) continue;
            var minutes = (now.At - before.At).TotalMinutes;
            var at = now.At.ToUnixTimeMilliseconds();
            orders.Add([at, Math.Round((double)Math.Max(0, Throughput.Placed(now, brands) - Throughput.Placed(before, brands)) / minutes, 1)]);
            // Where a partition of the log begins, the number may have jumped to it: only what came since is counted then.
            var begun = Math.Max(before.Meter.Signals, now.Meter.Signals / History.SignalsPerPartition * History.SignalsPerPartition);
            signals.Add([at, Math.Round(Math.Max(0, now.Meter.Signals - begun) / minutes, 1)]);
            from = i;
        }

        return new
        {
            // A chart that has just begun is not squeezed into its right edge.
            From = (readings is [var first, ..] && times.Now - first.At < TimeSpan.FromMinutes(30) ? first.At : times.Now - TimeSpan.FromMinutes(30)).ToUnixTimeMilliseconds(),
            To = times.Now.ToUnixTimeMilliseconds(),
            Zone = times.ZoneOf(TimeText.One(brands)).Id,
            Series = new object[] { new { Name = "orders / min", Points = orders }, new { Name = "signals / min (all brands)", Points = signals } },
        };
    }
}
