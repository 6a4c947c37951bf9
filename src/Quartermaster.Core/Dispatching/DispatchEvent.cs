using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Dispatching;

/// <summary>What became true of a dispatch.</summary>
public abstract record DispatchEvent : Event
{
    private DispatchEvent() { }

    [Wire("dispatch.begun.v1")]
    public sealed record Begun(DispatchList List, string By, DateTimeOffset At) : DispatchEvent;

    /// <param name="Told">By the carrier itself; otherwise only the outcome is known, which says nothing of single labels.</param>
    [Wire("dispatch.done.v1")]
    public sealed record Done(string? RemoteId, string? Document, IReadOnlyList<LeftOut> LeftOut, bool Told, DateTimeOffset At) : DispatchEvent;

    /// <summary>The carrier does not take the list; its labels are free for another.</summary>
    [Wire("dispatch.turned_down.v1")]
    public sealed record TurnedDown(string Code, string Why) : DispatchEvent;
}
