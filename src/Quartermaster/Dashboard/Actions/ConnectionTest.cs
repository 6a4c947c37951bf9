using Quartermaster.Core.Connecting;

namespace Quartermaster.Dashboard.Actions;

/// <summary>The answer of a connection's test in a sentence.</summary>
internal static class ConnectionTest
{
    public static (bool Works, string Said) Words(string connection, Result result) => result.Outcome switch
    {
        Outcome.Done or Outcome.AlreadyDone => (true, $"{connection} answers, and takes our credentials."),
        Outcome.TryLater later => (false, $"{connection} cannot be reached right now: {later.Why}"),
        Outcome.Refused refused => (false, $"{connection} refused: {refused.Why} ({refused.Code})"),
        Outcome.NotConnected not => (false, $"{connection} is not connected: {not.Why}"),
        Outcome.Unsure unsure => (false, $"{connection} did not answer clearly: {unsure.Why}"),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
