using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Mvc;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Purchasing;
using Quartermaster.Dashboard.Shown;
using Quartermaster.Runtime;
using Quartermaster.Runtime.Purchasing;
using Quartermaster.Runtime.ReadModels;
using Quartermaster.SignIn;

namespace Quartermaster.Api;

/// <summary>One purchase order with its lines.</summary>
public sealed record ApiPurchase(PurchaseRow Purchase, IReadOnlyList<ApiPurchaseLine> Lines)
{
    internal static ApiPurchase Of(PurchaseRow row, PurchaseOrder order) =>
        new(row, [.. order.Lines!.Select(l => new ApiPurchaseLine(l.Sku, l.TheirSku, l.Quantity, l.Received, l.Damaged, order.Expected(l), l.UnitCost, l.Why))]);
}

/// <param name="Missing">Ordered and not yet here.</param>
public sealed record ApiPurchaseLine(string Sku, string? SupplierSku, int Quantity, int Received, int Damaged, int Missing, decimal UnitCost, string? Why);

/// <summary>A SKU that runs low.</summary>
/// <param name="CoverDays">How long what is available lasts; null when nothing sells.</param>
/// <param name="Purchases">Numbers of the drafts and orders it stands on.</param>
public sealed record ApiLow(string Brand, string Sku, DateTimeOffset Since, string Why, int Available, int Incoming, decimal PerDay, decimal? CoverDays, string? Supplier, IReadOnlyList<string> Purchases)
{
    internal static async Task<List<ApiLow>> ReadAsync(PurchaseReads reads, IReadOnlyList<string> brands, CancellationToken cancel)
    {
        List<ApiLow> low = [];
        foreach (var of in (await reads.LowAsync(brands, cancel)).GroupBy(l => l.Brand))
        {
            var purchases = (await reads.OfSkusAsync(of.Key, [.. of.Select(l => l.Figures.Sku)], cancel)).ToLookup(p => p.Sku, p => p.Number);
            low.AddRange(of.Select(l => new ApiLow(l.Brand, l.Figures.Sku, l.Since, l.Why, l.Figures.Available, l.Figures.Incoming, decimal.Round(l.Figures.PerDay, 2), l.Figures.Cover is { } cover ? decimal.Round(cover, 1) : null, l.Figures.Terms.Supplier, [.. purchases[l.Figures.Sku]])));
        }
        return low;
    }
}

public sealed record AskPropose(string Sku, string Location, int Units);

/// <param name="ExpectedAt">Null: after the lead time.</param>
public sealed record AskApprove(DateTimeOffset? ExpectedAt = null);

public sealed record AskWithReason(string Reason);

public sealed record AskDate(DateTimeOffset ExpectedAt);

public sealed record AskQuantities(IReadOnlyList<LineQuantity> Lines);

/// <param name="Receipt">Your name of this receipt, such as the delivery note's number: the same one is booked once.</param>
/// <param name="At">When the goods came; null = now. A count of the shelf taken later has seen them.</param>
public sealed record AskReceive(string Receipt, IReadOnlyList<ReceivedLine> Lines, DateTimeOffset? At = null);

