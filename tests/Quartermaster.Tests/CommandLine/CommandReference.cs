using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Quartermaster.CommandLine;

/// <summary>Writes the commands down from what they themselves say, for docs/command-line.md.</summary>
internal static class CommandReference
{
    /// <summary>Commands that do something, by the words that lead to them.</summary>
    public static IEnumerable<(string Path, Command Command)> Leaves(Command under, string path = "")
    {
        foreach (var command in under.Subcommands.Where(c => !c.Hidden))
        {
            var words = path.Length == 0 ? command.Name : $"{path} {command.Name}";
            if (command.Subcommands.Count == 0) yield return (words, command);
            foreach (var leaf in Leaves(command, words)) yield return leaf;
        }
    }

    public static IEnumerable<Option> OptionsOf(Command command) => command.Options.Where(o => !o.Hidden && o.Name is not ("--help" or "--version"));

    public static string Of(Command root)
    {
        var page = new StringBuilder();
        foreach (var command in root.Subcommands.Where(c => !c.Hidden))
        {
            page.Append(CultureInfo.InvariantCulture, $"\n## {command.Name}\n{Sentence(command.Description)}\n");
            if (command.Aliases.Count > 0) page.Append(CultureInfo.InvariantCulture, $"Also called `{string.Join("`, `", command.Aliases)}`.\n");
            if (command.Subcommands.Count == 0) Given(page, command.Name, command);
            foreach (var (path, leaf) in Leaves(command, command.Name))
            {
                page.Append(CultureInfo.InvariantCulture, $"\n### {path}\n{Sentence(leaf.Description)}\n");
                Given(page, path, leaf);
            }
        }
        return page.ToString();
    }

    private static void Given(StringBuilder page, string path, Command command)
    {
        var options = OptionsOf(command).OrderBy(o => !o.Required).ToList();
        string[] words = ["quartermaster", path, .. command.Arguments.Select(Written), .. options.Select(o => o.Required ? Written(o) : $"[{Written(o)}]")];
        page.Append(CultureInfo.InvariantCulture, $"\n    {string.Join(' ', words)}\n\n");
        foreach (var argument in command.Arguments) page.Append(CultureInfo.InvariantCulture, $"* `{argument.Name.ToUpperInvariant()}`: {argument.Description}\n");
        foreach (var option in options) page.Append(CultureInfo.InvariantCulture, $"* `{string.Join("`, `", option.Aliases.Prepend(option.Name))}`: {option.Description}{Usual(option)}\n");
    }

    private static string Written(Argument argument)
    {
        var name = argument.Name.ToUpperInvariant() + (argument.Arity.MaximumNumberOfValues > 1 ? " …" : "");
        return argument.Arity.MinimumNumberOfValues == 0 ? $"[{name}]" : name;
    }

    private static string Written(Option option) => option.Arity.MaximumNumberOfValues == 0 || option.ValueType == typeof(bool) ? option.Name : $"{option.Name} {Value(option.ValueType)}";

    private static string Value(Type type)
    {
        var one = Nullable.GetUnderlyingType(type) ?? type.GetElementType() ?? type;
        return one == typeof(string) ? "TEXT"
            : one == typeof(bool) ? "true|false"
            : one == typeof(DateOnly) ? "DAY"
            : one == typeof(DateTimeOffset) ? "TIME"
            : one == typeof(TimeSpan) ? "SPAN"
            : one.IsEnum ? string.Join('|', Enum.GetNames(one).Select(JsonNamingPolicy.KebabCaseLower.ConvertName))
            : one == typeof(Uri) ? "ADDRESS"
            : "NUMBER";
    }

    private static string Usual(Option option) => option.HasDefaultValue && option.ValueType != typeof(bool) && option.GetDefaultValue() is { } usual && usual.ToString() is { Length: > 0 }
        ? string.Create(CultureInfo.InvariantCulture, $" (`{(usual is Enum ? JsonNamingPolicy.KebabCaseLower.ConvertName(usual.ToString()!) : usual)}` without it)") : "";

    private static string Sentence(string? text) => text is { Length: > 0 } && text[^1] != '.' ? text + "." : text ?? "";
}
