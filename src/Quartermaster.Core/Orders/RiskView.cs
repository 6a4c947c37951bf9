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
        new(Filled(order.Facts!.Buyer.Email)?.ToLowerInvariant(), Filled(Phone(order)), terms.HistoryDays, order.Facts.Currency, terms.Velocity.Count == 0 ? null : Traced(order));

    private static TracedOrder Traced(Order order) => new(order.Facts!.PlacedAt, order.Traits ?? [], Filled(order.Facts.Buyer.Email) is { } email ? Mailbox(email) : null, order.Facts.Buyer.Name ?? order.ShipTo?.Name ?? "",
        order.ShipTo is { } to ? $"{to.Country} {Plain(to.PostalCode)} {to.Line1}" : "");

    /// <summary>Without what follows a plus, and at Google without dots: as many addresses as one likes lead to one mailbox there.</summary>
    internal static string Mailbox(string email)
    {
        var lower = email.Trim().ToLowerInvariant();
        if (lower.LastIndexOf('@') is not (> 0 and var at)) return lower;
        var (name, domain) = (lower[..at].Split('+', 2)[0], lower[(at + 1)..]);
        return domain is "gmail.com" or "googlemail.com" ? $"{name.Replace(".", "", StringComparison.Ordinal)}@gmail.com" : $"{name}@{domain}";
    }

    private static string? Phone(Order order) => order.Facts!.Buyer.Phone ?? order.ShipTo?.Phone;

    private static string? Filled(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    private static string Plain(string? code) => code?.Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant() ?? "";
}
