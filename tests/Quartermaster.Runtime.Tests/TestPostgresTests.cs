using Npgsql;
using Quartermaster.Testing;

namespace Quartermaster.Runtime.Tests;

public sealed class TestPostgresTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_test_gets_a_migrated_database_of_its_own()
    {
        var migrations = 0;
        async Task Migrate(string address, CancellationToken cancellation)
        {
            Interlocked.Increment(ref migrations);
            await using var source = NpgsqlDataSource.Create(address);
            await using var create = source.CreateCommand("CREATE TABLE thing (id int)");
            await create.ExecuteNonQueryAsync(cancellation);
        }

        var name = $"things {Guid.NewGuid()}";
        var databases = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => TestPostgres.NewDatabaseAsync(name, Migrate, Cancellation)));
        try
        {
            migrations.ShouldBe(1);
            await using var insert = databases[0].Source.CreateCommand("INSERT INTO thing VALUES (1)");
            await insert.ExecuteNonQueryAsync(Cancellation);
            foreach (var (database, things) in databases.Zip([1L, 0, 0, 0]))
            {
                await using var count = database.Source.CreateCommand("SELECT count(*) FROM thing");
                (await count.ExecuteScalarAsync(Cancellation)).ShouldBe(things);
            }
        }
        finally
        {
            foreach (var database in databases)
                await database.DisposeAsync();
        }
    }
}
