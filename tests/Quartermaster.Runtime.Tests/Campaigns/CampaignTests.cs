using Quartermaster.Core.Campaigns;
using Quartermaster.Core.Customers;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Runtime.Customers;
using Quartermaster.Runtime.ReadModels;
using Quartermaster.Runtime.Tests.Machine;
using Shouldly;

namespace Quartermaster.Runtime.Tests.Campaigns;

/// <summary>Flows on the whole machine: what is asked, promised, kept and counted.</summary>
public sealed class CampaignTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    private static readonly Campaign Welcome = new("welcome", "Welcome", CampaignTrigger.Purchased, [new(TimeSpan.Zero, "checkout_offer", Offer: "ten")]) { HoldOut = 0m };

    private static OfferTerms Ten(params string[] codes) => new(codes, new Dictionary<string, string> { [""] = "10 %" }, 7);

    [Fact]
    public async Task A_code_is_given_within_every_limit_however_many_ask_at_once()
    {
        await using var test = await ShopAsync(Welcome, Ten("TEN"));
        for (var n = 0; n < 30; n++) await BuyAsync(test, n);
        await test.UntilAsync("SELECT count(*) FROM effect_log WHERE lane = 'mail' AND kind = 'message.send.v1' AND key LIKE 'run/%' AND outcome = 'done'", 30L, 40);
        (await test.ScalarAsync("SELECT count(*) FROM offer_given")).ShouldBe(7L);
        (await test.ScalarAsync("SELECT count(*) FROM run WHERE code = 'TEN'")).ShouldBe(7L);
        (await test.ScalarAsync("SELECT count(*) FROM effect_log WHERE key LIKE 'run/%' AND convert_from(body, 'UTF8') LIKE '%TEN%'")).ShouldBe(7L);
        // A second order of somebody who has one: their limit is one.
        await test.ScalarAsync("UPDATE offer_given SET month = month - 40");
        var mail = ((string)(await test.ScalarAsync("SELECT substr(min(stream), 11) FROM offer_given"))!);
        await BuyAsync(test, 100, mail);
        await test.UntilAsync("SELECT count(*) FROM effect_log WHERE key LIKE 'run/%' AND outcome = 'done'", 31L, 20);
        (await test.ScalarAsync("SELECT count(*) FROM offer_given")).ShouldBe(7L);
    }

    [Fact]
    public async Task Of_codes_that_are_each_one_customers_none_is_given_twice()
    {
        await using var test = await ShopAsync(Welcome, Ten("A1", "B2", "C3"));
        for (var n = 0; n < 12; n++) await BuyAsync(test, n);
        await test.UntilAsync("SELECT count(*) FROM effect_log WHERE key LIKE 'run/%' AND outcome = 'done'", 12L, 40);
        (await test.ScalarAsync("SELECT string_agg(code, ' ' ORDER BY code) FROM offer_given")).ShouldBe("A1 B2 C3");
    }

    [Fact]
    public async Task A_dry_run_says_what_the_decision_then_does_and_why_somebody_gets_nothing()
    {
        var later = Welcome with { Steps = [new(TimeSpan.FromHours(5), "thank_you")] };
        await using var test = await ShopAsync(later, Ten("TEN"), new ContactTerms(Quiet: null));
        await BuyAsync(test, 1, "ada@example.test");
        await BuyAsync(test, 2, "bob@example.test");
        await test.SendAsync(ContactPoint.Of("email", "ada@example.test").On(TestHub.Brand), new ContactSignal.OptedIn("email", "box at the checkout", DateTimeOffset.UtcNow));
        await test.UntilAsync("SELECT count(*) FROM run WHERE due_at IS NOT NULL", 2L);
        await test.UntilAsync("SELECT count(*) FROM consent", 1L);
        var flows = test.Hub.Plan.Brands[TestHub.Brand].Flows;
        var run = await new DryRuns(test.Postgres.Source, test.Hub.Plan).RunAsync(TestHub.Brand, flows, "welcome", false, DateTimeOffset.UtcNow, DryRuns.Most, Cancel);
        (await new DryRuns(test.Postgres.Source, test.Hub.Plan).RunAsync(TestHub.Brand, flows, null, false, DateTimeOffset.UtcNow, 1, Cancel)).ShouldSatisfyAllConditions(one => one.Rows.Count.ShouldBe(1), one => one.Due.ShouldBe(2L));
        run.Rows.Select(r => (r.Stream, r.Gets, r.Why)).OrderBy(r => r.Stream).ShouldBe([("run/email:ada@example.test", "email", null), ("run/email:bob@example.test", null, nameof(Leaving.NoConsent))]);

        await test.ScalarAsync("UPDATE timer SET due_at = now() - interval '1 second'; UPDATE stream SET state = convert_to(regexp_replace(convert_from(state, 'UTF8'), '\"dueAt\":\"[^\"]*\"', '\"dueAt\":\"2020-01-01T00:00:00+00:00\"'), 'UTF8'), version = version + 1 WHERE stream LIKE 'run/%'");
        await test.UntilAsync("SELECT string_agg(stream || ' ' || why, ',' ORDER BY stream) FROM run WHERE why IS NOT NULL", "run/email:ada@example.test Finished,run/email:bob@example.test NoConsent", 20);
    }

    [Fact]
    public async Task A_flow_that_is_not_saved_yet_is_tried_on_who_would_be_in_it_and_on_who_is()
    {
        var later = Welcome with { Steps = [new(TimeSpan.FromHours(5), "thank_you")] };
        await using var test = await ShopAsync(later, Ten("TEN"));
        var now = DateTimeOffset.UtcNow;
        await BuyAsync(test, 1, "ada@example.test");
        await BuyAsync(test, 2, "bob@example.test", now.AddDays(-30).AddHours(1));
        await BuyAsync(test, 3, "cem@example.test", now.AddDays(-90));
        await test.UntilAsync("SELECT count(*) FROM stream WHERE placed_at IS NOT NULL", 3L);
        await test.UntilAsync("SELECT count(*) FROM run WHERE due_at IS NOT NULL", 1L);
        await using (var connection = await test.Postgres.Source.OpenConnectionAsync(Cancel)) await new OrderLinker(test.Hub.Plan, TimeProvider.System).LinkAllAsync(connection, Cancel);
        var (dry, flows) = (new DryRuns(test.Postgres.Source, test.Hub.Plan), test.Hub.Plan.Brands[TestHub.Brand].Flows);

        var month = new Campaign("month", "A month later", CampaignTrigger.Purchased, [new(TimeSpan.FromDays(30), "win_back", Offer: "ten")]) { HoldOut = 0m };
        var fresh = await dry.TryAsync(TestHub.Brand, flows, month, false, now, 50, Cancel);
        fresh.InIt.Rows.ShouldBeEmpty();
        fresh.Begun.Select(r => (r.Stream, r.Says, r.Gets)).ShouldBe([("run/email:bob@example.test", "win_back", "email")], "the others ordered today and three months ago");
        (await dry.TryAsync(TestHub.Brand, flows, month with { HoldOut = 0.5m, Only = new(OrdersFrom: 2) }, false, now, 50, Cancel)).Begun.ShouldHaveSingleItem().Why.ShouldBe(nameof(Leaving.NotMeant));
        (await dry.TryAsync(TestHub.Brand, flows, month with { Trigger = CampaignTrigger.Silent, Steps = [new(TimeSpan.FromDays(60), "win_back")] }, false, now, 50, Cancel)).Begun.Select(r => r.Stream).ShouldBe(["run/email:cem@example.test"]);

        var changed = await dry.TryAsync(TestHub.Brand, flows, later with { Only = new(TotalFrom: 1_000_000m) }, false, now, 50, Cancel);
        changed.InIt.Rows.ShouldHaveSingleItem().ShouldSatisfyAllConditions(r => r.Stream.ShouldBe("run/email:ada@example.test"), r => r.Why.ShouldBe(nameof(Leaving.NotMeant)));
        (await test.ScalarAsync("SELECT count(*) FROM edition")).ShouldBe(0L);
    }

    [Fact]
    public async Task Figures_are_counted_from_what_happened_and_a_cancelled_purchase_does_not_count()
    {
        await using var test = await ShopAsync(Welcome with { Rest = TimeSpan.FromDays(1), Steps = [new(TimeSpan.Zero, "thank_you")] }, Ten("TEN"));
        await BuyAsync(test, 1, "ada@example.test");
        await test.UntilAsync("SELECT sent FROM run", 1);
        await BuyAsync(test, 2, "ada@example.test");
        await test.UntilAsync("SELECT revenue FROM run", 20m);
        var reads = new CampaignReads(test.Postgres.Source, test.Hub.Plan);
        (await reads.FiguresAsync(TestHub.Brand, test.Hub.Plan.Brands[TestHub.Brand].Flows.All, DateTimeOffset.UtcNow.AddDays(-1), Cancel)).ShouldHaveSingleItem().ShouldBe(new CampaignFigures("welcome", 1, 0, 1, new(1, 1, 20m), default));
        await test.SendAsync(TestHub.Order("2"), new OrderSignal.CancelAsked("changed their mind", "ada"));
        await test.UntilAsync("SELECT coalesce(revenue, 0) FROM run", 0m);
        (await reads.FiguresAsync(TestHub.Brand, test.Hub.Plan.Brands[TestHub.Brand].Flows.All, DateTimeOffset.UtcNow.AddDays(-1), Cancel))[0].Written.ShouldBe(new Group(1, 0, 0m));
    }

    [Fact]
    public async Task Who_bought_before_there_were_flows_is_found_and_written_to_once()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        test.Channels.Clear();
        test.Channels.Add(new("email", "mail"));
        test.ShopperAddress = new Uri("https://hub.example");
        await test.StartAsync();
        await BuyAsync(test, 1, "ada@example.test", DateTimeOffset.UtcNow.AddDays(-200));
        await BuyAsync(test, 2, "bob@example.test", DateTimeOffset.UtcNow.AddDays(-3));
        await BuyAsync(test, 3, "old@example.test", DateTimeOffset.UtcNow.AddDays(-900));
        await test.UntilAsync("SELECT count(*) FROM stream WHERE placed_at IS NOT NULL", 3L);
        await using (var connection = await test.Postgres.Source.OpenConnectionAsync(Cancel)) await new OrderLinker(test.Hub.Plan, TimeProvider.System).LinkAllAsync(connection, Cancel);
        (await test.ScalarAsync("SELECT count(*) FROM stream WHERE stream LIKE 'run/%'")).ShouldBe(0L, "a brand without flows follows nobody");
        await test.Hub.StopAsync(TimeSpan.FromSeconds(10));

        test.Change = With(ShippedCampaigns.WinBack with { HoldOut = 0m }, Ten("TEN"), new(NeedsOptIn: false, Quiet: null));
        var hub = await test.StartAsync();
        await hub.LookForSilentCustomersAsync(Cancel);
        await test.UntilAsync("SELECT string_agg(stream || ' ' || sent, ',') FROM run WHERE sent > 0", "run/email:ada@example.test 1", 20);
        await hub.LookForSilentCustomersAsync(Cancel);
        await test.UntilAsync("SELECT count(*) FROM ready", 0L);
        (await test.ScalarAsync("SELECT count(*) FROM signal WHERE kind = 'run.enrolled.v1'")).ShouldBe(1L);
    }

    [Fact]
    public async Task A_brand_without_flows_pays_nothing()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        await test.StartAsync();
        await BuyAsync(test, 1, "ada@example.test");
        await test.UntilAsync("SELECT count(*) FROM stream WHERE placed_at IS NOT NULL", 1L);
        await test.UntilAsync("SELECT count(*) FROM ready", 0L);
        (await test.ScalarAsync("SELECT (SELECT count(*) FROM signal WHERE kind LIKE 'run.%') + (SELECT count(*) FROM run) + (SELECT count(*) FROM stream WHERE stream LIKE 'run/%')")).ShouldBe(0L);
    }

    private static async Task<TestHub> ShopAsync(Campaign campaign, OfferTerms offer, ContactTerms? contact = null)
    {
        var test = await TestHub.NewAsync(Cancel);
        test.Channels.Clear();
        test.Channels.Add(new("email", "mail"));
        test.ShopperAddress = new Uri("https://hub.example");
        test.Change = With(campaign, offer, contact ?? new(NeedsOptIn: false, Quiet: null));
        await test.StartAsync();
        return test;
    }

    private static Func<HubPlan, HubPlan> With(Campaign campaign, OfferTerms offer, ContactTerms contact) => plan => plan with
    {
        Brands = plan.Brands.ToDictionary(b => b.Key, b => b.Value with { Terms = b.Value.Terms with { Contact = contact, Campaigns = new([campaign]) { Offers = new Dictionary<string, OfferTerms> { ["ten"] = offer } } } }),
    };

    private static Task BuyAsync(TestHub test, int number, string? mail = null, DateTimeOffset? at = null)
    {
        var (id, placed) = (number.ToString(System.Globalization.CultureInfo.InvariantCulture), at ?? DateTimeOffset.UtcNow);
        var facts = TestHub.Facts(id, ("A", 2));
        return test.SendAsync(TestHub.Order(id), new OrderSignal.Reported(facts with { PlacedAt = placed, UpdatedAt = placed, Buyer = facts.Buyer with { CustomerId = mail ?? id, Email = mail ?? $"somebody{id}@example.test" } }, "orders/create"));
    }
}
