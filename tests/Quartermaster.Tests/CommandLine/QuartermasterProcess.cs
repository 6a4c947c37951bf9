using System.Diagnostics;

namespace Quartermaster.Tests.CommandLine;

/// <summary>The program as a person starts it: its own process, its own environment.</summary>
internal static class QuartermasterProcess
{
    public static async Task<(int ExitCode, string Output, string Complaint)> RunAsync(
        string[] arguments, Dictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "quartermaster"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? [])
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var complaint = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await complaint);
    }
}
