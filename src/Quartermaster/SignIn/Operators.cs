using Npgsql;
using NpgsqlTypes;

namespace Quartermaster.SignIn;

/// <param name="Brands">Null: all.</param>
public sealed record Operator(string Name, string Role, string[]? Brands, DateTimeOffset CreatedAt, DateTimeOffset? DisabledAt, DateTimeOffset? LastSeenAt);

/// <summary>The people who may sign in, and their sessions.</summary>
public sealed class Operators(NpgsqlDataSource database, TimeProvider clock)
{
    public static readonly TimeSpan SessionLength = TimeSpan.FromDays(14);

    /// <summary>Nobody can use this as a hash: an operator who signs in without a password, in the sandbox.</summary>
    private const string NoPassword = "-";

    public const string DemoName = "demo";

    public async Task<bool> AnyoneAsync(CancellationToken cancel)
    {
        await using var command = database.CreateCommand("SELECT EXISTS (SELECT 1 FROM operator WHERE disabled_at IS NULL AND role = 'admin' AND password <> '-')");
        return (bool)(await command.ExecuteScalarAsync(cancel))!;
    }

    /// <summary>Nobody else who may sign in is a lead or an admin of this brand.</summary>
    public async Task<bool> IsOnlyApproverAsync(string brand, string who, CancellationToken cancel) =>
        !(await ListAsync(cancel)).Any(o => o.Name != who && o.DisabledAt is null && Readers.RoleOf(o.Role) >= Role.Lead && o.Brands?.Contains(brand) != false);

    public async Task<IReadOnlyList<Operator>> ListAsync(CancellationToken cancel)
    {
        await using var command = database.CreateCommand("SELECT name, role, brands, created_at, disabled_at, last_seen_at FROM operator ORDER BY disabled_at IS NOT NULL, name");
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var found = new List<Operator>();
        while (await reader.ReadAsync(cancel))
        {
            found.Add(new(reader.GetString(0), reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetFieldValue<string[]>(2), reader.GetFieldValue<DateTimeOffset>(3),
                reader.IsDBNull(4) ? null : reader.GetFieldValue<DateTimeOffset>(4), reader.IsDBNull(5) ? null : reader.GetFieldValue<DateTimeOffset>(5)));
        }

        return found;
    }

