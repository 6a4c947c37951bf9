using System.Diagnostics;

namespace Quartermaster.Runtime.PrivatePostgres;

internal sealed record CommandResult(int ExitCode, string Output, string Complaint)
{
    public bool Succeeded => ExitCode == 0;

    public CommandResult OrFail(string message) =>
        Succeeded ? this : throw new PostgresUnavailableException($"{message} {(Complaint + Output).Trim()}".TrimEnd());
}

/// <summary>Runs one program to its end, without a shell between.</summary>
internal static class Command
{
    public static async Task<CommandResult> RunAsync(string[] command, CancellationToken cancellation)
    {
        // The folder we stand in may be closed to the user we become, and PostgreSQL insists on entering it.
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = "/",
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        // PGDATA, PGPORT and their like belong to somebody else's server; the language decides what the log says.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("PG", StringComparison.Ordinal)).ToArray())
            start.Environment.Remove(name);
        start.Environment["LC_ALL"] = "C.UTF-8";

        using var process = new Process { StartInfo = start };
        try
        {
            process.Start();
        }
        catch (System.ComponentModel.Win32Exception failure)
        {
            return new CommandResult(127, "", failure.Message);
        }
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        var complaint = process.StandardError.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        return new CommandResult(process.ExitCode, await output, await complaint);
    }

    public static string? OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Concat(["/usr/sbin", "/usr/bin", "/sbin", "/bin"])
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);
}
