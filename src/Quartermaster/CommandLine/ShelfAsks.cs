using System.CommandLine;
using Quartermaster.Configuration;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Stock;
using Quartermaster.Runtime.ReadModels;

namespace Quartermaster.CommandLine;

/// <summary>Positions and their movements, and what a person says of one.</summary>
internal static class ShelfAsks
{
    private const int MostUnits = 10_000_000;

    private static readonly Argument<string> Sku = new("sku") { Description = "A SKU of ours" };
    private static readonly Argument<string> Location = new("location") { Description = "Code of a location of the brand" };
    private static readonly Option<string> Reason = Given.Reason("Why; it stands in the ledger and in the audit log");
    private static readonly Option<int> Limit = Given.Limit(100, 1000);

    public static IEnumerable<Command> All()
    {
        var beginning = new Argument<string?>("sku") { Description = "The beginning of a SKU; all of them without it", Arity = ArgumentArity.ZeroOrOne };
        var at = new Option<string?>("--location") { Description = "Only at this location" };
        var only = new Option<string>("--only") { Description = "all, low (nothing may be promised), reserved, or short (a count did not find what was promised)", DefaultValueFactory = _ => "all" };
        only.AcceptOnlyFromAmong("all", "low", "reserved", "short");
        var list = new Command("list", "Positions in the order of their SKU") { beginning, at, only, Given.OnlyBrand, Limit, Given.Json };
        list.Does((parsed, cancel) => ListAsync(parsed, new([], parsed.GetValue(beginning), parsed.GetValue(at), parsed.GetValue(only)!, Size: parsed.GetValue(Limit)), cancel));
        var movements = new Command("movements", "What moved a SKU, newest first") { Sku, Given.Brand, Limit, Given.Json };
        movements.Does(MovementsAsync);

        var units = new Argument<int>("units") { Description = "Units that may be sold and are there, reserved ones included" };
        var count = new Command("count", "Enters a count: what is there now") { Sku, Location, units, Given.Brand };
        count.Does((parsed, cancel) => SendAsync(parsed, (sku, location, now) => new StockSignal.Counted(sku, location, Units(parsed.GetValue(units)), Access.Who, now), "The count is taken in", cancel));
        var kept = new Argument<int>("units") { Description = "Units that are never promised" };
        var safety = new Command("safety", "Says how many units of a position are never promised") { Sku, Location, kept, Given.Brand };
        safety.Does((parsed, cancel) => SendAsync(parsed, (sku, location, _) => new StockSignal.SafetyAsked(sku, location, Units(parsed.GetValue(kept)), Access.Who), "It is noted", cancel));
        var by = new Option<int>("--by") { Description = "How many units more, or fewer: --by=-3", Required = true };
        var adjust = new Command("adjust", "Changes what is on hand by a number, with a reason in the ledger") { Sku, Location, by, Reason, Given.Brand };
        adjust.Does((parsed, cancel) => SendAsync(parsed, (sku, location, _) => new StockSignal.Adjusted(sku, location, By(parsed.GetValue(by)), parsed.GetValue(Reason)!, Access.Who, Guid.NewGuid().ToString("N")), "The adjustment is taken in", cancel));
        return [list, movements, count, safety, adjust];
    }

    private static async Task<int> ListAsync(ParseResult parsed, StockQuery query, CancellationToken cancel)
    {
        await using var access = await Access.OpenAsync(parsed, cancel);
        var rows = await new StockReads(access.Database.General).PositionsAsync(query with { Brands = access.Among(parsed) }, cancel);
        return Printed.Rows(parsed, rows, "No position matches.", ["Brand", "SKU", "Location", "On hand", "Reserved", "Never promised", "May be promised", "On its way", "Short", "Changed (UTC)"],
            p => [p.Brand, p.Sku, p.Location, p.OnHand, p.Reserved, p.Safety, p.Available, p.Incoming, p.Short, p.UpdatedAt]);
    }

    private static async Task<int> MovementsAsync(ParseResult parsed, CancellationToken cancel)
    {
        await using var access = await Access.OpenAsync(parsed, cancel);
        var sku = parsed.GetValue(Sku)!;
        var rows = await new StockReads(access.Database.General).MovementsAsync(access.Brand(parsed.GetValue(Given.Brand)), sku, null, parsed.GetValue(Limit), cancel);
        return Printed.Rows(parsed, rows, $"Nothing has moved {sku}.", ["At (UTC)", "Location", "What", "On hand", "Reserved", "By", "Why"], m => [m.At, m.Location, m.Kind, m.OnHand, m.Reserved, m.Stream, m.Why]);
    }

    private static async Task<int> SendAsync(ParseResult parsed, Func<string, string, DateTimeOffset, StockSignal> signal, string done, CancellationToken cancel)
    {
        var sku = parsed.GetValue(Sku)!;
        if (sku.Length > 100 || string.IsNullOrWhiteSpace(sku)) throw new CommandRefusedException("A SKU of at most 100 characters is needed.");
        await using var access = await Access.OpenAsync(parsed, cancel);
        var (brand, location) = (access.Brand(parsed.GetValue(Given.Brand)), parsed.GetValue(Location)!);
        var locations = access.Configuration.Plan.Brands[brand].Terms.Locations;
        if (!locations.Any(l => l.Code == location)) throw new CommandRefusedException($"There is no location '{location}' in {brand}. {NearestWord.Hint(location, [.. locations.Select(l => l.Code)], "It has none.")}");
        var seq = await access.Desk.SendAsync(new StreamId(brand, "stock", sku), signal(sku, location, TimeProvider.System.GetUtcNow()), Access.Who, cancel);
        Console.WriteLine($"{done}, as soon as a hub decides on signal {seq}.");
        return ExitCode.Ok;
    }

    private static int Units(int units) => units is >= 0 and <= MostUnits ? units : throw new CommandRefusedException($"The units are a number from 0 to {MostUnits:N0}.");

    private static int By(int units) => units is not 0 and >= -MostUnits and <= MostUnits ? units : throw new CommandRefusedException($"--by is a number from -{MostUnits:N0} to {MostUnits:N0}, and not 0.");
}
