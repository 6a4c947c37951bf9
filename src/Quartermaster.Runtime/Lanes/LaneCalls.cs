using Quartermaster.Core.Connecting;

namespace Quartermaster.Runtime.Lanes;

/// <summary>The calls of one lane: a batch goes in, one result per effect comes out, and never an exception.</summary>
internal sealed class LaneCalls(ConnectionPlan plan, Session session, TimeProvider clock) : IDisposable
{
    private readonly CancellationTokenSource _abort = new();

    public async Task<IReadOnlyList<Result>> DoAsync(List<LaneItem> batch)
    {
        List<Work> work = new(batch.Count);
        foreach (var item in batch) work.Add(new(item.Key, item.Effect, item.Attempts + 1) { MayHaveArrived = item.Doubts > 0 });
        Result same;
        try
        {
            var results = await WithinLimitAsync(cancel => plan.Connector.ActAsync(session, work, cancel));
            if (results.Count == batch.Count) return results;
            same = new(new Outcome.Unsure($"The connector {plan.Connector.Manifest.Key} answered {results.Count} results for {batch.Count} effects."), Exchange.None);
        }
        catch (Exception e) { same = Fate(e); }
        return [.. batch.Select(_ => same)];
    }

    public Task<IReadOnlyList<Result>> LookUpAsync(List<LaneItem> batch) =>
        WithinLimitAsync<IReadOnlyList<Result>>(async cancel => await Task.WhenAll(batch.Select(item => LookUpAsync(item, cancel))));

    /// <summary>Ends the calls under way; what they have not answered is of unknown fate.</summary>
    public Task AbortAsync() => _abort.CancelAsync();

    public void Dispose() => _abort.Dispose();

    private async Task<T> WithinLimitAsync<T>(Func<CancellationToken, Task<T>> call)
    {
        using var limit = new CancellationTokenSource(plan.Connector.Manifest.CallLimit, clock);
        await using var abort = _abort.Token.UnsafeRegister(static limit => ((CancellationTokenSource)limit!).Cancel(), limit);
        return await call(limit.Token);
    }

    private async Task<Result> LookUpAsync(LaneItem item, CancellationToken cancel)
    {
        try { return await plan.Connector.LookUpAsync(session, new(item.Key, item.Effect, item.Attempts + 1) { MayHaveArrived = true }, cancel); }
        catch (NotNowException e) { return Result.NotNow(e.Message, e.Wait); }
        catch (SettingMissingException e) { return new(new Outcome.NotConnected(e.Message), Exchange.None); }
        catch (Exception e) { return new(new Outcome.Unsure(e.Message), new Exchange("look-up", e.Message)); }
    }

    /// <summary>A failure that provably came before anything was sent may be repeated; every other one may have arrived.</summary>
    private static Result Fate(Exception e) => e switch
    {
        NotNowException notNow => Result.NotNow(notNow.Message, notNow.Wait),
        SettingMissingException => new(new Outcome.NotConnected(e.Message), new Exchange("", e.Message)),
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError } => new(new Outcome.TryLater(e.Message), new Exchange("", e.Message)),
        _ => new(new Outcome.Unsure(e.Message), new Exchange("", e.Message)),
    };
}

/// <summary>What one call says about the remote system, all its effects taken together.</summary>
internal enum Verdict
{
    /// <summary>Nothing: no call was made, or it only said that an earlier one had not arrived.</summary>
    None,
    Answered,
    Failed,
    Disconnected,
}

internal static class Verdicts
{
    /// <summary>One effect that was answered proves the system alive, whatever became of its neighbours.</summary>
    public static Verdict Of(IReadOnlyList<Result> results, bool lookUp)
    {
        var verdict = Verdict.None;
        foreach (var result in results)
        {
            var one = Of(result, lookUp);
            if (one == Verdict.Disconnected) return one;
            if (verdict != Verdict.Answered && one != Verdict.None) verdict = one;
        }
        return verdict;
    }

    private static Verdict Of(Result result, bool lookUp) => result.Outcome switch
    {
        _ when !result.Begun => Verdict.None,
        Outcome.NotConnected => Verdict.Disconnected,
        Outcome.Unsure => Verdict.Failed,
        // "It is not there" may be known without a call; the repeat that follows is the proof.
        Outcome.TryLater when lookUp => Verdict.None,
        Outcome.TryLater { After: null } => Verdict.Failed,
        _ => Verdict.Answered,
    };
}
