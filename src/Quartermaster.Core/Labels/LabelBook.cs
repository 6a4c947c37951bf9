using System.Text.Json.Serialization;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Core.Labels;

/// <summary>The labels that were bought, or are to be, for the parcels of one order: one for each hand-off.</summary>
public sealed record LabelBook(IReadOnlyList<Label> All)
{
    public static readonly LabelBook Empty = new([]);

    public Label? Of(int attempt)
    {
        foreach (var label in All)
            if (label.Attempt == attempt) return label;
        return null;
    }

    /// <summary>The label that a parcel carries.</summary>
    /// <param name="parcelId">Tracking number, upper case and without blanks.</param>
    public Label? On(string parcelId)
    {
        foreach (var label in All)
            if (label.ParcelId == parcelId) return label;
        return null;
    }

    internal LabelBook With(Label label)
    {
        List<Label> all = [];
        foreach (var known in All)
            if (known.Attempt != label.Attempt) all.Add(known);
        all.Add(label);
        return new(all);
    }
}

/// <summary>The label of one hand-off.</summary>
/// <param name="Attempt">The hand-off that it is for.</param>
/// <param name="Purchase">Counts the purchases for that hand-off, from 1; only one that was refused is followed by another.</param>
/// <param name="Reference">Names the purchase at the vendor.</param>
/// <param name="Why">Why it was refused, is not wanted, or could not be cancelled.</param>
/// <param name="Shadow">It was recorded and never bought.</param>
/// <param name="MayExist">It was a person who stopped the purchase, not the vendor: an earlier call may have arrived.</param>
public sealed record Label(
    int Attempt, int Purchase, string Connection, string Reference, LabelPhase Phase, IssuedLabel? Issued = null, string? Why = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Shadow = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool MayExist = false)
{
    /// <summary>It is, or may yet become, a label that costs money and is on no parcel.</summary>
    [JsonIgnore]
    public bool IsLive => Phase is LabelPhase.Asked or LabelPhase.Refused or LabelPhase.Bought;

    [JsonIgnore]
    public string? ParcelId => Issued?.Tracking.Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant();
}

[JsonConverter(typeof(JsonStringEnumConverter<LabelPhase>))]
public enum LabelPhase
{
    Asked, Bought, Refused,

    /// <summary>Not wanted any more, while nobody knows yet whether it was bought.</summary>
    CallingOff,

    /// <summary>The vendor is asked to take it back.</summary>
    Voiding,
    Voided,

    /// <summary>The vendor would not take it back: paid for and not used.</summary>
    Kept,

    /// <summary>It was never bought.</summary>
    Dropped,

    /// <summary>A parcel left with it.</summary>
    Used,
}
