using Npgsql;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Tracking;

/// <param name="SeenAt">Time of the newest scan that was handed on and understood.</param>
internal sealed record DueParcel(string Parcel, string Brand, string Stream, string Tracking, DateTimeOffset LeftAt, DateTimeOffset? SeenAt, string? LabelId = null);

/// <param name="AskAt">Null = it is asked for no more.</param>
/// <param name="Word">What went wrong; null = it was answered.</param>
/// <param name="PutOff">Nobody was asked: the vendor told of it by itself.</param>
internal sealed record AskedParcel(DueParcel Of, DateTimeOffset? AskAt, DateTimeOffset? SeenAt, string? Word, bool PutOff = false);

/// <summary>The statements of the tracking rounds.</summary>
internal sealed class TrackedRows(Database database)
{
    /// <summary>The parcels that wait longest. Index: tracked_due.</summary>
    public async Task<List<DueParcel>> DueAsync(string connection, int most, DateTimeOffset now, CancellationToken cancel)
    {
        await using var find = database.General.CreateCommand("SELECT parcel, brand, stream, tracking, left_at, seen_at FROM tracked WHERE connection = $1 AND ask_at <= $2 ORDER BY ask_at LIMIT $3")
            .With(Text(connection), Instant(now), Int(most));
        List<DueParcel> due = [];
        await using var reader = await find.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel)) due.Add(new(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.Instant(4), reader.InstantOrNull(5)));
        return due;
    }

    /// <summary>Keeps what came of a question.</summary>
    public async Task SettleAsync(string connection, IReadOnlyList<AskedParcel> all, DateTimeOffset now, CancellationToken cancel)
    {
        all = [.. all.OrderBy(p => p.Of.Parcel, StringComparer.Ordinal).ThenBy(p => p.Of.Stream, StringComparer.Ordinal)];
        var open = all.Where(p => p.AskAt is not null).ToList();
        var over = all.Where(p => p.AskAt is null).ToList();
        await using var batch = database.General.CreateBatch();
        if (open.Count > 0)
            batch.Add("""
                UPDATE tracked t SET ask_at = u.ask_at, asked_at = CASE WHEN u.put_off THEN t.asked_at ELSE $2 END, seen_at = u.seen_at, word = u.word
                FROM unnest($3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[], $7::text[], $8::boolean[]) AS u(parcel, stream, ask_at, seen_at, word, put_off)
                WHERE t.connection = $1 AND t.parcel = u.parcel AND t.stream = u.stream
                """,
                Text(connection), Instant(now), Texts(open.Select(p => p.Of.Parcel)), Texts(open.Select(p => p.Of.Stream)), Instants(open.Select(p => p.AskAt!.Value)), NullableInstants(open.Select(p => p.SeenAt)), Texts(open.Select(p => p.Word)), Bools(open.Select(p => p.PutOff)));
        if (over.Count > 0)
            batch.Add("DELETE FROM tracked t USING unnest($2::text[], $3::text[]) AS u(parcel, stream) WHERE t.connection = $1 AND t.parcel = u.parcel AND t.stream = u.stream",
                Text(connection), Texts(over.Select(p => p.Of.Parcel)), Texts(over.Select(p => p.Of.Stream)));
        await batch.ExecuteNonQueryAsync(cancel);
    }
}
