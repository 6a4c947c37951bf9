using System.Text.Json.Serialization;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Fulfilment;

/// <summary>What became true at the warehouse.</summary>
public abstract record FulfilmentEvent : Event
{
    private FulfilmentEvent() { }

    /// <summary>Decided to hand these lines to a warehouse; the full order is in the effect of the same attempt.</summary>
    /// <param name="Shadow">It was recorded and never sent: the warehouse does not know of it.</param>
    /// <param name="AwaitsLabel">The warehouse is told when its label is there.</param>
    /// <param name="By">How it is to travel; null = nobody has chosen.</param>
    [Wire("fulfilment.handoff_planned.v1")]
    public sealed record HandoffPlanned(
        int Attempt, string Location, string Connection, string Channel, string ExternalId, IReadOnlyList<HandoffLine> Lines, decimal? Collect = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Shadow = false, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Revision = 0,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool AwaitsLabel = false, Carriage? By = null) : FulfilmentEvent;

    /// <summary>It waits for its label no longer and goes to the warehouse.</summary>
    [Wire("fulfilment.proceeded.v1")]
    public sealed record Proceeded(int Attempt, string Location) : FulfilmentEvent;

    /// <summary>The warehouse system has received it.</summary>
    [Wire("fulfilment.submitted.v1")]
    public sealed record Submitted(int Attempt, string Location, string? WarehouseRef) : FulfilmentEvent;

    /// <summary>The hand-off will not be sent by us, or not again.</summary>
    /// <param name="MayHaveArrived">The warehouse may know of it from an earlier call.</param>
    [Wire("fulfilment.handoff_stopped.v1")]
    public sealed record HandoffStopped(int Attempt, string Location, bool MayHaveArrived) : FulfilmentEvent;

    [Wire("fulfilment.taken_on.v1")]
    public sealed record TakenOn(int Attempt, string Location, string? WarehouseRef, DateTimeOffset At) : FulfilmentEvent;

    /// <param name="InAnswer">It was the answer to the hand-off itself, so the time is ours and not the warehouse's.</param>
    [Wire("fulfilment.turned_down.v1")]
    public sealed record TurnedDown(int Attempt, string Location, string Code, string Why, IReadOnlyList<HandoffLine> Lines, DateTimeOffset At, bool InAnswer = false) : FulfilmentEvent;

    [Wire("fulfilment.came_up_short.v1")]
    public sealed record CameUpShort(int Attempt, string Location, IReadOnlyList<HandoffLine> Missing, DateTimeOffset At) : FulfilmentEvent;

    /// <param name="IsLast">Warehouses have nothing more of the order to send.</param>
    [Wire("fulfilment.parcel_left.v1")]
    public sealed record ParcelLeft(Parcel Parcel, bool IsLast) : FulfilmentEvent;

    /// <summary>The parcel held parts of kits: this is what of it the channel is told, in whole kits. None = nothing yet.</summary>
    [Wire("fulfilment.told_as_sold.v1")]
    public sealed record ToldAsSold(string ParcelId, IReadOnlyList<SentLine> Lines) : FulfilmentEvent;

    /// <summary>A parcel, or part of one, left that we had not handed off: a person finds out what was sent.</summary>
    [Wire("fulfilment.units_not_expected.v1")]
    public sealed record UnitsNotExpected(string ParcelId, string Location, string Carrier, string Tracking, IReadOnlyList<SkuQuantity> Units, DateTimeOffset At) : FulfilmentEvent;

    /// <summary>More units were confirmed under the number of a parcel that had left already. Nothing of it is booked: a person finds out whether another parcel left.</summary>
    /// <param name="At">By the warehouse's clock, so that a repeat is known as one.</param>
    [Wire("fulfilment.confirmed_again.v1")]
    public sealed record ConfirmedAgain(string ParcelId, string Location, IReadOnlyList<SkuQuantity> Units, DateTimeOffset At) : FulfilmentEvent;

    /// <param name="RejectedAt">Set when a rejection that may mean another hand-off made us ask: its time, so that a repeat is known as one.</param>
    [Wire("fulfilment.withdrawal_asked.v1")]
    public sealed record WithdrawalAsked(int Attempt, string Location, string Why, DateTimeOffset? RejectedAt = null) : FulfilmentEvent;

    /// <summary>The warehouse will send nothing more of this attempt.</summary>
    [Wire("fulfilment.withdrawn.v1")]
    public sealed record Withdrawn(int Attempt, string Location, IReadOnlyList<HandoffLine> Lines) : FulfilmentEvent;

    /// <summary>It was too late: the warehouse sends, or has sent, what it has.</summary>
    [Wire("fulfilment.withdrawal_refused.v1")]
    public sealed record WithdrawalRefused(int Attempt, string Location, string Why) : FulfilmentEvent;

    /// <summary>The channel knows of the parcel.</summary>
    [Wire("fulfilment.written_back.v1")]
    public sealed record WrittenBack(string ParcelId, string? FulfilmentId) : FulfilmentEvent;

    /// <summary>The channel could not be told of the parcel; a person does it there.</summary>
    [Wire("fulfilment.not_written_back.v1")]
    public sealed record NotWrittenBack(string ParcelId, string Why) : FulfilmentEvent;
}
