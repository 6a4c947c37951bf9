namespace Quartermaster.Core.Kernel;

/// <summary>Something that arrived or fell due, in our own words; the only thing a decider reacts to.</summary>
/// <remarks>May come twice, late, before its predecessor or after the end. Saying it again changes nothing.</remarks>
public abstract record Signal;

/// <summary>A fact we now hold true: past tense, append-only.</summary>
public abstract record Event;

/// <summary>A question or a change that the database answers inside the same transaction.</summary>
public abstract record Request;

/// <summary>Work for the outside world; done after commit, by a connector, under a deterministic key.</summary>
public abstract record Effect;

/// <summary>An effect that was decided on, with the lane it waits in and the key that makes it happen once.</summary>
/// <param name="Key">Deterministic and unique within the brand, at most 100 characters; sent as idempotency key where the vendor has one.</param>
/// <param name="Connection">The connection whose lane does it.</param>
/// <param name="NotAfter">When set: past this instant the effect is dropped with that reason instead of done late.</param>
public sealed record PlannedEffect(string Key, string Connection, Effect Effect, DateTimeOffset? NotAfter = null);

/// <summary>A signal that the stream sends to itself at a later time. Setting the same key again moves it; <c>Signal = null</c> removes it.</summary>
public sealed record Timer(string Key, DateTimeOffset DueAt, Signal? Signal);

/// <summary>A signal for another stream, delivered in the same transaction.</summary>
public sealed record Forwarded(StreamId To, Signal Signal);

/// <summary>What a decider concluded from one signal. Pure data; the runtime carries it out in one transaction.</summary>
public sealed record Decision
{
    public static readonly Decision Nothing = new();

    public IReadOnlyList<Event> Events { get; init; } = [];
    public IReadOnlyList<Request> Requests { get; init; } = [];
    public IReadOnlyList<PlannedEffect> Effects { get; init; } = [];
    public IReadOnlyList<Timer> Timers { get; init; } = [];
    public IReadOnlyList<CaseChange> Cases { get; init; } = [];

    /// <summary>Why, in words an operator reads on the timeline.</summary>
    public string? Note { get; init; }

    /// <summary>The signal changes nothing, and this is why.</summary>
    public static Decision Ignore(string why) => new() { Note = why };

    public static Decision Of(params Event[] events) => new() { Events = events };

    public Decision Because(string why) => this with { Note = Note is null ? why : $"{Note} {why}" };

    public Decision Do(params PlannedEffect[] effects) => this with { Effects = [.. Effects, .. effects] };

    public Decision Ask(params Request[] requests) => this with { Requests = [.. Requests, .. requests] };

    public Decision At(params Timer[] timers) => this with { Timers = [.. Timers, .. timers] };

    /// <summary>Both, this one first.</summary>
    public Decision And(Decision other)
    {
        var both = new Decision
        {
            Events = [.. Events, .. other.Events],
            Requests = [.. Requests, .. other.Requests],
            Effects = [.. Effects, .. other.Effects],
            Timers = [.. Timers, .. other.Timers],
            Cases = [.. Cases, .. other.Cases],
            Note = Note,
        };
        return other.Note is null ? both : both.Because(other.Note);
    }

    public Decision Tell(params CaseChange[] cases) => this with { Cases = [.. Cases, .. cases] };
}

/// <summary>Something a person must look at appeared or went away.</summary>
/// <remarks>Cases are keyed within their stream: opening an open key refreshes it, closing a closed key does nothing.</remarks>
public abstract record CaseChange(string Key)
{
    /// <param name="Kind">Groups cases of one cause, e.g. <c>order.no_address</c>; the runbook page has the same name.</param>
    /// <param name="Title">One line that says what is wrong.</param>
    /// <param name="Detail">What a person needs to decide, in plain words.</param>
    public sealed record Opened(string Key, string Kind, string Title, string Detail) : CaseChange(Key);

    public sealed record Closed(string Key) : CaseChange(Key);
}

/// <summary>A person has dealt with a case that nothing the hub hears of would close. Any stream takes it; nothing else is done because of it.</summary>
[Wire("case.settled.v1")]
public sealed record CaseSettled(string Key, string Reason, string By) : Signal;

/// <summary>A value that a vendor sent and we do not know. Carried to a person as it is, never turned into a known one.</summary>
public readonly record struct Unmapped(string Raw)
{
    public override string ToString() => $"unmapped({Raw})";
}
