using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Dispatching;

/// <summary>Signals to a dispatch. Its stream is <c>dispatch/BLR.20261122.1</c>.</summary>
public abstract record DispatchSignal : Signal
{
    private DispatchSignal() { }

    /// <summary>Somebody, or the clock, closes the day of a location with one carrier. The labels were claimed for it before, so that none is on two lists.</summary>
    [Wire("dispatch.asked.v1")]
    public sealed record Asked(DispatchList List, string By) : DispatchSignal;

    /// <summary>The carrier has the list; found in its answer, and in that of a look-up.</summary>
    /// <param name="RemoteId">The carrier's number of the manifest or of the courier's visit.</param>
    /// <param name="Document">Where its paper can be fetched: an address of the vendor's, or of one that the hub keeps; null = it gives none.</param>
    [Wire("dispatch.closed.v1")]
    public sealed record Closed(string? RemoteId, string? Document, IReadOnlyList<LeftOut> LeftOut) : DispatchSignal;
}
