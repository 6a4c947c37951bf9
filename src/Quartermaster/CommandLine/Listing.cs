using Spectre.Console;
using Spectre.Console.Rendering;

namespace Quartermaster.CommandLine;

/// <summary>A table in which names, numbers and states stay whole; the sentence at the end of a row takes the room that they leave.</summary>
/// <param name="columns">Their headings; the last one is that of the sentence.</param>
/// <param name="spare">Columns that a terminal too narrow for all goes without, in this order.</param>
internal sealed class Listing(string[] columns, params string[] spare)
{
    // In less room a sentence becomes a column of single words.
    private const int Sentence = 20;

    public void Write(IAnsiConsole console, IReadOnlyCollection<string[]> rows)
    {
        var options = RenderOptions.Create(console);
        int Whole(string text) => Measured(text).Max;
        Measurement Measured(string text) => ((IRenderable)new Text(text)).Measure(options, int.MaxValue);

        var last = columns.Length - 1;
        var cells = columns.Select((heading, c) => Math.Max(Measured(heading).Min, rows.Select(r => Whole(r[c])).DefaultIfEmpty().Max())).ToArray();
        var shown = Enumerable.Range(0, columns.Length).ToList();
        // A border, and a blank on either side of what stands in a column.
        int Beside() => shown.Where(c => c != last).Sum(c => cells[c] + 3) + 4;
        int Needed() => Beside() + Math.Min(cells[last], Sentence);
        var left = spare.TakeWhile(heading => Needed() > console.Profile.Width && shown.Remove(Array.IndexOf(columns, heading))).ToArray();
        // The terminal breaks what is wider still; a row cut into pieces here could not be read in any.
        var width = console.Profile.Width = Math.Max(console.Profile.Width, Needed());

        var table = new Table().Border(TableBorder.Rounded).AddColumns([.. shown.Select(c => new TableColumn(columns[c]) { Width = c == last ? Math.Min(cells[c], width - Beside()) : cells[c] })]);
        foreach (var row in rows) table.AddRow(shown.Select(c => new Text(row[c])));
        console.Write(table);
        if (left.Length > 0) console.WriteLine($"No room for {string.Join(", ", left)}: widen the terminal, or use --json.");
    }
}
