using System.CommandLine;
using Quartermaster.Configuration;
using Quartermaster.Dashboard.Shown;

namespace Quartermaster.CommandLine;

/// <summary>Checks or shows the configuration without touching anything.</summary>
internal static class ConfigCommand
{
    public static Command Create()
    {
        var check = new Command("check", "Reports every mistake with its line, or OK");
        check.Does((parsed, _) =>
        {
            var read = Access.Read(parsed);
            Console.WriteLine($"OK: {read.File ?? "no file, so the sandbox"}, {Words.Count(read.Plan.Brands.Count, "brand")}, {Words.Count(read.Plan.Connections.Count, "connection")}.");
            return Task.FromResult(ExitCode.Ok);
        });
        var show = new Command("show", "Prints what the hub understood: defaults filled in, secrets masked");
        show.Does((parsed, _) =>
        {
            Console.Write(EffectiveConfiguration.Write(Access.Read(parsed)));
            return Task.FromResult(ExitCode.Ok);
        });
        return new Command("config", "Checks or shows the configuration") { check, show };
    }
}
