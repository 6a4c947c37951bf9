using System.CommandLine;
using Quartermaster.Doctoring;
using Spectre.Console;

namespace Quartermaster.CommandLine;

/// <summary>Looks at everything that usually goes wrong and says what to do about it.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var command = new Command("doctor", "Checks database, queues, connections and addresses; says what to do about what is wrong");
        command.Does(async (parsed, cancel) =>
        {
            await using var access = await Access.OpenAsync(parsed, cancel, migrate: false);
            var worst = Verdict.Well;
            await foreach (var finding in new Checkup(access.Configuration, access.Database, TimeProvider.System).RunAsync(cancel))
            {
                worst = finding.Verdict > worst ? finding.Verdict : worst;
                Show(finding);
            }
            return worst == Verdict.Bad ? ExitCode.Trouble : ExitCode.Ok;
        });
        return command;
    }

    private static void Show(Finding finding)
    {
        var mark = finding.Verdict switch { Verdict.Well => "[green]ok  [/]", Verdict.Look => "[yellow]look[/]", _ => "[red]bad [/]" };
        AnsiConsole.Markup($"{mark}  [bold]{Markup.Escape(finding.What),-18}[/]");
        Console.WriteLine(finding.Found);
        if (finding.Remedy is { } remedy)
            Console.WriteLine($"{"",24}{remedy}");
    }
}
