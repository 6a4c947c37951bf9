using System.Globalization;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Risk;

/// <summary>Adds up what speaks against an order, term by term, each with its reason. Pure: the same facts and history give the same score.</summary>
public sealed class RiskScorer(RiskPoints points)
{
    public RiskPoints Points { get; } = points;

    public Assessment Score(RiskFacts order, BuyerHistory history)
    {
        var reasons = new List<RiskReason>(4);
        Money(order, history);
        Place(order, history.There);
        var byAddress = SharedTraits.Reasons(Points, history.Shared, Add);
        Buyer(order, history, byAddress);
        Storefront(order);
        var sum = 0;
        foreach (var reason in reasons) sum += reason.Points;
        return new(int.Clamp(sum, 0, Assessment.Most), reasons, order.Print, order.Cash);

        void Money(RiskFacts o, BuyerHistory h)
        {
            // Who always orders much is not suspected for it, and a small order is nobody's concern, however little the buyer ordered before.
            if (h.Own is { Mean: > 0m, Orders: >= OwnOrders.Fewest } own)
            {
                if (o.Total >= Points.AmountTimes * own.Mean && !(o.Total < h.Usual))
                    Add("amount", Points.Amount, $"{Text(o.Total)} {o.Currency} is {Text(o.Total / own.Mean)} times what this buyer's own {own.Orders} orders came to ({Text(own.Mean)})");
                return;
            }
            if (h.Usual is not (> 0m and var usual) || o.Total < Points.AmountTimes * usual) return;
            Add("amount", Points.Amount, $"{Text(o.Total)} {o.Currency} is {Text(o.Total / usual)} times what an order usually comes to ({Text(usual)})");
        }

        void Place(RiskFacts o, AreaReturns? there)
        {
            if (o.BillCountry.Length > 0 && o.Country.Length > 0 && !string.Equals(o.BillCountry, o.Country, StringComparison.OrdinalIgnoreCase))
                Add("billed_abroad", Points.BilledAbroad, $"billed to {o.BillCountry}, sent to {o.Country}");
            else if (o.BillPostalCode.Length > 0 && o.PostalCode.Length > 0 && !string.Equals(o.BillPostalCode, o.PostalCode, StringComparison.OrdinalIgnoreCase))
                Add("billed_elsewhere", Points.BilledElsewhere, $"billed to {o.BillPostalCode}, sent to {o.PostalCode}");
            foreach (var listed in Points.Postcodes)
                if (Covers(listed, o))
                {
                    Add("postcode", Points.Postcode, $"the postal code {o.PostalCode} is on the brand's list ({listed})");
                    break;
                }
            if (there is not null && (int)decimal.Round(Points.AreaReturns * (there.Share - there.Usual)) is > 0 and var more)
                Add("area_returns", more, $"of parcels to {o.Country} {there.Area}… {Percent(there.Share)} are to be expected back {(o.Cash ? "when paid at the door" : "when paid before")} ({Percent(there.Usual)} is usual; {there.Parcels} were seen there)");
        }

        void Buyer(RiskFacts o, BuyerHistory h, bool isCounted)
        {
            if (Points.DisposableDomains.Contains(o.EmailDomain)) Add("disposable_email", Points.DisposableEmail, $"{o.EmailDomain} gives away mailboxes for minutes");
            if (!isCounted && h.Lately + 1 >= Points.VelocityOrders) Add("velocity", Points.Velocity, $"{h.Lately + 1} orders by this buyer within a day");
            if (h.Returned > 0) Add("returned_before", Points.ReturnedBefore, h.Returned == 1 ? "one earlier order went back to the sender" : $"{h.Returned} earlier orders went back to the sender");
            else if (h.Arrived > 0) Add("known_buyer", -Points.KnownBuyer, h.Arrived == 1 ? "an earlier order arrived and stayed" : $"{h.Arrived} earlier orders arrived and stayed");
            if (!o.Cash) return;
            if (h.Orders == 0) Add("first_cash_order", Points.FirstCashOrder, "the buyer's first order, cash on delivery");
            if (o.Phone.Length == 0) Add("no_phone", Points.NoPhone, "cash on delivery without a phone that the courier could call");
        }

        void Storefront(RiskFacts o)
        {
            if (o.Storefront == StorefrontRisk.High) Add("storefront_high", Points.StorefrontHigh, "the storefront itself calls the risk high");
            if (o.Storefront == StorefrontRisk.Medium) Add("storefront_medium", Points.StorefrontMedium, "the storefront itself calls the risk medium");
        }

        void Add(string term, int worth, string words)
        {
            if (worth != 0) reasons.Add(new(term, worth, words));
        }
    }

    private static bool Covers(string listed, RiskFacts order)
    {
        if (listed.IndexOf(':', StringComparison.Ordinal) is not (> 0 and var colon)) return order.PostalCode.StartsWith(listed, StringComparison.OrdinalIgnoreCase);
        return string.Equals(listed[..colon], order.Country, StringComparison.OrdinalIgnoreCase) && order.PostalCode.StartsWith(listed[(colon + 1)..], StringComparison.OrdinalIgnoreCase);
    }

    private static string Percent(decimal share) => share.ToString("0.0 %", CultureInfo.InvariantCulture);

    private static string Text(decimal value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
