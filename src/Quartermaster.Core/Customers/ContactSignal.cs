using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Customers;

/// <summary>What is heard of a contact point. Sent to the stream <c>contact/email:…</c> or <c>contact/phone:+…</c>, see <see cref="ContactPoint"/>.</summary>
/// <remarks><c>Channel</c> is <c>email</c>, <c>whatsapp</c> or <c>sms</c>; <c>At</c> is the sender's time, by which what comes late is told from what is new.</remarks>
public abstract record ContactSignal : Signal
{
    private ContactSignal() { }

    /// <summary>They wrote to us.</summary>
    /// <param name="MessageId">The channel's id of it; null = it has none.</param>
    /// <param name="Subject">Of a mail; null = the channel has none.</param>
    [Wire("contact.wrote.v1")]
    public sealed record Wrote(string Channel, string Text, string? MessageId, DateTimeOffset At, string? Subject = null) : ContactSignal;

    /// <summary>The hub can answer what they asked, by itself: it knows whose order is meant, and where that is.</summary>
    /// <param name="MessageId">Of the newest text that it answers.</param>
    /// <param name="Order">What it is about: <c>order/5600000001</c>.</param>
    [Wire("contact.answer_found.v1")]
    public sealed record AnswerFound(string Channel, string? MessageId, string Order, string Text) : ContactSignal;

    /// <summary>One of us answers, in words of their own.</summary>
    /// <param name="Id">Of this one answer, so that it is sent once however often it is told.</param>
    /// <param name="Template">A text that the channel holds, whose one gap the words go into; null = none.</param>
    /// <param name="Language">Of that text.</param>
    /// <param name="Seen">When the newest was written that had been read by then: what came later still waits. Null = all that was heard.</param>
    [Wire("contact.answer_asked.v1")]
    public sealed record AnswerAsked(string Channel, string Text, string Id, string By, string? Template = null, string? Language = null, DateTimeOffset? Seen = null) : ContactSignal;

    /// <summary>A message came back.</summary>
    /// <param name="Hard">It always will; otherwise it may get through another time.</param>
    [Wire("contact.bounced.v1")]
    public sealed record Bounced(string Channel, bool Hard, string Why, DateTimeOffset At) : ContactSignal;

    /// <summary>They told their provider that what we sent is spam.</summary>
    [Wire("contact.complained.v1")]
    public sealed record Complained(string Channel, string Why, DateTimeOffset At) : ContactSignal;

    /// <summary>The channel takes no more that advertises for them today: they have had enough of it, from whomever.</summary>
    [Wire("contact.tired.v1")]
    public sealed record Tired(string Channel, string Why, DateTimeOffset At) : ContactSignal;

    /// <summary>They do not want to be written to.</summary>
    /// <param name="How">What they did, as it can be shown to somebody who asks for proof.</param>
    /// <param name="What">Null = what such a word stops on that channel: marketing by e-mail, everything on a phone.</param>
    [Wire("contact.opted_out.v1")]
    public sealed record OptedOut(string Channel, string How, DateTimeOffset At, Extent? What = null) : ContactSignal;

    /// <summary>They want to be written to, marketing included.</summary>
    [Wire("contact.opted_in.v1")]
    public sealed record OptedIn(string Channel, string How, DateTimeOffset At, bool Unsure = false) : ContactSignal;

    /// <summary>By which channel they want to hear from us, of those that reach them; theirs to say, or one of us wrote down what they said.</summary>
    /// <param name="Channel">Null = they do not mind any more.</param>
    /// <param name="How">Where they said it.</param>
    /// <param name="By">Who wrote it down; null = they themselves.</param>
    [Wire("contact.preference_told.v1")]
    public sealed record PreferenceTold(string? Channel, string How, DateTimeOffset At, string? By = null) : ContactSignal;

    /// <summary>A person decides that they are not written to.</summary>
    [Wire("contact.suppress_asked.v1")]
    public sealed record SuppressAsked(string Channel, Extent What, string Reason, string By) : ContactSignal;

    /// <summary>A person sets aside what came back, or what one of us decided. What they said themselves stands.</summary>
    [Wire("contact.lift_asked.v1")]
    public sealed record LiftAsked(string Channel, string Reason, string By) : ContactSignal;
}
