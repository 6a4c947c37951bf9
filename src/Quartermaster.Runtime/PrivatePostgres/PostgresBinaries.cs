using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;

namespace Quartermaster.Runtime.PrivatePostgres;

/// <summary>The server programs of one PostgreSQL installation.</summary>
internal sealed partial record PostgresBinaries(string Folder, int Version)
{
    /// <summary>lz4 in the write-ahead log came with 15.</summary>
    public const int OldestVersion = 15;

    private const string InstallLine = "apt-get install postgresql";

    public string Initdb => Path.Combine(Folder, "initdb");

    public string Control => Path.Combine(Folder, "pg_ctl");

    /// <param name="clusterVersion">Major version of the cluster on disk: its files open with that version and no other.</param>
    public static async Task<PostgresBinaries> FindOrInstallAsync(
        int? clusterVersion, PostgresOwner owner, ILogger log, CancellationToken cancellation)
    {
        var found = await FindAsync(owner, cancellation);
        if (Choose(found, clusterVersion) is { } chosen)
            return chosen;
        if (found.Count == 0 && await InstallAsync(log, cancellation))
        {
            found = await FindAsync(owner, cancellation);
            if (Choose(found, clusterVersion) is { } installed)
                return installed;
        }
        throw new PostgresUnavailableException(Explain(found, clusterVersion));
    }

    private static PostgresBinaries? Choose(IReadOnlyList<PostgresBinaries> found, int? clusterVersion) =>
        found.Where(candidate => clusterVersion is { } version ? candidate.Version == version : candidate.Version >= OldestVersion)
            .MaxBy(candidate => candidate.Version);

    private static string Explain(IReadOnlyList<PostgresBinaries> found, int? clusterVersion)
    {
        if (found.Count == 0)
            return $"No PostgreSQL server programs are on this machine. Install them ({InstallLine}), "
                + "name their folder in QM_PG_BIN, or give the hub a server of yours in QM_DATABASE.";
        var versions = string.Join(", ", found.Select(candidate => $"{candidate.Version} in {candidate.Folder}"));
        return clusterVersion is { } version
            ? $"The data folder holds a PostgreSQL {version} cluster, and this machine has {versions}. "
                + $"Install version {version} (apt-get install postgresql-{version}), or move the data with pg_upgrade."
            : $"PostgreSQL {OldestVersion} or newer is needed, and this machine has {versions}. Install a newer one ({InstallLine}).";
    }

    private static async Task<IReadOnlyList<PostgresBinaries>> FindAsync(PostgresOwner owner, CancellationToken cancellation)
    {
        if (Environment.GetEnvironmentVariable("QM_PG_BIN") is { Length: > 0 } named)
            return await ProbeAsync(named, owner, cancellation) is { } given
                ? [given]
                : throw new PostgresUnavailableException($"QM_PG_BIN names {named}, but no 'initdb', 'pg_ctl' and 'postgres' that run are there.");

        // Debian keeps every version beside the other; Red Hat and Homebrew put one on the PATH or under these roots.
        var folders = Versions("/usr/lib/postgresql").Concat(Versions("/usr/pgsql")).Concat(
            Command.OnPath("pg_ctl") is { } control ? [Path.GetDirectoryName(File.ResolveLinkTarget(control, true)?.FullName ?? control)!] : []);
        var found = new List<PostgresBinaries>();
        foreach (var folder in folders.Distinct())
            if (await ProbeAsync(folder, owner, cancellation) is { } candidate)
                found.Add(candidate);
        return found;
    }

    private static IEnumerable<string> Versions(string root) =>
        Directory.Exists(root) ? Directory.EnumerateDirectories(root).Select(version => Path.Combine(version, "bin")) : [];

    private static async Task<PostgresBinaries?> ProbeAsync(string folder, PostgresOwner owner, CancellationToken cancellation)
    {
        string[] needed = ["initdb", "pg_ctl", "postgres"];
        if (!needed.All(program => File.Exists(Path.Combine(folder, program))))
            return null;
        var answer = await owner.RunAsync([Path.Combine(folder, "postgres"), "--version"], cancellation);
        var version = MajorVersion().Match(answer.Output);
        return answer.Succeeded && version.Success
            ? new PostgresBinaries(folder, int.Parse(version.Groups[1].Value, CultureInfo.InvariantCulture))
            : null;
    }

    /// <summary>Installs the Debian package where we may; QM_PG_INSTALL=never forbids it.</summary>
    private static async Task<bool> InstallAsync(ILogger log, CancellationToken cancellation)
    {
        if (!Environment.IsPrivilegedProcess || !File.Exists("/etc/debian_version") || Command.OnPath("apt-get") is not { } apt
            || Environment.GetEnvironmentVariable("QM_PG_INSTALL") == "never")
            return false;

        ClusterLog.Installing(log, InstallLine);
        // Debian's package would also create and start a cluster of its own on port 5432.
        const string clusterDefaults = "/etc/postgresql-common/createcluster.conf";
        if (!File.Exists(clusterDefaults))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(clusterDefaults)!);
            await File.WriteAllTextAsync(clusterDefaults, "create_main_cluster = false\n", cancellation);
        }
        await Command.RunAsync([apt, "update", "-qq"], cancellation);
        var installed = await Command.RunAsync(
            ["env", "DEBIAN_FRONTEND=noninteractive", apt, "install", "-y", "-qq", "-o", "Dpkg::Options::=--force-confold", "postgresql"], cancellation);
        if (!installed.Succeeded)
            ClusterLog.InstallFailed(log, installed.Complaint.Trim());
        return installed.Succeeded;
    }

    [GeneratedRegex(@"\(PostgreSQL\) (\d+)")]
    private static partial Regex MajorVersion();
}
