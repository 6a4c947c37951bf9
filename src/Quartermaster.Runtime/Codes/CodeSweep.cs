using Npgsql;
using Quartermaster.Core;
using Quartermaster.Core.Codes;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;
using Quartermaster.Runtime.Hosting;
using Quartermaster.Runtime.Intake;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Codes;

/// <summary>Every few seconds: orders that wait for a code which can be read by now look again, and codes that no order waits for are asked about no more.</summary>
/// <remarks>Who explains or counts a code wakes its orders at once. This finds what a first count of a whole file, or of nothing, made known, and cases whose orders have ended.</remarks>
internal static class CodeSweep
{
    private const int Most = 1000;

    public static async Task RunAsync(HubRuntime hub, NpgsqlConnection connection, DateTimeOffset now, CancellationToken cancel)
    {
        List<NewSignal> signals = [];
        await using var batch = new NpgsqlBatch(connection);
        // Where nothing is decided a signal would be one more every few seconds.
        string[] decided = [.. hub.Plan.Brands.Keys.Where(b => hub.Switches.ModeOf(b) != BrandMode.Off)];
        batch.Add("""
            SELECT c.brand, c.code, c.stream FROM code_waiting c WHERE c.brand = ANY ($1) AND NOT EXISTS (SELECT 1 FROM parked p WHERE p.brand = c.brand AND p.stream = c.stream)
              AND (EXISTS (SELECT 1 FROM position p WHERE p.brand = c.brand AND p.sku = c.code) OR EXISTS (SELECT 1 FROM meaning m WHERE m.brand = c.brand AND m.code = c.code AND m.channel IN ('', c.channel))) LIMIT $2
            """, Texts(decided), Int(Most));
        batch.Add("""
            SELECT o.brand, substr(o.stream, 6), '' FROM open_case o WHERE o.brand = ANY ($1) AND o.kind = 'code.unknown' AND o.closed_at IS NULL AND o.opened_at < $3 AND length(o.stream) < $4
              AND NOT EXISTS (SELECT 1 FROM code_waiting c WHERE c.brand = o.brand AND c.code = substr(o.stream, 6)) LIMIT $2
            """, Texts(decided), Int(Most), Instant(now.AddSeconds(-10)), Int(StreamId.Longest));
        await using (var reader = await batch.ExecuteReaderAsync(cancel))
        {
            while (await reader.ReadAsync(cancel)) signals.Add(CodeRoom.Explained(reader.GetString(0), reader.GetString(2), reader.GetString(1)));
            await reader.NextResultAsync(cancel);
            while (await reader.ReadAsync(cancel))
                signals.Add(new(new(reader.GetString(0), CodeStream.Name, reader.GetString(1)), Wire.KindOf(typeof(CodeSignal.NobodyWaits)), CoreJson.Write(new CodeSignal.NobodyWaits(reader.GetString(1))), "codes"));
        }
        if (signals.Count == 0) return;
        await using var write = new NpgsqlBatch(connection);
        write.AddSignals(signals, now);
        await write.ExecuteNonQueryAsync(cancel);
        hub.Wakeup.Wake(signals);
    }
}
