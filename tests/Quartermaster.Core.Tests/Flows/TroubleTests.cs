using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;
using Quartermaster.Core.Troubles;

namespace Quartermaster.Core.Tests.Flows;

public sealed class TroubleTests
{
    private static readonly DateTimeOffset Noon = Sample.Monday.AddHours(12);
    private readonly TroubleStream _kind = new();

    [Fact]
    public void A_new_cause_is_told_at_once_and_one_that_goes_on_each_hour_while_more_comes()
    {
        var state = _kind.Empty;
        Tell(ref state, Noon, Group("a", 3, Noon)).ShouldBe("3 × words of a");
        Tell(ref state, Noon.AddMinutes(5), Group("a", 9, Noon.AddMinutes(5))).ShouldBeNull();
        Tell(ref state, Noon.AddMinutes(6), Group("a", 9, Noon.AddMinutes(5)), Group("b", 1, Noon.AddMinutes(6))).ShouldBe("1 × words of b\nOne cause that was told before is open still.");
        Tell(ref state, Noon.AddMinutes(61), Group("a", 9, Noon.AddMinutes(5)), Group("b", 1, Noon.AddMinutes(6))).ShouldBe("9 × words of a\nOne cause that was told before is open still.");
        Tell(ref state, Noon.AddMinutes(200), Group("a", 9, Noon.AddMinutes(5))).ShouldBeNull("nothing came since");
        Tell(ref state, Noon.AddDays(2), Group("a", 9, Noon.AddMinutes(5)), Group("c", 1, Noon.AddDays(2))).ShouldNotBeNull();
    }

    [Fact]
    public void Many_causes_are_one_alert()
    {
        var state = _kind.Empty;
        var text = Tell(ref state, Noon, [.. Enumerable.Range(0, 14).Select(i => Group($"c{i}", 1, Noon))]);
        text!.Split('\n').Length.ShouldBe(11);
        text.ShouldEndWith("and 4 more causes");
    }

    private static TroubleGroup Group(string cause, int count, DateTimeOffset newest) => new(cause, $"words of {cause}", count, newest);

    private string? Tell(ref object state, DateTimeOffset now, params TroubleGroup[] groups)
    {
        var turn = _kind.Decide(state, new TroubleSignal.Seen(groups), new Situation(TroubleNotice.Of("aurora"), now, Sample.Terms with { Alerts = "ops" }));
        state = _kind.Load(_kind.Save(turn.State));
        return turn.Effects.Select(e => ((MessageEffect.Alert)e.Effect).Text).SingleOrDefault();
    }
}
