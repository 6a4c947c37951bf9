using Npgsql;
using Quartermaster.Core.Connecting;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Lanes;

/// <summary>Documents that remote systems answered with.</summary>
public sealed class PaperRows(Database database)
{
    /// <summary>What of a document may be shown as a page; all else is only handed out as a file.</summary>
    private static readonly string[] Shown = ["application/pdf", "image/png", "image/gif", "image/jpeg"];

    public async Task<Paper?> FindAsync(string brand, string name, CancellationToken cancel)
    {
        // By primary key.
        await using var find = database.General.CreateCommand("SELECT media_type, content FROM paper WHERE brand = $1 AND name = $2").With(Text(brand), Text(name));
        await using var reader = await find.ExecuteReaderAsync(cancel);
        if (!await reader.ReadAsync(cancel)) return null;
        var type = reader.GetString(0);
        return new(name, Shown.Contains(type) ? type : "application/octet-stream", reader.GetFieldValue<byte[]>(1));
    }

    // One document for each name: a purchase that was repeated brings the same label again.
    internal static void AddWrites(NpgsqlBatch batch, List<Settled> group, DateTimeOffset now)
    {
        Dictionary<(string Brand, string Name), (string Stream, Paper Paper)>? all = null;
        foreach (var settled in group)
            foreach (var paper in settled.Result.Papers) (all ??= [])[(settled.Item.Brand, paper.Name)] = (settled.Item.Stream, paper);
        if (all is null) return;
        var rows = all.OrderBy(p => p.Key).ToList();
        batch.Add("""
            INSERT INTO paper(brand, name, stream, media_type, content, at) SELECT brand, name, stream, type, content, $6 FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bytea[]) AS u(brand, name, stream, type, content)
            ON CONFLICT (brand, name) DO UPDATE SET media_type = excluded.media_type, content = excluded.content, at = excluded.at
            """,
            Texts(rows.Select(r => r.Key.Brand)), Texts(rows.Select(r => r.Key.Name)), Texts(rows.Select(r => r.Value.Stream)), Texts(rows.Select(r => r.Value.Paper.MediaType)),
            Blobs(rows.Select(r => (byte[]?)r.Value.Paper.Content.ToArray())), Instant(now));
    }
}
