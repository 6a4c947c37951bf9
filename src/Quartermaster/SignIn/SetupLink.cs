using Npgsql;

namespace Quartermaster.SignIn;

/// <summary>The one-time link that the first start prints; whoever opens it becomes the first admin.</summary>
public static class SetupLink
{
    private const string Key = "setup.link";

    public static readonly TimeSpan Lasts = TimeSpan.FromDays(1);

    /// <summary>Makes a new link; one made before is void from then on.</summary>
    /// <returns>The path to print after the hub's address, or null when there is an admin already.</returns>
    public static async Task<string?> CreateAsync(NpgsqlDataSource database, TimeProvider clock, CancellationToken cancel)
    {
        if (await new Operators(database, clock).AnyoneAsync(cancel)) return null;
        var token = Tokens.New();
        await using var command = database.CreateCommand("""
            INSERT INTO hub_value (key, value, at) VALUES ($1, $2, $3) ON CONFLICT (key) DO UPDATE SET value = excluded.value, at = excluded.at
            """);
        command.Parameters.Add(new() { Value = Key });
        command.Parameters.Add(new() { Value = Convert.ToHexString(Tokens.Hash(token)) });
        command.Parameters.Add(new() { Value = clock.GetUtcNow() });
        await command.ExecuteNonQueryAsync(cancel);
        return "/set-up/" + token;
    }

    public static async Task<bool> IsGoodAsync(NpgsqlDataSource database, TimeProvider clock, string token, CancellationToken cancel)
    {
        await using var command = database.CreateCommand("SELECT 1 FROM hub_value WHERE key = $1 AND value = $2 AND at > $3");
        Fill(command, token, clock);
        return await command.ExecuteScalarAsync(cancel) is not null && !await new Operators(database, clock).AnyoneAsync(cancel);
    }

    /// <summary>Uses the link up and creates the first admin, or does neither.</summary>
    /// <returns>The session's token; null when the link was used, replaced or is too old, or the name is taken.</returns>
    public static async Task<string?> UseAsync(NpgsqlDataSource database, TimeProvider clock, string token, string name, string password, CancellationToken cancel)
    {
        var operators = new Operators(database, clock);
        if (await operators.AnyoneAsync(cancel)) return null;
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        // The row lock of this delete lets exactly one of two simultaneous visitors in.
        await using var command = new NpgsqlCommand("DELETE FROM hub_value WHERE key = $1 AND value = $2 AND at > $3", connection);
        Fill(command, token, clock);
        if (await command.ExecuteNonQueryAsync(cancel) != 1) return null;
        if (!await Operators.InsertAsync(connection, name, Passwords.Hash(password), Role.Admin, null, cancel)) return null;
        await Audit.WriteAsync(connection, name, "operator.first_admin", null, name, null, cancel);
        var session = await operators.OpenSessionAsync(connection, name, "signed_in", cancel);
        await transaction.CommitAsync(cancel);
        return session;
    }

    private static void Fill(NpgsqlCommand command, string token, TimeProvider clock)
    {
        command.Parameters.Add(new() { Value = Key });
        command.Parameters.Add(new() { Value = Convert.ToHexString(Tokens.Hash(token)) });
        command.Parameters.Add(new() { Value = clock.GetUtcNow() - Lasts });
    }
}
