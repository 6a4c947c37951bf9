using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Labels;

/// <summary>Work that labels ask of a carrier, or of a broker in front of many.</summary>
public abstract record LabelEffect : Effect
{
    private LabelEffect() { }

    /// <summary>Buy one label. Success is told by <see cref="LabelSignal.Issued"/>, which every connector that sells labels finds in the answer, and in that of a look-up.</summary>
    [Wire("label.buy.v1")]
    [ReportsOnlyTrouble]
    public sealed record Buy(Consignment Parcel) : LabelEffect;

    /// <summary>Take a label back that no parcel left with. Done = it is void, or there is none under this reference; Refused = it has to be paid.</summary>
    /// <param name="LabelId">The vendor's id; null when nobody knows whether the purchase arrived, so that it is looked up by reference.</param>
    [Wire("label.void.v1")]
    public sealed record Void(string Reference, string? LabelId) : LabelEffect;
}
