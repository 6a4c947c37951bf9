using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Rules;
using Quartermaster.Runtime.Editions;
using Quartermaster.Runtime.ReadModels;
using Quartermaster.Runtime.Tests.Machine;
using Shouldly;

namespace Quartermaster.Runtime.Tests.Editions;

/// <summary>A lead writes a rule, or a flow, in the dashboard while orders come in.</summary>
public sealed class EditionShelfTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    private static RuleBook HoldFrom(decimal total) => new([new($"From {total:0}", new Condition.Number(RuleField.Find("total")!, NumberTest.AtLeast, total), new() { Hold = new("Call first", "lead", null) })]);

    private static async Task<TestHub> BeginAsync()
    {
        var test = await TestHub.NewAsync(Cancel);
        test.Change = plan => plan with { ReadRules = (_, _, text) => HoldFrom(decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture)).Rules };
        await test.StartAsync();
        await test.CountAsync("A", "AMS", 500);
        await test.UntilAsync("SELECT on_hand FROM position", 500);
        return test;
    }

    [Fact]
    public async Task A_rule_that_was_saved_holds_the_next_order_counts_it_and_lets_it_go_when_it_is_lifted()
    {
        await using var test = await BeginAsync();
        await test.PlaceAsync("1", ("A", 9));
        await test.UntilAsync("SELECT status FROM stream WHERE stream = 'order/1'", "submitted");
        (await new EditionDesk(test.Hub.Database, TimeProvider.System).SaveAsync(TestHub.Brand, Edition.Rules, "50", "big orders are called", 0, "lea", Cancel)).ShouldBe(1);
        await Should.ThrowAsync<InvalidOperationException>(() => new EditionDesk(test.Hub.Database, TimeProvider.System).SaveAsync(TestHub.Brand, Edition.Rules, "60", "I saw none", 0, "ann", Cancel));
        await test.UntilAsync("SELECT count(*) FROM edition WHERE from_at < now() - interval '1 second'", 1L);

        await test.PlaceAsync("2", ("A", 9));
        await test.PlaceAsync("3", ("A", 1));
        await test.UntilAsync("SELECT status FROM stream WHERE stream = 'order/3'", "submitted");
        await test.UntilAsync("SELECT status FROM stream WHERE stream = 'order/2'", "held");
        (await test.ScalarAsync("SELECT kind || ': ' || title FROM open_case WHERE stream = 'order/2'")).ShouldBe("order.held_by_rule: Call first");
        (await new RuleReads(test.Hub.Database.General).MatchesAsync(TestHub.Brand, DateOnly.FromDateTime(DateTime.UtcNow).AddDays(-1), Cancel)).ShouldBe(new Dictionary<string, long> { ["From 50"] = 1 });

        await test.SendAsync(TestHub.Order("2"), new OrderSignal.HoldLiftAsked(HoldKind.ByRule, "lea", "From 50"));
        await test.UntilAsync("SELECT status FROM stream WHERE stream = 'order/2'", "submitted");
        (await test.ScalarAsync("SELECT status FROM stream WHERE stream = 'order/1'")).ShouldBe("submitted", "an order from before the rule is left alone");
        (await test.ScalarAsync("SELECT detail FROM audit WHERE action = 'rules.save'")).ShouldBe("big orders are called");
    }

    [Fact]
    public async Task All_processes_turn_to_an_edition_at_one_moment()
    {
        await using var test = await BeginAsync();
        var second = await test.StartAsync();
        await new EditionDesk(test.Hub.Database, TimeProvider.System).SaveAsync(TestHub.Brand, Edition.Rules, "50", "x", 0, "lea", Cancel);
        var from = new DateTimeOffset((DateTime)(await test.ScalarAsync("SELECT from_at FROM edition"))!, TimeSpan.Zero);
        for (var i = 0; i < 200 && new[] { test.Hub, second }.Any(h => h.Switches.Editions.TermsOf(TestHub.Brand, from)!.Rules is null); i++) await Task.Delay(20, Cancel);
        foreach (var hub in new[] { test.Hub, second })
        {
            hub.Switches.Editions.TermsOf(TestHub.Brand, from)!.Rules.ShouldNotBeNull("it was read before its time");
            hub.Switches.Editions.TermsOf(TestHub.Brand, from.AddMilliseconds(-1))!.Rules.ShouldBeNull();
        }
    }

    [Fact]
    public async Task An_edition_that_cannot_be_read_leaves_the_one_before_in_force_and_says_so()
    {
        await using var test = await BeginAsync();
        var desk = new EditionDesk(test.Hub.Database, TimeProvider.System);
        await desk.SaveAsync(TestHub.Brand, Edition.Rules, "50", "good", 0, "lea", Cancel);
        await desk.SaveAsync(TestHub.Brand, Edition.Rules, "not a number", "its pool has gone since", 1, "lea", Cancel);
        await test.UntilAsync("SELECT count(*) FROM open_case WHERE kind = 'rules.not_in_force' AND closed_at IS NULL", 1L);
        test.Hub.Switches.Editions.TermsOf(TestHub.Brand, DateTimeOffset.UtcNow.AddSeconds(10))!.Rules!(RuleView.Of(new() { Facts = TestHub.Facts("9", ("A", 9)) })).Hold!.Rule.ShouldBe("From 50");

        await desk.SaveAsync(TestHub.Brand, Edition.Rules, "70", "mended", 2, "lea", Cancel);
        await test.UntilAsync("SELECT count(*) FROM open_case WHERE kind = 'rules.not_in_force' AND closed_at IS NULL", 0L);
    }

    [Fact]
    public async Task A_flow_of_the_dashboard_is_followed_changed_and_taken_out_again()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        test.Change = plan => plan with { ReadFlow = (_, _, id, text) => text == "bad" ? throw new InvalidOperationException("its offer is gone") : new(id, text, CampaignTrigger.Purchased, [new(TimeSpan.FromDays(1), "thank_you")]) };
        await test.StartAsync();
        var desk = new EditionDesk(test.Hub.Database, TimeProvider.System);
        CampaignTerms? Flows() => test.Hub.Switches.Editions.TermsOf(TestHub.Brand, DateTimeOffset.UtcNow.AddSeconds(10))!.Campaigns;
        Flows().ShouldBeNull();
        await desk.SaveAsync(TestHub.Brand, Edition.OfFlow("hello"), "Hello", "the first", 0, "lea", Cancel);
        await desk.SaveAsync(TestHub.Brand, Edition.OfFlow("again"), "Again", "another", 0, "lea", Cancel);
        for (var i = 0; i < 200 && Flows()?.All.Count != 2; i++) await Task.Delay(20, Cancel);
        Flows()!.All.Select(c => c.Title).ShouldBe(["Again", "Hello"], ignoreOrder: true);
        await test.UntilAsync("SELECT count(*) FROM edition WHERE from_at < now() - interval '1 second'", 2L);
        await test.SendAsync(TestHub.Order("1"), new OrderSignal.Reported(TestHub.Facts("1", ("A", 1)) with { PlacedAt = DateTimeOffset.UtcNow, UpdatedAt = DateTimeOffset.UtcNow }, "orders/create"));
        await test.UntilAsync("SELECT string_agg(campaign, ' ' ORDER BY campaign) FROM run", "again hello");

        await desk.SaveAsync(TestHub.Brand, Edition.OfFlow("hello"), "bad", "its offer goes from the file", 1, "lea", Cancel);
        await test.UntilAsync("SELECT count(*) FROM open_case WHERE kind = 'flows.not_in_force' AND key = 'hello' AND closed_at IS NULL", 1L);
        Flows()!.Find("hello")!.Title.ShouldBe("Hello", "the one before stays in force");
        await desk.SaveAsync(TestHub.Brand, Edition.OfFlow("hello"), "", "not needed", 2, "lea", Cancel);
        await desk.SaveAsync(TestHub.Brand, Edition.OfFlow("again"), "", "not needed", 1, "lea", Cancel);
        await test.UntilAsync("SELECT count(*) FROM open_case WHERE kind = 'flows.not_in_force' AND closed_at IS NULL", 0L);
        for (var i = 0; i < 200 && Flows() is not null; i++) await Task.Delay(20, Cancel);
        Flows().ShouldBeNull("a brand without flows pays nothing");
        (await test.ScalarAsync("SELECT string_agg(detail, ', ' ORDER BY id) FROM audit WHERE action = 'flow.save'")).ShouldBe("the first, another, its offer goes from the file, not needed, not needed");
    }

    [Fact]
    public async Task Rules_are_tried_on_the_newest_orders()
    {
        await using var test = await BeginAsync();
        for (var i = 1; i <= 5; i++) await test.PlaceAsync(i.ToString(System.Globalization.CultureInfo.InvariantCulture), ("A", i));
        await test.QuietAsync();
        var trial = await new RuleReads(test.Hub.Database.General).TryAsync(TestHub.Brand, RuleBook.Empty, HoldFrom(40m), 100, Cancel);
        (trial.Orders, trial.Matched, trial.Different).ShouldBe((5, 2, 2));
        trial.Shown.Select(o => o.Number).Order(StringComparer.Ordinal).ShouldBe(["#4", "#5"]);
    }
}
