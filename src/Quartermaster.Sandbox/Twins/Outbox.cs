namespace Quartermaster.Sandbox.Twins;

/// <summary>What "went out" through a message twin: the last two hundred, so that an operator can look at them.</summary>
internal sealed class Outbox(TimeProvider clock)
{
    private const int Kept = 200;

    private readonly Lock gate = new();
    private readonly LinkedList<Sent> sent = [];
    private readonly Dictionary<string, Sent> byKey = [];

    public int Count { get; private set; }

    /// <summary>Keeps a message once per key.</summary>
    /// <param name="key">What makes a repeat recognisable; empty when the sender gave nothing.</param>
    /// <returns>The message, and whether it had been there before.</returns>
    public (Sent Message, bool Repeated) Keep(string key, string to, string title, string text, string state)
    {
        lock (gate)
        {
            if (key.Length > 0 && byKey.TryGetValue(key, out var before)) return (before, true);
            var message = new Sent($"{++Count}", clock.GetUtcNow(), key, to, title, text) { State = state };
            sent.AddFirst(message);
            if (key.Length > 0) byKey[key] = message;
            if (sent.Count > Kept)
            {
                byKey.Remove(sent.Last!.Value.Key);
                sent.RemoveLast();
            }
            return (message, false);
        }
    }

    public IReadOnlyList<Sent> Newest()
    {
        lock (gate) return [.. sent];
    }
}

/// <summary>One message that a twin took.</summary>
/// <param name="Id">Running number within the twin.</param>
public sealed record Sent(string Id, DateTimeOffset At, string Key, string To, string Title, string Text)
{
    /// <summary>How far it got: <c>sent</c>, <c>delivered</c>, <c>read</c>, <c>failed</c>.</summary>
    public string State { get; set; } = "sent";
}
