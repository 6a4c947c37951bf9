using Quartermaster.Configuration;
using Quartermaster.Core.Campaigns;
using Quartermaster.Core.Customers;
using Quartermaster.Core.Kernel;
using Quartermaster.Runtime.Editions;
using Quartermaster.Runtime.ReadModels;
using Quartermaster.Sandbox;
using Shouldly;

namespace Quartermaster.Stories;

/// <summary>An order is delivered and days pass: its shopper is thanked and asked for a review, until they write one. Somebody leaves a checkout, and buys after all. And one who is left out.</summary>
public sealed class WhatABrandWritesByItselfTests
{
    private const string Mail = "asha@example.com";

    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whoever_got_an_order_is_thanked_and_asked_for_a_review_until_they_wrote_it()
    {
        await using var day = await BusinessDay.BeginAsync(Brand(0m, ShippedCampaigns.ThankYou, ShippedCampaigns.Review), null, Cancel, warehouse: [("sandbox_short", "0"), ("sandbox_missed", "0"), ("sandbox_returned", "0")]);
        await AgreesAsync(day);
        var order = day.Order(o => o with { Shopper = o.Shopper with { Email = Mail } });
        await day.UntilAsync(order, "closed");
        (await day.SoonAsync("SELECT 1 FROM run WHERE campaign = 'review' AND due_at IS NOT NULL")).ShouldNotBeNull(string.Join('\n', await day.TimelineAsync(order)));

        day.Clock.Advance(TimeSpan.FromHours(25));
        await UntilSaidAsync(day, "Thank you for order");
        day.Clock.Advance(TimeSpan.FromDays(9));
        await UntilSaidAsync(day, "How do you like order");
        day.Clock.Advance(TimeSpan.FromDays(4));
        await UntilSaidAsync(day, "A word about order");

        await day.Hub.Desk.SendAsync(Customer, new RunSignal.Reviewed(BusinessDay.IdOf(order), day.Clock.GetUtcNow(), "a review tool"), "tool", Cancel);
        (await day.SoonAsync("SELECT why FROM run WHERE campaign = 'review' AND why IS NOT NULL")).ShouldBe("Reviewed");
        day.Clock.Advance(TimeSpan.FromDays(10));
        await Task.Delay(2500, Cancel);
        Said(day, "A word about order").ShouldBe(1, "they have written it");
        (await day.ScalarAsync("SELECT count(*) FROM open_case WHERE closed_at IS NULL")).ShouldBe(0L);
    }

    [Fact]
    public async Task Who_leaves_a_checkout_is_reminded_of_it_until_they_buy()
    {
        await using var day = await BusinessDay.BeginAsync(Brand(0m, ShippedCampaigns.Checkout), null, Cancel);
        var basket = day.Basket();
        basket = basket with { Shopper = basket.Shopper with { Email = Mail } };
        day.Shop.LeaveCheckout(basket, "c0ffee", agrees: true);
        (await day.SoonAsync("SELECT 1 FROM run JOIN consent ON consent.address = 'asha@example.com' AND consent.word = 'opted_in'")).ShouldNotBeNull();
        day.Clock.Advance(TimeSpan.FromMinutes(61));
        await UntilSaidAsync(day, "You left something at Aurora Threads");
        day.Mails.First(m => m.Title.StartsWith("You left", StringComparison.Ordinal)).Text.ShouldContain("https://shop.example/checkouts/c0ffee/recover");

        day.Clock.Advance(TimeSpan.FromMinutes(10));
        day.Shop.Place(basket);
        (await day.SoonAsync("SELECT why FROM run WHERE bought_at IS NOT NULL AND why IS NOT NULL")).ShouldBe("Purchased");
        ((decimal)(await day.ScalarAsync("SELECT revenue FROM run"))!).ShouldBeGreaterThan(0m);
        day.Clock.Advance(TimeSpan.FromDays(4));
        await Task.Delay(2500, Cancel);
        Said(day, "You left something").ShouldBe(1, "they have bought");
    }

