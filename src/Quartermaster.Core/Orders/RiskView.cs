using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Orders;

/// <summary>An order as it is scored: the channel's facts with what people corrected.</summary>
internal static class RiskView
{
    public static RiskFacts Of(Order order)
    {
        var facts = order.Facts!;
        var (to, bill) = (order.ShipTo, facts.BillTo);
        return new(facts.Total, facts.Currency, IsCash(facts), facts.Buyer.Email ?? "", Phone(order) ?? "", to?.Country ?? "", Plain(to?.PostalCode), to?.Line1 ?? "", bill?.Country ?? "", Plain(bill?.PostalCode), order.StorefrontRisk,
            order.Traits is null ? "" : string.Join(',', order.Traits.Select(t => t.Hash)));
    }

    /// <summary>Money is still to be collected at the door.</summary>
    public static bool IsCash(OrderFacts facts) => facts.Payment.Method == PaymentMethod.CashOnDelivery && facts.Payment.Paid < facts.Total;

    public static OrderRequest.ReadHistory Ask(Order order, RiskTerms terms) =>
        new(Filled(order.Facts!.Buyer.Email)?.ToLowerInvariant(), Filled(Phone(order)), terms.HistoryDays, order.Facts.Currency, terms.Velocity.Count == 0 ? null : Traced(order),
            terms.WeighsReturns && order.ShipTo is { Country: { Length: > 0 } country, PostalCode: { } code } ? new(IsCash(order.Facts), country, Plain(code)) : null);

    private static TracedOrder Traced(Order order) => new(order.Facts!.PlacedAt, order.Traits ?? [], Filled(order.Facts.Buyer.Email) is { } email ? Mailbox.Of(email) : null, order.Facts.Buyer.Name ?? order.ShipTo?.Name ?? "",
        order.ShipTo is { } to ? $"{to.Country} {Plain(to.PostalCode)} {to.Line1}" : "");

    private static string? Phone(Order order) => order.Facts!.Buyer.Phone ?? order.ShipTo?.Phone;

    private static string? Filled(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    private static string Plain(string? code) => code?.Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant() ?? "";
}
