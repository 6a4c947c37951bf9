using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Customers;

/// <summary>The last week that a brand's operators were told of.</summary>
/// <param name="Week">ISO 8601: <c>2026-W47</c>, which sorts; null = none yet.</param>
public sealed record WeekReport(string? Week = null)
{
    public static readonly WeekReport None = new();
}

/// <summary>What is heard of a brand's weeks.</summary>
public abstract record WeekSignal : Signal
{
    private WeekSignal() { }

    /// <summary>A week of writing to customers is over.</summary>
    /// <param name="Lines">What a brand has to answer for, counted, in words.</param>
    [Wire("customers.week_ended.v1")]
    public sealed record Ended(string Week, IReadOnlyList<string> Lines) : WeekSignal;
}

/// <summary>What became true of a brand's weeks.</summary>
public abstract record WeekEvent : Event
{
    private WeekEvent() { }

    [Wire("customers.week_reported.v1")]
    public sealed record Reported(string Week, IReadOnlyList<string> Lines) : WeekEvent;
}

/// <summary>Decides whether a week is told: each once, and none after a later one.</summary>
public static class WeekDecider
{
    public static Decision Decide(WeekReport state, WeekSignal.Ended ended) => string.CompareOrdinal(ended.Week, state.Week) <= 0
        ? Decision.Ignore("That week has been told.")
        : Decision.Of(new WeekEvent.Reported(ended.Week, ended.Lines));

    public static WeekReport Evolve(WeekReport state, WeekEvent e) => e switch
    {
        WeekEvent.Reported reported => new(reported.Week),
        _ => throw new System.Diagnostics.UnreachableException(e.GetType().Name),
    };
}
