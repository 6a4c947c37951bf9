using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Connections;

/// <summary>What a connection told about itself. Whether its calls succeed is the lane's business.</summary>
public sealed record Connection
{
    public static readonly Connection Unknown = new();

    /// <summary>Newest word on whether the other side lets us in.</summary>
    public DateTimeOffset? SaidAt { get; init; }

    public bool IsCut { get; init; }

    /// <summary>Newest notice per code.</summary>
    public IReadOnlyList<Notice>? Notices { get; init; }
}

public sealed record Notice(string Code, string Text, DateTimeOffset At);

/// <summary>Decides what a word about a connection means: a case for a person, an alert, or nothing new.</summary>
public static class ConnectionDecider
{
    private const string Cut = "cut";

    public static Decision Decide(Connection state, ConnectionSignal signal, Situation s) => signal switch
    {
        ConnectionSignal.Disconnected d when d.At <= state.SaidAt => Decision.Ignore("A newer word about this connection is known."),
        ConnectionSignal.Disconnected d when state.IsCut => Decision.Ignore("The connection is cut already."),
        ConnectionSignal.Disconnected d => Decision.Of(new ConnectionEvent.Cut(d.Connection, d.Why, d.At))
            .Tell(new CaseChange.Opened(Cut, "connection.cut", $"{d.Connection} is cut off", $"{d.Why} Its work waits and nothing is lost. Connect it again, then press its test button."))
            .Because($"{d.Connection} is cut off: {d.Why}"),
        ConnectionSignal.Mended m when m.At <= state.SaidAt || !state.IsCut => Decision.Ignore("The connection is not cut."),
        ConnectionSignal.Mended m => Decision.Of(new ConnectionEvent.Restored(m.Connection, m.By, m.At)).Tell(new CaseChange.Closed(Cut)).Because($"{m.Connection} works again ({m.By})."),
        ConnectionSignal.Noticed n => Noticed(state, n),
        _ => throw new System.Diagnostics.UnreachableException(signal.GetType().Name),
    };

    public static Connection Evolve(Connection state, ConnectionEvent e) => e switch
    {
        ConnectionEvent.Cut c => state with { IsCut = true, SaidAt = c.At },
        ConnectionEvent.Restored r => state with { IsCut = false, SaidAt = r.At },
        ConnectionEvent.NoticeKept n => state with { Notices = [.. (state.Notices ?? []).Where(x => x.Code != n.Code), new(n.Code, n.Text, n.At)] },
        _ => throw new System.Diagnostics.UnreachableException(e.GetType().Name),
    };

    private static Decision Noticed(Connection state, ConnectionSignal.Noticed n)
    {
        foreach (var known in state.Notices ?? [])
            if (known.Code == n.Code && (known.At >= n.At || known.Text == n.Text)) return Decision.Ignore("This notice is known.");
        var kept = Decision.Of(new ConnectionEvent.NoticeKept(n.Connection, n.Code, n.Text, n.Serious, n.At)).Because(n.Text);
        return n.Serious ? kept.Tell(new CaseChange.Opened($"notice/{n.Code}", "connection.notice", $"{n.Connection}: {n.Text}", "Act on it in the vendor's own pages; the next notice of this kind replaces it.")) : kept;
    }
}
