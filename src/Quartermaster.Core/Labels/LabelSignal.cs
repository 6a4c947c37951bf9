using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Labels;

/// <summary>Signals to the labels of an order.</summary>
public abstract record LabelSignal : Signal
{
    private LabelSignal() { }

    /// <summary>A hand-off waits for its label; sent by a flow.</summary>
    /// <param name="Purchase">1, or one more than a purchase that was refused.</param>
    /// <param name="Parcel">Its reference is filled in when the purchase is decided.</param>
    [Wire("label.wanted.v1")]
    public sealed record Wanted(int Attempt, int Purchase, string Connection, Consignment Parcel) : LabelSignal;

    /// <summary>The vendor has issued the label; found in its answer to a purchase or to the question whether there was one.</summary>
    [Wire("label.issued.v1")]
    public sealed record Issued(string Reference, IssuedLabel Label) : LabelSignal;

    /// <summary>The hand-off is over and no parcel left with the label.</summary>
    [Wire("label.not_needed.v1")]
    public sealed record NotNeeded(int Attempt, string Why) : LabelSignal;

    /// <summary>A parcel left with one of our labels on it.</summary>
    [Wire("label.parcel_left.v1")]
    public sealed record ParcelLeft(string ParcelId) : LabelSignal;

    /// <summary>What kept the vendor from selling the label is mended, or a person has picked another price: buy it once more.</summary>
    /// <param name="Attempt">The hand-off that is meant; null = the first whose label was refused.</param>
    /// <param name="Connection">Where it is bought; null = where the location buys its labels.</param>
    /// <param name="Service">That vendor's name of the service; null = as for any parcel of the order.</param>
    [Wire("label.again_asked.v1")]
    public sealed record AgainAsked(string By, int? Attempt = null, string? Connection = null, string? Service = null) : LabelSignal;

    /// <summary>Hand the order over without our label: whoever packs it sees to one.</summary>
    [Wire("label.skip_asked.v1")]
    public sealed record SkipAsked(string By) : LabelSignal;

    /// <summary>A purchase that was under way when it was called off: look again whether it can be stopped now. A timer's word.</summary>
    [Wire("label.call_off_due.v1")]
    public sealed record CallOffDue(int Attempt) : LabelSignal;
}
