using Quartermaster.Core.Orders;
using Quartermaster.SignIn;

namespace Quartermaster.Tests.Dashboard;

/// <summary>Holds of many orders are shown together, and lifted together by who may lift them.</summary>
public sealed class LiftPageTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Holds_are_lifted_of_the_orders_that_were_shown_and_that_have_them_still()
    {
        await using var host = await DashboardHost.StartAsync();
        foreach (var n in (string[])["1", "2", "3"])
            await host.Seed.SayAsync(new("aurora", "order", n), new OrderSignal.Reported(Seed.Facts("#100" + n, address: n == "3") with { ExternalId = n, Test = n == "3" }, "orders/create"), "aurora-shopify");
        using var agent = await host.SignedInAsync("ann", Role.Agent, "aurora");
        using var other = await host.SignedInAsync("bo", Role.Agent, "banyan");

        (await agent.GetStringAsync("/orders?status=held", Cancel)).ShouldContain("/orders/lift?status=held");
        var page = await agent.GetStringAsync("/orders/lift?status=held", Cancel);
        page.ShouldSatisfyAllConditions(p => p.ShouldContain("Lift it from 2 orders"), p => p.ShouldContain("#1002"), p => p.ShouldContain("1 of them for the role lead"), p => p.ShouldNotContain("Lift it of 1 order"));
        (await other.GetStringAsync("/orders/lift?status=held", Cancel)).ShouldNotContain("#1002");
        await DashboardHost.PostAsync(other, "/orders/lift?status=held", "/do/orders/lift", ("kind", "NoAddress"), ("order", "aurora/1"));
        await host.Seed.SayAsync(new("aurora", "order", "2"), new OrderSignal.AddressCorrected(Seed.Facts("#1002").ShipTo!, "lea"), "operator/lea");
        await DashboardHost.PostAsync(agent, "/orders/lift?status=held", "/do/orders/lift", ("kind", "NoAddress"), ("order", "aurora/1"), ("order", "aurora/2"), ("order", "aurora/3"), ("order", "aurora/none"));
        (await agent.GetStringAsync("/orders/lift?status=held", Cancel)).ShouldContain("The hold of 1 order is lifted. 3 are not held like that any more.");
        (await host.ScalarAsync("SELECT string_agg(who || ' ' || subject, ',') FROM audit WHERE action = 'order.hold_lift_asked.v1'")).ShouldBe("ann order/1");
    }
}
