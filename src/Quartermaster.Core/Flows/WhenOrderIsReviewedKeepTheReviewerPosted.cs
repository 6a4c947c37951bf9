using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;

namespace Quartermaster.Core.Flows;

/// <summary>An order waits for an outside reviewer: ask. Later it is told what became of what it stands in for: cancelled, or refunded.</summary>
internal static class WhenOrderIsReviewedKeepTheReviewerPosted
{
    public static void React(OrderFile file, OrderEvent.Held e, Situation s, Reactions next)
    {
        if (e.Hold is not { Kind: HoldKind.SecondOpinion, Of: { } of } || s.Terms.Risk?.Opinion is not { } terms || !file.Order.Has(HoldKind.SecondOpinion)) return;
        // Who has the order before them and thinks again is waited for: asked once more, a machine would answer in their place.
        if (file.Order.Opinion?.Of != of) next.Do(new(SecondOpinion.KeyOf(s.Stream, (file.Order.Opinion?.Nth ?? 0) + 1), terms.Connection, new OrderEffect.AskOpinion(s.Stream.Id, of, file.Order.Facts!, file.Order.ShipTo), s.At + terms.Patience));
        next.Send(new OrderSignal.OpinionSought(of));
    }

    public static void React(OrderFile file, OrderEvent.Cancelled e, Situation s, Reactions next)
    {
        if (Reviewer(file, s) is { } connection) next.Do(new(EffectKey.Of(s.Stream, "opinion", "cancelled"), connection, new OrderEffect.TellReviewerOfEnd(s.Stream.Id, e.Reason)));
    }

    public static void React(OrderFile file, OrderEvent.Refunded e, Situation s, Reactions next)
    {
        if (Reviewer(file, s) is { } connection && e.Amount > 0m) next.Do(new(EffectKey.Of(s.Stream, "opinion", "refund", e.RefundId), connection, new OrderEffect.TellReviewerOfRefund(s.Stream.Id, e.RefundId, e.Amount, e.Currency)));
    }

    /// <summary>Where the order was asked about; null when it was not.</summary>
    private static string? Reviewer(OrderFile file, Situation s) => file.Order.Opinion is null ? null : s.Terms.Risk?.Opinion?.Connection;
}
