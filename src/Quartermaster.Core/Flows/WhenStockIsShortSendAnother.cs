using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Stock;

namespace Quartermaster.Core.Flows;

/// <summary>A line is not there and the brand allows another SKU instead: it is sent, or offered to a person where the shopper has to agree. The channel and the books keep what was sold.</summary>
internal static class WhenStockIsShortSendAnother
{
    private const string Case = "stock/substitute";

    /// <summary>What may be taken for its lines; null for nearly every order. Of a line that something left of, or that a warehouse has, nothing else is sent.</summary>
    public static List<Alternative>? Alternatives(OrderFile file, Situation s)
    {
        if (s.Terms.Substitutions.Count == 0 || file.Fulfilment.IsOpen) return null;
        List<Alternative>? all = null;
        foreach (var line in file.Order.Facts?.Lines ?? [])
            if (Rule(file, line, s.Terms) is { } rule && rule.For(PaidForOne(file, line, s.Terms)) is { Count: > 0 } skus) (all ??= []).Add(new(line.LineId, skus, rule.NeedsConsent));
        return all;
    }

    /// <summary>What the shopper pays for a unit, in the brand's currency; null = the order is in another one.</summary>
    public static decimal? PaidForOne(OrderFile file, OrderLine line, BrandTerms terms) =>
        file.Order.Facts!.Currency == terms.Currency && line.Quantity > 0 ? line.UnitPrice - line.Discount / line.Quantity : null;

    /// <summary>The brand's rule for what a line wants; null when there is none, or when it can be replaced no more.</summary>
    public static SubstitutionTerms? Rule(OrderFile file, OrderLine line, BrandTerms terms) =>
        line.RequiresShipping && file.Order.MeantOf(line.LineId) is null or { IsKit: false, IsUnknown: false, Instead: null } && !file.HasBegun(line.LineId) && !file.IsAtWarehouse(line.LineId)
            ? terms.Substitutions.GetValueOrDefault(file.Order.SkuOf(line)) : null;

    /// <summary>Before it is handed off, so that everybody after hears of what is really sent.</summary>
    public static void React(OrderFile file, StockEvent.Allocated e, Situation s, Reactions next)
    {
        if (s.Terms.Substitutions.Count == 0) return;
        Close(file, s, next);
        foreach (var line in file.Order.Facts?.Lines ?? [])
            if (e.Units.FirstOrDefault(u => u.LineId == line.LineId) is { } sent && sent.Sku != file.Order.SkuOf(line))
                next.Send(new OrderSignal.LineMapped(line.LineId, sent.Sku, OrderDecider.TheHub, file.Order.SkuOf(line)));
    }

    public static void React(OrderFile file, StockEvent.Backordered e, Situation s, Reactions next)
    {
        if (e.Offers is { Count: > 0 } offers)
            next.Tell(new CaseChange.Opened(Case, "stock.substitute_offered", $"{string.Join(", ", e.Short)} is not there, and something else is",
                $"{string.Join(", ", offers.Select(o => $"{o.Sku} could be sent instead of {Sold(file, o)}"))}. Ask the shopper; the order's page sends it when they agree. Otherwise it waits."));
        else Close(file, s, next);
    }

    /// <summary>It waits no more.</summary>
    public static void Close(OrderFile file, Situation s, Reactions next)
    {
        if (s.Terms.Substitutions.Count > 0 && file.Order.Facts?.Lines.Any(l => s.Terms.Substitutions.ContainsKey(file.Order.SoldAs(l))) == true) next.Tell(new CaseChange.Closed(Case));
    }

    private static string Sold(OrderFile file, Offer offer) => file.Order.LineOf(offer.LineId) is { } line ? file.Order.SkuOf(line) : offer.LineId;
}
