using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Quartermaster.SignIn;
using Quartermaster.Tests.Api;

namespace Quartermaster.Tests.Dashboard;

/// <summary>What people see and say of goods and of how orders travel.</summary>
public sealed class SkuFactsPageTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_unit_weighs_is_said_on_its_page_and_by_a_program_and_shown_again()
    {
        await using var host = await DashboardHost.StartAsync();
        using var client = await host.SignedInAsync("mara", Role.Lead);
        (await client.GetStringAsync("/stock/aurora/JKT-BLUE-M", Cancel)).ShouldContain("<dt>Weighs</dt><dd class=\"num\">not known</dd>");
        await DashboardHost.PostAsync(client, "/stock/aurora/JKT-BLUE-M", "/do/stock/aurora/facts", ("sku", "JKT-BLUE-M"), ("grams", "1250"), ("cm", "10x40x30"), ("tariff", "6201.40"), ("origin", "vn"));
        var page = await client.GetStringAsync("/stock/aurora/JKT-BLUE-M", Cancel);
        foreach (var said in new[] { "1,250 g", "40 × 30 × 10 cm", "620140", "<dd>VN</dd>", "mara" }) WebUtility.HtmlDecode(page).ShouldContain(said);
        await DashboardHost.PostAsync(client, "/stock/aurora/JKT-BLUE-M", "/do/stock/aurora/facts", ("sku", "JKT-BLUE-M"), ("grams", "1250"), ("tariff", "jacket"));
        (await host.ScalarAsync("SELECT tariff_code FROM sku_facts")).ShouldBe("620140", "what is no tariff number is not taken");

        using var program = await ApiTests.ClientAsync(host, Role.Lead);
        using var put = await program.PutAsJsonAsync("/api/v1/stock/aurora/JKT-BLUE-M/facts", new { grams = 1300 }, Cancel);
        put.StatusCode.ShouldBe(HttpStatusCode.OK);
        var facts = await program.GetFromJsonAsync<JsonElement>("/api/v1/stock/aurora/JKT-BLUE-M/facts", Cancel);
        (facts.GetProperty("grams").GetInt32(), facts.TryGetProperty("tariff", out var tariff) && tariff.ValueKind != JsonValueKind.Null).ShouldBe((1300, false));
        using var wrong = await program.PutAsJsonAsync("/api/v1/stock/aurora/JKT-BLUE-M/facts", new { cm = "large" }, Cancel);
        (await wrong.Content.ReadAsStringAsync(Cancel)).ShouldContain("is not the size of a unit");
    }

    [Fact]
    public async Task The_order_shows_what_its_shopper_chose_and_a_label_is_bought_only_from_who_sells_one()
    {
        await using var host = await DashboardHost.StartAsync();
        await host.Seed.PlaceAsync(Seed.Facts("#1001") with { ShippingMethod = new("Express", "EXP-1") });
        using var client = await host.SignedInAsync("mara", Role.Agent);
        (await client.GetStringAsync("/orders/aurora/100100000000001", Cancel)).ShouldContain("<dt>Shipping method</dt><dd>Express (EXP-1)</dd>");
        await DashboardHost.PostAsync(client, "/orders", "/do/orders/aurora/label-buy", ("id", "100100000000001"), ("attempt", "1"), ("connection", "aurora-xero"), ("service", "N"));
        (await host.ScalarAsync("SELECT count(*) FROM signal WHERE kind = 'label.again_asked.v1'")).ShouldBe(0L);

        using var program = await ApiTests.ClientAsync(host, Role.Agent);
        (await program.GetFromJsonAsync<JsonElement>("/api/v1/orders/aurora/100100000000001", Cancel)).GetProperty("shippingMethod").GetProperty("title").GetString().ShouldBe("Express");
        foreach (var body in new object[] { new { again = true, connection = "aurora-xero", service = "N" }, new { again = true, service = "N" } })
            (await program.PostAsJsonAsync("/api/v1/orders/aurora/100100000000001/label", body, Cancel)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await program.PostAsJsonAsync("/api/v1/orders/aurora/100100000000001/label", new { again = true }, Cancel)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }
}
