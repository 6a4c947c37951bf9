using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;

namespace Quartermaster.Core.Flows;

/// <summary>What the brand's rules let a person send for one line of an order that waits.</summary>
/// <param name="NeedsConsent">Only if the shopper agrees.</param>
public sealed record LineChoice(OrderLine Line, IReadOnlyList<string> Skus, bool NeedsConsent)
{
    /// <summary>Sends a SKU for a line: instead of what was sold, or that again.</summary>
    public static OrderSignal.LineMapped Send(OrderFile file, OrderLine line, string sku, string by) => new(line.LineId, sku, by, file.Order.SoldAs(line) is var sold && sold == sku ? null : sold);

    public static IReadOnlyList<LineChoice> Of(OrderFile file, BrandTerms terms)
    {
        List<LineChoice> all = [];
        foreach (var line in file.Order.Facts?.Lines ?? [])
            if (file.Stock.Short?.Contains(file.Order.SkuOf(line)) == true && WhenStockIsShortSendAnother.Of(file, line, terms) is { } other)
                all.Add(new(line, other.Skus, other.NeedsConsent));
        return all;
    }
}
