using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Runtime.Lanes;

/// <summary>One effect in the hands of this process.</summary>
/// <param name="Token">Fencing token of the lane under which it was claimed; an outcome is written only while it still stands.</param>
/// <param name="Unsure">It may have arrived before: look up first.</param>
/// <param name="LeaseUntil">Not sent when too little of the lease is left; somebody else may hold it by then.</param>
public sealed record LaneItem(
    long Id, string Brand, string Stream, string Lane, string Kind, string Key, long Token, int Attempts, bool Unsure,
    DateTimeOffset? NotAfter, DateTimeOffset LeaseUntil, Effect Effect);

/// <summary>An item and what came of it, waiting to be written.</summary>
/// <param name="WasLookUp">The result answers "did it arrive?", not "do it".</param>
public sealed record Settled(LaneItem Item, Result Result, bool WasLookUp, DateTimeOffset At)
{
    /// <summary>It was not sent: its time had passed.</summary>
    public bool Dropped { get; init; }
}
