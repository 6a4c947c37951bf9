using System.Globalization;

namespace Quartermaster.Runtime.PrivatePostgres;

/// <summary>What a running server says of itself in <c>postmaster.pid</c>.</summary>
internal sealed record PostmasterFile(int ProcessId, int Port, string SocketFolder, string Status)
{
    public bool IsReady => Status == "ready";

    public bool IsStopping => Status == "stopping";

    public static string PathOf(ClusterFolder folder) => Path.Combine(folder.Data, "postmaster.pid");

    /// <summary>The live server of this folder; null when there is none, whatever the file still says.</summary>
    public static PostmasterFile? Read(ClusterFolder folder)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(PathOf(folder));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
        if (lines.Length == 0 || !int.TryParse(lines[0], NumberStyles.None, CultureInfo.InvariantCulture, out var process)
            || !IsPostmasterOf(folder, process))
            return null;
        // The file grows line by line while the server starts.
        var port = lines.Length > 3 && int.TryParse(lines[3], CultureInfo.InvariantCulture, out var value) ? value : 0;
        return new PostmasterFile(process, port, lines.Length > 4 ? lines[4] : "", lines.Length > 7 ? lines[7].Trim() : "starting");
    }

    // After a crash the number may belong to any other process, in a container very likely so: PostgreSQL would then refuse
    // to start. A postmaster stands in its own data folder and is not a zombie.
    private static bool IsPostmasterOf(ClusterFolder folder, int process)
    {
        if (!OperatingSystem.IsLinux())
            return IsAlive(process);
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            if (stat[stat.LastIndexOf(')')..] is [_, _, 'Z' or 'X', ..])
                return false;
            return Directory.ResolveLinkTarget($"/proc/{process}/cwd", false)?.FullName is not { } stands
                || string.Equals(stands, RealPath(folder.Data), StringComparison.Ordinal);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A process of another user hides where it stands; ours never does, because we start it as ourselves or are root.
            return false;
        }
    }

    private static bool IsAlive(int process)
    {
        try
        {
            using var found = System.Diagnostics.Process.GetProcessById(process);
            return !found.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    // The kernel reports the folder without symbolic links; any part of ours may be one (/tmp, /var/run, a home on a volume).
    private static string RealPath(string path)
    {
        var real = "/";
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            real = Path.Combine(real, part);
            if (Directory.ResolveLinkTarget(real, true) is { } target)
                real = RealPath(target.FullName);
        }
        return real;
    }
}
