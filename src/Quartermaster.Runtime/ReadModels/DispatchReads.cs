using Npgsql;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.ReadModels;

/// <summary>Labels that wait at a location for the carrier's list.</summary>
/// <param name="Left">Of them: a parcel left with it already.</param>
/// <param name="LeftOut">Of them: the carrier left it out of an earlier list.</param>
public sealed record WaitingLabels(string Brand, string Location, string Connection, int Labels, int Left, int LeftOut, DateTimeOffset Oldest);

/// <param name="Why">Why the carrier left it out of its last list.</param>
public sealed record LabelOnPage(string Reference, string Stream, string LabelId, string Tracking, string Service, int Grams, DateTimeOffset BoughtAt, DateTimeOffset? LeftAt, bool Struck, string? Why);

/// <summary>One list of labels that a carrier got.</summary>
/// <param name="State"><c>asked</c>, <c>done</c> or <c>turned_down</c>.</param>
/// <param name="Document">Where its paper is.</param>
public sealed record DispatchOnPage(
    string Brand, string Id, string Connection, string Location, DateOnly Day, string State, int Labels, int LeftOut, string? RemoteId, string? Document, string? Why, string By, DateTimeOffset AskedAt, DateTimeOffset? DoneAt);

/// <summary>What the page of labels shows.</summary>
public sealed class DispatchReads(NpgsqlDataSource database)
{
    private const string OfDispatch = "brand, id, connection, location, day, state, labels, left_out, remote_id, document, why, by_whom, asked_at, done_at";

    /// <summary>Index: label_open.</summary>
    public async Task<IReadOnlyList<WaitingLabels>> WaitingAsync(IReadOnlyList<string> brands, CancellationToken cancel)
    {
        await using var read = database.CreateCommand("""
            SELECT brand, location, connection, count(*)::int, count(left_at)::int, count(why)::int, min(bought_at) FROM label WHERE brand = ANY ($1) AND dispatch IS NULL AND NOT struck GROUP BY brand, location, connection ORDER BY brand, location, connection
            """).With(Texts(brands));
        List<WaitingLabels> all = [];
        await using var reader = await read.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel)) all.Add(new(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetInt32(3), reader.GetInt32(4), reader.GetInt32(5), reader.Instant(6)));
        return all;
    }

    /// <summary>The newest lists. Index: dispatch_day.</summary>
    public async Task<IReadOnlyList<DispatchOnPage>> LatestAsync(IReadOnlyList<string> brands, int most, CancellationToken cancel)
    {
        await using var read = database.CreateCommand($"SELECT {OfDispatch} FROM dispatch WHERE brand = ANY ($1) ORDER BY asked_at DESC, id DESC LIMIT $2").With(Texts(brands), Int(most));
        List<DispatchOnPage> all = [];
        await using var reader = await read.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel)) all.Add(Dispatch(reader));
        return all;
    }

    public async Task<DispatchOnPage?> FindAsync(string brand, string id, CancellationToken cancel)
    {
        await using var read = database.CreateCommand($"SELECT {OfDispatch} FROM dispatch WHERE brand = $1 AND id = $2").With(Text(brand), Text(id));
        await using var reader = await read.ExecuteReaderAsync(cancel);
        return await reader.ReadAsync(cancel) ? Dispatch(reader) : null;
    }

    /// <summary>The labels that wait somewhere; those that the carrier left out come first.</summary>
    public Task<IReadOnlyList<LabelOnPage>> LabelsAsync(string brand, string location, string connection, int most, CancellationToken cancel) =>
        LabelsAsync("location = $2 AND connection = $3 AND dispatch IS NULL AND NOT struck ORDER BY why IS NULL, bought_at", [Text(brand), Text(location), Text(connection)], most, cancel);

    /// <summary>The labels on a list, as it stands now: what it left out is on none, or on a later one.</summary>
    public Task<IReadOnlyList<LabelOnPage>> LabelsOnAsync(string brand, string id, int most, CancellationToken cancel) => LabelsAsync("dispatch = $2 ORDER BY reference", [Text(brand), Text(id)], most, cancel);

    private async Task<IReadOnlyList<LabelOnPage>> LabelsAsync(string where, NpgsqlParameter[] parameters, int most, CancellationToken cancel)
    {
        await using var read = database.CreateCommand($"SELECT reference, stream, label_id, tracking, service, grams, bought_at, left_at, struck, why FROM label WHERE brand = $1 AND {where} LIMIT {most}").With(parameters);
        List<LabelOnPage> all = [];
        await using var reader = await read.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
            all.Add(new(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetString(4), reader.GetInt32(5), reader.Instant(6), reader.InstantOrNull(7), reader.GetBoolean(8), reader.TextOrNull(9)));
        return all;
    }

    private static DispatchOnPage Dispatch(NpgsqlDataReader r) => new(r.GetString(0), r.GetString(1), r.GetString(2), r.GetString(3), r.GetFieldValue<DateOnly>(4), r.GetString(5), r.GetInt32(6), r.GetInt32(7),
        r.TextOrNull(8), r.TextOrNull(9), r.TextOrNull(10), r.GetString(11), r.Instant(12), r.InstantOrNull(13));
}
