using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Dispatching;

/// <summary>Work that the end of a day asks of a carrier.</summary>
public abstract record DispatchEffect : Effect
{
    private DispatchEffect() { }

    /// <summary>Tell the carrier which parcels it gets: its manifest, its SCAN form, or a courier who fetches them. Success is told by <see cref="DispatchSignal.Closed"/>.</summary>
    /// <remarks>A refusal is an answer: the labels are free again, and a person closes the day anew when what stood in the way is mended.</remarks>
    [Wire("dispatch.close.v1")]
    [RefusalIsAnAnswer]
    public sealed record Close(DispatchList List) : DispatchEffect;
}

/// <summary>The labels that one carrier gets from one location.</summary>
/// <param name="Number">Of its stream: <c>BLR.20261122.1</c>.</param>
/// <param name="Reference">Names this list for good at the carrier.</param>
/// <param name="Day">Of the location's calendar.</param>
/// <param name="ReadyAt">From when on a courier may fetch them.</param>
public sealed record DispatchList(string Number, string Reference, string Connection, string Location, DateOnly Day, DateTimeOffset ReadyAt, PostalAddress From, IReadOnlyList<ListedLabel> Labels)
{
    /// <summary>As the carrier sees a list, in the room that the shortest of their fields has: one account may serve several brands.</summary>
    public static string ReferenceOf(string brand, string id) => $"{brand}.{id}" is { Length: <= Consignment.LongestReference } whole ? whole : EffectKey.Shortened($"{brand}.{id}", Consignment.LongestReference);

    public int Grams()
    {
        var grams = 0;
        foreach (var label in Labels) grams += label.Grams;
        return grams;
    }
}

/// <param name="Reference">Of the purchase.</param>
/// <param name="LabelId">The vendor's id of the label.</param>
/// <param name="Grams">What was declared.</param>
public sealed record ListedLabel(string Reference, string LabelId, string Tracking, string Service, int Grams);

/// <summary>A label that the carrier did not take on the list.</summary>
/// <param name="LabelId">As it was listed.</param>
public sealed record LeftOut(string LabelId, string Why);
