using Npgsql;

namespace Quartermaster.SignIn;

/// <summary>Writes what people did around signing in; everything else goes through the operators' desk, which writes its own.</summary>
internal static class Audit
{
    public static async Task WriteAsync(NpgsqlConnection connection, string who, string action, string? brand, string? subject, string? detail, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("INSERT INTO audit (who, action, brand, subject, detail) VALUES ($1, $2, $3, $4, $5)", connection);
        foreach (var value in new[] { who, action, brand, subject, detail })
            command.Parameters.Add(new() { Value = (object?)value?.Replace("\0", "", StringComparison.Ordinal) ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        await command.ExecuteNonQueryAsync(cancel);
    }
}
