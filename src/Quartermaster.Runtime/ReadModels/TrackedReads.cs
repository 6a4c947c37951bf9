using Npgsql;

namespace Quartermaster.Runtime.ReadModels;

/// <summary>A parcel whose carrier is asked for it.</summary>
/// <param name="AskedAt">Null = not yet.</param>
/// <param name="Word">What stood in the way of the last answer; null = it came.</param>
public sealed record TrackedParcel(string Connection, string Parcel, DateTimeOffset AskAt, DateTimeOffset? AskedAt, string? Word);

/// <summary>Reads which parcels are asked for, and when.</summary>
public sealed class TrackedReads(NpgsqlDataSource database, HubPlan plan)
{
    /// <summary>Those of one order, by parcel; nothing is read for a brand without such a connection.</summary>
    public async Task<IReadOnlyDictionary<string, TrackedParcel>> OfAsync(string brand, IReadOnlyList<string> parcels, CancellationToken cancel)
    {
        if (parcels.Count == 0 || plan.Brands.GetValueOrDefault(brand)?.Terms.Trackers is not { Count: > 0 } trackers) return new Dictionary<string, TrackedParcel>();
        // Index: the primary key.
        var rows = await database.ListAsync("SELECT connection, parcel, ask_at, asked_at, word FROM tracked WHERE connection = ANY ($1) AND parcel = ANY ($2) AND brand = $3",
            r => new TrackedParcel(r.GetString(0), r.GetString(1), r.At(2), r.MaybeAt(3), r.Text(4)), cancel, trackers.Select(t => t.Connection).ToArray(), parcels.ToArray(), brand);
        return rows.DistinctBy(r => r.Parcel).ToDictionary(r => r.Parcel);
    }
}
