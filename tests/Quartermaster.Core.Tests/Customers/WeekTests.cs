using Quartermaster.Core.Customers;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;

namespace Quartermaster.Core.Tests.Customers;

public sealed class WeekTests
{
    private static readonly Situation There = Sample.At(Sample.Monday) with { Stream = new("aurora", "week", "customers"), Terms = Sample.Terms with { Alerts = "slack" } };

    [Fact]
    public void A_week_is_told_once_and_an_older_one_not_any_more()
    {
        var kind = new WeekStream();
        var told = kind.Decide(kind.Empty, new WeekSignal.Ended("2026-W09", ["3 called a message spam (email)"]), There);
        var alert = told.Effects.ShouldHaveSingleItem();
        alert.Connection.ShouldBe("slack");
        alert.Effect.ShouldBeOfType<MessageEffect.Alert>().Text.ShouldBe("3 called a message spam (email)");
        foreach (var week in (string[])["2026-W09", "2026-W08", "2025-W52"]) kind.Decide(told.State, new WeekSignal.Ended(week, ["x"]), There).Events.ShouldBeEmpty(week);
        kind.Decide(told.State, new WeekSignal.Ended("2026-W10", ["x"]), There).Effects.ShouldHaveSingleItem().Key.ShouldNotBe(alert.Key);
        kind.Decide(kind.Empty, new WeekSignal.Ended("2026-W09", ["x"]), There with { Terms = Sample.Terms with { Alerts = null } }).Effects.ShouldBeEmpty();
    }
}
