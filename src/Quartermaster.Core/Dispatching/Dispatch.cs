using System.Text.Json.Serialization;

namespace Quartermaster.Core.Dispatching;

/// <summary>One closing of a location's day with one carrier: what was on the list, and what the carrier made of it.</summary>
public sealed record Dispatch
{
    public static readonly Dispatch Unknown = new();

    public DispatchState State { get; init; }
    public DispatchList? List { get; init; }
    public string? By { get; init; }
    public DateTimeOffset? At { get; init; }

    /// <summary>The carrier's number of it.</summary>
    public string? RemoteId { get; init; }

    /// <summary>Where its paper is.</summary>
    public string? Document { get; init; }
    public IReadOnlyList<LeftOut>? LeftOut { get; init; }
    public DateTimeOffset? DoneAt { get; init; }

    /// <summary>The carrier itself said what it has.</summary>
    public bool Told { get; init; }

    /// <summary>Why the carrier did not take it.</summary>
    public string? Why { get; init; }

    /// <summary>The labels that are on no list any more because of this one.</summary>
    public IEnumerable<(ListedLabel Label, string? Why)> Free()
    {
        foreach (var label in List?.Labels ?? [])
        {
            if (State == DispatchState.TurnedDown) yield return (label, null);
            else
                foreach (var left in LeftOut ?? [])
                    if (left.LabelId == label.LabelId) yield return (label, left.Why);
        }
    }
}

[JsonConverter(typeof(JsonStringEnumConverter<DispatchState>))]
public enum DispatchState { Unknown, Asked, Done, TurnedDown }
