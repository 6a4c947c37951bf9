using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Messages;

/// <summary>What was said.</summary>
public abstract record MessageEvent : Event
{
    private MessageEvent() { }

    [Wire("message.planned.v1")]
    public sealed record Planned(Occasion Occasion, string Subject, string Channel) : MessageEvent;

    /// <summary>The first channel could not reach the shopper; the next one is tried.</summary>
    [Wire("message.fell_back.v1")]
    public sealed record FellBack(Occasion Occasion, string Subject, string From, string Why) : MessageEvent;

    /// <summary>No channel could reach the shopper.</summary>
    [Wire("message.unreachable.v1")]
    public sealed record Unreachable(Occasion Occasion, string Subject, string Why) : MessageEvent;
}
