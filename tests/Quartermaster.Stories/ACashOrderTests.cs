using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Risk;
using Quartermaster.Sandbox;
using Quartermaster.Sandbox.Twins;
using Shouldly;

namespace Quartermaster.Stories;

/// <summary>Shoppers who want to pay at the door: one who gives a mailbox for minutes, one who is asked and says yes, one who says nothing, and a card order that the shop itself distrusts late.</summary>
public sealed class ACashOrderTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    private static readonly RiskTerms Risk = new() { Assess = new RiskScorer(new() { Postcodes = ["IN:4000"] }).Score, Review = 50, Confirm = new() { From = 30 } };

    private static readonly (string, string)[] Calm = [("sandbox_short", "0"), ("sandbox_missed", "0"), ("sandbox_returned", "0"), ("sandbox_answer_ms", "50")];

    [Fact]
    public async Task A_doubtful_shoppers_order_waits_with_its_reasons_and_is_declined_at_the_shop_too()
    {
        await using var day = await BusinessDay.BeginAsync(Brand(), null, Cancel, warehouse: Calm);
        var order = day.Order(o => Cash(o) with { Shopper = o.Shopper with { Email = "gone@mailinator.com", Phone = null, Zip = "110001" } });
        await day.UntilAsync(order, "held");
        (await day.ScalarAsync("SELECT title FROM open_case WHERE kind = 'order.risky' AND closed_at IS NULL")).ShouldBe(
            "Risk 55 of 100: mailinator.com gives away mailboxes for minutes; the buyer's first order, cash on delivery; cash on delivery without a phone that the courier could call.");

        await day.TellAsync(order, new OrderSignal.DeclineAsked("nobody of that name there", "lea"));
        await day.UntilAsync(order, "cancelled");
        for (var i = 0; i < 200 && day.Shop.Find(order.Id)!.CancelledAt is null; i++) await Task.Delay(25, Cancel);
        day.Shop.Find(order.Id)!.CancelledAt.ShouldNotBeNull();
        (await day.ScalarAsync("SELECT count(*) FROM open_case WHERE closed_at IS NULL")).ShouldBe(0L);
        (await day.ScalarAsync("SELECT count(*) FROM movement WHERE kind = 'reserved'")).ShouldBe(0L, "nothing was kept for it");
    }

    [Fact]
    public async Task Who_is_asked_and_says_yes_gets_the_parcel_and_is_counted()
    {
        await using var day = await BusinessDay.BeginAsync(Brand(), null, Cancel, warehouse: [.. Calm, ("sandbox_answer", "1")]);
        var order = day.Order(o => Cash(o) with { Shopper = o.Shopper with { Zip = "400001", Phone = "+919820000001" } });
        await day.UntilAsync(order, "closed");
        var question = day.Chat.Messages.Single(m => m.Title == "order_to_confirm");
        question.Text.ShouldContain("/confirm/");
        (await day.TimelineAsync(order)).ShouldContain("order.shopper_replied.v1");
        (await day.ScalarAsync("SELECT string_agg(name || '=' || value, ', ' ORDER BY name) FROM tally WHERE name LIKE 'question/%'")).ShouldBe("question/1/Confirmed/ended=1");
    }

    [Fact]
    public async Task Who_does_not_answer_is_called_by_a_person()
    {
        await using var day = await BusinessDay.BeginAsync(Brand(Risk with { Confirm = new() { From = 30, Lapses = TimeSpan.FromSeconds(1) } }), null, Cancel, warehouse: [.. Calm, ("sandbox_answer", "0")]);
        var order = day.Order(o => Cash(o) with { Shopper = o.Shopper with { Zip = "400001", Phone = "+919820000001" } });
        (await day.SoonAsync("SELECT title FROM open_case WHERE kind = 'order.not_confirmed'")).ShouldBe("The shopper did not confirm a cash order");
        await day.TellAsync(order, new OrderSignal.HoldLiftAsked(HoldKind.Confirmation, "ann"));
        await day.UntilAsync(order, "closed");
        (await day.ScalarAsync("SELECT count(*) FROM open_case WHERE closed_at IS NULL")).ShouldBe(0L);
    }

    [Fact]
    public async Task The_shops_own_late_doubt_gets_a_paid_order_back_from_the_warehouse()
    {
        var brand = Brand();
        brand = brand with { Connections = [.. brand.Connections.Select(c => c.Connector == "shopify" ? c with { Settings = new Dictionary<string, string>(c.Settings) { ["risk"] = "true" } } : c)] };
        await using var day = await BusinessDay.BeginAsync(brand, null, Cancel, warehouse: [.. Calm, ("sandbox_ship_ms", "600000")]);
        var order = day.Order();
        await day.UntilAsync(order, "accepted");
        day.Shop.Assess(order.Id, "HIGH");
        await day.UntilAsync(order, "held");
        ((string?)await day.ScalarAsync("SELECT title FROM open_case WHERE kind = 'order.risky'")).ShouldNotBeNull().ShouldContain("the storefront itself calls the risk high");
        (await day.SoonAsync("SELECT true FROM position HAVING sum(reserved) = 0")).ShouldBe(true, "the warehouse gave it back");
    }

    private static DemoBrand Brand(RiskTerms? risk = null) => DemoBrands.All[0] with { Terms = DemoBrands.All[0].Terms with { Risk = risk ?? Risk } };

    private static NewOrder Cash(NewOrder order) => order with { Gateway = "Cash on Delivery (COD)", Paid = false };
}
