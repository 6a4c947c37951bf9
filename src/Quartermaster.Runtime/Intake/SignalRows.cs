using Npgsql;
using Quartermaster.Core.Kernel;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Intake;

/// <summary>A canonical signal that the hub itself sends inside a transaction of its own: a forward, a timer, an outcome.</summary>
internal readonly record struct NewSignal(StreamId To, string Kind, byte[] Body, string Source);

internal static class SignalRows
{
    // Rows keep the order of the list. No deduplication: the transaction around this happens once or not at all.
    private const string Insert = """
        WITH n AS MATERIALIZED (
          SELECT nextval('signal_seq') AS seq, x.* FROM (
            SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bytea[], $6::smallint[]) WITH ORDINALITY AS u(brand, stream, kind, source, body, part, ord) ORDER BY ord) x),
        s AS (INSERT INTO signal(seq, at, brand, stream, raw, kind, source, body) SELECT seq, $7, brand, stream, false, kind, source, body FROM n)
        INSERT INTO ready(part, seq) SELECT part, seq FROM n
        """;

    public static void AddSignals(this NpgsqlBatch batch, IReadOnlyList<NewSignal> signals, DateTimeOffset at)
    {
        if (signals.Count == 0) return;
        batch.Add(Insert,
            Texts(signals.Select(s => s.To.Brand)), Texts(signals.Select(s => s.To.Key)), Texts(signals.Select(s => s.Kind)),
            Texts(signals.Select(s => s.Source)), Blobs(signals.Select(s => s.Body)), Shorts(signals.Select(s => s.To.Partition)), Instant(at));
    }

    public static void Wake(this Wakeup wakeup, IReadOnlyList<NewSignal> signals)
    {
        foreach (var signal in signals) wakeup.Partition(signal.To.Partition);
    }
}
