using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Quartermaster.Runtime.PrivatePostgres;

namespace Quartermaster.Runtime.Tests.PrivatePostgres;

public sealed class PostgresClusterTests : IDisposable
{
    private readonly string _folder = OpenToAll(Directory.CreateTempSubdirectory("qm-cluster-").FullName);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_hub_brings_up_a_durable_server_with_checksums()
    {
        await using var cluster = await PostgresCluster.StartAsync(_folder, NullLogger.Instance, Cancellation);

        foreach (var setting in (string[])["fsync", "synchronous_commit", "full_page_writes", "data_checksums"])
            (await AskAsync(cluster, $"SHOW {setting}")).ShouldBe("on", setting);
        (await AskAsync(cluster, "SHOW listen_addresses")).ShouldBe("");
        (await AskAsync(cluster, "SELECT current_database()")).ShouldBe("quartermaster");
    }

    [Fact]
    public async Task A_second_hub_on_the_folder_shares_the_server_and_the_last_one_stops_it()
    {
        var first = await StartAsync();
        var second = await StartAsync();
        (await BornAsync(second)).ShouldBe(await BornAsync(first));

        await first.DisposeAsync();
        (await AskAsync(second, "SELECT 1")).ShouldBe("1");

        await second.DisposeAsync();
        File.Exists(PidFile).ShouldBeFalse();
    }

    [Fact]
    public async Task A_server_left_running_is_found_again()
    {
        var killed = await StartAsync();
        var born = await BornAsync(killed);
        await killed.LeaveRunningAsync();

        await using var next = await StartAsync();
        (await BornAsync(next)).ShouldBe(born);
    }

    [Fact]
    public async Task What_was_committed_survives_a_kill_of_everything()
    {
        var killed = await StartAsync();
        await AskAsync(killed, "CREATE TABLE kept (id int); INSERT INTO kept VALUES (7); SELECT 1");
        await killed.LeaveRunningAsync();
        await KillPostmasterAsync();

        await using var next = await StartAsync();
        (await AskAsync(next, "SELECT id FROM kept")).ShouldBe("7");
    }

    [Fact]
    public async Task A_postmaster_that_dies_under_a_running_hub_is_started_again()
    {
        await using var cluster = await StartAsync();
        await KillPostmasterAsync();

        await EventuallyAsync(async () => await AskAsync(cluster, "SELECT 1") == "1");
    }

    [Fact]
    public async Task A_stale_pid_file_that_names_a_living_stranger_does_not_stop_the_start()
    {
        await (await StartAsync()).DisposeAsync();
        var stranger = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        await File.WriteAllTextAsync(PidFile, $"{stranger}\n{_folder}/postgres/data\n0\n5432\n{_folder}/postgres/run\n\n\nready   \n", Cancellation);

        await using var cluster = await StartAsync();
        (await AskAsync(cluster, "SELECT 1")).ShouldBe("1");
    }

    [Fact]
    public async Task A_half_made_cluster_is_made_anew()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "postgres", "data.new", "base"));

        await using var cluster = await StartAsync();
        (await AskAsync(cluster, "SELECT 1")).ShouldBe("1");
    }

    [Fact]
    public async Task A_folder_too_deep_for_a_socket_gets_a_short_one_elsewhere()
    {
        var deep = Path.Combine(_folder, new string('d', 60), new string('e', 60));
        await using var cluster = await PostgresCluster.StartAsync(deep, ClusterSettings.ForTests, NullLogger.Instance, Cancellation);

        var socket = new NpgsqlConnectionStringBuilder(cluster.ConnectionString).Host!;
        socket.ShouldNotStartWith(_folder);
        (await AskAsync(cluster, "SELECT 1")).ShouldBe("1");
        await cluster.DisposeAsync();
        Directory.Delete(socket, recursive: true);
    }

    [Fact]
    public async Task A_server_in_use_is_not_stopped_from_outside()
    {
        var cluster = await StartAsync();
        (await PostgresCluster.StopAsync(_folder, NullLogger.Instance, Cancellation)).ShouldBeFalse();

        await cluster.LeaveRunningAsync();
        (await PostgresCluster.StopAsync(_folder, NullLogger.Instance, Cancellation)).ShouldBeTrue();
        File.Exists(PidFile).ShouldBeFalse();
    }

    [Fact]
    public async Task A_root_hub_in_a_closed_folder_keeps_the_server_where_its_user_can_go()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only a root hub runs PostgreSQL as somebody else");
        File.SetUnixFileMode(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        await (await StartAsync()).DisposeAsync();
        var note = Path.Combine(_folder, "postgres.location");
        var home = (await File.ReadAllTextAsync(note, Cancellation)).Trim();
        File.Exists(Path.Combine(home, "data", "PG_VERSION")).ShouldBeTrue();

        await using (var again = await StartAsync())
            (await AskAsync(again, "SHOW data_directory")).ShouldBe(Path.Combine(home, "data"));
        Directory.Delete(home, recursive: true);
    }

    private string PidFile => Path.Combine(_folder, "postgres", "data", "postmaster.pid");

    private static string OpenToAll(string folder)
    {
        File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        return folder;
    }

    private Task<PostgresCluster> StartAsync() =>
        PostgresCluster.StartAsync(_folder, ClusterSettings.ForTests, NullLogger.Instance, Cancellation);

    private async Task KillPostmasterAsync()
    {
        var id = int.Parse((await File.ReadAllLinesAsync(PidFile, Cancellation))[0], CultureInfo.InvariantCulture);
        using var postmaster = Process.GetProcessById(id);
        postmaster.Kill();
        await EventuallyAsync(() => Task.FromResult(!Directory.Exists($"/proc/{id}") || File.ReadAllText($"/proc/{id}/stat").Contains(") Z")));
    }

    private static Task<string> BornAsync(PostgresCluster cluster) => AskAsync(cluster, "SELECT pg_postmaster_start_time()::text");

    private static async Task<string> AskAsync(PostgresCluster cluster, string question)
    {
        var address = new NpgsqlConnectionStringBuilder(cluster.ConnectionString) { Pooling = false };
        await using var connection = new NpgsqlConnection(address.ConnectionString);
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(question, connection);
        return Convert.ToString(await command.ExecuteScalarAsync(Cancellation), CultureInfo.InvariantCulture)!;
    }

    private static async Task EventuallyAsync(Func<Task<bool>> holds)
    {
        for (var waited = Stopwatch.StartNew(); ; await Task.Delay(50, Cancellation))
        {
            try
            {
                if (await holds())
                    return;
            }
            catch (Exception failure) when (failure is NpgsqlException or IOException && waited.Elapsed < TimeSpan.FromSeconds(30))
            {
                continue;
            }
            waited.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(30));
        }
    }
}
