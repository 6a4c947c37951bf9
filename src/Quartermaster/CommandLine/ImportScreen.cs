using System.Globalization;
using Quartermaster.Import;
using Spectre.Console;

namespace Quartermaster.CommandLine;

/// <summary>What a person sees of an import: a bar while it runs, figures when it ends.</summary>
internal static class ImportScreen
{
    public static async Task WithProgressAsync(long bytes, Func<Action<ImportCount>, Task> run)
    {
        if (Console.IsOutputRedirected)
        {
            await run(_ => { });
            return;
        }
        await AnsiConsole.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async screen =>
            {
                var bar = screen.AddTask("reading", maxValue: Math.Max(1, bytes));
                await run(count =>
                {
                    bar.Value = count.BytesRead;
                    bar.Description = string.Create(CultureInfo.InvariantCulture, $"{count.Orders:N0} orders");
                });
            });
    }

    public static void Summarise(ImportCount count, ImportReport report, TimeSpan took, bool dryRun)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumn("").AddColumn(new TableColumn("").RightAligned()).HideHeaders();
        void Row(string name, long value) => table.AddRow(new Text(name), new Text(value.ToString("N0", CultureInfo.InvariantCulture)));
        Row("files", count.Files);
        Row("orders read", count.Orders);
        Row("lines of these orders", count.Lines);
        if (count.OutsidePeriod > 0) Row("outside --since/--until", count.OutsidePeriod);
        if (!dryRun)
        {
            Row("imported", count.Imported);
            Row("imported before, left alone", count.Repeated);
        }
        AnsiConsole.Write(table);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(dryRun ? "Dry run: nothing was stored. " : "")}Took {took.TotalSeconds:0.0} s ({count.Orders / Math.Max(0.001, took.TotalSeconds):N0} orders/s)."));
        Notes(report);
    }

    public static void Notes(ImportReport report)
    {
        if (!report.HasFile)
            return;
        var table = new Table().Border(TableBorder.Rounded).AddColumns("Rows", "What").AddColumn(new TableColumn("Count").RightAligned());
        foreach (var (kind, category, number) in report.Counts)
            table.AddRow(new Text(Word(kind)), new Text(category), new Text(number.ToString("N0", CultureInfo.InvariantCulture)));
        AnsiConsole.Write(table);
        Console.WriteLine($"Each with its line in {report.Path}.");
    }

    private static string Word(NoteKind kind) => kind switch
    {
        NoteKind.Wrong => "not imported",
        NoteKind.Skipped => "left out on purpose",
        _ => "imported, worth a look",
    };
}
