using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Customers;

/// <summary>What became true of a contact point.</summary>
public abstract record ContactEvent : Event
{
    private ContactEvent() { }

    /// <summary>They wrote something that is no word about being written to; somebody has to read it.</summary>
    [Wire("contact.heard.v1")]
    public sealed record Heard(string Channel, string Text, string? MessageId, DateTimeOffset At, string? Subject = null) : ContactEvent;

    /// <summary>A person has dealt with what they wrote by that channel.</summary>
    [Wire("contact.answered.v1")]
    public sealed record Answered(string Channel, string By) : ContactEvent;

    /// <summary>The hub answers what they asked; until the answer has arrived a person may as well.</summary>
    [Wire("contact.answer_planned.v1")]
    public sealed record AnswerPlanned(string Channel, string? MessageId, string Order, string Text, DateTimeOffset At) : ContactEvent;

    /// <summary>One of us answers; until the channel has taken it the case stays open.</summary>
    /// <param name="NotAfter">The channel takes it no longer, or nobody waits for it any more.</param>
    [Wire("contact.answer_given.v1")]
    public sealed record AnswerGiven(string Channel, string Text, string Id, string By, DateTimeOffset At, DateTimeOffset NotAfter, string? Template = null, string? Language = null, DateTimeOffset? Seen = null) : ContactEvent;

    /// <summary>An answer was taken by the channel.</summary>
    /// <param name="Answer">The end of its key, where one of us gave it.</param>
    [Wire("contact.answer_sent.v1")]
    public sealed record AnswerSent(string Channel, string? Answer = null) : ContactEvent;

    /// <summary>An answer did not get through: a person answers.</summary>
    /// <param name="Answer">Which one: the end of its key.</param>
    [Wire("contact.answer_failed.v1")]
    public sealed record AnswerFailed(string Channel, string Answer, string Why) : ContactEvent;

    /// <summary>From now on nothing of that sort is sent there, for one more reason than before.</summary>
    [Wire("contact.closed.v1")]
    public sealed record Closed(string Channel, Cause Cause, Extent What, string Why, DateTimeOffset At, string? By = null) : ContactEvent;

    /// <summary>Nothing that advertises goes to them by that channel before their next day.</summary>
    [Wire("contact.rests.v1")]
    public sealed record Rests(string Channel, string Why, DateTimeOffset At) : ContactEvent;

    /// <summary>They said that they want to be written to: consent, with how it was given.</summary>
    [Wire("contact.consented.v1")]
    public sealed record Consented(string Channel, string How, DateTimeOffset At) : ContactEvent;

    /// <summary>A person set aside what came back, or what one of us had decided.</summary>
    [Wire("contact.lifted.v1")]
    public sealed record Lifted(string Channel, string Reason, DateTimeOffset At, string By) : ContactEvent;

    /// <summary>They want to be written to by that channel where it reaches them; null = they do not mind any more.</summary>
    [Wire("contact.preferred.v1")]
    public sealed record Preferred(string? Channel, string How, DateTimeOffset At, string? By = null) : ContactEvent;
}
