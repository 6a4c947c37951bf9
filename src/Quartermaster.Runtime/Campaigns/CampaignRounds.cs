using Npgsql;
using Quartermaster.Core;
using Quartermaster.Core.Campaigns;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;
using Quartermaster.Runtime.Hosting;
using Quartermaster.Runtime.Intake;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Campaigns;

/// <summary>Finds who bought before their brand had campaigns and has been silent since, and steps whose time passed while the brand was off. One process at a time.</summary>
/// <remarks>Whoever buys from then on needs no search: their order begins it. Some thousand people are looked at in a turn, so a brand with a million takes a day and never a second.</remarks>
internal sealed class CampaignRounds(HubRuntime hub, TimeProvider clock)
{
    public static readonly TimeSpan Every = TimeSpan.FromMinutes(10);

    private const string By = "campaigns";

    /// <summary>People who are looked at in a turn, and those of them who are written to: a new campaign must not write to everybody in one morning.</summary>
    private const int Seen = 5000, Most = 200;

    /// <summary>Who bought nothing for so long did not agree to hear from the brand now.</summary>
    private static readonly TimeSpan Forgotten = TimeSpan.FromDays(730);

    private static readonly TimeSpan Overdue = TimeSpan.FromMinutes(15);

    private readonly Dictionary<string, long> _seenTo = [];

    public async Task RunAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        List<NewSignal> signals = [];
        foreach (var terms in hub.Switches.Editions.AllAt(now))
        {
            if (terms.Campaigns is not { } campaigns || hub.Switches.ModeOf(terms.Brand) == BrandMode.Off) continue;
            await OverdueAsync(connection, terms.Brand, now, signals, cancel);
            // In shadow nobody would hear of it, and be known from then on.
            if (hub.Switches.ModeOf(terms.Brand) != BrandMode.Live) continue;
            var silent = campaigns.All.Where(c => c.Trigger == CampaignTrigger.Silent && hub.Switches.PausedIn(terms.Brand)?.Contains(c.Id) != true).ToList();
            if (silent.Count > 0) await SilentAsync(connection, terms, now - silent.Min(c => c.Steps[0].Wait), now, signals, cancel);
        }
        if (signals.Count == 0) return;
        await using var batch = new NpgsqlBatch(connection);
        batch.AddSignals(signals, now);
        await batch.ExecuteNonQueryAsync(cancel);
        hub.Wakeup.Wake(signals);
    }

    // A timer that fell due while the brand was off is gone, and decided nothing. Index: run_due.
    private static async Task OverdueAsync(NpgsqlConnection connection, string brand, DateTimeOffset now, List<NewSignal> signals, CancellationToken cancel)
    {
        await using var find = new NpgsqlCommand("SELECT DISTINCT stream FROM (SELECT stream FROM run WHERE brand = $1 AND due_at < $2 ORDER BY due_at LIMIT $3) r", connection).With(Text(brand), Instant(now - Overdue), Int(Seen));
        await using var reader = await find.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel)) signals.Add(Of(StreamId.Parse(brand, reader.GetString(0)), new RunSignal.Due()));
    }

    private async Task SilentAsync(NpgsqlConnection connection, BrandTerms terms, DateTimeOffset silentSince, DateTimeOffset now, List<NewSignal> signals, CancellationToken cancel)
    {
        // Indexes: person_pkey, a run of it; person_root, person_key_of, person_order_of, stream_pkey for each.
        await using var find = new NpgsqlCommand("""
            SELECT p.id, p.name, p.language, p.country, o.email, o.phone, o.stream, o.placed_at, a.emails, a.phones
            FROM (SELECT * FROM person WHERE realm = $1 AND id > $2 ORDER BY id LIMIT $3) p
            LEFT JOIN LATERAL (SELECT s.stream, s.placed_at, s.email, s.phone FROM person m JOIN person_order r ON r.realm = m.realm AND r.person = m.id AND r.brand = $4 JOIN stream s ON s.brand = r.brand AND s.stream = r.stream
              WHERE p.id = p.root AND p.last_at >= $5 AND m.realm = p.realm AND m.root = p.id AND s.status <> 'cancelled' ORDER BY s.placed_at DESC LIMIT 1) o ON true
            LEFT JOIN LATERAL (SELECT array_agg(k.value) FILTER (WHERE k.kind = 'email') AS emails, array_agg(k.value) FILTER (WHERE k.kind = 'phone') AS phones FROM person m JOIN person_key k ON k.realm = m.realm AND k.person = m.id
              WHERE o.stream IS NOT NULL AND m.realm = p.realm AND m.root = p.id AND NOT k.common) a ON true
            ORDER BY p.id
            """, connection).With(Text(hub.Plan.RealmOf(terms.Brand)), Long(_seenTo.GetValueOrDefault(terms.Brand)), Int(Seen), Text(terms.Brand), Instant(now - Forgotten));
        List<(long Id, StreamId To, string[] Under, RunSignal.Enrolled Signal)> silent = [];
        var (seen, last) = (0, 0L);
        await using (var reader = await find.ExecuteReaderAsync(cancel))
        {
            while (await reader.ReadAsync(cancel))
            {
                (seen, last) = (seen + 1, reader.GetInt64(0));
                if (reader.IsDBNull(6) || reader.Instant(7) is var ordered && ordered > silentSince) continue;
                var who = new Recipient(reader.TextOrNull(1), reader.TextOrNull(4), reader.TextOrNull(5), reader.TextOrNull(2) ?? terms.Language, reader.TextOrNull(3));
                if (RunStream.Of(terms.Brand, who.Email, who.Phone) is { } to) silent.Add((last, to, [to.Key, .. Under(terms.Brand, reader)], new(who, StreamId.Parse(terms.Brand, reader.GetString(6)).Id, ordered)));
            }
        }
        var known = await KnownAsync(connection, terms.Brand, [.. silent.SelectMany(s => s.Under).Distinct()], cancel);
        // Who is known under another address of theirs has begun what it begins there.
        var unknown = silent.Where(s => !s.Under.Any(known.Contains)).Take(Most).ToList();
        // Whoever was too many for this turn begins the next.
        _seenTo[terms.Brand] = unknown.Count == Most ? unknown[^1].Id : seen == Seen ? last : 0L;
        signals.AddRange(unknown.Select(u => Of(u.To, u.Signal)));
    }

    private static IEnumerable<string> Under(string brand, NpgsqlDataReader reader)
    {
        string[] Of(int column) => reader.IsDBNull(column) ? [] : reader.GetFieldValue<string[]>(column);
        return Of(8).Select(email => RunStream.Of(brand, email, null)).Concat(Of(9).Select(phone => RunStream.Of(brand, null, phone))).OfType<StreamId>().Select(to => to.Key);
    }

    private static async Task<HashSet<string>> KnownAsync(NpgsqlConnection connection, string brand, string[] streams, CancellationToken cancel)
    {
        HashSet<string> known = [];
        if (streams.Length == 0) return known;
        await using var read = new NpgsqlCommand("SELECT stream FROM stream WHERE brand = $1 AND stream = ANY ($2)", connection).With(Text(brand), Texts(streams));
        await using var reader = await read.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel)) known.Add(reader.GetString(0));
        return known;
    }

    private static NewSignal Of(StreamId to, RunSignal signal) => new(to, Wire.KindOf(signal.GetType()), CoreJson.Write(signal), By);
}
