using System.Text.Json.Serialization;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Campaigns;

/// <summary>One customer's way through all campaigns of a brand: those under way, and the newest that ended.</summary>
/// <remarks>A customer is known by one address, the e-mail address where there is one. What of theirs stands under other addresses is asked when a step is due.</remarks>
public sealed record Runs
{
    /// <summary>Kind of the stream.</summary>
    public const string Stream = "run";

    public static readonly Runs None = new();

    // What began longer ago than the oldest of them is too old to begin anything, so nothing enters twice.
    private const int Kept = 30;

    public Recipient? To { get; init; }

    public IReadOnlyList<Run>? All { get; init; }

    /// <summary>When they ordered last.</summary>
    public DateTimeOffset? OrderedAt { get; init; }

    /// <summary>What they wrote of what they bought, the newest last; at most <see cref="KeptReviews"/>.</summary>
    public IReadOnlyList<Review>? Reviews { get; init; }

    private const int KeptReviews = 30;

    internal Runs With(Review review) => this with { Reviews = [.. (Reviews ?? []).TakeLast(KeptReviews - 1), review] };

    public Run? Find(string id)
    {
        foreach (var run in All ?? [])
            if (run.Id == id) return run;
        return null;
    }

    /// <summary>When the next step is due; null = none is.</summary>
    [JsonIgnore]
    public DateTimeOffset? NextAt
    {
        get
        {
            DateTimeOffset? next = null;
            foreach (var run in All ?? [])
                if (run.DueAt is { } due && (next is null || due < next)) next = due;
            return next;
        }
    }

    internal Runs With(Run run)
    {
        List<Run> all = new((All?.Count ?? 0) + 1);
        var found = false;
        foreach (var one in All ?? [])
        {
            all.Add(one.Id == run.Id ? run : one);
            found |= one.Id == run.Id;
        }
        if (!found) all.Add(run);
        for (var i = 0; all.Count > Kept && i < all.Count;)
            if (all[i].IsUnderWay) i++;
            else all.RemoveAt(i);
        return this with { All = all };
    }
}

/// <summary>One way through one campaign.</summary>
/// <param name="Id">The campaign and what began it: <c>review/5600000000001</c>.</param>
/// <param name="EnteredAt">When what began it happened.</param>
/// <param name="DueAt">When the next step is due; null = it has ended.</param>
public sealed record Run(string Id, string Campaign, string Of, DateTimeOffset EnteredAt, DateTimeOffset? DueAt, Topic About)
{
    /// <summary>The step that is due next, from 0.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Step { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool HeldOut { get; init; }

    /// <summary>It began while nothing was sent.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Shadow { get; init; }

    /// <summary>When the first message went, or would have gone to somebody who is left out.</summary>
    public DateTimeOffset? FirstAt { get; init; }

    /// <summary>Steps whose message is on its way or there.</summary>
    public IReadOnlyList<int>? Sent { get; init; }

    /// <summary>Steps whose message no channel took.</summary>
    public IReadOnlyList<int>? Lost { get; init; }

    /// <summary>Channels that may be used for the newest step.</summary>
    public IReadOnlyList<string>? By { get; init; }

    public Promise? Offer { get; init; }
    public Leaving? Left { get; init; }
    public DateTimeOffset? LeftAt { get; init; }
    public Conversion? Bought { get; init; }

    /// <summary>When the checkout was begun that it is about.</summary>
    public DateTimeOffset? BegunAt { get; init; }

    /// <summary>Was it bought after what began this? A shop tells of a checkout's last change in the very second of the order, or after it.</summary>
    public bool IsBefore(DateTimeOffset ordered) => ordered > (BegunAt ?? EnteredAt);

    [JsonIgnore]
    public bool IsUnderWay => Left is null;

    /// <summary>May what a step has said already still be handed to a channel, or to the next one?</summary>
    /// <param name="left">Why it ended, as <see cref="Leaving"/> is written; null = it has not.</param>
    public static bool MayStillSay(Campaign campaign, string? left, bool bought) => left is null or nameof(Leaving.Finished) && !(bought && campaign.EndsOn(CampaignEnd.Purchase));

    public static string IdOf(string campaign, string of) => $"{campaign}/{of}";
}

/// <param name="Total">Net of what was given back since.</param>
/// <param name="Undone">The order was cancelled, or given back as a whole.</param>
public sealed record Conversion(string OrderRef, Money Total, DateTimeOffset At, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Undone = false);
