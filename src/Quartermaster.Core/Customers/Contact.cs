using System.Text.Json.Serialization;

namespace Quartermaster.Core.Customers;

/// <summary>What one contact point said about being written to, what came back from it, and what it wrote that nobody has answered.</summary>
public sealed record Contact
{
    public static readonly Contact Unheard = new();

    public IReadOnlyList<Standing>? Standings { get; init; }

    /// <summary>What came in and waits for a person, oldest first.</summary>
    public IReadOnlyList<Heard>? Waiting { get; init; }

    /// <summary>The newest messages by their ids, so that one that comes again is known.</summary>
    public IReadOnlyList<string>? Known { get; init; }

    /// <summary>Ends of the keys of answers that one of us gave and that no channel has taken yet.</summary>
    public IReadOnlyList<string>? Given { get; init; }

    /// <summary>When they were last answered, by the hub or by one of us; null = never.</summary>
    public DateTimeOffset? AnsweredAt { get; init; }

    /// <summary>By which channel they want to be written to, and since when; null = they never said.</summary>
    public Preference? Prefers { get; init; }

    public Standing At(string channel)
    {
        foreach (var standing in Standings ?? [])
            if (standing.Channel == channel) return standing;
        return new(channel);
    }
}

/// <summary>How much may not be sent.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Extent>))]
public enum Extent
{
    /// <summary>Only what an order makes necessary.</summary>
    Marketing,

    /// <summary>Nothing may be sent by that channel.</summary>
    All,
}

/// <summary>Why somebody is not written to.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Cause>))]
public enum Cause
{
    /// <summary>They said so. Only they can take it back.</summary>
    OptOut,

    /// <summary>Nobody has that address.</summary>
    Bounce,

    /// <summary>They told their provider that it was spam.</summary>
    Complaint,

    /// <summary>One of us decided so.</summary>
    Person,
}

/// <summary>What somebody said of the channels.</summary>
/// <param name="Channel">Null = they do not mind any more.</param>
public sealed record Preference(string? Channel, DateTimeOffset At);

/// <summary>One reason not to write, and since when.</summary>
public sealed record No(Cause Cause, Extent What, string Why, DateTimeOffset At);

/// <summary>One text that came in.</summary>
/// <param name="MessageId">Tells it from every other.</param>
/// <param name="Answering">An answer to it is being sent, or was tried: the hub does so once.</param>
/// <param name="Subject">Of a mail.</param>
public sealed record Heard(string Channel, string Text, DateTimeOffset At, string? MessageId = null, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Answering = false, string? Subject = null);

/// <summary>What holds for one channel of a contact point.</summary>
/// <param name="Nos">Reasons that stand, one for each cause.</param>
/// <param name="YesAt">When they last said that they want to be written to; null = never.</param>
/// <param name="LiftedAt">When a person last set aside what came back: news from before that is old.</param>
/// <param name="TiredAt">When the channel last took no more advertising for them that day.</param>
/// <param name="HeardAt">When they last wrote by it.</param>
public sealed record Standing(string Channel, IReadOnlyList<No>? Nos = null, DateTimeOffset? YesAt = null, DateTimeOffset? LiftedAt = null, DateTimeOffset? TiredAt = null, DateTimeOffset? HeardAt = null)
{
    public No? Find(Cause cause)
    {
        foreach (var no in Nos ?? [])
            if (no.Cause == cause) return no;
        return null;
    }

    /// <summary>The reason that stops most, and of equal ones the oldest; null = they may be written to.</summary>
    [JsonIgnore]
    public No? Strongest
    {
        get
        {
            No? strongest = null;
            foreach (var no in Nos ?? [])
                if (strongest is null || no.What > strongest.What || (no.What == strongest.What && no.At < strongest.At)) strongest = no;
            return strongest;
        }
    }
}
