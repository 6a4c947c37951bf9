using Npgsql;

namespace Quartermaster.Configuration;

/// <summary>Takes a database's address in either of the two usual forms.</summary>
public static class DatabaseAddress
{
    /// <summary><c>postgres://user:password@host:5432/name?sslmode=require</c> or <c>Host=…;Database=…</c> → a connection string.</summary>
    /// <exception cref="FormatException">It is neither; the message says why without repeating the password.</exception>
    public static string ToConnectionString(string address)
    {
        try
        {
            var connection = address.StartsWith("postgres://", StringComparison.Ordinal) || address.StartsWith("postgresql://", StringComparison.Ordinal)
                ? FromUrl(address)
                : new NpgsqlConnectionStringBuilder(address);
            if (string.IsNullOrEmpty(connection.Host))
                throw new FormatException("the address names no host");
            return connection.ConnectionString;
        }
        catch (Exception failure) when (failure is ArgumentException or InvalidCastException or OverflowException)
        {
            throw new FormatException($"this is not the address of a PostgreSQL database ({failure.Message.TrimEnd('.')})", failure);
        }
    }

    /// <summary>The address as a person may see it.</summary>
    public static string Masked(string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString) is var parts && parts.Password is null ? connectionString
            : new NpgsqlConnectionStringBuilder(connectionString) { Password = EffectiveConfiguration.Mask }.ConnectionString;

    private static NpgsqlConnectionStringBuilder FromUrl(string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var url))
            throw new FormatException("this is not a URL; special characters in the password must be percent-encoded");
        var user = url.UserInfo.Split(':', 2);
        var connection = new NpgsqlConnectionStringBuilder { Host = url.Host, Database = Uri.UnescapeDataString(url.AbsolutePath.TrimStart('/')) };
        if (url.Port > 0) connection.Port = url.Port;
        if (user[0].Length > 0) connection.Username = Uri.UnescapeDataString(user[0]);
        if (user.Length > 1) connection.Password = Uri.UnescapeDataString(user[1]);
        foreach (var option in url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = option.Split('=', 2) is [var n, var v] ? (n, Uri.UnescapeDataString(v)) : (option, "true");
            switch (name)
            {
                // libpq's names and values; a socket folder is given as ?host=/var/run/postgresql.
                case "sslmode": connection["SSL Mode"] = value.Replace("-", "", StringComparison.Ordinal); break;
                case "application_name": connection.ApplicationName = value; break;
                default: connection[name] = value; break;
            }
        }
        return connection;
    }
}
