using System.Text.Json.Serialization;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Labels;

/// <summary>What became true of a label.</summary>
public abstract record LabelEvent : Event
{
    private LabelEvent() { }

    /// <summary>Decided to buy it; what the vendor is told of the parcel is in the effect.</summary>
    [Wire("label.asked.v1")]
    public sealed record Asked(
        int Attempt, int Purchase, string Connection, string Reference, string Service, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Shadow = false) : LabelEvent;

    [Wire("label.bought.v1")]
    public sealed record Bought(int Attempt, IssuedLabel Label) : LabelEvent;

    [Wire("label.refused.v1")]
    public sealed record Refused(int Attempt, string Code, string Why) : LabelEvent;

    /// <summary>A person wants it bought once more.</summary>
    /// <param name="Connection">The one that the person picked, here and with the service; null = as usual.</param>
    [Wire("label.wanted_again.v1")]
    public sealed record WantedAgain(int Attempt, string By, string? Connection = null, string? Service = null) : LabelEvent;

    /// <summary>A person lets the hand-off go without it.</summary>
    [Wire("label.skipped.v1")]
    public sealed record Skipped(int Attempt, string By) : LabelEvent;

    /// <summary>It is not wanted any more, and its purchase is taken back if that can still be.</summary>
    [Wire("label.called_off.v1")]
    public sealed record CalledOff(int Attempt, string Why) : LabelEvent;

    /// <summary>It was never bought and will not be.</summary>
    [Wire("label.dropped.v1")]
    public sealed record Dropped(int Attempt, string Why) : LabelEvent;

    [Wire("label.void_asked.v1")]
    public sealed record VoidAsked(int Attempt, string Why) : LabelEvent;

    [Wire("label.voided.v1")]
    public sealed record Voided(int Attempt) : LabelEvent;

    [Wire("label.kept.v1")]
    public sealed record Kept(int Attempt, string Why) : LabelEvent;

    /// <summary>A parcel left with it.</summary>
    /// <param name="AfterVoid">The vendor had been asked to take it back, or had done so.</param>
    [Wire("label.used.v1")]
    public sealed record Used(int Attempt, string ParcelId, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool AfterVoid = false) : LabelEvent;
}
