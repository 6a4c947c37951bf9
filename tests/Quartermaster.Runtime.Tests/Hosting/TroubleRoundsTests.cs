using Quartermaster.Core.Connecting;
using Quartermaster.Core.Messages;
using Quartermaster.Runtime.Intake;
using Quartermaster.Runtime.Tests.Machine;
using Shouldly;

namespace Quartermaster.Runtime.Tests.Hosting;

/// <summary>The team hears of what waits for it where it looks anyway, once for each cause.</summary>
public sealed class TroubleRoundsTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_cause_is_told_once_and_without_the_shoppers_data()
    {
        await using var test = await StartAsync("mail");
        test.Wms.Answer = _ => new Outcome.Refused("blocked", "Ada, ada@example.test, is blocked");
        await test.CountAsync("A", "AMS", 5);
        await test.PlaceAsync("1", ("A", 1));
        await test.UntilAsync("SELECT count(*) > 0 FROM open_case WHERE closed_at IS NULL", true);
        await test.QuietAsync();
        await test.Hub.LookForTroublesAsync(Cancel);
        await test.UntilAsync("SELECT count(*) FROM effect_log WHERE lane = 'mail' AND kind = 'message.alert.v1' AND outcome = 'done'", 1L);
        Alerts(test.Mail).ShouldHaveSingleItem().ShouldSatisfyAllConditions(a => a.Title.ShouldStartWith("Acme: "), a => a.Text.ShouldContain("1 × "), a => a.Text.ShouldNotContain("ada@example.test"), a => a.Link.ShouldBe("/failures"));

        await test.PlaceAsync("2", ("A", 1));
        await test.UntilAsync("SELECT count(DISTINCT stream) FROM open_case WHERE closed_at IS NULL", 2L);
        await test.QuietAsync();
        await test.Hub.LookForTroublesAsync(Cancel);
        await test.UntilAsync("SELECT count(*) FROM decision WHERE stream = 'trouble/all'", 2L);
        Alerts(test.Mail).Count.ShouldBe(1, "the same cause goes on: within the hour that is no news");

        await test.Hub.Intake.WriteAsync([new Arrival(TestHub.Brand, "order/9", true, "anything", "shop", "1", null, "strange"u8.ToArray(), DateTimeOffset.UtcNow)], Cancel);
        await test.UntilAsync("SELECT count(*) FROM parked", 1L);
        await test.Hub.LookForTroublesAsync(Cancel);
        await test.UntilAsync("SELECT count(*) FROM effect_log WHERE lane = 'mail' AND kind = 'message.alert.v1' AND outcome = 'done'", 2L);
        Alerts(test.Mail)[^1].Title.ShouldBe("Acme: signal set apart (fake.strange)");
    }

    [Fact]
    public async Task Nothing_is_said_while_nothing_waits_and_never_that_the_alerts_themselves_fail()
    {
        await using var test = await StartAsync("chat");
        test.Chat.Answer = work => work.Effect is MessageEffect.Alert ? new Outcome.Done("a") : new Outcome.Refused("no", "no such number");
        await test.Hub.LookForTroublesAsync(Cancel);
        await test.ScalarAsync("INSERT INTO effect(id, brand, stream, lane, kind, key, seq, state, token, attempts, planned_at, next_at, why, body) SELECT 1, 'acme', 'lane/x', 'chat', 'message.alert.v1', 'k', 1, 3, 0, 1, now(), now(), 'no', '{}'::bytea");
        await test.Hub.LookForTroublesAsync(Cancel);
        (await test.ScalarAsync("SELECT count(*) FROM signal WHERE stream = 'trouble/all'")).ShouldBe(0L);
    }

    private static async Task<TestHub> StartAsync(string alerts)
    {
        var test = await TestHub.NewAsync(Cancel);
        test.Change = plan => plan with { Brands = plan.Brands.ToDictionary(b => b.Key, b => b.Value with { Terms = b.Value.Terms with { Alerts = alerts } }) };
        await test.StartAsync();
        return test;
    }

    private static List<MessageEffect.Alert> Alerts(FakeConnector of) => [.. of.Calls.Select(c => c.Effect).OfType<MessageEffect.Alert>()];
}
