using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Quartermaster.Testing;

namespace Quartermaster.Stories;

/// <summary>Somebody pulled the plug, and starts again without reading anything.</summary>
public sealed class TheDatabaseWasKilled : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("qm-story-");

    public TheDatabaseWasKilled() => _folder.UnixFileMode |= UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_there_is_there_after_the_next_start()
    {
        await AskAsync(await StartAsync(), "CREATE TABLE note AS SELECT 'order 1001' AS says");

        var postmaster = (await File.ReadAllLinesAsync(Path.Combine(_folder.FullName, "postgres/data/postmaster.pid"), Cancellation))[0];
        using (var killed = Process.GetProcessById(int.Parse(postmaster, CultureInfo.InvariantCulture)))
            killed.Kill();

        (await AskAsync(await StartAsync(), "SELECT says FROM note")).ShouldBe("order 1001");
    }

    public async ValueTask DisposeAsync()
    {
        await QuartermasterProgram.RunAsync(["postgres", "stop", "--data", _folder.FullName], CancellationToken.None);
        _folder.Delete(recursive: true);
    }

    private async Task<string> StartAsync()
    {
        var (code, address, complaint) = await QuartermasterProgram.RunAsync(["postgres", "start", "--data", _folder.FullName], Cancellation);
        code.ShouldBe(0, complaint);
        return address.Trim();
    }

    private static async Task<string?> AskAsync(string address, string question)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(address) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(question, connection);
        return await command.ExecuteScalarAsync(Cancellation) as string;
    }
}
