using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Quartermaster.Runtime.PrivatePostgres;

/// <summary>Where a private cluster keeps its files, socket and log.</summary>
internal sealed record ClusterFolder
{
    public const string Superuser = "quartermaster";

    // sun_path holds 108 bytes with its closing zero; PostgreSQL appends "/.s.PGSQL.5432".
    private const int SocketPathLimit = 107;
    private const string SocketName = "/.s.PGSQL.5432";

    public required string DataFolder { get; init; }

    /// <summary>The folder that belongs to PostgreSQL's user; usually <c>postgres</c> in the data folder.</summary>
    public required string Home { get; init; }

    public required string SocketFolder { get; init; }

    public string Data => Path.Combine(Home, "data");

    public string Log => Path.Combine(Home, "postgresql.log");

    public string Configuration => Path.Combine(Home, "quartermaster.conf");

    /// <summary>Major version of the cluster on disk; null before the first start.</summary>
    public int? ClusterVersion =>
        File.Exists(Path.Combine(Data, "PG_VERSION"))
        && int.TryParse(File.ReadAllText(Path.Combine(Data, "PG_VERSION")).Trim(), out var version) ? version : null;

    // Both locks lie outside Home, because Home belongs to PostgreSQL's user and these to ours.
    public static string StartLock(string dataFolder) => Path.Combine(dataFolder, "postgres.start.lock");

    public static string UseLock(string dataFolder) => Path.Combine(dataFolder, "postgres.use.lock");

    public static bool IsSetUp(string dataFolder)
    {
        var note = Note(dataFolder);
        var home = File.Exists(note) ? File.ReadAllText(note).Trim() : HomeIn(dataFolder);
        return File.Exists(Path.Combine(home, "data", "PG_VERSION"));
    }

    public static async Task<ClusterFolder> PrepareAsync(
        string dataFolder, PostgresOwner owner, ILogger log, CancellationToken cancellation)
    {
        var home = await ChooseHomeAsync(dataFolder, owner, log, cancellation);
        var socket = Path.Combine(home, "run");
        if (Encoding.UTF8.GetByteCount(socket) + SocketName.Length > SocketPathLimit)
            socket = $"/tmp/quartermaster-{Fingerprint(home)}";
        await owner.OwnAsync(socket, cancellation);
        return new ClusterFolder { DataFolder = dataFolder, Home = home, SocketFolder = socket };
    }

    // A root hub may keep its data where PostgreSQL's user cannot even look (/root is 0700). Loosening somebody's folder is
    // not ours to do, so the cluster then lives under /var/lib and a note in the data folder says where.
    private static async Task<string> ChooseHomeAsync(
        string dataFolder, PostgresOwner owner, ILogger log, CancellationToken cancellation)
    {
        var note = Note(dataFolder);
        if (File.Exists(note))
        {
            var noted = (await File.ReadAllTextAsync(note, cancellation)).Trim();
            await owner.OwnAsync(noted, cancellation);
            return noted;
        }

        var home = HomeIn(dataFolder);
        await owner.OwnAsync(home, cancellation);
        if (await owner.CanWriteAsync(home, cancellation))
            return home;

        var elsewhere = $"/var/lib/quartermaster/{Fingerprint(home)}";
        Directory.CreateDirectory("/var/lib/quartermaster");
        await owner.OwnAsync(elsewhere, cancellation);
        if (!await owner.CanWriteAsync(elsewhere, cancellation))
            throw new PostgresUnavailableException(
                $"The user '{owner.Name}', as whom PostgreSQL runs, can reach neither {home} nor {elsewhere}. " +
                "Use a data folder that every user may enter (--data), or give the hub a server of yours (QM_DATABASE).");
        await File.WriteAllTextAsync(note, elsewhere + "\n", cancellation);
        ClusterLog.KeptElsewhere(log, owner.Name, home, elsewhere);
        return elsewhere;
    }

    private static string HomeIn(string dataFolder) => Path.Combine(dataFolder, "postgres");

    private static string Note(string dataFolder) => Path.Combine(dataFolder, "postgres.location");

    private static string Fingerprint(string path) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)))[..12];
}
