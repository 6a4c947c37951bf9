using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;
using Quartermaster.Core.Orders;

namespace Quartermaster.Core.Flows;

/// <summary>A cash order waits for its shopper's word: ask, by the first channel that reaches the shopper.</summary>
internal static class WhenShopperHasToConfirmAsk
{
    public static void React(OrderFile file, OrderEvent.Held e, Situation s, Reactions next)
    {
        if (e.Hold.Kind == HoldKind.Confirmation) Ask(file, s, next);
    }

    /// <summary>The last channel did not get through.</summary>
    public static void Again(OrderFile file, Situation s, Reactions next)
    {
        if (file.Order.Has(HoldKind.Confirmation)) Ask(file, s, next);
    }

    private static void Ask(OrderFile file, Situation s, Reactions next)
    {
        if (s.Terms.MessageChannels.Count == 0 || file.Order.Facts is not { } facts) return;
        next.Send(new MessageSignal.Say(Occasion.ToConfirm, "", PriceOfOrder.Shopper(file, s.Stream.Id, s.Terms.Language),
            Question: new(new Money(facts.Total - facts.Payment.Paid, facts.Currency).ToString(), OneLine(file.Order.ShipTo), s.AnswerAt?.Invoke(s.Stream))));
    }

    private static string OneLine(Address? to) => to is null ? "" : string.Join(", ", new[] { to.Line1, to.Line2, to.City, to.PostalCode, to.Country }.Where(part => !string.IsNullOrWhiteSpace(part)));
}
