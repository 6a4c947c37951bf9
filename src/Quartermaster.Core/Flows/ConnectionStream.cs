using System.Globalization;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Connections;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;

namespace Quartermaster.Core.Flows;

/// <summary>One connection. What a person must know of it goes out as an alert too. Its id is the connection's key.</summary>
public sealed class ConnectionStream : IStreamKind
{
    public string Kind => "connection";

    public object Empty => Connection.Unknown;

    public object Load(ReadOnlySpan<byte> state) => CoreJson.ReadState<Connection>(state);

    public byte[] Save(object state) => CoreJson.WriteState((Connection)state);

    public Turn Decide(object state, Signal signal, Situation situation)
    {
        var connection = (Connection)state;
        var decision = signal switch
        {
            ConnectionSignal told => ConnectionDecider.Decide(connection, told, situation),
            EffectSettled settled => Decision.Ignore($"The alert did not get through: {settled.Outcome.GetType().Name}."),
            _ => throw new InvalidOperationException($"{signal.GetType().Name} is not for a connection."),
        };
        List<PlannedEffect> effects = [.. decision.Effects];
        foreach (var e in decision.Events)
        {
            connection = ConnectionDecider.Evolve(connection, (ConnectionEvent)e);
            if (situation.Terms.Alerts is { } alerts && Alert((ConnectionEvent)e) is { } alert) effects.Add(new(Key(situation, (ConnectionEvent)e), alerts, alert, situation.At.AddHours(24)));
        }
        return new(connection, decision.Events, effects, decision.Requests, decision.Timers, decision.Cases, [], decision.Note);
    }

    public StreamRow? Row(StreamId id, object state) => null;

    private static MessageEffect.Alert? Alert(ConnectionEvent e) => e switch
    {
        ConnectionEvent.Cut c => new($"{c.Connection} is cut off", $"{c.Why} Its work waits and nothing is lost.", $"/connections/{c.Connection}", "error"),
        ConnectionEvent.Restored r => new($"{r.Connection} works again", $"Mended by {r.By}.", $"/connections/{r.Connection}", "info"),
        ConnectionEvent.NoticeKept { Serious: true } n => new($"Notice from {n.Connection}", n.Text, $"/connections/{n.Connection}", "warning"),
        _ => null,
    };

    private static string Key(Situation s, ConnectionEvent e) => e switch
    {
        ConnectionEvent.Cut c => EffectKey.Of(s.Stream, "alert", "cut", Instant(c.At)),
        ConnectionEvent.Restored r => EffectKey.Of(s.Stream, "alert", "restored", Instant(r.At)),
        ConnectionEvent.NoticeKept n => EffectKey.Of(s.Stream, "alert", n.Code, Instant(n.At)),
        _ => throw new System.Diagnostics.UnreachableException(e.GetType().Name),
    };

    private static string Instant(DateTimeOffset at) => at.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
}
