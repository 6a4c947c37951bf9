using Quartermaster.Core.Fulfilment;

namespace Quartermaster.Core.Flows;

/// <summary>What a warehouse was handed of an order and owes an answer for.</summary>
/// <param name="Location">Our code of the building.</param>
/// <param name="IsTakenOn">It said that it does it; its parcel is what is waited for.</param>
public sealed record AwaitedHandoff(string Location, bool IsTakenOn)
{
    /// <summary>The hand-off that has got least far; null when no warehouse of this connection owes one.</summary>
    /// <remarks>One that waits in our lane, or is asked back, has its own case when it fails.</remarks>
    public static AwaitedHandoff? Of(object state, string connection)
    {
        AwaitedHandoff? awaited = null;
        foreach (var t in (state as OrderFile)?.Fulfilment.Tries ?? [])
        {
            if (!t.IsOpen || t.Shadow || t.Connection != connection || t.Phase is not (TryPhase.Submitted or TryPhase.Accepted or TryPhase.Kept)) continue;
            if (t.Phase == TryPhase.Submitted) return new(t.Location, false);
            awaited ??= new(t.Location, true);
        }
        return awaited;
    }
}
