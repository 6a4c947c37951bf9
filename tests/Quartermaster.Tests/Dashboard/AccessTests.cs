using System.Net;
using Quartermaster.SignIn;

namespace Quartermaster.Tests.Dashboard;

public sealed class AccessTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Somebody_of_one_brand_sees_nothing_of_another()
    {
        await using var host = await DashboardHost.StartAsync();
        await host.Seed.SayAsync(new("aurora", "order", "100100000000001"), new Core.Orders.OrderSignal.Reported(Seed.Facts("#1001"), "orders/create"), "aurora-shopify", effects: "refused");
        using var client = await host.SignedInAsync("priya", Role.Lead, "banyan");

        foreach (var page in new[] { "/", "/orders", "/orders?brand=aurora", "/orders?q=1001", "/failures", "/failures?what=effect&brand=aurora", "/stock?brand=aurora", "/carriers?brand=aurora", "/connections", "/settings", "/settings/switches", "/settings/audit", "/palette?q=1001", "/orders.csv" })
        {
            var html = await client.GetStringAsync(page, Cancel);
            html.ShouldNotContain("#1001", customMessage: page);
            html.ShouldNotContain("Aurora Outdoor", customMessage: page);
        }

        foreach (var page in new[] { "/orders/aurora/100100000000001", "/signals/1001", "/signals/1001/body", "/connections/aurora-shopify", "/streams/aurora/order/100100000000001", "/stock/aurora/JKT-BLUE-M" })
        {
            using var answer = await client.GetAsync(page, Cancel);
            answer.StatusCode.ShouldBe(HttpStatusCode.NotFound, page);
            (await answer.Content.ReadAsStringAsync(Cancel)).ShouldNotContain("JKT-BLUE-M at", customMessage: page);
        }

        (await DashboardHost.PostAsync(client, "/orders", "/do/orders/aurora/hold", ("id", "100100000000001"), ("reason", "mine"))).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        await DashboardHost.PostAsync(client, "/orders", "/do/effect/cancel", ("id", "5001"), ("reason", "mine"));
        await DashboardHost.PostAsync(client, "/orders", "/do/replay-signal", ("seq", "1001"));
        await DashboardHost.PostAsync(client, "/orders", "/do/replay", ("what", "effect"), ("brand", "aurora"));
        await DashboardHost.PostAsync(client, "/orders", "/do/switch", ("scope", "connection/aurora-shopify"), ("on", "false"), ("reason", "x"));
        await DashboardHost.PostAsync(client, "/orders", "/do/switch", ("scope", "all"), ("on", "false"), ("reason", "x"));

        (await CountAsync(host, "SELECT count(*) FROM signal WHERE source LIKE 'operator/%'")).ShouldBe(0);
        (await CountAsync(host, "SELECT count(*) FROM ready")).ShouldBe(0);
        (await CountAsync(host, "SELECT count(*) FROM switch")).ShouldBe(0);
        (await CountAsync(host, "SELECT count(*) FROM effect WHERE id = 5001 AND state = 3")).ShouldBe(1);
    }

    [Theory]
    [InlineData(Role.Viewer, "/do/orders/aurora/hold", false)]
    [InlineData(Role.Agent, "/do/orders/aurora/hold", true)]
    [InlineData(Role.Agent, "/do/switch", false)]
    [InlineData(Role.Lead, "/do/switch", true)]
    [InlineData(Role.Lead, "/do/mode", false)]
    [InlineData(Role.Admin, "/do/mode", true)]
    [InlineData(Role.Lead, "/do/operators/create", false)]
    [InlineData(Role.Lead, "/do/keys/create", false)]
    public async Task A_role_reaches_as_far_as_it_should(Role role, string action, bool allowed)
    {
        await using var host = await DashboardHost.StartAsync();
        await host.Seed.PlaceAsync(Seed.Facts("#1001"));
        using var client = await host.SignedInAsync("mara", role);
        var before = await CountAsync(host, "SELECT count(*) FROM audit");

        using var answer = await DashboardHost.PostAsync(client, "/orders", action, ("id", "100100000000001"), ("reason", "look"), ("scope", "brand/aurora"), ("on", "false"), ("brand", "aurora"),
            ("mode", "shadow"), ("name", "new-one"), ("password", "a long enough sentence"), ("role", "viewer"), ("title", "key"), ("days", "30"));

        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await CountAsync(host, "SELECT count(*) FROM audit") - before).ShouldBe(allowed ? 1 : 0);
        var said = await client.GetStringAsync("/orders", Cancel);
        if (!allowed) said.ShouldContain(action == "/do/switch" ? "Switches are turned by leads and admins." : "This takes the role");
    }

    [Fact]
    public async Task A_form_without_its_seal_does_nothing()
    {
        await using var host = await DashboardHost.StartAsync();
        await host.Seed.PlaceAsync(Seed.Facts("#1001"));
        using var client = await host.SignedInAsync("mara");

        await client.PostAsync("/do/orders/aurora/hold", new FormUrlEncodedContent([new("id", "100100000000001"), new("reason", "forged")]), Cancel);

        (await CountAsync(host, "SELECT count(*) FROM ready")).ShouldBe(0);
    }

    [Fact]
    public async Task A_hold_becomes_a_signal_and_an_audit_row_in_the_persons_name()
    {
        await using var host = await DashboardHost.StartAsync();
        await host.Seed.PlaceAsync(Seed.Facts("#1001"));
        using var client = await host.SignedInAsync("mara", Role.Agent);

        using var answer = await DashboardHost.PostAsync(client, "/orders/aurora/100100000000001", "/do/orders/aurora/hold", ("id", "100100000000001"), ("reason", "Call the shopper first"));

        answer.Headers.Location!.ToString().ShouldBe("/orders/aurora/100100000000001");
        (await CountAsync(host, "SELECT count(*) FROM signal WHERE source = 'operator/mara' AND kind = 'order.hold_asked.v1'")).ShouldBe(1);
        (await CountAsync(host, "SELECT count(*) FROM ready")).ShouldBe(1);
        (await CountAsync(host, "SELECT count(*) FROM audit WHERE who = 'mara' AND subject = 'order/100100000000001' AND brand = 'aurora'")).ShouldBe(1);
    }

    private static async Task<long> CountAsync(DashboardHost host, string sql)
    {
        await using var command = host.Source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync(Cancel))!;
    }
}
