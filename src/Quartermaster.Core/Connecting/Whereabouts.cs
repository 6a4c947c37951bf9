using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Connecting;

/// <summary>A parcel that its carrier is asked for, because nothing tells of it by itself, or nothing has for a while.</summary>
/// <param name="Tracking">As it stands on the label.</param>
/// <param name="LeftAt">When the warehouse handed it over; carriers give their numbers out again.</param>
/// <param name="LabelId">The vendor's id of the label that it was sold with, for vendors that tell by themselves; null = it is not ours.</param>
public sealed record ParcelToFind(string Tracking, DateTimeOffset LeftAt, string? LabelId = null);

/// <summary>What a carrier answers about one parcel.</summary>
/// <param name="Scans">Signals for the order, oldest first. Those it has are dropped, so the whole way may be told each time.</param>
/// <param name="Trouble">Why there is no answer; null = there is one.</param>
public sealed record Whereabouts(Nearness Nearness, IReadOnlyList<Signal> Scans, Outcome? Trouble = null)
{
    public static Whereabouts Unanswered(Outcome why) => new(Nearness.Unseen, [], why);
}

/// <summary>How near a parcel is to its end; it decides when its carrier is asked again.</summary>
public enum Nearness
{
    /// <summary>The carrier knows nothing of it, or only that a label was printed.</summary>
    Unseen,
    Underway,

    /// <summary>On the van.</summary>
    AtTheDoor,

    /// <summary>It stands still for a reason, or a delivery failed.</summary>
    Troubled,

    /// <summary>Delivered, or back at its sender: nothing more is asked.</summary>
    Over,
}
