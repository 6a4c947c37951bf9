using System.Runtime.CompilerServices;
using Npgsql;
using Quartermaster.Core.Flows;

namespace Quartermaster.Runtime.ReadModels;

/// <summary>An order as it stands now, that something is tried on.</summary>
public sealed record PastOrder(string Stream, string Number, DateTimeOffset PlacedAt, OrderFile File);

/// <summary>Reads orders of the past with all that is known of them.</summary>
public sealed class PastOrders(NpgsqlDataSource database)
{
    private const int Page = 500;

    /// <summary>The newest orders of a brand, newest first, read in short steps so that no snapshot is held for long.</summary>
    public IAsyncEnumerable<PastOrder> NewestAsync(string brand, DateTimeOffset since, int most, CancellationToken cancel) => BetweenAsync(brand, since, DateTimeOffset.MaxValue, most, cancel);

    /// <summary>The newest of them that were placed until a moment.</summary>
    public async IAsyncEnumerable<PastOrder> BetweenAsync(string brand, DateTimeOffset since, DateTimeOffset until, int most, [EnumeratorCancellation] CancellationToken cancel)
    {
        var kind = new OrderStream();
        var (at, last) = (until, "");
        for (var left = most; left > 0;)
        {
            // Index: stream_placed, from the last order that was read.
            var rows = await database.ListAsync("""
                SELECT stream, number, placed_at, state FROM stream WHERE brand = $1 AND placed_at IS NOT NULL AND placed_at >= $5 AND placed_at <= $2 AND (placed_at < $2 OR stream > $3)
                ORDER BY brand, placed_at DESC, stream LIMIT $4
                """, r => (Stream: r.GetString(0), Number: r.GetString(1), At: r.At(2), State: r.GetFieldValue<byte[]>(3)), cancel, brand, at, last, Math.Min(left, Page), since);
            foreach (var row in rows)
                if (kind.Load(row.State) is OrderFile { Order.Facts: not null } file) yield return new(row.Stream, row.Number, row.At, file);
            if (rows.Count < Page) yield break;
            left -= rows.Count;
            (at, last) = (rows[^1].At, rows[^1].Stream);
        }
    }
}