    /// <summary>What is wrong with a new operator's name; null when nothing is.</summary>
    public static string? NameComplaint(string? name) =>
        name is { Length: >= 2 and <= 60 } && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '@')
            ? null
            : "A name has 2 to 60 letters, digits, dots, dashes or @, and no blanks.";

    /// <returns>False when the name is taken.</returns>
    public async Task<bool> CreateAsync(string name, string password, Role role, string[]? brands, string who, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var made = await InsertAsync(connection, name, Passwords.Hash(password), role, brands, cancel);
        if (made) await Audit.WriteAsync(connection, who, "operator.created", null, name, $"{role.Text()}, {Scope(brands)}", cancel);
        await transaction.CommitAsync(cancel);
        return made;
    }

    public async Task SetRoleAsync(string name, Role role, string[]? brands, string who, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using var command = new NpgsqlCommand("UPDATE operator SET role = $2, brands = $3 WHERE name = $1", connection);
        command.Parameters.Add(new() { Value = name });
        command.Parameters.Add(new() { Value = role.Text() });
        command.Parameters.Add(new() { Value = (object?)brands ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        if (await command.ExecuteNonQueryAsync(cancel) == 1) await Audit.WriteAsync(connection, who, "operator.role_set", null, name, $"{role.Text()}, {Scope(brands)}", cancel);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>A new password signs out whoever is signed in with the old one.</summary>
    public async Task SetPasswordAsync(string name, string password, string who, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using var command = new NpgsqlCommand("WITH gone AS (DELETE FROM operator_session WHERE operator = $1) UPDATE operator SET password = $2 WHERE name = $1", connection);
        command.Parameters.Add(new() { Value = name });
        command.Parameters.Add(new() { Value = Passwords.Hash(password) });
        if (await command.ExecuteNonQueryAsync(cancel) == 1) await Audit.WriteAsync(connection, who, "operator.password_set", null, name, null, cancel);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>Nobody else can sign in and make operators.</summary>
    public async Task<bool> IsOnlyAdminAsync(string name, CancellationToken cancel)
    {
        await using var command = database.CreateCommand("""
            SELECT EXISTS (SELECT 1 FROM operator WHERE name = $1 AND role = 'admin' AND disabled_at IS NULL)
                AND NOT EXISTS (SELECT 1 FROM operator WHERE name <> $1 AND role = 'admin' AND disabled_at IS NULL AND password <> '-')
            """);
        command.Parameters.Add(new() { Value = name });
        return (bool)(await command.ExecuteScalarAsync(cancel))!;
    }

    /// <summary>Disabled operators are signed out at once.</summary>
    public async Task DisableAsync(string name, bool disabled, string who, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using var command = new NpgsqlCommand("""
            WITH gone AS (DELETE FROM operator_session WHERE operator = $1 AND $2)
            UPDATE operator SET disabled_at = CASE WHEN $2 THEN $3::timestamptz END WHERE name = $1
            """, connection);
        command.Parameters.Add(new() { Value = name });
        command.Parameters.Add(new() { Value = disabled });
        command.Parameters.Add(new() { Value = clock.GetUtcNow() });
        if (await command.ExecuteNonQueryAsync(cancel) == 1) await Audit.WriteAsync(connection, who, disabled ? "operator.disabled" : "operator.enabled", null, name, null, cancel);
        await transaction.CommitAsync(cancel);
    }

    /// <returns>The token for the cookie; null when name or password is wrong.</returns>
    public async Task<string?> SignInAsync(string name, string password, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var command = new NpgsqlCommand("SELECT password FROM operator WHERE name = $1 AND disabled_at IS NULL", connection);
        command.Parameters.Add(new() { Value = name });
        var matches = Passwords.Matches(await command.ExecuteScalarAsync(cancel) as string, password);
        if (!matches)
        {
            await Audit.WriteAsync(connection, name.Length > 60 ? name[..60] : name, "sign_in.refused", null, null, null, cancel);
            return null;
        }

        return await OpenSessionAsync(connection, name, "signed_in", cancel);
    }

    /// <summary>The demo's visitor; the caller has made sure that nothing is configured here.</summary>
    public async Task<string> SignInAsDemoAsync(CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await InsertAsync(connection, DemoName, NoPassword, Role.Admin, null, cancel);
        return await OpenSessionAsync(connection, DemoName, "signed_in.demo", cancel);
    }

    public async Task SignOutAsync(string token, CancellationToken cancel)
    {
        await using var command = database.CreateCommand("DELETE FROM operator_session WHERE token_hash = $1");
        command.Parameters.Add(new() { Value = Tokens.Hash(token) });
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Whose session this is, as they are now: a role changed a second ago counts.</summary>
    /// <param name="demo">Whether this hub is the demo: elsewhere a session of its visitor, left over in the database, opens nothing.</param>
    public async Task<Operator?> OfSessionAsync(string token, bool demo, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        // Index: operator_session_pkey. "Seen" is written once a minute, so that reading pages does not write.
        await using var command = database.CreateCommand("""
            WITH found AS (
                SELECT s.token_hash, s.seen_at, o.* FROM operator_session s JOIN operator o ON o.name = s.operator
                WHERE s.token_hash = $1 AND s.expires_at > $2 AND o.disabled_at IS NULL AND ($3 OR o.password <> '-')),
            seen AS (UPDATE operator_session s SET seen_at = $2 FROM found WHERE s.token_hash = found.token_hash AND found.seen_at < $2 - interval '1 minute'),
            known AS (UPDATE operator o SET last_seen_at = $2 FROM found WHERE o.name = found.name AND (o.last_seen_at IS NULL OR o.last_seen_at < $2 - interval '1 minute'))
            SELECT name, role, brands, created_at FROM found
            """);
        command.Parameters.Add(new() { Value = Tokens.Hash(token) });
        command.Parameters.Add(new() { Value = now });
        command.Parameters.Add(new() { Value = demo });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        return await reader.ReadAsync(cancel)
            ? new(reader.GetString(0), reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetFieldValue<string[]>(2), reader.GetFieldValue<DateTimeOffset>(3), null, now)
            : null;
    }

    internal async Task<string> OpenSessionAsync(NpgsqlConnection connection, string name, string action, CancellationToken cancel)
    {
        var token = Tokens.New();
        await using var command = new NpgsqlCommand("""
            WITH swept AS (DELETE FROM operator_session WHERE expires_at < $3)
            INSERT INTO operator_session (token_hash, operator, created_at, expires_at, seen_at) VALUES ($1, $2, $3, $4, $3)
            """, connection);
        command.Parameters.Add(new() { Value = Tokens.Hash(token) });
        command.Parameters.Add(new() { Value = name });
        command.Parameters.Add(new() { Value = clock.GetUtcNow() });
        command.Parameters.Add(new() { Value = clock.GetUtcNow() + SessionLength });
        await command.ExecuteNonQueryAsync(cancel);
        await Audit.WriteAsync(connection, name, action, null, null, null, cancel);
        return token;
    }

    internal static async Task<bool> InsertAsync(NpgsqlConnection connection, string name, string passwordHash, Role role, string[]? brands, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("INSERT INTO operator (name, password, role, brands) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING", connection);
        command.Parameters.Add(new() { Value = name });
        command.Parameters.Add(new() { Value = passwordHash });
        command.Parameters.Add(new() { Value = role.Text() });
        command.Parameters.Add(new() { Value = (object?)brands ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        return await command.ExecuteNonQueryAsync(cancel) == 1;
    }

    private static string Scope(string[]? brands) => brands is null ? "all brands" : string.Join(", ", brands);
}
