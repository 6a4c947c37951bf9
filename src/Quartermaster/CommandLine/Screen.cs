using System.CommandLine.Parsing;
using Spectre.Console;

namespace Quartermaster.CommandLine;

/// <summary>Colours and widths are for terminals; a file or a pipe gets plain text that is not folded.</summary>
internal static class Screen
{
    // Longer than any line: Spectre folds at every width that it is told.
    private const int Unfolded = 100_000;

    public static void Prepare()
    {
        if (!Console.IsOutputRedirected)
            return;
        AnsiConsole.Profile.Capabilities.Ansi = false;
        AnsiConsole.Profile.Capabilities.ColorSystem = ColorSystem.NoColors;
        AnsiConsole.Profile.Width = Unfolded;
    }
}

/// <summary>The words that lead to a command: <c>quartermaster import orders</c>.</summary>
internal static class CommandPath
{
    public static IEnumerable<string> Of(CommandResult command)
    {
        var words = new Stack<string>();
        for (SymbolResult? at = command; at is not null; at = at.Parent)
            if (at is CommandResult { Command.Name: var name })
                words.Push(name);
        return words;
    }
}
