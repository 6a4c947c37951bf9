using Npgsql;
using Quartermaster.Testing;

namespace Quartermaster.Tests.CommandLine;

public sealed class PostgresCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("qm-command-");

    public PostgresCommandTests() => _folder.UnixFileMode |= UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task The_version_is_one_plain_line()
    {
        var (code, output, _) = await QuartermasterProgram.RunAsync(["--version"], Cancellation);

        code.ShouldBe(0);
        output.ShouldMatch(@"^\d+\.\d+\.\d+\r?\n$");
    }

    [Fact]
    public async Task Started_it_prints_its_address_and_runs_on_until_it_is_stopped()
    {
        var (code, address, complaint) = await QuartermasterProgram.RunAsync(["postgres", "start", "--for-tests", "--data", _folder.FullName], Cancellation);
        code.ShouldBe(0, complaint);

        var once = new NpgsqlConnectionStringBuilder(address.Trim()) { Pooling = false };
        await using (var connection = new NpgsqlConnection(once.ConnectionString))
            await connection.OpenAsync(Cancellation);

        (await QuartermasterProgram.RunAsync(["postgres", "stop", "--data", _folder.FullName], Cancellation)).ExitCode.ShouldBe(0);
        await using var stopped = new NpgsqlConnection(once.ConnectionString);
        await Should.ThrowAsync<NpgsqlException>(() => stopped.OpenAsync(Cancellation));
    }

    [Fact]
    public async Task Without_PostgreSQL_it_says_what_to_install()
    {
        var (code, output, complaint) = await QuartermasterProgram.RunAsync(
            ["postgres", "start", "--data", _folder.FullName], Cancellation, new() { ["QM_PG_BIN"] = "/nowhere", ["QM_PG_INSTALL"] = "never" });

        code.ShouldBe(1);
        output.ShouldBeEmpty();
        complaint.ShouldContain("QM_PG_BIN names /nowhere");
        complaint.ShouldNotContain("   at ");
    }
}
