using System.Text.Json.Serialization;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Campaigns;

/// <summary>What became true of a customer's way through campaigns.</summary>
public abstract record RunEvent : Event
{
    private RunEvent() { }

    /// <param name="Of">What began it: an order, a checkout.</param>
    /// <param name="At">When that happened.</param>
    /// <param name="BegunAt">When it had begun, of something that goes on: a checkout.</param>
    [Wire("run.entered.v1")]
    public sealed record Entered(string Run, string Campaign, string Of, Recipient To, Topic About, DateTimeOffset At, DateTimeOffset DueAt,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool HeldOut = false, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Shadow = false, DateTimeOffset? BegunAt = null) : RunEvent;

    /// <summary>The checkout went on; it is left anew from then on.</summary>
    [Wire("run.refreshed.v1")]
    public sealed record Refreshed(string Run, Recipient To, Topic About, DateTimeOffset At, DateTimeOffset DueAt) : RunEvent;

    /// <summary>A message is on its way.</summary>
    /// <param name="By">Channels that may be used, by their kinds.</param>
    /// <param name="NextAt">When the next step is due; null = this was the last.</param>
    [Wire("run.step_sent.v1")]
    public sealed record StepSent(string Run, int Step, string Occasion, IReadOnlyList<string> By, DateTimeOffset At, DateTimeOffset? NextAt, Promise? Offer = null) : RunEvent;

    /// <summary>Nothing was said at this step.</summary>
    [Wire("run.step_passed.v1")]
    public sealed record StepPassed(string Run, int Step, Passing Why, DateTimeOffset At, DateTimeOffset? NextAt) : RunEvent;

    /// <summary>No channel took the message of a step.</summary>
    [Wire("run.step_lost.v1")]
    public sealed record StepLost(string Run, int Step, string Why) : RunEvent;

    [Wire("run.left.v1")]
    public sealed record Left(string Run, Leaving Why, DateTimeOffset At) : RunEvent;

    /// <summary>They bought soon after the first message, or after the moment at which they would have got it.</summary>
    [Wire("run.converted.v1")]
    public sealed record Converted(string Run, string OrderRef, Money Total, DateTimeOffset At) : RunEvent;

    /// <summary>That purchase was cancelled, or all of its money given back.</summary>
    [Wire("run.conversion_undone.v1")]
    public sealed record ConversionUndone(string Run, string OrderRef) : RunEvent;

    /// <summary>Of that purchase something was given back.</summary>
    /// <param name="Rest">What is left of its total.</param>
    [Wire("run.conversion_lessened.v1")]
    public sealed record ConversionLessened(string Run, string OrderRef, Money Rest) : RunEvent;

    /// <summary>They wrote a review.</summary>
    [Wire("run.review_written.v1")]
    public sealed record ReviewWritten(Review Review) : RunEvent;

    /// <summary>Their newest order.</summary>
    [Wire("run.ordered.v1")]
    public sealed record Ordered(DateTimeOffset At) : RunEvent;
}

/// <summary>What the messages of a run are about.</summary>
/// <param name="OrderRef">The order, where it is about one.</param>
public sealed record Topic(string? OrderRef, string? Number, IReadOnlyList<ItemFacts> Items, Money? Total, string? Link);

/// <summary>A code that was handed out.</summary>
public sealed record Promise(string Offer, string Code);

/// <summary>Why a step said nothing.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Passing>))]
public enum Passing
{
    /// <summary>They are left out on purpose.</summary>
    HeldOut,

    /// <summary>The step is not meant for them.</summary>
    NotMeant,

    /// <summary>By none of the channels that the step names they may be written to.</summary>
    NoChannel,

    /// <summary>They were sent as much as the brand sends.</summary>
    Cap,

    /// <summary>The hub could not look when it was time.</summary>
    TooLate,
}

/// <summary>Why a run ended.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Leaving>))]
public enum Leaving { Finished, Purchased, Returned, Cancelled, Reviewed, Unsubscribed, Complained, CaseOpen, NoConsent, NotMeant, SwitchedOff, NewerCheckout, BeganInShadow, Gone }
