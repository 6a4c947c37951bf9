using Npgsql;
using Quartermaster.Runtime.Partitions;

namespace Quartermaster.Runtime.ReadModels;

/// <summary>What kind of trouble a group holds.</summary>
public enum Trouble { Parked, Effect, Case }

/// <summary>Troubles of one cause, counted.</summary>
/// <param name="Cause">Parked: the case kind. Effect: its state and why, numbers blanked. Case: the case kind.</param>
/// <param name="Behind">Parked signals that only wait behind another one of their stream.</param>
/// <param name="Sample">One of them in full, so that the group explains itself.</param>
public sealed record FailureGroup(
    Trouble What, string Brand, string Cause, string? Lane, string? EffectKind, string? State, long Count, long Behind,
    DateTimeOffset Oldest, DateTimeOffset Newest, string Sample);

/// <summary>Which troubles to list.</summary>
public sealed record FailureQuery(IReadOnlyList<string> Brands, Trouble What, string? Cause = null, string? Lane = null, string? EffectKind = null, long After = 0, int Size = 50);

/// <summary>Counts that tell at a glance whether somebody is needed.</summary>
public sealed record TroubleCounts(long Parked, long Refused, long Unsure, long GaveUp, long Cases)
{
    public long All => Parked + Refused + Unsure + GaveUp + Cases;
}

/// <summary>Reads what did not go well.</summary>
public sealed class FailureReads(NpgsqlDataSource database)
{
    public async Task<List<FailureGroup>> GroupsAsync(IReadOnlyList<string> brands, CancellationToken cancel)
    {
        // Small tables by nature: parked holds what is set apart now; effect_trouble and open_case_open are partial indexes.
        var groups = await database.ListAsync($"""
            SELECT 0, brand, case_kind, NULL::text, NULL::text, NULL::text, count(*), count(*) FILTER (WHERE behind), min(at), max(at),
                coalesce((array_agg(reason ORDER BY seq) FILTER (WHERE NOT behind))[1], min(reason))
            FROM parked WHERE brand = ANY ($1) AND case_kind <> '{Parking.BrandOff}' GROUP BY brand, case_kind
            UNION ALL
            SELECT 1, e.brand, e.cause, e.lane, e.kind, (ARRAY['refused', 'unsure', 'gave_up'])[e.state - 2], count(*), 0, min(e.planned_at), max(e.planned_at), coalesce(min(e.why), '')
            FROM effect e WHERE e.state >= 3 AND e.brand = ANY ($1) GROUP BY e.brand, e.lane, e.kind, e.state, e.cause
            UNION ALL
            SELECT 2, brand, kind, NULL, NULL, NULL, count(*), 0, min(opened_at), max(opened_at), min(title)
            FROM open_case WHERE closed_at IS NULL AND brand = ANY ($1) AND key NOT LIKE 'effect/%' GROUP BY brand, kind
            """,
            r => new FailureGroup((Trouble)r.GetInt32(0), r.GetString(1), r.GetString(2), r.Text(3), r.Text(4), r.Text(5), r.GetInt64(6), r.GetInt64(7), r.At(8), r.At(9), r.GetString(10)),
            cancel, brands.ToArray());
        return [.. groups.OrderByDescending(g => g.Count).ThenBy(g => g.Oldest)];
    }

    public async Task<TroubleCounts> CountsAsync(IReadOnlyList<string> brands, CancellationToken cancel) =>
        await database.OneAsync($"""
            SELECT (SELECT count(*) FROM parked WHERE brand = ANY ($1) AND case_kind <> '{Parking.BrandOff}'),
                count(*) FILTER (WHERE state = 3), count(*) FILTER (WHERE state = 4), count(*) FILTER (WHERE state = 5),
                (SELECT count(*) FROM open_case WHERE closed_at IS NULL AND brand = ANY ($1) AND key NOT LIKE 'effect/%')
            FROM effect WHERE state >= 3 AND brand = ANY ($1)
            """, r => new TroubleCounts(r.GetInt64(0), r.GetInt64(1), r.GetInt64(2), r.GetInt64(3), r.GetInt64(4)), cancel, brands.ToArray()) ?? new(0, 0, 0, 0, 0);

    /// <summary>Signals that wait until their brand is on again; nothing is wrong with them.</summary>
    public Task<List<(string Brand, long Count)>> WhileOffAsync(IReadOnlyList<string> brands, CancellationToken cancel) =>
        database.ListAsync($"SELECT brand, count(*) FROM parked WHERE case_kind = '{Parking.BrandOff}' AND brand = ANY ($1) GROUP BY brand", r => (r.GetString(0), r.GetInt64(1)), cancel, brands.ToArray());

    public Task<List<ParkedRow>> ParkedAsync(FailureQuery query, CancellationToken cancel) =>
        database.ListAsync("""
            SELECT seq, brand, stream, kind, source, case_kind, reason, behind, at FROM parked
            WHERE brand = ANY ($1) AND seq > $2 AND ($3 = '' OR case_kind = $3) ORDER BY seq LIMIT $4
            """, StreamHistory.Parked, cancel, query.Brands.ToArray(), query.After, query.Cause ?? "", query.Size);

    public Task<List<EffectRow>> EffectsAsync(FailureQuery query, CancellationToken cancel) =>
        database.ListAsync($"""
            SELECT {StreamHistory.EffectColumns} FROM effect e
            WHERE e.state >= 3 AND e.brand = ANY ($1) AND e.id > $2 AND ($3::text IS NULL OR e.cause = $3)
              AND ($4 = '' OR e.lane = $4 COLLATE "C") AND ($5 = '' OR e.kind = $5 COLLATE "C")
            ORDER BY e.id LIMIT $6
            """, StreamHistory.Effect, cancel, query.Brands.ToArray(), query.After, query.Cause, query.Lane ?? "", query.EffectKind ?? "", query.Size);

    public Task<List<CaseRow>> CasesAsync(FailureQuery query, CancellationToken cancel) =>
        // Index: open_case_open. Oldest first: whoever waits longest is looked at first.
        database.ListAsync("""
            SELECT brand, stream, key, kind, title, detail, opened_at, closed_at FROM open_case
            WHERE closed_at IS NULL AND brand = ANY ($1) AND key NOT LIKE 'effect/%' AND ($2 = '' OR kind = $2) ORDER BY opened_at, brand, stream LIMIT $3 OFFSET $4
            """, StreamHistory.Case, cancel, query.Brands.ToArray(), query.Cause ?? "", query.Size, query.After);
}
