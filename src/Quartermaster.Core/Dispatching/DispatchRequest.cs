using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Dispatching;

/// <summary>What the database is told of labels and lists inside the deciding transaction. Not answered.</summary>
public abstract record DispatchRequest : Request
{
    private DispatchRequest() { }

    /// <summary>A label was bought where days are closed: the next list has it on, if its carrier takes lists.</summary>
    [Wire("dispatch.enlist.v1")]
    public sealed record Enlist(ListedLabel Label, string Connection, string Location) : DispatchRequest;

    /// <summary>A label is not wanted any more: no list takes it.</summary>
    [Wire("dispatch.strike.v1")]
    public sealed record Strike(string Reference) : DispatchRequest;

    /// <summary>A parcel left with the label.</summary>
    [Wire("dispatch.left.v1")]
    public sealed record Left(string Reference) : DispatchRequest;

    /// <summary>The table of dispatches shows this one so from now on.</summary>
    [Wire("dispatch.keep.v1")]
    public sealed record Keep(Dispatch Dispatch) : DispatchRequest;
}
