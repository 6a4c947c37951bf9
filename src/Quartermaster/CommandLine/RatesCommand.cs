using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;
using Quartermaster.Runtime.Goods;
using Quartermaster.Runtime.Operations;
using Quartermaster.Runtime.ReadModels;
using Quartermaster.Runtime.Switches;
using Spectre.Console;

namespace Quartermaster.CommandLine;

/// <summary>What carriers would charge for the parcels of an order; nothing is bought.</summary>
internal static class RatesCommand
{
    private static readonly Option<string?> Brand = new("--brand") { Description = "The brand; not needed when there is one" };

    public static Command Create()
    {
        var order = new Argument<string>("order") { Description = "Its number (#1001) or id" };
        var command = new Command("rates", "What each carrier connection would charge for an order's parcels; buys nothing") { order, Brand };
        command.Does((parsed, cancel) => RunAsync(parsed, parsed.GetValue(order)!, cancel));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, string number, CancellationToken cancel)
    {
        await using var access = await Access.OpenAsync(parsed, cancel);
        var brand = access.Brand(parsed.GetValue(Brand));
        var orders = new OrderList(access.Database.General);
        var found = await orders.FindAsync(brand, "order/" + number, cancel) ?? ((await orders.PageAsync(new([brand], number), cancel)).Rows is [var only] ? only : null);
        if (found is null) throw new CommandRefusedException($"There is no one order '{number}' in {brand}; name it by its id.");
        var state = await new StreamHistory(access.Database.General).StateAsync(brand, found.Stream, cancel) ?? throw new CommandRefusedException($"Nothing is known of order '{number}' yet.");
        var file = (OrderFile)new OrderStream().Load(state.State);
        var situation = new Situation(StreamId.Parse(brand, found.Stream), TimeProvider.System.GetUtcNow(), await access.TermsInForceAsync(brand, cancel)) { Skus = await new SkuFactsTable(access.Database.General).AboutAsync(brand, ParcelToQuote.SkusOf(file), cancel) };
        var parcels = ParcelToQuote.Of(file, situation);
        if (parcels.Count == 0) throw new CommandRefusedException("No location of this order has 'labels' in its configuration, so there is no sender's address to ask with, or nothing is left to send.");
        // A played carrier lives inside the hub's own process.
        var plan = access.Configuration.Plan with { Connections = access.Configuration.Plan.Connections.Where(c => !c.Value.Sandboxed).ToDictionary(c => c.Key, c => c.Value) };
        await using var switches = new Switchboard(access.Database, plan, TimeProvider.System, NullLogger<Switchboard>.Instance);
        await switches.ReadAsync(cancel);
        foreach (var asked in await new PriceDesk(plan, switches, TimeProvider.System, _ => null).AskAsync(situation.Stream, state.Version, parcels, cancel)) Show(asked);
        return ExitCode.Ok;
    }

    private static void Show(AskedPrices asked)
    {
        var (parcel, offers, silent) = asked;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"From {parcel.Location} to {parcel.Parcel.To.PostalCode} {parcel.Parcel.To.City}, {parcel.Parcel.To.Country}: {parcel.Parcel.Grams} g"));
        var table = new Table().Border(TableBorder.Rounded).AddColumn("Connection").AddColumn("Carrier").AddColumn("Service").AddColumn(new TableColumn("Cost").RightAligned()).AddColumn(new TableColumn("Days").RightAligned()).AddColumn("Note");
        foreach (var (connection, offer) in offers)
            table.AddRow(new Text(connection), new Text(offer.Carrier), new Text(offer.Service), new Text(string.Create(CultureInfo.InvariantCulture, $"{offer.Cost:0.00} {offer.Currency}")), new Text(offer.Days?.ToString(CultureInfo.InvariantCulture) ?? "–"), new Text(offer.Note ?? ""));
        if (offers.Count > 0) AnsiConsole.Write(table);
        else Console.WriteLine("Nobody offered a price.");
        foreach (var (connection, why) in silent) Console.WriteLine($"{connection}: {why}");
    }
}
