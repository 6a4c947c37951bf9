using System.Diagnostics;
using System.Net;
using Quartermaster.Core.Connecting;
using Quartermaster.Runtime.Switches;

namespace Quartermaster.Runtime.Lanes;

/// <summary>The only way out of the hub: every call of a connection passes here and is paced, counted and stopped by switches.</summary>
public sealed class Transport(string connection, Budget budget, Switchboard switches, TimeProvider clock) : DelegatingHandler(NewSockets())
{
    // Longer than this and the effect goes back to the table instead of holding a slot.
    private static readonly TimeSpan LongestPatience = TimeSpan.FromSeconds(8);

    private static readonly AsyncLocal<bool> Repeating = new();

    /// <param name="Why">In words for a person.</param>
    public sealed record Failure(DateTimeOffset At, string Why);

    private long _calls;
    private long _failures;
    private int _refusals;

    /// <summary>Calls and failures since the last hand-over.</summary>
    public (long Calls, long Failures) HandOverCounters() => (Interlocked.Exchange(ref _calls, 0), Interlocked.Exchange(ref _failures, 0));

    /// <summary>When a call was last answered with a success: of the lane, of a poll, or of whatever else asks through this connection.</summary>
    public DateTimeOffset? LastOkAt { get; private set; }

    /// <summary>When a call last did not reach the remote system, and why: no connection, no answer, an error of its own (5xx), or our credentials refused (401).</summary>
    public Failure? LastError { get; private set; }

    /// <summary>Since when no call has reached it; null = the last one did.</summary>
    public DateTimeOffset? FailingSince { get; private set; }

    /// <summary>Was it reached since this process began? Before that, what another process found still stands.</summary>
    public bool HasReached { get; private set; }

    /// <summary>The remote system was reached, whatever it said.</summary>
    public void Reached() => (FailingSince, HasReached) = (null, true);

    /// <summary>The remote system was not reached, or knows us no more.</summary>
    public void NotReached(string? why)
    {
        var now = clock.GetUtcNow();
        FailingSince ??= now;
        if (why is not null) LastError = new(now, why);
    }

    /// <summary>Moving average of a call's duration in milliseconds.</summary>
    public double Millis { get; private set; }

    /// <summary>The calls that follow repeat something begun: they may use the part of the daily budget that is kept for it.</summary>
    public static void RepeatsWhatHasBegun() => Repeating.Value = true;

    /// <summary>Waits until one more call may be made, and counts it.</summary>
    /// <exception cref="NotNowException">Not now, and not in a moment either; nothing was sent.</exception>
    public async Task TurnAsync(CancellationToken cancel)
    {
        if (switches.LaneStopped(connection)) throw new NotNowException("the connection is switched off", TimeSpan.FromSeconds(1));
        while (!budget.TryTake(Repeating.Value, out var wait))
        {
            if (wait > LongestPatience) throw new NotNowException("the connection's budget is used up for now", wait);
            try { await Task.Delay(wait, clock, cancel); }
            catch (OperationCanceledException) { throw new NotNowException("its turn did not come in time", wait); }
        }
        Interlocked.Increment(ref _calls);
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await TurnAsync(cancellationToken);
        var start = Stopwatch.GetTimestamp();
        try
        {
            var answer = await base.SendAsync(request, cancellationToken);
            if (answer.StatusCode == HttpStatusCode.TooManyRequests)
            {
                // Without a wish the silence doubles with every refusal, so that a vendor in trouble is not knocked at for ever.
                var now = clock.GetUtcNow();
                var own = TimeSpan.FromSeconds(Math.Min(60, 1 << Math.Min(6, Interlocked.Increment(ref _refusals) - 1)));
                var until = answer.Headers.RetryAfter switch { { Delta: { } delta } => now + delta, { Date: { } date } => date, _ => now + own };
                budget.PauseUntil(until < now + TimeSpan.FromMinutes(10) ? until : now + TimeSpan.FromMinutes(10));
                Interlocked.Increment(ref _failures);
            }
            else
            {
                Volatile.Write(ref _refusals, 0);
                if ((int)answer.StatusCode >= 500) Interlocked.Increment(ref _failures);
            }
            Hear(answer);
            return answer;
        }
        catch (Exception e)
        {
            Interlocked.Increment(ref _failures);
            // Whose patience ended, ours or that of a hub that stops, cannot be told here; the next call says more.
            NotReached(e is OperationCanceledException ? "No answer in time." : e.Message);
            throw;
        }
        finally
        {
            Millis += (Stopwatch.GetElapsedTime(start).TotalMilliseconds - Millis) * 0.05;
        }
    }

    // "Not so fast" (429) says nothing of whether it works: the lane is paced, and goes on.
    private void Hear(HttpResponseMessage answer)
    {
        if (answer.StatusCode == HttpStatusCode.Unauthorized) NotReached("Our credentials were refused (HTTP 401).");
        else if ((int)answer.StatusCode >= 500) NotReached($"It answered with an error of its own (HTTP {(int)answer.StatusCode}).");
        else if (answer.StatusCode != HttpStatusCode.TooManyRequests) Reached();
        if (answer.IsSuccessStatusCode) LastOkAt = clock.GetUtcNow();
    }

    private static SocketsHttpHandler NewSockets() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.All,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(60),
        ConnectTimeout = TimeSpan.FromSeconds(5),
        MaxConnectionsPerServer = 64,
        ActivityHeadersPropagator = null,
    };
}
