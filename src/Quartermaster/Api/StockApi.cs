using Microsoft.AspNetCore.Mvc;
using Quartermaster.Core.Channels;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Stock;
using Quartermaster.Dashboard.Actions;
using Quartermaster.Runtime;
using Quartermaster.Runtime.Channels;
using Quartermaster.Runtime.Goods;
using Quartermaster.Runtime.Operations;
using Quartermaster.Runtime.ReadModels;
using Quartermaster.Runtime.Stock;
using Quartermaster.SignIn;

namespace Quartermaster.Api;

/// <param name="Units">Sellable units physically there, reserved ones included.</param>
public sealed record AskCount(string Location, int Units);

/// <summary>What one unit of a SKU weighs and measures, and what customs asks of it; what is left out is unknown.</summary>
/// <param name="Cm">Three sides in whole centimetres: <c>30x20x10</c>.</param>
/// <param name="Tariff">Number in the Harmonised System, 6 to 10 digits.</param>
/// <param name="Value">What one unit is worth where it is sold without a price, in the brand's currency; customs is told it.</param>
/// <param name="Origin">Country it was made in, ISO 3166, two letters.</param>
public sealed record AskSkuFacts(int? Grams = null, string? Cm = null, string? Tariff = null, string? Origin = null, decimal? Value = null);

/// <param name="Source">A storefront connection, or the person who said it last.</param>
public sealed record ApiSkuFacts(int? Grams, string? Cm, string? Tariff, string? Origin, decimal? Value, string? Source, DateTimeOffset? ChangedAt)
{
    internal static ApiSkuFacts Of(SkuFactsRow? row) => new(row?.Facts.Grams is > 0 and var grams ? grams : null, SkuFields.Cm(row?.Facts.Size), row?.Facts.TariffCode, row?.Facts.Origin, row?.Facts.Value is > 0m and var value ? value : null, row?.Source, row?.ChangedAt);
}

/// <summary>Differences by month, connection and cause, and the newest ones.</summary>
public sealed record DriftTold(IReadOnlyList<DriftMonth> Months, IReadOnlyList<DriftRow> Newest);

/// <param name="Id">Of this intention: said again it is noted once.</param>
public sealed record AskDamage(string Location, int Units, Damage What, string Reason, string? Id = null);

/// <param name="Count">Of how many it was said.</param>
public sealed record CountsSaid(int Count, string Said);

