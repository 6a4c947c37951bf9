using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;

namespace Quartermaster.CommandLine;

/// <summary>What commands that read print: a table for a person, or with <c>--json</c> one object per line for a program.</summary>
internal static class Printed
{
    // As the API writes it, so that a program reads both alike.
    private static readonly JsonSerializerOptions AsTheApi = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static void Object(object one) => Console.WriteLine(JsonSerializer.Serialize(one, AsTheApi));

    /// <param name="none">What is said where there is nothing.</param>
    /// <param name="cells">Texts, numbers and times; a time is written in UTC.</param>
    public static int Rows<T>(ParseResult parsed, IReadOnlyCollection<T> rows, string none, string[] columns, Func<T, object?[]> cells) where T : notnull => Rows(parsed, rows, none, texts =>
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns([.. columns.Select(c => new TableColumn(c))]);
        foreach (var row in texts) table.AddRow(row.Select(t => new Text(t)));
        AnsiConsole.Write(table);
    }, cells);

    /// <inheritdoc cref="Rows{T}(ParseResult, IReadOnlyCollection{T}, string, string[], Func{T, object[]})"/>
    public static int Rows<T>(ParseResult parsed, IReadOnlyCollection<T> rows, string none, Listing listing, Func<T, object?[]> cells) where T : notnull =>
        Rows(parsed, rows, none, texts => listing.Write(AnsiConsole.Console, texts), cells);

    private static int Rows<T>(ParseResult parsed, IReadOnlyCollection<T> rows, string none, Action<IReadOnlyCollection<string[]>> write, Func<T, object?[]> cells) where T : notnull
    {
        if (parsed.GetValue(Given.Json))
        {
            foreach (var row in rows) Object(row);
            return ExitCode.Ok;
        }
        if (rows.Count == 0)
        {
            Console.WriteLine(none);
            return ExitCode.Ok;
        }
        write([.. rows.Select(r => cells(r).Select(TextOf).ToArray())]);
        return ExitCode.Ok;
    }

    public static string Minute(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static string TextOf(object? value) => value switch
    {
        null => "",
        DateTimeOffset at => Minute(at),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
