using System.Globalization;

namespace Quartermaster.Core.Rules;

/// <summary>One when/then rule of a brand.</summary>
/// <param name="Name">Unique within the brand; what people call it.</param>
/// <param name="Origin">Where it was written: <see cref="TheFile"/> or <see cref="TheDashboard"/>.</param>
public sealed record Rule(string Name, Condition When, Then Then, string Origin = Rule.TheFile)
{
    public const string TheFile = "file";
    public const string TheDashboard = "dashboard";
}

/// <summary>What follows when a rule applies. Of everything that decides (hold, approval, pool, service) the first rule wins; tags and notices add up.</summary>
public sealed record Then
{
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Why it is held; null = it is not.</summary>
    public HoldTerms? Hold { get; init; }

    /// <summary>The role that has to approve it; null = nobody.</summary>
    public string? Approve { get; init; }

    /// <summary>The pool of locations it has to leave from.</summary>
    public string? Pool { get; init; }

    /// <summary>The service it has to travel by.</summary>
    public string? Service { get; init; }

    /// <summary>What the operators are told.</summary>
    public string? Notify { get; init; }

    /// <summary>In words, one for each thing that follows.</summary>
    public IEnumerable<string> Words()
    {
        foreach (var tag in Tags) yield return $"tag {tag}";
        if (Hold is { } hold) yield return hold.ToString();
        if (Approve is { } role) yield return $"approval by {role}";
        if (Pool is { } pool) yield return $"from pool {pool}";
        if (Service is { } service) yield return $"by service {service}";
        if (Notify is { } text) yield return $"notify: {text}";
    }
}

/// <param name="Owner">The least role that may lift it.</param>
/// <param name="Lapses">After this time it ends by itself; null = never.</param>
public sealed record HoldTerms(string Reason, string Owner, TimeSpan? Lapses)
{
    public override string ToString() => $"hold: {Reason} ({Owner}{(Lapses is { } lapses ? $", for {Words(lapses)}" : "")})";

    private static string Words(TimeSpan time) => time.TotalHours >= 48 ? Count(time.TotalDays, "days") : time.TotalMinutes >= 120 ? Count(time.TotalHours, "hours") : Count(time.TotalMinutes, "minutes");

    private static string Count(double number, string what) => string.Create(CultureInfo.InvariantCulture, $"{number:0.#} {what}");
}
