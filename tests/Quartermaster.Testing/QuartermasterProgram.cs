using System.Diagnostics;

namespace Quartermaster.Testing;

/// <summary>The program as a person starts it: its own process, its own environment.</summary>
public static class QuartermasterProgram
{
    // The build puts it beside the tests of every project that refers to it.
    private static readonly string Path = System.IO.Path.Combine(AppContext.BaseDirectory, "quartermaster");

    public static async Task<(int ExitCode, string Output, string Complaint)> RunAsync(
        string[] arguments, CancellationToken cancellation, Dictionary<string, string>? environment = null, string? folder = null, string? input = null)
    {
        var start = new ProcessStartInfo(Path, arguments) { RedirectStandardInput = input is not null, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder ?? "" };
        foreach (var (name, value) in environment ?? [])
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        try
        {
            if (input is not null)
            {
                await process.StandardInput.WriteLineAsync(input.AsMemory(), cancellation);
                process.StandardInput.Close();
            }
            var output = process.StandardOutput.ReadToEndAsync(cancellation);
            var complaint = process.StandardError.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            return (process.ExitCode, await output, await complaint);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}
