using Quartermaster.Core.Dispatching;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Labels;

namespace Quartermaster.Core.Flows;

/// <summary>Where days are closed with a carrier, its labels stand in a table from which the lists are made; so do those that were bought of another carrier for one parcel only.</summary>
internal static class WhenLabelChangesListIt
{
    public static void React(OrderFile file, LabelEvent e, Situation s, Reactions next)
    {
        if (file.Labels?.Of(Attempt(e)) is not { } label || file.Fulfilment.TryOf(label.Attempt) is not { } t) return;
        if (WhenHandoffNeedsALabelBuyIt.TermsOf(t.Location, s) is not { } terms || !s.Terms.ClosesWith(terms, label.Connection)) return;
        switch (e)
        {
            case LabelEvent.Bought { Label: var issued }:
                var parcel = WhenHandoffNeedsALabelBuyIt.Consignment(file, WhenStockIsReservedHandItOff.Order(file, t.Location, t.Lines, t.Collect, t.By, s), terms, s);
                next.Ask(new DispatchRequest.Enlist(new(label.Reference, issued.LabelId, issued.Tracking, issued.Service ?? parcel.Service, parcel.Grams), label.Connection, t.Location));
                break;
            case LabelEvent.VoidAsked: next.Ask(new DispatchRequest.Strike(label.Reference)); break;
            case LabelEvent.Used: next.Ask(new DispatchRequest.Left(label.Reference)); break;
        }
    }

    private static int Attempt(LabelEvent e) => e switch
    {
        LabelEvent.Bought x => x.Attempt,
        LabelEvent.VoidAsked x => x.Attempt,
        LabelEvent.Used x => x.Attempt,
        _ => -1,
    };
}
