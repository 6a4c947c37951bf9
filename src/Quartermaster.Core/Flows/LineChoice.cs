using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;

namespace Quartermaster.Core.Flows;

/// <summary>What the brand's rules let a person send for one line of an order that waits.</summary>
/// <param name="NeedsConsent">Only if the shopper agrees.</param>
public sealed record LineChoice(OrderLine Line, IReadOnlyList<string> Skus, bool NeedsConsent)
{
    public static IReadOnlyList<LineChoice> Of(OrderFile file, BrandTerms terms)
    {
        List<LineChoice> all = [];
        foreach (var line in file.Order.Facts?.Lines ?? [])
            if (file.Stock.Short?.Contains(file.Order.SkuOf(line)) == true && WhenStockIsShortSendAnother.Rule(file, line, terms) is { } rule && rule.For(WhenStockIsShortSendAnother.PaidForOne(file, line, terms)) is { Count: > 0 } skus)
                all.Add(new(line, skus, rule.NeedsConsent));
        return all;
    }
}
