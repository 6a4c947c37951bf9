using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Runtime.Lanes;

/// <summary>One effect in the hands of this process.</summary>
/// <param name="Token">Fencing token of the lane under which it was claimed; an outcome is written only while it still stands.</param>
/// <param name="Doubts">How often its fate became unknown since it was last found out. Above 0 it may have arrived.</param>
/// <param name="LeaseUntil">Not sent when too little of the lease is left; somebody else may hold it by then.</param>
public sealed record LaneItem(
    long Id, string Brand, string Stream, string Lane, string Kind, string Key, long Token, int Attempts, int Doubts,
    DateTimeOffset? NotAfter, DateTimeOffset PlannedAt, DateTimeOffset LeaseUntil, Effect Effect);

/// <summary>How a result came about.</summary>
public enum Asked
{
    /// <summary>The effect was sent.</summary>
    ToDoIt,

    /// <summary>The remote system was asked whether an earlier call arrived.</summary>
    WhetherItArrived,

    /// <summary>Nothing was: its fate is unknown and nobody can be asked.</summary>
    Nobody,

    /// <summary>Nothing was: its time had passed.</summary>
    TooLate,

    /// <summary>Nothing was: the gate said that it may not be sent, or not yet.</summary>
    WhetherAllowed,
}

/// <summary>An item and what came of it, waiting to be written.</summary>
public sealed record Settled(LaneItem Item, Result Result, Asked Asked);
