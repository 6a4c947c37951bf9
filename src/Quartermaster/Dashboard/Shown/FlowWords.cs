using System.Globalization;
using Quartermaster.Configuration;
using Quartermaster.Core.Campaigns;
using Quartermaster.Core.Kernel;
using Quartermaster.Runtime.ReadModels;

namespace Quartermaster.Dashboard.Shown;

/// <summary>Flows in words: what begins them, what each step says, and how they ended.</summary>
internal static class FlowWords
{
    public static string Begins(Campaign flow) => $"begins when {Beginning(CampaignSection.Word(flow.Trigger))}";

    /// <summary>What a word of the configuration lets a flow begin with.</summary>
    public static string Beginning(string word) => word switch
    {
        "delivered" => "an order is with its shopper",
        "purchased" => "an order is placed",
        "checkout" => "somebody leaves a checkout",
        "reorder" => "a customer usually buys again",
        "silent" => "nothing was bought for as long as the first step waits",
        _ => word,
    };

    /// <summary>What a word of the configuration lets a flow end with.</summary>
    public static string Ending(string word) => word switch
    {
        "purchase" => "they buy",
        "return" => "the order goes back",
        "review" => "they review it",
        "case" => "one of us has a case of theirs open",
        _ => word,
    };

    /// <summary>Who is known by an address alone.</summary>
    public static string Address(string stream) => stream[(stream.IndexOf(':', StringComparison.Ordinal) + 1)..];

    /// <summary>What a trial found, in a sentence or two.</summary>
    /// <param name="shown">Rows that are shown of those who would be in it.</param>
    public static string Trial(FlowTrial trial, int shown)
    {
        var begun = trial.Begun.Count(r => r.Gets is not null);
        return $"Of those in it now {Words.Count(trial.InIt.Rows.Count(r => r.Gets is not null), "would get something", "would get something")}, {trial.InIt.Rows.Count(r => r.Gets is null):N0} would not{(trial.InIt.Due > trial.InIt.Rows.Count ? $" (the next {trial.InIt.Rows.Count:N0} of {trial.InIt.Due:N0})" : "")}. "
            + (trial.Orders == 0 ? "No order tells who would be in it had it always been there." : $"Had it always been there, {begun:N0} more would get their first message and {trial.Begun.Count - begun:N0} would not, by {Words.Count(trial.Orders, "order")}{(trial.Begun.Count > shown ? $"; {shown:N0} are shown" : "")}.");
    }

    /// <summary><c>after 10 days: review request</c>.</summary>
    public static string Step(Campaign flow, int index)
    {
        var step = flow.Steps[index];
        var wait = step.Wait == TimeSpan.Zero ? "at once" : $"after {Long(step.Wait)}";
        return $"{wait}: {Words.Sentence(step.Occasion).ToLowerInvariant()}{(step.By is { } by ? $" by {string.Join(", else ", by)}" : "")}{(step.Offer is { } offer ? $", with the offer {offer}" : "")}{(step.Only is { } only ? $", only for {Audience(only)}" : "")}";
    }

    /// <summary>Whom it is meant for; null = for everybody.</summary>
    public static string? Audience(Campaign flow) => flow.Only == Core.Kernel.Audience.Everybody ? null : Audience(flow.Only);

    private static string Audience(Audience only) => string.Join(", ", new[]
    {
        only.OrdersFrom is { } from ? $"customers with {from} orders or more" : null, only.OrdersTo is { } to ? $"customers with {to} orders or fewer" : null,
        only.TotalFrom is { } total ? string.Create(CultureInfo.InvariantCulture, $"totals of {total:0.##} or more") : null, only.Countries is { } countries ? string.Join("/", countries) : null, only.Languages is { } languages ? $"readers of {string.Join("/", languages)}" : null,
    }.OfType<string>());

    public static string Ends(Campaign flow) => string.Join(", ", flow.Ends.Select(e => Ending(CampaignSection.Word(e))).Append("they unsubscribe or complain"));

    public static string HeldOut(Campaign flow) => flow.HoldOut == 0m ? "Nobody is left out." : string.Create(CultureInfo.InvariantCulture, $"{100m * flow.HoldOut:0.#} of 100 people are left out, to compare the others with.");

    public static string Bought(Group group) => group.Rate is { } rate ? string.Create(CultureInfo.InvariantCulture, $"{100m * rate:0.#} % of {group.People:N0}") : "–";

    public static string Each(Group group, string currency) => group.RevenueEach is { } each ? MoneyText.Of(decimal.Round(each, 2), currency) : "–";

