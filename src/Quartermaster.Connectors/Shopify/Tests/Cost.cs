using System.Diagnostics;

namespace Quartermaster.Connectors.Tests.Shopify;

/// <summary>What one call costs once it is warm: the best of many batches, because whatever else runs can only make it slower.</summary>
internal static class Cost
{
    private const int Batches = 40;
    private const int Calls = 50;

    public static (double Micros, long Bytes) Of(Action call)
    {
        for (var i = 0; i < 2_000; i++) call();
        var (best, allocated) = (double.MaxValue, GC.GetAllocatedBytesForCurrentThread());
        for (var batch = 0; batch < Batches; batch++)
        {
            var started = Stopwatch.GetTimestamp();
            for (var i = 0; i < Calls; i++) call();
            best = Math.Min(best, Stopwatch.GetElapsedTime(started).TotalMicroseconds / Calls);
        }
        return (best, (GC.GetAllocatedBytesForCurrentThread() - allocated) / (Batches * Calls));
    }
}