internal static class PurchasingApi
{
    public static void MapPurchasing(this IEndpointRouteBuilder api)
    {
        api.MapGet("/stock/low", async (string? brand, PurchaseReads reads, Reader reader, CancellationToken cancel) =>
            new ApiPage<ApiLow>(await ApiLow.ReadAsync(reads, reader.Narrow(brand), cancel), null)).WithTags("Stock").Needs(Role.Viewer).WithSummary("SKUs that run low");
        var purchases = api.MapGroup("/purchases").WithTags("Purchasing");
        purchases.MapGet("", async (string? brand, string? state, string? supplier, PurchaseReads reads, Reader reader, CancellationToken cancel) =>
            PurchaseWords.Filters.Any(f => f.Value == (state ?? "")) && supplier?.Contains('\0') != true
                ? Results.Ok(new ApiPage<PurchaseRow>(await reads.ListAsync(reader.Narrow(brand), state, supplier, 1000, cancel), null))
                : Refusals.Bad($"“{state}” is none of draft, ordered, received, closed_short, rejected and all.")).Needs(Role.Viewer).WithSummary("Purchase orders; those that are open unless a state is given").Produces<ApiPage<PurchaseRow>>().ProducesProblem(400);
        purchases.MapGet("/{brand}/{number}", async (string brand, string number, PurchaseReads reads, Reader reader, CancellationToken cancel) =>
            reader.Sees(brand) && !number.Contains('\0') && await reads.FindAsync(brand, number, cancel) is var (row, order)
                ? Results.Ok(ApiPurchase.Of(row, order))
                : Refusals.NotFound("purchase order")).Needs(Role.Viewer).WithSummary("One purchase order").Produces<ApiPurchase>().ProducesProblem(404);
        purchases.MapPost("/{brand}", async (string brand, [FromBody] AskPropose asked, HubPlan plan, PurchaseDesk desk, Reader reader, CancellationToken cancel) =>
        {
            if (!reader.Sees(brand)) return Refusals.NotFound("brand");
            if (asked.Units is < 1 or > Reorder.Most || asked.Sku is not { Length: > 0 and <= 100 } || asked.Sku.Contains('\0') || !plan.Brands[brand].Terms.Locations.Any(l => l.Code == asked.Location))
                return Refusals.Bad("A SKU, a location of the brand and a number of units from 1 to 1,000,000 are needed.");
            return Results.Accepted(null, new Accepted(null, $"It is on the draft {await desk.ProposeAsync(brand, asked.Sku, asked.Location, asked.Units, reader.Who, cancel)}."));
        }).Needs(Role.Lead).WithSummary("Put units on a draft").Produces<Accepted>(202).ProducesProblem(400).ProducesProblem(409);
        Map<AskApprove>(purchases, "approve", Role.Lead, "Approve a draft", (a, who, _) => new PurchaseSignal.ApproveAsked(a.ExpectedAt, who),
            (a, now) => a.ExpectedAt is not { } day || IsAhead(day, now) ? null : NoDay);
        Map<AskWithReason>(purchases, "reject", Role.Lead, "Reject a draft", (a, who, _) => new PurchaseSignal.RejectAsked(a.Reason, who), Reason);
        Map<AskWithReason>(purchases, "close", Role.Lead, "Close an order short", (a, who, _) => new PurchaseSignal.CloseAsked(a.Reason, who), Reason);
        Map<AskDate>(purchases, "date", Role.Lead, "Set another expected day", (a, who, _) => new PurchaseSignal.DateSet(a.ExpectedAt, who), (a, now) => IsAhead(a.ExpectedAt, now) ? null : NoDay);
        Map<AskQuantities>(purchases, "quantities", Role.Lead, "Change quantities of a draft", (a, who, _) => new PurchaseSignal.QuantitiesSet(a.Lines, who),
            (a, _) => a.Lines is { Count: > 0 } && a.Lines.All(l => IsSku(l?.Sku) && l.Quantity is >= 0 and <= Reorder.Most) ? null : "Lines with a SKU and a quantity from 0 to 1,000,000 are needed.");
        Map<AskReceive>(purchases, "receive", Role.Agent, "Book what came", (a, who, now) => new PurchaseSignal.GoodsReceived(a.Receipt, a.Lines, a.At is { } at && at < now ? at : now, who),
            (a, _) => IsSku(a.Receipt) && a.At is null or { Year: > 2000 } && a.Lines is { Count: > 0 } && a.Lines.All(l => IsSku(l?.Sku) && l.Units is >= 0 and <= Reorder.Most && l.Damaged is >= 0 and <= Reorder.Most) ? null : "A receipt's name, lines with a SKU, units and damaged from 0 to 1,000,000, and no time before 2001 are needed.");
    }

    private static void Map<T>(IEndpointRouteBuilder purchases, string action, Role role, string summary, Func<T, string, DateTimeOffset, PurchaseSignal> signal, Func<T, DateTimeOffset, string?> complaint) where T : class =>
        purchases.MapPost($"/{{brand}}/{{number}}/{action}", async (string brand, string number, [FromBody] T asked, PurchaseReads reads, PurchaseDesk desk, TimeProvider clock, Reader reader, CancellationToken cancel) =>
        {
            if (!reader.Sees(brand) || number.Contains('\0') || await reads.FindAsync(brand, number, cancel) is null) return Refusals.NotFound("purchase order");
            var now = clock.GetUtcNow();
            if (complaint(asked, now) is { } wrong) return Refusals.Bad(wrong);
            return Results.Accepted(null, new Accepted(await desk.SendAsync(brand, number, signal(asked, reader.Who, now), reader.Who, cancel), "It stands on the timeline with what came of it."));
        }).Needs(role).WithSummary(summary).Produces<Accepted>(202).ProducesProblem(400).ProducesProblem(404);

    private static bool IsSku([NotNullWhen(true)] string? text) => text is { Length: > 0 and <= 100 } && !text.Contains('\0');

    private const string NoDay = "The day (expectedAt) is one after now and before the year 2200.";

    // The same days as the form takes: one so late that nothing can be added to it would stop the order's decisions.
    private static bool IsAhead(DateTimeOffset day, DateTimeOffset now) => day > now && day.UtcDateTime.Year < 2200;

    private static string? Reason(AskWithReason asked, DateTimeOffset now) => string.IsNullOrWhiteSpace(asked.Reason) || asked.Reason.Length > 300 || asked.Reason.Contains('\0') ? "A reason is needed, of at most 300 characters." : null;
}
