using System.CommandLine;
using System.Globalization;
using Quartermaster.Runtime.Dispatching;
using Quartermaster.Runtime.ReadModels;
using Spectre.Console;

namespace Quartermaster.CommandLine;

/// <summary>The end of a day: which labels wait for the carrier's list, and the list itself.</summary>
internal static class LabelsCommand
{
    private static readonly Option<string?> Brand = new("--brand") { Description = "The brand; not needed when there is one" };
    private static readonly Argument<string> Location = new("location") { Description = "Code of the location whose day is over" };

    private static readonly Option<bool> SecondVisit = new("--second-visit") { Description = "Where a list is a courier's visit: books a second one for today" };

    private static readonly Option<string?> Connection = new("--connection") { Description = "Only the labels of this carrier's connection; otherwise of all whose labels wait there" };

    public static Command Create()
    {
        var list = new Command("list", "Labels that are on no list yet, and the newest lists") { Brand, Given.Json };
        list.Does(ListAsync);
        var close = new Command("close", "Closes the day at a location: its carrier is told which parcels it gets") { Location, Connection, Brand, SecondVisit };
        close.Does(CloseAsync);
        return new Command("labels", "Labels and the end of the day") { list, close };
    }

    private static async Task<int> CloseAsync(ParseResult parsed, CancellationToken cancel)
    {
        await using var access = await Access.OpenAsync(parsed, cancel);
        try
        {
            var lists = await new DispatchDesk(access.Database, access.Configuration.Plan, TimeProvider.System).CloseAsync(access.Brand(parsed.GetValue(Brand)), parsed.GetValue(Location)!, parsed.GetValue(Connection), Access.Who, parsed.GetValue(SecondVisit), cancel);
            foreach (var number in lists) Console.WriteLine($"{number} goes to the carrier.");
            return ExitCode.Ok;
        }
        catch (InvalidOperationException e) { throw new CommandRefusedException(e.Message); }
    }

    private static async Task<int> ListAsync(ParseResult parsed, CancellationToken cancel)
    {
        await using var access = await Access.OpenAsync(parsed, cancel);
        string[] brand = [access.Brand(parsed.GetValue(Brand))];
        var reads = new DispatchReads(access.Database.General);
        var (waiting, lists) = (await reads.WaitingAsync(brand, cancel), await reads.LatestAsync(brand, 20, cancel));
        if (parsed.GetValue(Given.Json))
        {
            Printed.Object(new { Waiting = waiting, Lists = lists });
            return ExitCode.Ok;
        }
        if (waiting.Count == 0) Console.WriteLine("No label waits for a list.");
        foreach (var w in waiting) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{w.Location}: {w.Labels} labels of {w.Connection} wait, {w.Left} of them have left, {w.LeftOut} were left out before; the oldest is of {w.Oldest.UtcDateTime:yyyy-MM-dd HH:mm} UTC"));
        if (lists.Count == 0) return ExitCode.Ok;
        var table = new Table().Border(TableBorder.Rounded).AddColumn("List").AddColumn("Connection").AddColumn(new TableColumn("Labels").RightAligned()).AddColumn(new TableColumn("Left out").RightAligned()).AddColumn("State").AddColumn("Carrier's number").AddColumn("Paper");
        foreach (var l in lists)
            table.AddRow(new Text(l.Id), new Text(l.Connection), new Text(l.Labels.ToString(CultureInfo.InvariantCulture)), new Text(l.LeftOut.ToString(CultureInfo.InvariantCulture)), new Text(l.State.Replace('_', ' ')), new Text(l.RemoteId ?? "–"), new Text(l.Document ?? "–"));
        AnsiConsole.Write(table);
        return ExitCode.Ok;
    }
}
