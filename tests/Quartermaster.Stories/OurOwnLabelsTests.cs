using Quartermaster.Core.Kernel;
using Quartermaster.Core.Labels;
using Quartermaster.Core.Orders;
using Quartermaster.Sandbox;
using Shouldly;

namespace Quartermaster.Stories;

/// <summary>A brand that buys its own labels: the packer only prints, and no label is paid for that nobody uses.</summary>
public sealed class OurOwnLabelsTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    private static readonly DemoBrand Brand = BuyingLabels(DemoBrands.All[0]);

    [Fact]
    public async Task The_label_is_bought_first_and_the_parcel_that_leaves_with_it_is_followed_to_the_door()
    {
        await using var day = await BusinessDay.BeginAsync(Brand, null, Cancel, units: 100, ("sandbox_short", "0"), ("sandbox_split", "0"), ("sandbox_missed", "0"));
        var order = day.Order();
        await day.UntilAsync(order, "closed");
        var told = await day.TimelineAsync(order);
        foreach (var (before, after) in ((string, string)[])[("fulfilment.handoff_planned.v1", "label.bought.v1"), ("label.bought.v1", "fulfilment.proceeded.v1"), ("fulfilment.proceeded.v1", "fulfilment.parcel_left.v1"), ("fulfilment.parcel_left.v1", "label.used.v1"), ("label.used.v1", "shipping.delivered.v1"), ("shipping.delivered.v1", "shipping.journey_ended.v1")])
            told.IndexOf(before).ShouldBeInRange(0, told.IndexOf(after), $"{before} comes before {after}\n{string.Join('\n', told)}");
        (day.LabelShop.Sold, day.LabelShop.LeftBehind).ShouldBe((1, 0));
        (await day.ScalarAsync("SELECT count(*) FROM open_case WHERE closed_at IS NULL")).ShouldBe(0L);
        (await day.ScalarAsync("SELECT count(*) FROM journey WHERE carrier = 'sandbox_post' AND service = 'sandbox_ground' AND outcome = 'Delivered'")).ShouldBe(1L);
    }

    [Fact]
    public async Task A_vendor_that_loses_every_third_answer_sells_each_label_once_and_takes_back_those_of_cancelled_orders()
    {
        await using var day = await BusinessDay.BeginAsync(Brand, null, Cancel, units: 500, ("sandbox_short", "0"), ("sandbox_split", "0"), ("sandbox_reject", "0"), ("sandbox_ship_ms", "1500"));
        var faults = day.FaultsOf("shipengine");
        faults.FailAfter = 1;
        var unheard = day.Order();
        await UntilAsync(day, "SELECT count(*) FROM effect WHERE kind = 'label.buy.v1' AND doubts > 0", 1L);
        (faults.FailBefore, faults.FailAfter, faults.Reset) = (0.1, 0.15, 0.1);
        var orders = Enumerable.Range(0, 10).Select(_ => day.Order()).ToList();
        foreach (var order in orders.Take(5)) await day.TellAsync(order, new OrderSignal.CancelAsked("changed her mind", "ann"));
        foreach (var order in orders.Skip(5).Append(unheard)) await day.UntilAsync(order, "closed", 90);
        await UntilAsync(day, "SELECT count(*) FROM effect WHERE kind LIKE 'label.%'", 0L);
        var sent = (long)(await day.ScalarAsync("SELECT sum(value)::bigint FROM tally WHERE name = 'shipped'"))!;
        sent.ShouldBeInRange(6L, 11L);
        day.LabelShop.LeftBehind.ShouldBe(0, "every label is on a parcel or void");
        (day.LabelShop.Sold - day.LabelShop.Voided).ShouldBe((int)sent);
        (await day.ScalarAsync("SELECT count(*) FROM effect_log WHERE kind = 'label.buy.v1' AND outcome = 'already_done'")).ShouldNotBe(0L, "what nobody heard of was found by its reference");
    }

    [Fact]
    public async Task A_street_nobody_sells_a_label_for_waits_for_a_person_who_lets_it_go_without()
    {
        await using var day = await BusinessDay.BeginAsync(Brand, null, Cancel, units: 100, ("sandbox_unsold", "1"), ("sandbox_short", "0"), ("sandbox_split", "0"));
        var order = day.Order();
        await UntilAsync(day, "SELECT count(*) FROM open_case WHERE kind = 'shipping.label_refused' AND closed_at IS NULL", 1L);
        await day.UntilAsync(order, "allocated");
        day.Warehouse.HandoffsOf(BusinessDay.IdOf(order)).ShouldBe(0, "the packer would have nothing to print");
        ((string)(await day.ScalarAsync("SELECT attention FROM stream WHERE attention IS NOT NULL"))!).ShouldStartWith("No label could be bought");
        await day.TellAsync(order, new LabelSignal.SkipAsked("mara"));
        await day.UntilAsync(order, "shipped");
        day.LabelShop.Sold.ShouldBe(0);
        (await day.ScalarAsync("SELECT count(*) FROM open_case WHERE closed_at IS NULL")).ShouldBe(0L);
    }

    [Fact]
    public async Task A_carrier_that_tells_nothing_is_asked_until_the_parcel_is_at_the_door()
    {
        var brand = BuyingLabels(DemoBrands.All[0]) with { CashShare = 0 };
        brand = brand with
        {
            Terms = brand.Terms with { Trackers = [new("aurora-labels", ["UPS"])] },
            Connections = [.. brand.Connections.Where(c => c.Connector != "shipengine"), new("aurora-labels", "ups", new Dictionary<string, string>
            {
                ["client_id"] = "sandbox", ["client_secret"] = "sandbox-secret", ["account_number"] = "A1B2C3",
            }, new Dictionary<string, string>())],
        };
        await using var day = await BusinessDay.BeginAsync(brand, null, Cancel, units: 100, ("sandbox_short", "0"), ("sandbox_split", "0"), ("sandbox_missed", "0"));
        var order = day.Order();
        await day.UntilAsync(order, "closed", 90);
        var told = await day.TimelineAsync(order);
        told.IndexOf("label.used.v1").ShouldBeInRange(0, told.IndexOf("shipping.delivered.v1"), string.Join('\n', told));
        (day.LabelShop.Sold, day.LabelShop.LeftBehind).ShouldBe((1, 0));
        (await day.ScalarAsync("SELECT count(*) FROM tracked")).ShouldBe(0L, "what has arrived is asked for no more");
        (await day.ScalarAsync("SELECT count(*) FROM signal WHERE kind = 'shipping.scanned.v1' AND source = 'aurora-labels'")).ShouldBe(3L, "each scan is told once, however often it was answered");
        (await day.ScalarAsync("SELECT count(*) FROM open_case WHERE closed_at IS NULL")).ShouldBe(0L);
    }

    [Fact]
    public async Task A_broker_whose_webhooks_are_lost_is_asked_after_a_day_of_silence_and_the_parcel_has_arrived()
    {
        var brand = Brand with { Terms = Brand.Terms with { Trackers = [new("aurora-labels", [])] } };
        await using var day = await BusinessDay.BeginAsync(brand, null, Cancel, units: 100, ("sandbox_short", "0"), ("sandbox_split", "0"), ("sandbox_missed", "0"));
        day.FaultsOf("shipengine").Lose = 1;
        var order = day.Order();
        await day.UntilAsync(order, "shipped");
        await Task.Delay(1000, Cancel);
        (await day.ScalarAsync("SELECT status FROM stream WHERE stream LIKE 'order/%'")).ShouldBe("shipped", "nobody told the hub");
        day.LabelShop.Asked.ShouldBe(0);
        // At a twin an hour lasts a second.
        day.Clock.Advance(TimeSpan.FromSeconds(25));
        await day.UntilAsync(order, "closed", 60);
        day.LabelShop.Asked.ShouldBe(1);
        (await day.ScalarAsync("SELECT count(*) FROM tracked")).ShouldBe(0L);
        (await day.ScalarAsync("SELECT count(*) FROM open_case WHERE closed_at IS NULL")).ShouldBe(0L);
    }

    private static DemoBrand BuyingLabels(DemoBrand brand)
    {
        var from = new PostalAddress("Aurora Dispatch", "Aurora", "1 Dock Road", null, "Bengaluru", "KA", "560100", "IN", "+918000000000", null);
        var labels = new LabelTerms("aurora-labels", "sandbox_ground", "sandbox_ground", from, 500, 80, new(30, 20, 10));
        return brand with
        {
            Terms = brand.Terms with { Locations = [.. brand.Terms.Locations.Select(l => l with { Labels = labels })] },
            Connections = [.. brand.Connections.Where(c => c.Connector != "carrier-rest"), new("aurora-labels", "shipengine", new Dictionary<string, string>
            {
                ["api_key"] = "sandbox-key", ["carrier_id"] = "se-1", ["webhook_token"] = "sandbox-token",
            }, new Dictionary<string, string>())],
        };
    }

    private static async Task UntilAsync(BusinessDay day, string sql, long expected)
    {
        object? last = null;
        for (var i = 0; i < 2400; i++)
        {
            last = await day.ScalarAsync(sql);
            if (Equals(last, expected)) return;
            await Task.Delay(25, Cancel);
        }
        throw new ShouldAssertException($"{sql}\n is {last ?? "null"}, expected {expected}.");
    }
}
