using System.CommandLine;
using System.Globalization;
using Quartermaster.Configuration;
using Quartermaster.Runtime.Stock;

namespace Quartermaster.CommandLine;

/// <summary>Counts that jumped and were not believed: lists them, takes them, puts them away.</summary>
internal static class CountsCommand
{
    private const int Most = 200;

    private static readonly Option<string?> Brand = new("--brand") { Description = "The brand; not needed when there is one" };
    private static readonly Option<string?> Sku = new("--sku") { Description = "Only this SKU; otherwise all of the location" };
    private static readonly Argument<string> Location = new("location") { Description = "The location's code" };

    public static Command Create()
    {
        var list = new Command("list", "Counts that wait for a person's word") { Brand, Given.Json };
        list.Does(ListAsync);
        var take = new Command("take", "They are true: takes them in") { Location, Sku, Brand };
        take.Does((parsed, cancel) => SayAsync(parsed, (desk, brand, location, sku) => desk.TakeAsync(brand, location, sku, Access.Who, cancel), "taken in", cancel));
        var leave = new Command("leave", "They are not: what was there stays, and they are to be counted again") { Location, Sku, Brand };
        leave.Does((parsed, cancel) => SayAsync(parsed, (desk, brand, location, sku) => desk.LeaveAsync(brand, location, sku, Access.Who, cancel), "put away: have them counted again", cancel));
        return new Command("counts", "Warehouses' counts that jumped and were not believed") { list, take, leave };
    }

    private static async Task<int> ListAsync(ParseResult parsed, CancellationToken cancel)
    {
        await using var access = await Access.OpenAsync(parsed, cancel);
        IReadOnlyList<string> brands = parsed.GetValue(Brand) is { } named ? [access.Brand(named)] : access.Brands;
        var desk = new CountDesk(access.Database, TimeProvider.System);
        List<AskedCountRow> rows = [];
        foreach (var location in await desk.LocationsAsync(brands, cancel)) rows.AddRange(await desk.OfAsync(location.Brand, location.Location, Most, cancel));
        return Printed.Rows(parsed, rows, "Every count was believed.", ["Location", "SKU", "Counted", "Was", "By", "At (UTC)"], r => [$"{r.Brand} {r.Location}", r.Sku, r.OnHand, r.Was, r.Source, r.CountedAt]);
    }

    private static async Task<int> SayAsync(ParseResult parsed, Func<CountDesk, string, string, string?, Task<int>> say, string done, CancellationToken cancel)
    {
        await using var access = await Access.OpenAsync(parsed, cancel);
        var (brand, location) = (access.Brand(parsed.GetValue(Brand)), parsed.GetValue(Location)!);
        string[] known = [.. access.Configuration.Plan.Brands[brand].Terms.Locations.Select(l => l.Code)];
        if (!known.Contains(location)) throw new CommandRefusedException($"There is no location '{location}'. {NearestWord.Hint(location, known, "")}");
        var count = await say(new CountDesk(access.Database, TimeProvider.System), brand, location, parsed.GetValue(Sku));
        if (count == 0) throw new CommandRefusedException($"No such count of {location} waits.");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? "count" : "counts")} of {location} {done}."));
        return ExitCode.Ok;
    }
}
