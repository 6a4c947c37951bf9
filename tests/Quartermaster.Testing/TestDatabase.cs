using Npgsql;

namespace Quartermaster.Testing;

/// <summary>One test's own database; gone with everything in it when the test ends.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private readonly string _server;
    private readonly string _name;
    private readonly Lazy<NpgsqlDataSource> _source;

    internal TestDatabase(string server, string name)
    {
        (_server, _name) = (server, name);
        ConnectionString = new NpgsqlConnectionStringBuilder(server) { Database = name, MaxPoolSize = 20 }.ConnectionString;
        _source = new(() => NpgsqlDataSource.Create(ConnectionString));
    }

    public string ConnectionString { get; }

    /// <summary>For the test's own questions; what is tested opens its own from <see cref="ConnectionString"/>.</summary>
    public NpgsqlDataSource Source => _source.Value;

    public async ValueTask DisposeAsync()
    {
        if (_source.IsValueCreated)
            await _source.Value.DisposeAsync();
        await using (var pooled = new NpgsqlConnection(ConnectionString))
            NpgsqlConnection.ClearPool(pooled);
        await using var connection = new NpgsqlConnection(_server);
        await connection.OpenAsync();
        await TestPostgres.ExecuteAsync(connection, $"DROP DATABASE IF EXISTS {_name} WITH (FORCE)", CancellationToken.None);
    }
}
