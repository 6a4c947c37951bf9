using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Quartermaster.Runtime.ReadModels;

namespace Quartermaster.Dashboard;

/// <summary>Tells open pages that something changed, at most every two seconds; what changed they fetch themselves.</summary>
/// <remarks>Nobody listening, nothing asked. However many listen, the database is asked once a second.</remarks>
internal sealed class LivePulse(HubReads hub, TimeProvider clock)
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(2);

    // A stream ends now and then; the browser comes back by itself and is asked again who it is.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    private readonly SemaphoreSlim _asking = new(1);
    private (string Value, DateTimeOffset At) _last = ("", DateTimeOffset.MinValue);

    public async IAsyncEnumerable<SseItem<string>> TicksAsync([EnumeratorCancellation] CancellationToken gone, CancellationToken stopping)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(gone, stopping);
        var until = clock.GetUtcNow() + Longest;
        var seen = await ReadAsync(either.Token);
        yield return new("", "hello");
        for (var quiet = 0; clock.GetUtcNow() < until && !either.IsCancellationRequested;)
        {
            try { await Task.Delay(Beat, clock, either.Token); }
            catch (OperationCanceledException) { yield break; }
            var now = await ReadAsync(either.Token);
            if (now != seen) { seen = now; quiet = 0; yield return new("", "changed"); }
            // Proves to proxies, and to us, that the other side is still there.
            else if (++quiet % 8 == 0) yield return new("", "still");
        }
    }

    private async Task<string> ReadAsync(CancellationToken cancel)
    {
        try
        {
            await _asking.WaitAsync(cancel);
            try
            {
                if (clock.GetUtcNow() - _last.At > TimeSpan.FromSeconds(1)) _last = (await hub.PulseAsync(cancel), clock.GetUtcNow());
                return _last.Value;
            }
            finally { _asking.Release(); }
        }
        catch (Exception e) when (e is Npgsql.NpgsqlException or OperationCanceledException or TimeoutException)
        {
            // A database that restarts is not the reader's trouble: no tick now, the next one comes.
            return _last.Value;
        }
    }
}
