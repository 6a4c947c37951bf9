using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.Tests;

/// <summary>Outcomes as words in a test's table: <c>Done wamid.A</c>, <c>Refused 131026</c>, <c>TryLater</c>.</summary>
internal static class OutcomeNames
{
    public static void ShouldBeNamed(this Outcome outcome, string expected) => Name(outcome).ShouldBe(expected, outcome.ToString());

    private static string Name(Outcome outcome) => outcome switch
    {
        Outcome.Done done => $"Done {done.RemoteId}",
        Outcome.Refused refused => $"Refused {refused.Code}",
        _ => outcome.GetType().Name,
    };
}
