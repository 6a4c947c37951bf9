using Npgsql;
using NpgsqlTypes;
using Quartermaster.Core.Routing;
using Quartermaster.Runtime.ReadModels;
using static Quartermaster.Runtime.Columns;

namespace Quartermaster.Runtime.Routing;

/// <summary>Where postal codes lie, as imported: the same for all brands.</summary>
public sealed class PostcodeTable(NpgsqlDataSource database)
{
    /// <summary>Key in <c>hub_value</c>: changed by every import, so that running hubs read anew.</summary>
    private const string Stamp = "postcodes";

    /// <summary>Puts a country's codes in the place of those that were there.</summary>
    public async Task ReplaceAsync(string country, IReadOnlyCollection<(string Code, PostalPoints.Point Where)> codes, DateTimeOffset now, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using (var clear = new NpgsqlCommand("DELETE FROM postcode WHERE country = $1", connection, transaction)) await clear.With(Text(country)).ExecuteNonQueryAsync(cancel);
        await using (var rows = await connection.BeginBinaryImportAsync("COPY postcode(country, code, latitude, longitude) FROM STDIN (FORMAT binary)", cancel))
        {
            foreach (var (code, where) in codes)
            {
                await rows.StartRowAsync(cancel);
                await rows.WriteAsync(country, NpgsqlDbType.Text, cancel);
                await rows.WriteAsync(code, NpgsqlDbType.Text, cancel);
                await rows.WriteAsync(where.Latitude, NpgsqlDbType.Real, cancel);
                await rows.WriteAsync(where.Longitude, NpgsqlDbType.Real, cancel);
            }
            await rows.CompleteAsync(cancel);
        }
        await using (var stamp = new NpgsqlCommand("INSERT INTO hub_value(key, value, at) VALUES ($1, $2, $3) ON CONFLICT (key) DO UPDATE SET value = excluded.value, at = excluded.at", connection, transaction))
            await stamp.With(Text(Stamp), Text($"{country} {now:O}"), Instant(now)).ExecuteNonQueryAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>Whether nobody has heard of a code in a country of which the codes are known; of other countries nothing is said.</summary>
    public async Task<bool> IsUnknownAsync(string country, string? postalCode, CancellationToken cancel)
    {
        var (whole, area) = PostalCode.Forms(country, postalCode);
        if (whole.Length == 0) return false;
        // Index: postcode_pkey, twice.
        return (await database.ListAsync("SELECT EXISTS (SELECT 1 FROM postcode WHERE country = $1) AND NOT EXISTS (SELECT 1 FROM postcode WHERE country = $1 AND code IN ($2, $3))",
            r => r.GetBoolean(0), cancel, country, whole, area ?? whole))[0];
    }

    /// <summary>What tells one state of the table from another; empty before the first import.</summary>
    public async Task<string> StampAsync(CancellationToken cancel) =>
        (await database.ListAsync("SELECT value FROM hub_value WHERE key = $1", r => r.GetString(0), cancel, Stamp)).FirstOrDefault() ?? "";

    /// <param name="countries">Null = all that were imported.</param>
    public async Task<PostalPoints> ReadAsync(IReadOnlyCollection<string>? countries, CancellationToken cancel)
    {
        // Index: postcode_pkey, the run of each country.
        await using var command = database.CreateCommand(countries is null ? "SELECT country, code, latitude, longitude FROM postcode" : "SELECT country, code, latitude, longitude FROM postcode WHERE country = ANY ($1)");
        if (countries is not null) command.With(Texts(countries));
        List<(string, string, PostalPoints.Point)> points = [];
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel)) points.Add((reader.GetString(0), reader.GetString(1), new(reader.GetFloat(2), reader.GetFloat(3))));
        return new(points);
    }
}
