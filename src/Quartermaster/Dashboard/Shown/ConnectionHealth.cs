using System.Text.Json.Serialization;
using Quartermaster.Runtime.ReadModels;

namespace Quartermaster.Dashboard.Shown;

/// <summary>Whether a connection works: the one answer that pages, the API, the command line and the doctor give.</summary>
/// <param name="State"><c>unused</c>, <c>working</c>, <c>failing</c>, or what its breaker says: <c>open</c>, <c>half-open</c>, <c>disconnected</c>.</param>
/// <param name="Why">The last error, while it does not work.</param>
/// <param name="ErrorAt">When that was.</param>
public sealed record ConnectionHealth(string State, string? Why = null, DateTimeOffset? ErrorAt = null)
{
    // One call that is lost now and then is repeated and costs nobody a look.
    private static readonly TimeSpan Hiccup = TimeSpan.FromMinutes(1);

    [JsonIgnore]
    public Badge Badge => Words.Connection(State);

    /// <summary>Calls of the lane and polls count alike; a poll that failed counts until a call after it succeeds.</summary>
    public static ConnectionHealth Of(LaneRow? lane, PollRow? poll, DateTimeOffset now)
    {
        var polling = poll is { Error: not null } && !(lane?.LastOkAt > poll.LastRunAt) ? poll : null;
        var calling = lane?.LastError is not null && !(lane.LastOkAt > lane.LastErrorAt) ? lane : null;
        // A poll says what it wanted; the bare call beneath it does not.
        var (why, at) = polling is not null ? (polling.Error, polling.LastRunAt) : (calling?.LastError, calling?.LastErrorAt);
        if (lane is { Breaker: not "closed" }) return new(lane.Breaker, why, at);
        if (polling is not null || lane is { FailingSince: { } since } && (lane.LastOkAt is null || now - since >= Hiccup)) return new("failing", why, at);
        return lane is null or { Calls: 0, LastOkAt: null, LastErrorAt: null } ? new("unused") : new("working", why, at);
    }
}