internal static class StockApi
{
    public static void MapStock(this IEndpointRouteBuilder api)
    {
        var stock = api.MapGroup("/stock").WithTags("Stock");
        stock.MapGet("", async (string? sku, string? brand, string? location, string? only, string? after, int? limit, StockReads reads, Reader reader, CancellationToken cancel) =>
        {
            if (new[] { sku, location, after }.Any(t => t?.Contains('\0') == true)) return Refusals.Bad("A SKU has no such character.");
            if (limit is < 1 or > 200) return Refusals.Bad("limit is a number from 1 to 200.");
            if (only is not (null or "all" or "low" or "reserved" or "short")) return Refusals.Bad($"“{only}” is none of all, low, reserved and short.");
            var size = limit ?? 200;
            var rows = await reads.PositionsAsync(new(reader.Narrow(brand), sku, location, only ?? "all", after, size), cancel);
            return Results.Ok(new ApiPage<PositionRow>(rows, rows.Count >= size ? rows[^1].Sku : null));
        }).Needs(Role.Viewer).WithSummary("Positions by the beginning of a SKU").WithDescription("only: all, low, reserved or short. limit: 1 to 200 (200); the last SKU of a page is told with all its locations.").Produces<ApiPage<PositionRow>>().ProducesProblem(400);
        stock.MapGet("/{brand}/{sku}/movements", async (string brand, string sku, long? after, StockReads reads, Reader reader, CancellationToken cancel) =>
        {
            if (!reader.Sees(brand) || sku.Contains('\0')) return Refusals.NotFound("SKU");
            var rows = await reads.MovementsAsync(brand, sku, after, 200, cancel);
            return Results.Ok(new ApiPage<MovementRow>(rows, rows.Count == 200 ? rows[^1].Number.ToString(System.Globalization.CultureInfo.InvariantCulture) : null));
        }).Needs(Role.Viewer).WithSummary("Movements of one SKU, newest first").Produces<ApiPage<MovementRow>>().ProducesProblem(404);
        stock.MapGet("/{brand}/{sku}/channels", async (string brand, string sku, ChannelReads reads, Reader reader, CancellationToken cancel) =>
            !reader.Sees(brand) || sku.Contains('\0') ? Refusals.NotFound("SKU") : Results.Ok(await reads.OfSkuAsync(brand, sku, cancel)))
            .Needs(Role.Viewer).WithSummary("What each channel was told to sell of one SKU, and what it has").Produces<IReadOnlyList<ListingRow>>().ProducesProblem(404);
        stock.MapGet("/{brand}/{sku}/sold-out", async (string brand, string sku, SoldOutDesk desk, Reader reader, CancellationToken cancel) =>
            !reader.Sees(brand) || sku.Contains('\0') ? Refusals.NotFound("SKU") : Results.Ok(await desk.OfAsync(brand, sku, cancel)))
            .Needs(Role.Viewer).WithSummary("What is done when a SKU has sold out").Produces<SoldOutTerms>().ProducesProblem(404);
        stock.MapPut("/{brand}/{sku}/sold-out", async (string brand, string sku, [FromBody] SoldOutTerms asked, SoldOutDesk desk, Reader reader, CancellationToken cancel) =>
        {
            if (!reader.Sees(brand)) return Refusals.NotFound("brand");
            if (sku.Length > 100 || sku.Contains('\0') || string.IsNullOrWhiteSpace(sku)) return Refusals.Bad("A SKU of at most 100 characters is needed.");
            try { await desk.SaveAsync(brand, sku, asked, reader.Who, cancel); }
            catch (InvalidOperationException e) { return Refusals.Bad(e.Message); }
            return Results.Ok(asked);
        }).Needs(Role.Lead).WithSummary("Say what is done when a SKU has sold out").Produces<SoldOutTerms>().ProducesProblem(400).ProducesProblem(404);
        stock.MapGet("/{brand}/{sku}/facts", async (string brand, string sku, SkuFactsTable table, Reader reader, CancellationToken cancel) =>
            !reader.Sees(brand) || sku.Contains('\0') ? Refusals.NotFound("SKU") : Results.Ok(ApiSkuFacts.Of(await table.FindAsync(brand, sku, cancel))))
            .Needs(Role.Viewer).WithSummary("What one unit of a SKU weighs and measures, and what customs asks of it").Produces<ApiSkuFacts>().ProducesProblem(404);
        stock.MapPut("/{brand}/{sku}/facts", SaveFactsAsync).Needs(Role.Lead).WithSummary("Say what one unit of a SKU weighs and measures, and what customs asks of it").Produces<ApiSkuFacts>().ProducesProblem(400).ProducesProblem(404);
        stock.MapGet("/counts", async (string? brand, string? location, int? limit, CountDesk desk, Reader reader, CancellationToken cancel) =>
        {
            if (limit is < 1 or > 1000 || location?.Contains('\0') == true) return Refusals.Bad("limit is a number from 1 to 1000, and a location has no such character.");
            List<AskedCountRow> rows = [];
            foreach (var of in await desk.LocationsAsync(reader.Narrow(brand), cancel))
                if ((location is null || of.Location == location) && (limit ?? 200) - rows.Count is > 0 and var room) rows.AddRange(await desk.OfAsync(of.Brand, of.Location, room, cancel));
            return Results.Ok(rows);
        }).Needs(Role.Viewer).WithSummary("Warehouses' counts that jumped, were not believed, and wait for a person's word").Produces<IReadOnlyList<AskedCountRow>>().ProducesProblem(400);
        stock.MapGet("/drift", async (string? connection, int? months, HubPlan plan, ChannelReads reads, TimeProvider clock, Reader reader, CancellationToken cancel) =>
        {
            if (months is < 1 or > 36) return Refusals.Bad("months is a number from 1 to 36.");
            string[] of = [.. plan.Connections.Values.Where(c => reader.Sees(c.Brand) && (connection is null || c.Key == connection)).Select(c => c.Key)];
            var today = clock.GetUtcNow().UtcDateTime.Date;
            return Results.Ok(new DriftTold(await reads.DriftMonthsAsync(of, new DateTimeOffset(today.AddDays(1 - today.Day), TimeSpan.Zero).AddMonths(1 - (months ?? 12)), cancel), await reads.DriftAsync(of, 200, cancel)));
        }).Needs(Role.Viewer).WithSummary("What channels and warehouses had instead of our numbers: by month and cause, and the newest").Produces<DriftTold>().ProducesProblem(400);
        stock.MapPost("/drift/{connection}/overwrite", async (string connection, string? sku, HubPlan plan, DriftDesk desk, Reader reader, CancellationToken cancel) =>
        {
            if (!plan.Connections.TryGetValue(connection, out var of) || !reader.Sees(of.Brand) || sku?.Contains('\0') == true) return Refusals.NotFound("connection");
            var count = await desk.OverwriteAsync(of, sku, reader.Who, cancel);
            return count == 0 ? Refusals.NotFound("number") : Results.Ok(new CountsSaid(count, "Overwritten with ours."));
        }).Needs(Role.Lead).WithSummary("Overwrite numbers that somebody changed at a channel and that are asked about").WithDescription("sku: only this one; otherwise all of the connection.").Produces<CountsSaid>().ProducesProblem(404);
        MapWord(stock, "take", "Counts that were not believed are true: take them in", "Taken in under your name.", (desk, brand, location, sku, who, cancel) => desk.TakeAsync(brand, location, sku, who, cancel));
        MapWord(stock, "leave", "Counts that were not believed are not true: what was there stays", "Put away; have them counted again.", (desk, brand, location, sku, who, cancel) => desk.LeaveAsync(brand, location, sku, who, cancel));
        stock.MapPost("/{brand}/{sku}/damaged", async (string brand, string sku, [FromBody] AskDamage asked, HubPlan plan, StockReads reads, Desk desk, Reader reader, CancellationToken cancel) =>
        {
            if (!reader.Sees(brand)) return Refusals.NotFound("brand");
            if (sku.Length > 100 || sku.Contains('\0') || string.IsNullOrWhiteSpace(sku) || string.IsNullOrWhiteSpace(asked.Reason) || !Enum.IsDefined(asked.What)) return Refusals.Bad("A SKU of at most 100 characters, what became of its units and a reason are needed.");
            if (asked.Units is < 1 or > 10_000_000 || !plan.Brands[brand].Terms.Locations.Any(l => l.Code == asked.Location)) return Refusals.Bad("A location of the brand and a number of units from 1 to 10,000,000 are needed.");
            if (await reads.WhyNotAsync(brand, sku, asked.Location, asked.What, asked.Units, cancel) is { } why) return Refusals.Bad(why);
            var seq = await desk.SendAsync(new StreamId(brand, "stock", sku), new StockSignal.DamageTold(sku, asked.Location, asked.Units, asked.What, asked.Reason, reader.Who, asked.Id ?? Guid.NewGuid().ToString("N")), reader.Who, cancel);
            return Results.Accepted(null, new Accepted(seq, "It is noted."));
        }).Needs(Role.Lead).WithSummary("Say that units became damaged, or are so no more").WithDescription("what: Found (among those on hand), Came (so, not counted on hand), Repaired, Discarded. The same id again is noted once.").Produces<Accepted>(202).ProducesProblem(400).ProducesProblem(404);
        MapShelf(stock, "count", "Enter a count", "The count is taken in.", (sku, asked, who, now) => new StockSignal.Counted(sku, asked.Location, asked.Units, who, now));
        MapShelf(stock, "safety", "Say how many units of a position are never promised", "It is noted.", (sku, asked, who, _) => new StockSignal.SafetyAsked(sku, asked.Location, asked.Units, who));
    }

