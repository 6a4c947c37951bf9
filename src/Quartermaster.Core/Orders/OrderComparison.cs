namespace Quartermaster.Core.Orders;

/// <summary>What differs between two views of one order, in the words of the timeline.</summary>
public sealed record OrderComparison(bool Lines, bool Address, bool Amounts, bool Contact, bool Method)
{
    public bool Matters => Lines || Address || Amounts || Contact || Method;

    public IReadOnlyList<string> What
    {
        get
        {
            var what = new List<string>(5);
            if (Lines) what.Add("lines");
            if (Address) what.Add("address");
            if (Amounts) what.Add("amounts");
            if (Contact) what.Add("contact");
            if (Method) what.Add("shipping method");
            return what;
        }
    }

    public static OrderComparison Between(OrderFacts held, OrderFacts now) => new(
        !SameLines(held.Lines, now.Lines),
        held.ShipTo != now.ShipTo,
        held.Total != now.Total || held.Shipping != now.Shipping || held.Tax != now.Tax || held.TaxesIncluded != now.TaxesIncluded
            || held.Currency != now.Currency || !SamePrices(held.Lines, now.Lines),
        held.Buyer != now.Buyer || held.BillTo != now.BillTo,
        held.ShippingMethod != now.ShippingMethod);

    private static bool SameLines(IReadOnlyList<OrderLine> held, IReadOnlyList<OrderLine> now)
    {
        if (held.Count != now.Count) return false;
        foreach (var line in now)
            if (Find(held, line.LineId) is not { } old || old.Quantity != line.Quantity || old.Sku != line.Sku || old.RequiresShipping != line.RequiresShipping)
                return false;
        return true;
    }

    private static bool SamePrices(IReadOnlyList<OrderLine> held, IReadOnlyList<OrderLine> now)
    {
        foreach (var line in now)
            if (Find(held, line.LineId) is { } old && (old.UnitPrice != line.UnitPrice || old.Discount != line.Discount || old.Tax != line.Tax))
                return false;
        return true;
    }

    private static OrderLine? Find(IReadOnlyList<OrderLine> lines, string lineId)
    {
        foreach (var line in lines)
            if (line.LineId == lineId) return line;
        return null;
    }
}
