using Quartermaster.Core.Connecting;
using Quartermaster.Runtime.Lanes;
using Quartermaster.Runtime.Tests.Machine;
using Shouldly;

namespace Quartermaster.Runtime.Tests.Lanes;

/// <summary>After an outage a lane comes back by itself, whatever the first call brings.</summary>
public sealed class BreakerTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    public static TheoryData<string> Ends => ["done", "already_done", "refused", "try_later", "try_later_after", "unsure", "not_now", "throws"];

    [Theory]
    [MemberData(nameof(Ends))]
    [InlineData("not_begun")]
    public async Task Whatever_comes_of_the_probe_the_lane_goes_on(string first)
    {
        await using var test = await TestHub.NewAsync(Cancel);
        await OpenBreakerAsync(test, RepeatSafety.ByKey);
        var probed = 0;
        var notBegun = first == "not_begun";
        test.Wms.NotNow = _ => notBegun && Interlocked.Increment(ref probed) == 1;
        test.Wms.Answer = _ => Interlocked.Increment(ref probed) > 1 ? new Outcome.Done("w") : First(first);
        await ShouldGoOnAsync(test, refused: first == "refused" ? 1 : 0);
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task Whatever_comes_of_a_look_up_as_the_probe_the_lane_goes_on(string first)
    {
        await using var test = await TestHub.NewAsync(Cancel);
        await OpenBreakerAsync(test, RepeatSafety.ByLookUp);
        test.Wms.Answer = _ => new Outcome.Done("w");
        var probed = 0;
        test.Wms.LookUpAnswer = _ => Interlocked.Increment(ref probed) > 1 ? new Outcome.TryLater("not there") : First(first);
        await ShouldGoOnAsync(test, refused: first == "refused" ? 1 : 0);
    }

    [Fact]
    public void A_probe_is_let_through_alone_and_no_work_is_fetched_meanwhile()
    {
        var clock = new SetClock();
        var breaker = new Breaker(clock);
        breaker.Failed(7);
        breaker.State.ShouldBe("closed");
        breaker.Failed(1);
        breaker.State.ShouldBe("open");
        breaker.Rests.ShouldBeTrue();
        clock.Now += TimeSpan.FromSeconds(3);
        breaker.Rests.ShouldBeFalse();
        breaker.Lets(out _, out var probe).ShouldBeTrue();
        probe.ShouldBeTrue();
        breaker.Rests.ShouldBeTrue();
        breaker.Lets(out _, out _).ShouldBeFalse();
        breaker.NotUsed();
        breaker.Lets(out _, out _).ShouldBeTrue();
        breaker.Answered();
        breaker.State.ShouldBe("closed");
    }

    [Fact]
    public void One_effect_that_was_answered_proves_the_system_alive_whatever_became_of_its_neighbours()
    {
        Result Of(Outcome outcome) => new(outcome, Exchange.None);
        Verdicts.Of([Of(new Outcome.TryLater("another was refused")), Of(new Outcome.Refused("400", "bad")), Of(new Outcome.TryLater("another was refused"))], lookUp: false).ShouldBe(Verdict.Answered);
        Verdicts.Of([Of(new Outcome.TryLater("no connection")), Of(new Outcome.Unsure("reset"))], lookUp: false).ShouldBe(Verdict.Failed);
        Verdicts.Of([Of(new Outcome.TryLater("pace", TimeSpan.FromSeconds(1)))], lookUp: false).ShouldBe(Verdict.Answered);
        Verdicts.Of([Result.NotNow("switch", TimeSpan.Zero), Of(new Outcome.Unsure("reset"))], lookUp: false).ShouldBe(Verdict.Failed);
        Verdicts.Of([Result.NotNow("switch", TimeSpan.Zero)], lookUp: false).ShouldBe(Verdict.None);
        Verdicts.Of([Of(new Outcome.TryLater("not there"))], lookUp: true).ShouldBe(Verdict.None);
        Verdicts.Of([Of(new Outcome.Unsure("timeout"))], lookUp: true).ShouldBe(Verdict.Failed);
        Verdicts.Of([Of(new Outcome.Done()), Of(new Outcome.NotConnected("401"))], lookUp: false).ShouldBe(Verdict.Disconnected);
    }

    private static async Task OpenBreakerAsync(TestHub test, RepeatSafety safety)
    {
        test.Wms.Safety = safety;
        test.Wms.Limits = new(Batch: 8, Concurrency: 1);
        test.Wms.Answer = _ => new Outcome.Unsure("answered 500");
        test.Wms.LookUpAnswer = _ => new Outcome.Unsure("answered 500");
        await test.StartAsync();
        await test.CountAsync("A", "AMS", 1000);
        await test.UntilAsync("SELECT on_hand FROM position", 1000);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => test.PlaceAsync("o" + i, ("A", 1))));
        await test.UntilAsync("SELECT breaker FROM lane WHERE connection = 'wms'", "open");
    }

    private static async Task ShouldGoOnAsync(TestHub test, int refused)
    {
        await test.UntilAsync("SELECT count(*) FROM effect WHERE lane = 'wms' AND state < 3", 0L, 25);
        (await test.ScalarAsync("SELECT count(*) FROM effect_log WHERE lane = 'wms' AND outcome IN ('done', 'already_done')")).ShouldBe(8L - refused);
    }

    private static Outcome First(string name) => name switch
    {
        "done" => new Outcome.Done("w"),
        "already_done" => new Outcome.AlreadyDone("w"),
        "refused" => new Outcome.Refused("no", "no"),
        "try_later" => new Outcome.TryLater("later"),
        "try_later_after" => new Outcome.TryLater("slower", TimeSpan.FromMilliseconds(20)),
        "unsure" => new Outcome.Unsure("timeout"),
        "not_now" => throw new NotNowException("budget", TimeSpan.FromMilliseconds(20)),
        _ => throw new InvalidOperationException("a bug in the connector"),
    };

    private sealed class SetClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
