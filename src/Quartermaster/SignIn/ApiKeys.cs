using System.Security.Cryptography;
using Npgsql;
using NpgsqlTypes;

namespace Quartermaster.SignIn;

/// <param name="Brands">Null: all.</param>
public sealed record ApiKey(
    string Id, string Title, string Role, string[]? Brands, string CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? LastUsedAt, DateTimeOffset? RevokedAt);

/// <summary>Keys of programs: <c>qm_ID_SECRET</c>, shown once; only a hash is kept.</summary>
public sealed class ApiKeys(NpgsqlDataSource database, TimeProvider clock)
{
    public const string Prefix = "qm_";

    private const string Columns = "id, title, role, brands, created_by, created_at, expires_at, last_used_at, revoked_at";

    public async Task<string> CreateAsync(string title, Role role, string[]? brands, DateTimeOffset? expiresAt, string who, CancellationToken cancel)
    {
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
        var key = $"{Prefix}{id}_{Tokens.New()}";
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using var command = new NpgsqlCommand("""
            INSERT INTO api_key (id, title, hash, role, brands, created_by, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            """, connection);
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = title });
        command.Parameters.Add(new() { Value = Tokens.Hash(key) });
        command.Parameters.Add(new() { Value = role.Text() });
        command.Parameters.Add(new() { Value = (object?)brands ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = who });
        command.Parameters.Add(new() { Value = clock.GetUtcNow() });
        command.Parameters.Add(new() { Value = (object?)expiresAt ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        await command.ExecuteNonQueryAsync(cancel);
        await Audit.WriteAsync(connection, who, "api_key.created", null, id, $"{title}: {role.Text()}, {(brands is null ? "all brands" : string.Join(", ", brands))}", cancel);
        await transaction.CommitAsync(cancel);
        return key;
    }

    public async Task RevokeAsync(string id, string who, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using var command = new NpgsqlCommand("UPDATE api_key SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL", connection);
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = clock.GetUtcNow() });
        if (await command.ExecuteNonQueryAsync(cancel) == 1) await Audit.WriteAsync(connection, who, "api_key.revoked", null, id, null, cancel);
        await transaction.CommitAsync(cancel);
    }

    public async Task<IReadOnlyList<ApiKey>> ListAsync(CancellationToken cancel)
    {
        await using var command = database.CreateCommand($"SELECT {Columns} FROM api_key ORDER BY revoked_at IS NOT NULL, created_at DESC");
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var keys = new List<ApiKey>();
        while (await reader.ReadAsync(cancel)) keys.Add(Row(reader));
        return keys;
    }

    /// <returns>The key as it is now; null when it is unknown, revoked or has expired.</returns>
    public async Task<ApiKey?> OfAsync(string key, CancellationToken cancel)
    {
        var parts = key.Split('_', 3);
        if (parts.Length != 3 || parts[0] != "qm" || parts[1].Length != 12) return null;
        // Index: api_key_pkey. The use is noted once a minute.
        await using var command = database.CreateCommand($"""
            WITH used AS (UPDATE api_key SET last_used_at = $3 WHERE id = $1 AND hash = $2 AND (last_used_at IS NULL OR last_used_at < $3 - interval '1 minute'))
            SELECT {Columns}, hash FROM api_key WHERE id = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $3)
            """);
        command.Parameters.Add(new() { Value = parts[1] });
        command.Parameters.Add(new() { Value = Tokens.Hash(key) });
        command.Parameters.Add(new() { Value = clock.GetUtcNow() });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        return await reader.ReadAsync(cancel) && CryptographicOperations.FixedTimeEquals(reader.GetFieldValue<byte[]>(9), Tokens.Hash(key)) ? Row(reader) : null;
    }

    private static ApiKey Row(NpgsqlDataReader r) => new(
        r.GetString(0), r.GetString(1), r.GetString(2), r.IsDBNull(3) ? null : r.GetFieldValue<string[]>(3), r.GetString(4), r.GetFieldValue<DateTimeOffset>(5),
        r.IsDBNull(6) ? null : r.GetFieldValue<DateTimeOffset>(6), r.IsDBNull(7) ? null : r.GetFieldValue<DateTimeOffset>(7), r.IsDBNull(8) ? null : r.GetFieldValue<DateTimeOffset>(8));
}
