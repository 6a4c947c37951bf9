using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Fulfilment;

/// <summary>What became true at the warehouse.</summary>
public abstract record FulfilmentEvent : Event
{
    private FulfilmentEvent() { }

    [Wire("fulfilment.handoff_planned.v1")]
    public sealed record HandoffPlanned(HandoffOrder Order, int Attempt) : FulfilmentEvent;

    /// <summary>The warehouse system has received it.</summary>
    [Wire("fulfilment.submitted.v1")]
    public sealed record Submitted(string Location, string? WarehouseRef) : FulfilmentEvent;

    [Wire("fulfilment.taken_on.v1")]
    public sealed record TakenOn(string Location, string? WarehouseRef) : FulfilmentEvent;

    [Wire("fulfilment.turned_down.v1")]
    public sealed record TurnedDown(string Location, string Code, string Why, IReadOnlyList<HandoffLine> Lines) : FulfilmentEvent;

    [Wire("fulfilment.came_up_short.v1")]
    public sealed record CameUpShort(string Location, IReadOnlyList<HandoffLine> Missing) : FulfilmentEvent;

    [Wire("fulfilment.parcel_left.v1")]
    public sealed record ParcelLeft(Parcel Parcel, bool IsLast) : FulfilmentEvent;

    [Wire("fulfilment.withdrawal_asked.v1")]
    public sealed record WithdrawalAsked(string Location, string Why) : FulfilmentEvent;

    /// <summary>Nothing will ship any more. When it was never handed off, this comes at once.</summary>
    [Wire("fulfilment.withdrawn.v1")]
    public sealed record Withdrawn(string Location, string Why) : FulfilmentEvent;

    [Wire("fulfilment.withdrawal_refused.v1")]
    public sealed record WithdrawalRefused(string Location, string Why) : FulfilmentEvent;

    /// <summary>The channel knows of the parcel.</summary>
    [Wire("fulfilment.written_back.v1")]
    public sealed record WrittenBack(string ParcelId, string? FulfilmentId) : FulfilmentEvent;
}
