using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Orders;

/// <summary>An order as it is scored: the channel's facts with what people corrected.</summary>
internal static class RiskView
{
    public static RiskFacts Of(Order order)
    {
        var facts = order.Facts!;
        var (to, bill) = (order.ShipTo, facts.BillTo);
        return new(facts.Total, facts.Currency, IsCash(facts), facts.Buyer.Email ?? "", Phone(order) ?? "", to?.Country ?? "", Plain(to?.PostalCode), to?.Line1 ?? "", bill?.Country ?? "", Plain(bill?.PostalCode), order.StorefrontRisk);
    }

    /// <summary>Money is still to be collected at the door.</summary>
    public static bool IsCash(OrderFacts facts) => facts.Payment.Method == PaymentMethod.CashOnDelivery && facts.Payment.Paid < facts.Total;

    public static OrderRequest.ReadHistory Ask(Order order, RiskTerms terms) => new(Filled(order.Facts!.Buyer.Email)?.ToLowerInvariant(), Filled(Phone(order)), terms.HistoryDays, order.Facts.Currency);

    private static string? Phone(Order order) => order.Facts!.Buyer.Phone ?? order.ShipTo?.Phone;

    private static string? Filled(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    private static string Plain(string? code) => code?.Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant() ?? "";
}
