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
            if (Of(file, line, s.Terms) is { } other) (all ??= []).Add(other);
        return all;
    }

    /// <summary>What the brand's rules let be sent for a line; null when that is nothing, or when it can be replaced no more.</summary>
    /// <remarks>Where something else is to be sent already, what was sold comes first: nobody has to agree to what they bought.</remarks>
    public static Alternative? Of(OrderFile file, OrderLine line, BrandTerms terms)
    {
        if (!line.RequiresShipping || file.Order.MeantOf(line.LineId) is not (null or { IsKit: false, IsUnknown: false }) || file.HasBegun(line.LineId) || file.IsAtWarehouse(line.LineId)) return null;
        var (sold, sent) = (file.Order.SoldAs(line), file.Order.SkuOf(line));
        if (terms.Substitutions.GetValueOrDefault(sold) is not { } rule) return null;
        var others = sent == sold || !rule.NeedsConsent ? rule.For(PaidForOne(file, line, terms)) : [];
        if (sent != sold) others = [sold, .. others.Where(sku => sku != sent)];
        return others.Count == 0 ? null : new(line.LineId, others, rule.NeedsConsent && sent == sold);
    }

    /// <summary>What the shopper pays for a unit, in the brand's currency; null = the order is in another one.</summary>
    private static decimal? PaidForOne(OrderFile file, OrderLine line, BrandTerms terms) =>
        file.Order.Facts!.Currency == terms.Currency && line.Quantity > 0 ? line.UnitPrice - line.Discount / line.Quantity : null;

    /// <summary>Before it is handed off, so that everybody after hears of what is really sent.</summary>
    public static void React(OrderFile file, StockEvent.Allocated e, Situation s, Reactions next)
    {
        if (s.Terms.Substitutions.Count == 0) return;
        Close(file, s, next);
        foreach (var line in file.Order.Facts?.Lines ?? [])
            if (e.Units.FirstOrDefault(u => u.LineId == line.LineId) is { } sent && sent.Sku != file.Order.SkuOf(line))
                next.Send(LineChoice.Send(file, line, sent.Sku, OrderDecider.TheHub));
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