    private static async Task<IResult> SaveFactsAsync(string brand, string sku, [FromBody] AskSkuFacts asked, SkuFactsTable table, TimeProvider clock, Reader reader, CancellationToken cancel)
    {
        if (!reader.Sees(brand)) return Refusals.NotFound("brand");
        if (sku.Length > 100 || sku.Contains('\0') || string.IsNullOrWhiteSpace(sku)) return Refusals.Bad("A SKU of at most 100 characters is needed.");
        try
        {
            var facts = SkuFields.Read(field => field switch { "grams" => asked.Grams?.ToString(System.Globalization.CultureInfo.InvariantCulture), "cm" => asked.Cm, "tariff" => asked.Tariff, "value" => asked.Value?.ToString(System.Globalization.CultureInfo.InvariantCulture), _ => asked.Origin });
            await table.SaveAsync(brand, [(sku, facts)], reader.Who, FactsFrom.Form, clock.GetUtcNow(), cancel);
        }
        catch (ArgumentException e) { return Refusals.Bad(e.Message); }
        return Results.Ok(ApiSkuFacts.Of(await table.FindAsync(brand, sku, cancel)));
    }

    private static void MapWord(IEndpointRouteBuilder stock, string action, string summary, string done, Func<CountDesk, string, string, string?, string, CancellationToken, Task<int>> say) =>
        stock.MapPost($"/{{brand}}/counts/{{location}}/{action}", async (string brand, string location, string? sku, CountDesk desk, Reader reader, CancellationToken cancel) =>
        {
            if (!reader.Sees(brand) || location.Contains('\0') || sku?.Contains('\0') == true) return Refusals.NotFound("count");
            var count = await say(desk, brand, location, sku, reader.Who, cancel);
            return count == 0 ? Refusals.NotFound("count") : Results.Ok(new CountsSaid(count, done));
        }).Needs(Role.Lead).WithSummary(summary).WithDescription("sku: only this one; otherwise all of the location.").Produces<CountsSaid>().ProducesProblem(404);

    private static void MapShelf(IEndpointRouteBuilder stock, string action, string summary, string done, Func<string, AskCount, string, DateTimeOffset, StockSignal> signal) =>
        stock.MapPost($"/{{brand}}/{{sku}}/{action}", async (string brand, string sku, [FromBody] AskCount asked, HubPlan plan, Desk desk, TimeProvider clock, Reader reader, CancellationToken cancel) =>
        {
            if (!reader.Sees(brand)) return Refusals.NotFound("brand");
            if (sku.Length > 100 || sku.Contains('\0') || string.IsNullOrWhiteSpace(sku)) return Refusals.Bad("A SKU of at most 100 characters is needed.");
            if (asked.Units is < 0 or > 10_000_000 || !plan.Brands[brand].Terms.Locations.Any(l => l.Code == asked.Location)) return Refusals.Bad("A location of the brand and a number of units from 0 to 10,000,000 are needed.");
            var seq = await desk.SendAsync(new StreamId(brand, "stock", sku), signal(sku, asked, reader.Who, clock.GetUtcNow()), reader.Who, cancel);
            return Results.Accepted(null, new Accepted(seq, done));
        }).Needs(Role.Lead).WithSummary(summary).Produces<Accepted>(202).ProducesProblem(400);
}
