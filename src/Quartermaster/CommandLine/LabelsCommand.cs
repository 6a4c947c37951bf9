using System.CommandLine;
using System.Globalization;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Labels;
using Quartermaster.Runtime.Dispatching;
using Quartermaster.Runtime.ReadModels;
using Spectre.Console;

namespace Quartermaster.CommandLine;

/// <summary>Labels: a refused one bought after all, and the end of a day, with what waits for the carrier's list.</summary>
internal static class LabelsCommand
{
    private static readonly Option<string?> Brand = new("--brand") { Description = "The brand; not needed when there is one" };
    private static readonly Option<string?>
        Connection = new("--connection") { Description = "The carrier connection that sells it" },
        Service = new("--service") { Description = "The service, as `rates` names it" };

    private static readonly Option<int?> Attempt = new("--attempt") { Description = "The hand-off that is meant, where an order has several" };

    private static readonly Argument<string> Location = new("location") { Description = "Code of the location whose day is over" };

    private static readonly Option<bool> SecondVisit = new("--second-visit") { Description = "Where a list is a courier's visit: books a second one for today" };

    public static Command Create()
    {
        var list = new Command("list", "Labels that are on no list yet, and the newest lists") { Brand, Given.Json };
        list.Does(ListAsync);
        var close = new Command("close", "Closes the day at a location: its carrier is told which parcels it gets") { Location, Brand, SecondVisit };
        close.Does(CloseAsync);
        var order = new Argument<string>("id") { Description = "Id of the order, as `orders list --json` has it" };
        var buy = new Command("buy", "Buys a refused label again: as usual, or from the connection and by the service that `rates` showed") { order, Connection, Service, Attempt, Brand };
        buy.Does((parsed, cancel) => BuyAsync(parsed, parsed.GetValue(order)!, cancel));
        return new Command("labels", "Labels and the end of the day") { list, close, buy };
    }

    private static async Task<int> BuyAsync(ParseResult parsed, string id, CancellationToken cancel)
    {
        await using var access = await Access.OpenAsync(parsed, cancel);
        var (brand, connection, service, attempt) = (access.Brand(parsed.GetValue(Brand)), parsed.GetValue(Connection), parsed.GetValue(Service), parsed.GetValue(Attempt));
        if ((connection is null) != (service is null)) throw new CommandRefusedException("Name the service together with the connection that sells it: --connection C --service S.");
        if (connection is not null && !access.Configuration.Plan.SellsLabels(brand, connection)) throw new CommandRefusedException($"{connection} sells no labels to {brand}.");
        var state = await new StreamHistory(access.Database.General).StateAsync(brand, "order/" + id, cancel);
        var labels = state is null ? null : ((OrderFile)new OrderStream().Load(state.State)).Labels;
        if (labels?.All.Any(l => l.Phase == LabelPhase.Refused && (attempt is null || l.Attempt == attempt)) != true) throw new CommandRefusedException($"There is no order with the id '{id}' in {brand} of which such a label was refused.");
        await access.Desk.SendAsync(new(brand, "order", id), new LabelSignal.AgainAsked(Access.Who, attempt, connection, service), Access.Who, cancel);
        Console.WriteLine($"The label is being bought; `orders show {id}` tells what comes of it.");
        return ExitCode.Ok;
    }

    private static async Task<int> CloseAsync(ParseResult parsed, CancellationToken cancel)
    {
        await using var access = await Access.OpenAsync(parsed, cancel);
        try
        {
            var lists = await new DispatchDesk(access.Database, access.Configuration.Plan, TimeProvider.System).CloseAsync(access.Brand(parsed.GetValue(Brand)), parsed.GetValue(Location)!, Access.Who, parsed.GetValue(SecondVisit), cancel);
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
