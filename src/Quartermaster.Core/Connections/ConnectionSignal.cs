using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Connections;

/// <summary>What a remote system tells about the connection itself. Sent to the stream <c>connection/{key}</c>.</summary>
public abstract record ConnectionSignal : Signal
{
    private ConnectionSignal() { }

    /// <summary>The other side cut it: app uninstalled, key revoked. Nothing works until a person mends it.</summary>
    [Wire("connection.disconnected.v1")]
    public sealed record Disconnected(string Connection, string Why, DateTimeOffset At) : ConnectionSignal;

    /// <summary>It works again.</summary>
    [Wire("connection.mended.v1")]
    public sealed record Mended(string Connection, string By, DateTimeOffset At) : ConnectionSignal;

    /// <summary>The vendor tells us something to know: a template was rejected, a quality rating fell, a subscription had gone.</summary>
    /// <param name="Code">The vendor's code or topic; notices of one code are one case.</param>
    /// <param name="Serious">A person has to act; otherwise it is only kept.</param>
    [Wire("connection.noticed.v1")]
    public sealed record Noticed(string Connection, string Code, string Text, bool Serious, DateTimeOffset At) : ConnectionSignal;
}
