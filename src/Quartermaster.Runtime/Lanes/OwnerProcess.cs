using System.Diagnostics;
using System.Globalization;

namespace Quartermaster.Runtime.Lanes;

/// <summary>The name of a hub process, and whether the one behind a name is known to be dead.</summary>
/// <remarks>
/// "Known" is meant strictly: a process that is silent may have calls under way, and a lane that is taken over too early sends
/// twice. So only the kernel's word counts, for a process that shares our numbering; every container numbers its own.
/// </remarks>
internal static class OwnerProcess
{
    private static readonly string Numbering = OperatingSystem.IsLinux() && new FileInfo("/proc/self/ns/pid").LinkTarget is { } link ? new([.. link.Where(char.IsAsciiDigit)]) : "0";

    /// <summary><c>machine/numbering:pid/random</c>; unique over machines, containers, restarts and hubs in one process.</summary>
    public static string NewName() => $"{Environment.MachineName}/{Numbering}:{Environment.ProcessId}/{Guid.NewGuid().ToString("N")[..6]}";

    public static bool IsKnownDead(string name) =>
        name.Split('/') is [var machine, var place, _] && machine == Environment.MachineName
        && place.Split(':') is [var numbering, var number] && numbering == Numbering
        && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && !IsRunning(pid);

    private static bool IsRunning(int pid)
    {
        try
        {
            // A process that was killed and that nobody has reaped yet still has its entry; the letter behind its name tells.
            if (OperatingSystem.IsLinux()) return File.ReadAllText($"/proc/{pid}/stat") is var stat && stat[(stat.LastIndexOf(')') + 2)..] is not (['Z', ..] or ['X', ..]);
            using var process = Process.GetProcessById(pid);
            return !process.HasExited;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or ArgumentException)
        {
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            return true;
        }
    }
}
