using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;
using Quartermaster.Core.Orders;

namespace Quartermaster.Core.Flows;

/// <summary>A cash order waits for its shopper's word: ask, by the first channel that reaches the shopper.</summary>
/// <remarks>The print of what is asked is the message's subject: another amount or address is another question, and the same one is asked once.</remarks>
internal static class WhenShopperHasToConfirmAsk
{
    public static void React(OrderFile file, OrderEvent.Held e, Situation s, Reactions next)
    {
        if (e.Hold.Kind == HoldKind.Confirmation && file.Order.Has(HoldKind.Confirmation)) Ask(file, Once, s, next);
    }

    /// <summary>The shopper answered an older question: the newest is put once more.</summary>
    public static void React(OrderFile file, OrderEvent.AskedAgain e, Situation s, Reactions next) => Ask(file, Repeated, s, next);

    /// <summary>The last channel did not get through. What is out of date is not said by another.</summary>
    public static void React(OrderFile file, MessageEvent.FellBack e, Situation s, Reactions next)
    {
        if (!file.Order.Has(HoldKind.Confirmation)) return;
        var now = AskedAbout.Of(file.Order).Print;
        foreach (var time in (ReadOnlySpan<string>)[Once, Repeated])
            if (e.Subject == now + time) Ask(file, time, s, next);
    }

    private const string Once = "", Repeated = ".again";

    private static void Ask(OrderFile file, string time, Situation s, Reactions next)
    {
        if (s.Terms.MessageChannels.Count == 0) return;
        var about = AskedAbout.Of(file.Order);
        next.Send(new MessageSignal.Say(Occasion.ToConfirm, about.Print + time, PriceOfOrder.Shopper(file, s.Stream.Id, s.Terms.Language),
            Question: new(about.Due, about.Place, s.AnswerAt?.Invoke(s.Stream), about.Print, file.Messages.HasSaid(Occasion.ToConfirm, except: about.Print + time))));
    }
}
