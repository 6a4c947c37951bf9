using Microsoft.AspNetCore.Mvc;
using Quartermaster.Core.Channels;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Stock;
using Quartermaster.Runtime;
using Quartermaster.Runtime.Channels;
using Quartermaster.Runtime.Operations;
using Quartermaster.Runtime.ReadModels;
using Quartermaster.SignIn;

namespace Quartermaster.Api;

/// <param name="Units">Sellable units physically there, reserved ones included.</param>
public sealed record AskCount(string Location, int Units);

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
        MapShelf(stock, "count", "Enter a count", "The count is taken in.", (sku, asked, who, now) => new StockSignal.Counted(sku, asked.Location, asked.Units, who, now));
        MapShelf(stock, "safety", "Say how many units of a position are never promised", "It is noted.", (sku, asked, who, _) => new StockSignal.SafetyAsked(sku, asked.Location, asked.Units, who));
    }

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
