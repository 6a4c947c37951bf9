using Quartermaster.Core.Connecting;

namespace Quartermaster.Runtime.Channels;

/// <summary>Calls that have one answer for each thing asked, whatever becomes of the call.</summary>
internal static class Calls
{
    /// <summary>The answers, or the same one for each when the call as a whole came to nothing.</summary>
    public static async Task<IReadOnlyList<TAnswer>> EachAsync<TAsk, TAnswer>(IReadOnlyList<TAsk> asked, Func<Task<IReadOnlyList<TAnswer>>> call, Func<Outcome, TAnswer> instead, Manifest manifest, CancellationToken cancel)
    {
        Outcome same;
        try
        {
            var answers = await call();
            if (answers.Count == asked.Count) return answers;
            same = new Outcome.Unsure($"The connector {manifest.Key} gave {answers.Count} answers for {asked.Count} questions.");
        }
        catch (NotNowException e) { same = new Outcome.TryLater(e.Message, e.Wait); }
        catch (SettingMissingException e) { same = new Outcome.NotConnected(e.Message); }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested) { throw; }
        catch (Exception e) { same = new Outcome.Unsure(e.Message); }
        return [.. asked.Select(_ => instead(same))];
    }
}
