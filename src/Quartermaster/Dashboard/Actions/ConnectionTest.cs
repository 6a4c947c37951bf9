using Quartermaster.Core.Connecting;

namespace Quartermaster.Dashboard.Actions;

/// <summary>The answer of a connection's test in a sentence.</summary>
internal static class ConnectionTest
{
    public static string Words(string connection, Result result) => result.Outcome switch
    {
        Outcome.Done or Outcome.AlreadyDone => $"{connection} answers, and takes our credentials.",
        Outcome.TryLater later => $"!{connection} cannot be reached right now: {later.Why}",
        Outcome.Refused refused => $"!{connection} refused: {refused.Why} ({refused.Code})",
        Outcome.NotConnected not => $"!{connection} is not connected: {not.Why}",
        Outcome.Unsure unsure => $"!{connection} did not answer clearly: {unsure.Why}",
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
