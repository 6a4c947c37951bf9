using System.Net;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Runtime.Risk;
using Quartermaster.SignIn;

namespace Quartermaster.Tests.Dashboard;

public sealed class RiskPageTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_risky_order_shows_every_reason_and_only_its_owner_decides()
    {
        await using var host = await DashboardHost.StartAsync();
        var order = await host.Seed.PlaceAsync(Doubtful("#2001"), "banyan");
        using var agent = await host.SignedInAsync("ann", Role.Agent);
        using var lead = await host.SignedInAsync("lea", Role.Lead);

        var address = $"/orders/banyan/{order.Id}";
        var page = await lead.GetStringAsync(address, Cancel);
        foreach (var said in new[] { "65 of 100", "mailinator.com gives away mailboxes for minutes", "the buyer&#x27;s first order, cash on delivery", "data-dialog=\"approve\"", "data-dialog=\"decline\"" }) page.ShouldContain(said, Case.Insensitive);
        (await agent.GetStringAsync(address, Cancel)).ShouldNotContain("data-dialog=\"approve\"");

        await DashboardHost.PostAsync(agent, address, "/do/orders/banyan/decline", ("id", order.Id), ("reason", "no"));
        (await Sent(host)).ShouldBe(0L, "an agent may not");
        await DashboardHost.PostAsync(lead, address, "/do/orders/banyan/decline", ("id", order.Id), ("reason", "known thief"));
        (await Sent(host)).ShouldBe(1L);
    }

    [Fact]
    public async Task What_asking_saves_stands_with_its_samples()
    {
        await using var host = await DashboardHost.StartAsync();
        foreach (var (name, value) in new[] { ("scored/1", 500m), ("question/1/Confirmed/ended", 80m), ("question/1/Confirmed/returned", 8m), ("question/1/Unanswered/ended", 20m), ("question/1/Unanswered/returned", 8m), ("question/1/HeldOut/ended", 50m), ("question/1/HeldOut/returned", 16m) })
            await host.Seed.TallyAsync("banyan", name, value, DateOnly.FromDateTime(DateTime.UtcNow));
        using var client = await host.SignedInAsync("ann", Role.Agent);
        var page = await client.GetStringAsync("/risk?brand=banyan", Cancel);
        foreach (var said in new[] { "20 to 39", "10 % of 80", "40 % of 20", "32 % of 50", "Asking saves 16 % of 100 asked orders", "first_cash_order" }) page.ShouldContain(said);
        (await client.GetStringAsync("/risk?brand=aurora", Cancel)).ShouldContain("No brand of yours scores its orders");
    }

    [Fact]
    public async Task A_shopper_answers_by_the_link_and_nobody_else_sees_the_address()
    {
        await using var host = await DashboardHost.StartAsync();
        var order = await host.Seed.PlaceAsync(Cash("#2002"), "banyan");
        var at = $"/confirm/{host.Get<ShopperLinks>().TokenOf(order)}";
        using var shopper = host.Client();
        var page = await shopper.GetStringAsync(at, Cancel);
        foreach (var said in new[] { "Banyan Tea", "1204.90 INR", "12 MG Road", "Yes, send it there", "I would rather pay now" }) page.ShouldContain(said);
        page.ShouldNotContain("Quartermaster</div>");

        foreach (var forged in new[] { at[..^1] + (at[^1] == 'A' ? 'B' : 'A'), "/confirm/" + new string('A', 60), "/confirm/x" })
            (await shopper.GetAsync(forged, Cancel)).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        (await Answer(shopper, at, ("answer", "corrected"), ("line1", "9 Brigade Road"), ("city", "Bengaluru"), ("postalCode", "5600"))).ShouldEndWith("?wrong=1");
        (await Sent(host)).ShouldBe(0L);
        (await Answer(shopper, at, ("answer", "prepay"))).ShouldEndWith("?said=prepay");
        (await shopper.GetStringAsync(at + "?said=prepay", Cancel)).ShouldContain("https://pay.example/200200000000001?amount=1204.9");
        (await Answer(shopper, at, ("answer", "corrected"), ("line1", "9 Brigade Road"), ("city", "Bengaluru"), ("postalCode", "560025"))).ShouldEndWith("?said=corrected");
        (await host.ScalarAsync("SELECT convert_from(body, 'UTF8')::jsonb #>> '{shipTo,postalCode}' FROM signal WHERE source = 'operator/the shopper' ORDER BY seq DESC LIMIT 1")).ShouldBe("560025");

        await host.Seed.SayAsync(order, new OrderSignal.ShopperAnswered(Confirmation.Confirmed, "link"), "test");
        var after = await shopper.GetStringAsync(at, Cancel);
        after.ShouldContain("Nothing is left to answer");
        after.ShouldNotContain("MG Road");
    }

    internal static OrderFacts Doubtful(string number) => Cash(number) with { Buyer = new("9", "Asha Rao", "asha@mailinator.com", "+919800000001", "en-IN") };

    internal static OrderFacts Cash(string number) => Seed.Facts(number, "banyan-shopify", "Asha Rao", "Masala chai", "INR", "TEA-1", price: 1200m, country: "IN") with
    {
        ShipTo = new("Asha Rao", null, "12 MG Road", null, "Bengaluru", "Karnataka", "560001", "IN", "+919800000001"),
        Payment = new(PaymentState.Pending, PaymentMethod.CashOnDelivery, "Cash on Delivery (COD)"),
    };

    private static async Task<string> Answer(HttpClient shopper, string at, params (string, string)[] fields)
    {
        var answer = await shopper.PostAsync(at + "/answer", new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Item1, f.Item2))), Cancel);
        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        return answer.Headers.Location!.ToString();
    }

    private static async Task<long> Sent(DashboardHost host) => (long)(await host.ScalarAsync("SELECT count(*) FROM ready"))!;
}
