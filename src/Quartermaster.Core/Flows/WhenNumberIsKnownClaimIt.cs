using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Labels;
using Quartermaster.Core.Shipping;

namespace Quartermaster.Core.Flows;

/// <summary>Carriers scan numbers and know nothing of orders: a number leads to its order from the purchase of its label on, and where somebody else bought that, from the hand-over on.</summary>
internal static class WhenNumberIsKnownClaimIt
{
    public static void React(LabelEvent.Bought e, Situation s, Reactions next) => Claim(e.Label.Tracking, s, next);

    /// <summary>Only for a brand that is told scans by number, and of labels that were not ours.</summary>
    public static void React(OrderFile file, Parcel parcel, Situation s, Reactions next)
    {
        if (s.Terms.ScansByNumber && file.Labels?.On(Followed.IdOf(parcel.Tracking)) is null) Claim(parcel.Tracking, s, next);
    }

    private static void Claim(string tracking, Situation s, Reactions next) => next.Forward(new(s.Stream.Brand, Waybill.Stream, Followed.IdOf(tracking)), new WaybillSignal.BelongsTo(s.Stream.Id));
}
