using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.Shared;

/// <summary>Does a batch of effects side by side, one call each, at a vendor that takes only one at a time.</summary>
public static class Separately
{
    /// <summary>One result per effect, in order; what goes wrong with one does not touch the others.</summary>
    /// <remarks>
    /// An exception out of <see cref="IConnector.ActAsync"/> would make the whole batch of unknown fate, the effects included
    /// that were answered. That holds for a shutdown as well: whoever has his answer keeps it.
    /// </remarks>
    public static async Task<IReadOnlyList<Result>> DoAsync(IReadOnlyList<Work> batch, Func<Work, Task<Result>> one)
    {
        if (batch.Count == 1) return [await GuardedAsync(() => one(batch[0])).ConfigureAwait(false)];
        var running = new Task<Result>[batch.Count];
        for (var i = 0; i < running.Length; i++)
        {
            var work = batch[i];
            running[i] = GuardedAsync(() => one(work));
        }
        return await Task.WhenAll(running).ConfigureAwait(false);
    }

    /// <summary>One call, its exceptions turned into the outcome that they mean.</summary>
    public static async Task<Result> GuardedAsync(Func<Task<Result>> call)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (NotNowException notNow)
        {
            return Result.NotNow(notNow.Message, notNow.Wait);
        }
        catch (OperationCanceledException)
        {
            return Without(new Outcome.Unsure("Stopped before the answer came."));
        }
        catch (SettingMissingException missing)
        {
            return Without(new Outcome.NotConnected(missing.Message));
        }
        catch (UriFormatException)
        {
            return Without(new Outcome.NotConnected("The configured address is not an absolute http(s) address."));
        }
        catch (Exception e)
        {
            return Without(new Outcome.Unsure($"{e.GetType().Name}: {e.Message}"));
        }
    }

    private static Result Without(Outcome outcome) => new(outcome, Exchange.None);
}
