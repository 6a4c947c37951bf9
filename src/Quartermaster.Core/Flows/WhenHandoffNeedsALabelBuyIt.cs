using Quartermaster.Core.Connecting;
using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Labels;
using Quartermaster.Core.Orders;

namespace Quartermaster.Core.Flows;

/// <summary>A location whose labels we buy: the hand-off waits for its label and then takes it along, so that the packer only prints it.</summary>
internal static class WhenHandoffNeedsALabelBuyIt
{
    public static LabelSignal.Wanted Ask(OrderFile file, int attempt, int purchase, HandoffOrder order, LabelTerms labels, Situation s) =>
        new(attempt, purchase, labels.Connection, Consignment(file, order, labels, s));

    /// <summary>The label is there, or a person lets the hand-off go without: the warehouse is told now.</summary>
    public static void React(OrderFile file, int attempt, Situation s, Reactions next)
    {
        if (file.Fulfilment.TryOf(attempt) is not { AwaitsLabel: true } t) return;
        var label = file.Labels?.Of(attempt) is { Phase: LabelPhase.Bought, Issued: { } issued } ? new HandoffLabel(issued.Carrier, issued.Service, issued.Tracking, issued.TrackingUrl, Printable(issued.Document, s)) : null;
        var by = label is null ? t.By : null;
        next.Send(new FulfilmentSignal.Proceed(attempt, WhenStockIsReservedHandItOff.Order(file, t.Location, t.Lines, t.Collect, by, s) with { Label = label }));
    }

    /// <summary>Where whoever packs finds the label. One that the hub keeps has an address only where the hub itself has one; otherwise it is printed from the order's page.</summary>
    private static string? Printable(string? document, Situation s) => Paper.NameIn(document) is { } name ? s.PaperAt?.Invoke(s.Stream.Brand, name) : document;

    public static void Again(OrderFile file, LabelEvent.WantedAgain e, Situation s, Reactions next)
    {
        if (file.Fulfilment.TryOf(e.Attempt) is not { AwaitsLabel: true } t || file.Labels?.Of(e.Attempt) is not { } refused) return;
        if (TermsOf(t.Location, s) is { } labels)
        {
            var usual = Ask(file, e.Attempt, refused.Purchase + 1, WhenStockIsReservedHandItOff.Order(file, t.Location, t.Lines, t.Collect, t.By, s), labels, s);
            next.Send(usual with { Connection = e.Connection ?? usual.Connection, Parcel = e.Service is { } picked ? usual.Parcel with { Service = picked } : usual.Parcel });
        }
        // The configuration has changed since: nobody buys labels there any more.
        else next.Send(new LabelSignal.SkipAsked(e.By));
    }

    public static LabelTerms? TermsOf(string location, Situation s)
    {
        foreach (var terms in s.Terms.Locations)
            if (terms.Code == location) return terms.Labels;
        return null;
    }

    public static Consignment Consignment(OrderFile file, HandoffOrder order, LabelTerms labels, Situation s)
    {
        var items = new List<ConsignmentItem>(order.Lines.Count);
        var grams = labels.PackagingGrams;
        var weighed = true;
        var to = order.ShipTo;
        var abroad = to.Country != labels.From.Country;
        foreach (var line in order.Lines)
        {
            var sold = file.Order.LineOf(line.LineId);
            // A part of a kit has its even share of the kit's value, and of its weight where nobody has said what the part weighs.
            var each = sold is null ? 1 : file.Order.UnitsEach(sold.LineId);
            var facts = s.About(line.Sku);
            var share = (sold?.Grams ?? 0) / each;
            var weight = (each > 1 && facts.Grams > 0) || share == 0 ? facts.Grams : share;
            items.Add(new(line.Sku, line.Title, line.Quantity, Value(sold, each, abroad, order.Currency, order.Currency == s.Terms.Currency ? facts.Value : 0m), weight, facts.TariffCode, facts.Origin));
            weighed &= weight > 0;
            grams += weight * line.Quantity;
        }
        return new("", order.OrderRef, order.Number, HowItTravels.LabelService(file.Order, order.By, abroad, labels, s.Terms.Routing), labels.From,
            new(to.Name, to.Company, to.Line1, to.Line2, to.City, to.Province, to.PostalCode, to.Country, to.Phone, to.Email),
            weighed ? grams : labels.Grams, labels.Size, items, order.CollectOnDelivery, order.Currency);
    }

    /// <remarks>
    /// Customs takes no zero: what is given away abroad is worth what others pay for it, what has no price what the brand says of the SKU, and a share of something at least the smallest amount.
    /// Of what nobody has said, 0 is told, and no label is bought across a customs border.
    /// </remarks>
    private static decimal Value(OrderLine? line, int each, bool abroad, string currency, decimal known)
    {
        var paid = UnitValue(line);
        if (abroad && paid <= 0m) paid = line?.UnitPrice ?? 0m;
        if (abroad && paid <= 0m) return known;
        var share = decimal.Round(paid / each, 2);
        return abroad && paid > 0m ? Math.Max(share, Currencies.DecimalsOf(currency) == 0 ? 1m : 0.01m) : share;
    }

    private static decimal UnitValue(OrderLine? line) =>
        line is { Quantity: > 0 } ? decimal.Round((line.UnitPrice * line.Quantity - line.Discount) / line.Quantity, 2) : line?.UnitPrice ?? 0m;
}
