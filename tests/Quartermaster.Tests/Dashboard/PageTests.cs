using System.Net;
using Quartermaster.Core.Fulfilment;
using Quartermaster.SignIn;

namespace Quartermaster.Tests.Dashboard;

public sealed class PageTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/")]
    [InlineData("/orders")]
    [InlineData("/stock")]
    [InlineData("/carriers")]
    [InlineData("/carriers/labels")]
    [InlineData("/carriers?days=7&brand=aurora")]
    [InlineData("/stock/aurora/JKT-BLUE-M")]
    [InlineData("/stock/low")]
    [InlineData("/purchasing")]
    [InlineData("/purchasing/suppliers")]
    [InlineData("/purchasing/terms")]
    [InlineData("/rules")]
    [InlineData("/routing/whatif")]
    [InlineData("/failures")]
    [InlineData("/connections")]
    [InlineData("/connections/aurora-xero")]
    [InlineData("/runbook")]
    [InlineData("/settings")]
    [InlineData("/settings/switches")]
    [InlineData("/settings/operators")]
    [InlineData("/settings/keys")]
    [InlineData("/settings/configuration")]
    [InlineData("/settings/processes")]
    [InlineData("/settings/audit")]
    public async Task Every_page_stands_on_an_empty_hub(string page)
    {
        await using var host = await DashboardHost.StartAsync();
        using var client = await host.SignedInAsync("mara");

        using var answer = await client.GetAsync(page, Cancel);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("script-src 'self';");
        (await answer.Content.ReadAsStringAsync(Cancel)).ShouldContain("<main class=\"page\"");
    }

    [Fact]
    public async Task Orders_in_shadow_are_listed_and_taken_over_and_a_case_is_closed_where_it_stands()
    {
        await using var host = await DashboardHost.StartAsync();
        await host.Seed.PlaceAsync(Seed.Facts("#1001"));
        await host.Seed.PlaceAsync(Seed.Facts("#1002"));
        await host.Seed.SqlAsync("UPDATE stream SET shadow = true WHERE number = '#1002'");
        await host.Seed.SqlAsync("INSERT INTO open_case(brand, stream, key, kind, title, detail, seq, opened_at) VALUES ('aurora', 'order/100200000000001', 'edit/too_late', 'order.edit_too_late', 'Changed late', 'd', 1, now())");
        using var client = await host.SignedInAsync("mara");

        var list = await client.GetStringAsync("/orders?shadow=true", Cancel);
        list.ShouldContain("Take over these 1");
        list.ShouldContain("name=\"order\" value=\"aurora/100200000000001\"");
        list.ShouldNotContain("#1001");
        var order = await client.GetStringAsync("/orders/aurora/100200000000001", Cancel);
        order.ShouldContain("data-dialog=\"take-over\"");
        order.ShouldContain("data-case=\"edit/too_late\"");
        (await client.GetStringAsync("/orders/aurora/100100000000001", Cancel)).ShouldNotContain("take-over");
        (await client.GetStringAsync("/failures?what=case&cause=order.edit_too_late", Cancel)).ShouldContain("data-dialog=\"close-case\"");
    }

    [Fact]
    public async Task A_page_that_fails_says_so_in_words()
    {
        await using var host = await DashboardHost.StartAsync();
        using var client = await host.SignedInAsync("mara");
        await host.Seed.SqlAsync("ALTER TABLE position RENAME TO elsewhere");

        using var answer = await client.GetAsync("/stock", Cancel);

        answer.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        (await answer.Content.ReadAsStringAsync(Cancel)).ShouldContain("Nothing was changed");
    }

    [Theory]
    [InlineData("#1001")]
    [InlineData("1001")]
    [InlineData("100")]
    [InlineData("MARA@example.com")]
    [InlineData("mara@")]
    [InlineData("+49 151 123 456 78")]
    [InlineData("jkt-blue")]
    [InlineData("JD014600011")]
    public async Task An_order_is_found_by_number_mail_phone_sku_and_tracking(string asked)
    {
        await using var host = await DashboardHost.StartAsync();
        var order = await host.Seed.PlaceAsync(Seed.Facts("#1001"));
        await host.Seed.SayAsync(order, new FulfilmentSignal.Shipped(order.Key, "BER", "DHL", "JD014600011", [new("JKT-BLUE-M", 1)], host.Seed.Now, null), "aurora-warehouse");
        using var client = await host.SignedInAsync("mara");

        var page = await client.GetStringAsync("/orders?q=" + Uri.EscapeDataString(asked), Cancel);

        page.ShouldContain("/orders/aurora/100100000000001");
    }

    [Fact]
    public async Task A_list_walked_page_by_page_shows_every_order_once()
    {
        await using var host = await DashboardHost.StartAsync();
        var same = DateTimeOffset.UtcNow.AddHours(-1);
        for (var i = 0; i < 130; i++) await host.Seed.PlaceAsync(Seed.Facts($"#{1000 + i}", channel: i % 2 == 0 ? "aurora-shopify" : "banyan-shopify", at: i < 120 ? same : same.AddMinutes(-i)), i % 2 == 0 ? "aurora" : "banyan");
        using var client = await host.SignedInAsync("mara");

        var seen = new List<string>();
        for (var next = "/orders"; next is not null;)
        {
            var page = await client.GetStringAsync(next, Cancel);
            seen.AddRange(System.Text.RegularExpressions.Regex.Matches(page, "data-key=\"([^\"]+/order/[^\"]+)\"").Select(m => m.Groups[1].Value));
            var older = System.Text.RegularExpressions.Regex.Match(page, "rel=\"next\" href=\"([^\"]+)\"");
            next = older.Success ? WebUtility.HtmlDecode(older.Groups[1].Value) : null;
        }

        seen.Count.ShouldBe(130);
        seen.Distinct().Count().ShouldBe(130);
    }

    [Fact]
    public async Task Filters_in_the_address_narrow_the_list()
    {
        await using var host = await DashboardHost.StartAsync();
        await host.Seed.PlaceAsync(Seed.Facts("#1001"));
        await host.Seed.PlaceAsync(Seed.Facts("#1002", paid: false));
        using var client = await host.SignedInAsync("mara");

        (await client.GetStringAsync("/orders?status=held", Cancel)).ShouldSatisfyAllConditions(p => p.ShouldContain(">#1002<"), p => p.ShouldNotContain(">#1001<"));
        (await client.GetStringAsync("/orders?attention=true", Cancel)).ShouldNotContain(">#1001<");
        (await client.GetStringAsync("/orders?from=2030-01-01", Cancel)).ShouldContain("No order matches");
        (await client.GetStringAsync("/orders?from=tomorrow", Cancel)).ShouldContain("is not a day");
    }

    [Fact]
    public async Task One_order_tells_why_it_went_where_it_went()
    {
        await using var host = await DashboardHost.StartAsync();
        var order = await host.Seed.PlaceAsync(Seed.Facts("#1001"));
        await host.Seed.SayAsync(order, new FulfilmentSignal.Shipped(order.Key, "BER", "DHL", "JD014600011", [new("JKT-BLUE-M", 1)], host.Seed.Now, null), "aurora-warehouse", effects: "unsure");
        using var client = await host.SignedInAsync("mara");

        var page = WebUtility.HtmlDecode(await client.GetStringAsync("/orders/aurora/100100000000001", Cancel));

        page.ShouldSatisfyAllConditions(
            p => p.ShouldContain("Allocated at BER"), p => p.ShouldContain("2 locations compared"), p => p.ShouldContain("€133.90"),
            p => p.ShouldContain("Hand the order to the warehouse"), p => p.ShouldContain("It did not happen"), p => p.ShouldContain("POST /api/orders/batch HTTP/1.1"),
            p => p.ShouldContain("https://aurora-shopify.myshopify.com/admin/orders/100100000000001"));
    }

    [Fact]
    public async Task Troubles_of_one_cause_are_one_line()
    {
        await using var host = await DashboardHost.StartAsync();
        for (var i = 0; i < 3; i++) await host.Seed.SayAsync(new("aurora", "order", $"{i}"), new Core.Orders.OrderSignal.Reported(Seed.Facts($"#{1001 + i}"), "orders/create"), "aurora-shopify", effects: "refused");
        using var client = await host.SignedInAsync("mara");

        var causes = await client.GetStringAsync("/failures", Cancel);

        System.Text.RegularExpressions.Regex.Count(causes, "data-href=\"/failures\\?what=effect").ShouldBe(1);
        (await client.GetStringAsync("/failures?what=effect&brand=aurora&lane=aurora-warehouse", Cancel)).ShouldContain(">#1001</a>");
    }

    [Fact]
    public async Task Exports_cannot_run_formulas_in_a_spreadsheet()
    {
        await using var host = await DashboardHost.StartAsync();
        await host.Seed.PlaceAsync(Seed.Facts("#1001", name: "=HYPERLINK(\"http://evil\")"));
        using var client = await host.SignedInAsync("mara");

        var csv = await client.GetStringAsync("/orders.csv", Cancel);

        csv.ShouldContain("\"'=HYPERLINK(\"\"http://evil\"\")\"");
    }

    [Fact]
    public async Task Whatever_a_shopper_types_stays_text()
    {
        const string hostile = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'";
        await using var host = await DashboardHost.StartAsync();
        var order = await host.Seed.PlaceAsync(Seed.Facts("#6<b>", name: hostile, title: hostile, sku: hostile) with { ExternalId = "66", Note = hostile, Tags = [hostile] });
        await host.Seed.SqlAsync("INSERT INTO parked(seq,part,brand,stream,kind,source,case_kind,reason,at) VALUES (7,1,'aurora',$1,$2,$2,'x.y',$2,now())", order.Key, hostile);
        await host.Seed.SqlAsync("UPDATE stream SET attention = $1, status = $1, location = $1", hostile);
        await host.Seed.SqlAsync("INSERT INTO audit(who, action, subject, detail) VALUES ($1, $1, $1, $1)", hostile);
        await host.Seed.SqlAsync("INSERT INTO lane(connection, breaker, last_error, last_error_at) VALUES ('aurora-xero', $1, $1, now())", hostile);
        await host.Seed.SqlAsync("INSERT INTO position(brand, sku, location, on_hand, updated_at) VALUES ('aurora', $1, $1, 1, now())", hostile);
        await host.Seed.TallyAsync("aurora", "status/" + hostile, 1);
        using var client = await host.SignedInAsync("mara");

        foreach (var page in new[] { "/", "/orders", "/orders/aurora/66", "/failures", "/failures?what=parked&cause=x.y", "/stock", "/settings/audit", "/connections/aurora-xero", "/signals/1001", "/orders?q=" + Uri.EscapeDataString(hostile) })
        {
            using var answer = await client.GetAsync(page, Cancel);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, page);
            var html = await answer.Content.ReadAsStringAsync(Cancel);
            html.ShouldNotContain("<script>alert", customMessage: page);
            html.ShouldNotContain("<img src=x", customMessage: page);
        }

        using var raw = await client.GetAsync("/signals/1001/body", Cancel);
        raw.Content.Headers.ContentType!.MediaType.ShouldBe("application/octet-stream");
    }
}
