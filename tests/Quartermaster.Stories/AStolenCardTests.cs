using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Risk;
using Quartermaster.Sandbox;
using Quartermaster.Sandbox.Twins;
using Shouldly;

namespace Quartermaster.Stories;

/// <summary>One card pays for three orders within an hour, each under another name; a mother and her daughter share theirs; and an outside reviewer has its say.</summary>
public sealed class AStolenCardTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    private static readonly VelocityLine[] Lines = [new(TimeSpan.FromHours(1), Email: 0, Device: 3, Card: 3, Network: 10)];

    private static readonly RiskTerms Risk = new() { Assess = new RiskScorer(new() { SameCard = 50, SameDevice = 30, Shared = Lines }).Score, Review = 50, Velocity = Lines };

    private static readonly (string, string)[] Calm = [("sandbox_short", "0"), ("sandbox_missed", "0"), ("sandbox_returned", "0"), ("sandbox_answer_ms", "50")];

    [Fact]
    public async Task The_third_order_with_one_card_under_another_name_waits_and_an_agent_lets_it_go_on()
    {
        await using var day = await BusinessDay.BeginAsync(Brand(), null, Cancel, warehouse: Calm);
        var first = Order(day, "Ann Lee", "203.0.113.1");
        var second = Order(day, "Bob Ray", "203.0.113.2");
        await day.UntilAsync(first, "closed");
        await day.UntilAsync(second, "closed");
        var third = Order(day, "Cat Poe", "203.0.113.3");
        await day.UntilAsync(third, "held");
        (await day.ScalarAsync("SELECT title FROM open_case WHERE kind = 'order.risky' AND closed_at IS NULL")).ShouldBe("Risk 50 of 100: 3rd order with this card within an hour, 3 different names.");
        (await day.ScalarAsync("SELECT count(*) FROM signal WHERE strpos(encode(body, 'escape'), '411111') > 0 AND NOT raw")).ShouldBe(0L, "what the hub itself writes down holds no digit of a card");
        (await day.ScalarAsync("SELECT count(*) FROM stream WHERE strpos(encode(state, 'escape'), '203.0.113') + strpos(encode(state, 'escape'), '411111') > 0")).ShouldBe(0L);
        (await day.ScalarAsync("SELECT count(*) FROM trait WHERE trait LIKE '%203%.%' OR trait LIKE '%411111%'")).ShouldBe(0L);

        await day.TellAsync(third, new OrderSignal.HoldLiftAsked(HoldKind.Risk, "lea"));
        await day.UntilAsync(third, "closed");
        (await day.ScalarAsync("SELECT count(*) FROM open_case WHERE closed_at IS NULL")).ShouldBe(0L);
    }

    [Fact]
    public async Task A_household_and_a_buyer_who_comes_back_go_through()
    {
        await using var day = await BusinessDay.BeginAsync(Brand(), null, Cancel, warehouse: Calm);
        string[] names = ["Ann Lee", "Bea Lee", "Ann Lee", "Ann Lee"];
        List<ShopOrder> orders = [];
        foreach (var name in names)
        {
            orders.Add(Order(day, name, "203.0.113.9", street: "1 Main St"));
            await day.UntilAsync(orders[^1], "closed");
        }
        ((string?)await day.ScalarAsync($"SELECT convert_from(state, 'UTF8')::jsonb #>> '{{order,risk,reasons,0,words}}' FROM stream WHERE stream = 'order/{BusinessDay.IdOf(orders[^1])}'")).ShouldNotBeNull().ShouldEndWith("all to one address, as in a household");
    }

    [Fact]
    public async Task A_reviewer_approves_one_order_and_declines_another_which_ends_when_nobody_stands_up_for_it()
    {
        var risk = Risk with { Lapses = TimeSpan.FromSeconds(2), Opinion = new() { Connection = "aurora-signifyd", Title = "Signifyd", From = 0 } };
        await using var day = await BusinessDay.BeginAsync(Brand(risk), null, Cancel, warehouse: Calm);
        var good = Order(day, "Ann Lee", "203.0.113.1");
        await day.UntilAsync(good, "closed");
        (await day.TimelineAsync(good)).ShouldContain("order.opinion_known.v1");
        day.Reviewer.Find(BusinessDay.IdOf(good))!.Sent.ShouldBe(1);

        var bad = Order(day, "Bob Ray+reject", "203.0.113.2");
        (await day.SoonAsync("SELECT title FROM open_case WHERE kind = 'order.risky'")).ShouldBe("Signifyd declines it (SIGNIFYD_DECLINED, SIGNIFYD_DECISION). Risk 0 of 100: nothing speaks against it.");
        await day.UntilAsync(bad, "cancelled");
        for (var i = 0; i < 200 && !day.Reviewer.Find(BusinessDay.IdOf(bad))!.Ended; i++) await Task.Delay(25, Cancel);
        day.Reviewer.Find(BusinessDay.IdOf(bad))!.Ended.ShouldBeTrue("it is told");

        var looked = Order(day, "Cat Poe+hold", "203.0.113.3");
        await day.UntilAsync(looked, "held");
        for (var i = 0; i < 200 && day.Reviewer.Find(BusinessDay.IdOf(looked))?.Action is null; i++) await Task.Delay(25, Cancel);
        day.Reviewer.Review(BusinessDay.IdOf(looked), "ACCEPT");
        await day.UntilAsync(looked, "closed");
    }

    private static ShopOrder Order(BusinessDay day, string name, string ip, string? street = null) => day.Order(o => o with
    {
        Shopper = o.Shopper with { First = name.Split(' ')[0], Last = name.Split(' ')[1], Email = $"{name.Replace(' ', '.')}@example.test", Phone = null, Line1 = street ?? $"{name.Length} {name} St", Zip = "110001" },
        Visit = new(ip, Card: "411111/1111", Holder: name),
    });

    private static DemoBrand Brand(RiskTerms? risk = null) => DemoBrands.All[0] with
    {
        Terms = DemoBrands.All[0].Terms with { Risk = risk ?? Risk },
        Connections = [.. DemoBrands.All[0].Connections, new("aurora-signifyd", "signifyd", new Dictionary<string, string> { ["api_key"] = "sandbox-key" }, new Dictionary<string, string>())],
    };
}
