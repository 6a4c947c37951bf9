using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Labels;

namespace Quartermaster.Core.Flows;

/// <summary>A parcel leaves with the label that was bought for it; the label of a hand-off that ended otherwise is taken back.</summary>
internal static class WhenHandoffEndsFreeItsLabel
{
    public static void React(OrderFile file, FulfilmentEvent e, Reactions next)
    {
        if (file.Labels is not { } labels) return;
        var left = e switch
        {
            FulfilmentEvent.ParcelLeft x => x.Parcel.ParcelId,
            FulfilmentEvent.UnitsNotExpected x => x.ParcelId,
            _ => null,
        };
        if (left is not null && labels.On(left) is { Phase: not LabelPhase.Used }) next.Send(new LabelSignal.ParcelLeft(left));
        foreach (var label in labels.All)
            if (label.IsLive && (left is null || label.ParcelId != left) && file.Fulfilment.TryOf(label.Attempt) is { IsOpen: false } ended)
                next.Send(new LabelSignal.NotNeeded(label.Attempt, Why(ended)));
    }

    private static string Why(Try ended) => ended.Phase switch
    {
        TryPhase.TurnedDown => $"{ended.Location} turned the order down",
        TryPhase.Withdrawn => $"{ended.Location} does not send it",
        _ => $"{ended.Location} has nothing left to send with it",
    };
}
