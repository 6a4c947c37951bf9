using Quartermaster.Core.Kernel;
using Quartermaster.Core.Labels;
using Quartermaster.Core.Shipping;

namespace Quartermaster.Core.Flows;

/// <summary>The carriers whose labels we buy scan numbers and know nothing of orders: from the purchase on a number leads to its order.</summary>
internal static class WhenLabelIsBoughtClaimItsNumber
{
    public static void React(LabelEvent.Bought e, Situation s, Reactions next) =>
        next.Forward(new(s.Stream.Brand, Waybill.Stream, Followed.IdOf(e.Label.Tracking)), new WaybillSignal.BelongsTo(s.Stream.Id));
}
