using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Connections;

/// <summary>What became true of a connection.</summary>
public abstract record ConnectionEvent : Event
{
    private ConnectionEvent() { }

    [Wire("connection.cut.v1")]
    public sealed record Cut(string Connection, string Why, DateTimeOffset At) : ConnectionEvent;

    [Wire("connection.restored.v1")]
    public sealed record Restored(string Connection, string By, DateTimeOffset At) : ConnectionEvent;

    [Wire("connection.notice_kept.v1")]
    public sealed record NoticeKept(string Connection, string Code, string Text, bool Serious, DateTimeOffset At) : ConnectionEvent;
}
