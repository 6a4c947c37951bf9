using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Stock;

namespace Quartermaster.Core.Flows;

/// <summary>Units are reserved at a location, or at a few: each warehouse is told, and the shopper hears that we have the order.</summary>
internal static class WhenStockIsReservedHandItOff
{
    public static void React(OrderFile file, StockEvent.Allocated e, Situation s, Reactions next)
    {
        if (file.Stock.KeptUntil is not null) return;
        var parcels = e.Parcels();
        for (var i = 0; i < parcels.Count; i++)
        {
            var location = parcels[i][0].Location;
            var order = Order(file, location, Lines(file, parcels[i]), i == 0 ? ToCollect(file) : null, HowItTravels.Of(file, e, location, s), s);
            var attempt = file.Stock.Times - parcels.Count + 1 + i;
            var labels = WhenHandoffNeedsALabelBuyIt.TermsOf(location, s) is { } terms && !(terms.CashWithout && order.CollectOnDelivery is not null) ? terms : null;
            // In shadow nothing is bought, so nothing would ever come to wait for.
            next.Send(new FulfilmentSignal.HandOff(attempt, order, file.Order.Revision, AwaitsLabel: labels is not null && !s.Shadow));
            if (labels is not null) next.Send(WhenHandoffNeedsALabelBuyIt.Ask(file, attempt, 1, order, labels, s));
        }
        WhenShopperShouldHear.Say(file, Occasion.Confirmed, "", s, next);
        if (file.Fulfilment.WasRefused) next.Tell(new CaseChange.Closed("stock/short"));
    }

    /// <summary>All that a warehouse is told of these lines, as the order is now.</summary>
    public static HandoffOrder Order(OrderFile file, string location, IReadOnlyList<HandoffLine> lines, decimal? collect, Carriage? by, Situation s)
    {
        var facts = file.Order.Facts!;
        return new(s.Stream.Id, facts.Number, facts.Channel, facts.ExternalId, location, Connection(location, s), lines, Recipient(file.Order), facts.Note, collect, facts.Currency, By: by);
    }

    public static List<HandoffLine> Lines(OrderFile file, IReadOnlyList<Units> units)
    {
        var lines = new List<HandoffLine>(units.Count);
        foreach (var u in units) lines.Add(new(u.LineId, u.Sku, u.Quantity, Title(file.Order, u)));
        return lines;
    }

    private static string Connection(string location, Situation s)
    {
        foreach (var terms in s.Terms.Locations)
            if (terms.Code == location) return terms.Connection;
        throw new InvalidOperationException($"Stock was reserved at '{location}', which is not among the locations of {s.Terms.Brand}.");
    }

    private static string Title(Order order, Units units) => order.LineOf(units.LineId) switch
    {
        null => units.LineId,
        var line when line.LineId == units.LineId && units.Sku != order.SoldAs(line) => $"{units.Sku} instead of {line.Title}",
        var line when line.LineId == units.LineId => line.Title,
        var kit => $"{units.Sku} of {kit.Title}",
    };

    /// <summary>The first parcel collects the whole amount; a later one collects nothing.</summary>
    private static decimal? ToCollect(OrderFile file) => file.HasSent || file.Fulfilment.IsOpen ? null : Due(file.Order.Facts!);

    private static decimal? Due(OrderFacts facts) =>
        facts.Payment.Method == PaymentMethod.CashOnDelivery && facts.Total - facts.Payment.Paid is > 0 and var due ? due : null;

    /// <summary>A warehouse is about to collect another amount than is due by now.</summary>
    public static bool CollectsWrong(OrderFile file)
    {
        if (file.HasSent || !file.Fulfilment.IsOpen) return false;
        decimal? collect = null;
        foreach (var t in file.Fulfilment.Tries ?? [])
            if (t.IsOpen) collect ??= t.Collect;
        return collect != Due(file.Order.Facts!);
    }

    private static Recipient Recipient(Order order)
    {
        var buyer = order.Facts!.Buyer;
        return order.ShipTo is { } to
            ? new(to.Name ?? buyer.Name, to.Company, to.Line1, to.Line2, to.City, to.Province, to.PostalCode, to.Country, to.Phone ?? buyer.Phone, buyer.Email)
            : new(buyer.Name, null, null, null, null, null, null, "", buyer.Phone, buyer.Email);
    }
}