    [Fact]
    public async Task Who_is_left_out_gets_nothing_and_is_counted_all_the_same()
    {
        await using var day = await BusinessDay.BeginAsync(Brand(1m, ShippedCampaigns.Checkout), null, Cancel);
        var basket = day.Basket();
        day.Shop.LeaveCheckout(basket with { Shopper = basket.Shopper with { Email = Mail } }, "c0ffee", agrees: true);
        (await day.SoonAsync("SELECT 1 FROM run JOIN consent ON consent.address = 'asha@example.com'")).ShouldNotBeNull();
        foreach (var hours in (int[])[2, 24, 49])
        {
            day.Clock.Advance(TimeSpan.FromHours(hours));
            await Task.Delay(1500, Cancel);
        }
        (await day.SoonAsync("SELECT why || ' ' || sent || ' ' || held_out || ' ' || (first_at IS NOT NULL) FROM run WHERE why IS NOT NULL")).ShouldBe("Finished 0 true true");
        day.Mails.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_lead_writes_a_flow_in_the_dashboard_sees_who_would_get_what_and_it_is_followed()
    {
        await using var day = await BusinessDay.BeginAsync(Brand(0m), null, Cancel, warehouse: [("sandbox_short", "0"), ("sandbox_missed", "0"), ("sandbox_returned", "0")]);
        await AgreesAsync(day);
        var (desk, plan, hello) = (new EditionDesk(day.Hub.Database, day.Clock), day.Hub.Plan, Edition.OfFlow("hello"));
        var flow = FlowText.ReadOne(plan, "aurora", "hello", "flows: { hello: { title: Hello, trigger: delivered, hold_out: 0, steps: [ { wait: 20h, say: thank_you, by: email } ] } }");
        var before = day.Order(o => o with { Shopper = o.Shopper with { Email = Mail } });
        await day.UntilAsync(before, "closed");
        var trial = await new DryRuns(day.Hub.Database.General, plan).TryAsync("aurora", CampaignTerms.None, flow, false, day.Clock.GetUtcNow(), 50, Cancel);
        trial.Begun.ShouldHaveSingleItem().ShouldSatisfyAllConditions(r => r.Stream.ShouldBe(Customer.Key), r => r.Gets.ShouldBe("email"));
        (await day.ScalarAsync("SELECT count(*) FROM run")).ShouldBe(0L, "it is not saved yet");

        await desk.SaveAsync("aurora", hello, FlowText.Write(flow), "thank them a day later", 0, "lea", Cancel);
        await InForceAsync(day, flows => flows?.Find("hello") is not null);
        var order = day.Order(o => o with { Shopper = o.Shopper with { Email = Mail } });
        await day.UntilAsync(order, "closed");
        (await day.SoonAsync("SELECT 1 FROM run WHERE campaign = 'hello' AND due_at IS NOT NULL")).ShouldNotBeNull(string.Join('\n', await day.TimelineAsync(order)));
        day.Clock.Advance(TimeSpan.FromHours(21));
        await UntilSaidAsync(day, "Thank you for order");

        await desk.SaveAsync("aurora", hello, "", "once was enough", 1, "lea", Cancel);
        await InForceAsync(day, flows => flows is null);
        await day.UntilAsync(day.Order(o => o with { Shopper = o.Shopper with { Email = Mail } }), "closed");
        (await day.ScalarAsync("SELECT count(*) FROM run")).ShouldBe(1L, "nobody enters what is not there");
    }

    private static async Task InForceAsync(BusinessDay day, Func<CampaignTerms?, bool> so)
    {
        for (var i = 0; i < 400 && !so(day.Hub.Switches.Editions.TermsOf("aurora", day.Clock.GetUtcNow() + EditionDesk.Begins)!.Campaigns); i++) await Task.Delay(25, Cancel);
        day.Clock.Advance(EditionDesk.Begins);
        so(day.Hub.Switches.Editions.TermsOf("aurora", day.Clock.GetUtcNow())!.Campaigns).ShouldBeTrue();
    }

    private static StreamId Customer => new("aurora", "run", "email:" + Mail);

    private static DemoBrand Brand(decimal holdOut, params Campaign[] campaigns)
    {
        var demo = DemoBrands.All[0];
        return demo with
        {
            // By day and by night, so that the story is the same at every hour at which it is told.
            Terms = demo.Terms with { Campaigns = campaigns.Length == 0 ? null : new([.. campaigns.Select(c => c with { HoldOut = holdOut })]), Contact = new(Quiet: null, Most: 20) },
            Connections = [.. demo.Connections.Select(c => c.Connector == "shopify" ? c with { Settings = new Dictionary<string, string>(c.Settings.ToDictionary()) { ["checkouts"] = "true" } } : c)],
        };
    }

    private static async Task AgreesAsync(BusinessDay day)
    {
        await day.Hub.Desk.SendAsync(ContactPoint.Of(ContactPoint.Email, Mail).On("aurora"), new ContactSignal.OptedIn(ContactPoint.Email, "on the phone", day.Clock.GetUtcNow()), "ann", Cancel);
        (await day.SoonAsync("SELECT 1 FROM consent")).ShouldNotBeNull();
    }

    private static int Said(BusinessDay day, string subject) => day.Mails.Count(m => m.To == Mail && m.Title.StartsWith(subject, StringComparison.Ordinal));

    private static async Task UntilSaidAsync(BusinessDay day, string subject)
    {
        for (var i = 0; i < 600 && Said(day, subject) == 0; i++) await Task.Delay(25, Cancel);
        Said(day, subject).ShouldBe(1, string.Join('\n', day.Mails.Select(m => m.Title)) + "\n" + await day.ScalarAsync("SELECT string_agg(id || ' ' || coalesce(why, '') || ' ' || coalesce(due_at::text, ''), ', ') FROM run"));
    }
}