    /// <summary>What writing did, or why nobody can tell.</summary>
    public static string Lift(CampaignFigures figures)
    {
        if (figures.Uplift is not { } lift) return figures.HeldOut.People == 0 && figures.Written.People >= Uplift.Fewest ? "nobody was left out" : $"too few yet: it takes {Uplift.Fewest} people in each group";
        return string.Create(CultureInfo.InvariantCulture, $"{lift.Points:+0.#;−0.#;0} points ({lift.Low:+0.#;−0.#;0} to {lift.High:+0.#;−0.#;0}){(lift.IsClear ? "" : ", which may be chance")}");
    }

    /// <summary>Why a run ended, by the name of a <see cref="Core.Campaigns.Leaving"/>.</summary>
    public static string Leaving(string why) => why switch
    {
        nameof(Core.Campaigns.Leaving.Finished) => "went all the way",
        nameof(Core.Campaigns.Leaving.Purchased) => "bought",
        nameof(Core.Campaigns.Leaving.Returned) => "the order went back",
        nameof(Core.Campaigns.Leaving.Cancelled) => "the order was cancelled",
        nameof(Core.Campaigns.Leaving.Reviewed) => "wrote the review",
        nameof(Core.Campaigns.Leaving.Unsubscribed) => "unsubscribed",
        nameof(Core.Campaigns.Leaving.Complained) => "complained",
        nameof(Core.Campaigns.Leaving.CaseOpen) => "one of us has a case of theirs open",
        nameof(Core.Campaigns.Leaving.NoConsent) => "may not be written to by any channel",
        nameof(Core.Campaigns.Leaving.NotMeant) => "it is not meant for them",
        nameof(Core.Campaigns.Leaving.SwitchedOff) => "the flow was off",
        nameof(Core.Campaigns.Leaving.NewerCheckout) => "began another checkout",
        nameof(Core.Campaigns.Leaving.BeganInShadow) => "it began in shadow",
        _ => "the flow is not there any more, or their data was erased",
    };

    /// <summary>Why a step would say nothing.</summary>
    public static string Why(string why) => why switch
    {
        nameof(Passing.HeldOut) => "left out on purpose",
        nameof(Passing.NoChannel) => "by none of the step's channels may they be written to",
        nameof(Passing.Cap) => "they were sent as much as the brand sends",
        nameof(Passing.TooLate) => "it is too late for it",
        _ => Leaving(why),
    };

    public static Told Tell(RunEvent happened) => happened switch
    {
        RunEvent.Entered e => new("route", "azure", $"Entered the flow {e.Campaign}", e.HeldOut ? "left out on purpose, to compare the others with" : null),
        RunEvent.Refreshed e => new("basket", "secondary", "The checkout went on", e.Run),
        RunEvent.StepSent e => new("send", "green", $"Said: {Words.Lower(e.Occasion)}", e.Offer is { } offer ? $"{e.Run}, with the code {offer.Code}" : e.Run),
        RunEvent.StepPassed e => new("eye-off", "secondary", $"Nothing was said: {Why(e.Why.ToString())}", e.Run),
        RunEvent.StepLost e => new("alert-circle", "orange", $"No channel took the message: {e.Why}", e.Run),
        RunEvent.Left e => new("flag", "secondary", $"The flow ended: {Leaving(e.Why.ToString())}", e.Run),
        RunEvent.Converted e => new("basket", "green", $"Bought for {MoneyText.Of(e.Total.Amount, e.Total.Currency)}", e.Run),
        RunEvent.ConversionUndone e => new("x", "orange", "That order was cancelled or given back, and does not count for the flow", e.Run),
        RunEvent.ConversionLessened e => new("coins", "orange", $"Something of that order was given back: {MoneyText.Of(e.Rest.Amount, e.Rest.Currency)} of it count for the flow", e.Run),
        RunEvent.ReviewWritten e => new("message", "green", $"They wrote a review: {e.Review.Stars}", e.Review.Source),
        RunEvent.Ordered => new("basket", "secondary", "An order was placed"),
        _ => throw new System.Diagnostics.UnreachableException(happened.GetType().Name),
    };

    public static string Long(TimeSpan time) => time switch
    {
        { TotalDays: >= 2 } when time.Ticks % TimeSpan.TicksPerDay == 0 => $"{time.Days} days",
        { TotalDays: 1 } => "a day",
        { TotalHours: 1 } => "an hour",
        { Ticks: var ticks } when ticks % TimeSpan.TicksPerHour == 0 => $"{(int)time.TotalHours} hours",
        _ => $"{(int)time.TotalMinutes} minutes",
    };
}
