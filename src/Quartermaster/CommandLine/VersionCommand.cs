using System.CommandLine;
using System.Runtime.InteropServices;
using Quartermaster.Hosting;

namespace Quartermaster.CommandLine;

internal static class VersionCommand
{
    public static Command Create()
    {
        var command = new Command("version", "Says which release this is, and on what it runs");
        command.Does((_, _) =>
        {
            Console.WriteLine($"quartermaster {ProgramVersion.Text} ({RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier})");
            return Task.FromResult(ExitCode.Ok);
        });
        return command;
    }
}
