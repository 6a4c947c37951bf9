using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Quartermaster.Core;
using Quartermaster.Core.Purchasing;
using Quartermaster.SignIn;

namespace Quartermaster.Tests.Dashboard;

/// <summary>What people see of buying, and what becomes of what they do.</summary>
public sealed class PurchasingTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_runs_low_stands_with_its_cover_and_the_draft_that_waits_for_a_decision()
    {
        await using var host = await DashboardHost.StartAsync();
        await Buying.FillAsync(host);
        using var client = await host.SignedInAsync("lea", Role.Lead);

        var low = await client.GetStringAsync("/stock/low", Cancel);
        low.ShouldContain("11 available, line at 12");
        low.ShouldContain("Decide on PO-1 (BER)");
        low.ShouldContain("BER 9, ROT 2");
        var draft = await client.GetStringAsync("/purchasing/aurora/PO-1", Cancel);
        draft.ShouldContain("3 packs");
        draft.ShouldContain("3,506.00 below what Porto Mill takes at least");
        var sku = await client.GetStringAsync("/stock/aurora/JKT-BLUE-M", Cancel);
        sku.ShouldContain("Selling and buying");
        sku.ShouldContain("Porto Mill, 14 days from order to shelf, packs of 12");
        (await client.GetStringAsync("/purchasing", Cancel)).ShouldContain("PO-1");
        (await client.GetStringAsync("/purchasing/aurora/PO-1/csv", Cancel)).ShouldBe("purchase_order,sku,supplier_sku,units,unit_cost,currency,deliver_to,expected\r\nPO-1,JKT-BLUE-M,P-77,36,41.5,EUR,BER,\r\n");
        (await client.GetStringAsync("/purchasing/aurora/PO-1/print", Cancel)).ShouldContain("draft, not ordered");
    }

    [Fact]
    public async Task A_lead_approves_and_an_agent_receives_each_as_a_signal_in_their_name()
    {
        await using var host = await DashboardHost.StartAsync();
        await Buying.FillAsync(host);
        using var lead = await host.SignedInAsync("lea", Role.Lead);
        using var agent = await host.SignedInAsync("ann", Role.Agent);

        await DashboardHost.PostAsync(agent, "/purchasing/aurora/PO-1", "/do/purchasing/aurora/PO-1/approve");
        (await agent.GetStringAsync("/purchasing", Cancel)).ShouldContain("This takes the role lead");
        await DashboardHost.PostAsync(lead, "/purchasing/aurora/PO-1", "/do/purchasing/aurora/PO-1/quantities", ("sku", "JKT-BLUE-M"), ("units", "48"));
        await DashboardHost.PostAsync(lead, "/purchasing/aurora/PO-1", "/do/purchasing/aurora/PO-1/approve", ("day", ""));
        await DashboardHost.PostAsync(agent, "/purchasing/aurora/PO-1", "/do/purchasing/aurora/PO-1/receive", ("intent", "i1"), ("note", "DN 5"), ("sku", "JKT-BLUE-M"), ("units", "20"), ("damaged", "1"));
        await DashboardHost.PostAsync(agent, "/purchasing/aurora/PO-1", "/do/purchasing/aurora/PO-1/receive", ("intent", "i2"), ("sku", "JKT-BLUE-M"), ("units", "-3"), ("damaged", "0"));
        await DashboardHost.PostAsync(agent, "/purchasing/aurora/PO-1", "/do/purchasing/aurora/PO-1/receive", ("intent", "i3"), ("sku", "JKT-BLUE-M"), ("units", "1"), ("damaged", "0"), ("at", "2999-01-01T10:00"));
        await DashboardHost.PostAsync(lead, "/purchasing/aurora/PO-1", "/do/purchasing/aurora/PO-9/approve");

        (await ListAsync(host, "SELECT source || ' ' || kind FROM signal ORDER BY seq")).ShouldBe(["operator/lea purchase.quantities_set.v1", "operator/lea purchase.approve_asked.v1", "operator/ann purchase.goods_received.v1"]);
        var received = (PurchaseSignal.GoodsReceived)CoreJson.Read("purchase.goods_received.v1", await BodyAsync(host));
        (received.ReceiptId, received.Lines.Single()).ShouldBe(("note-DN 5", new ReceivedLine("JKT-BLUE-M", 20, 1)));
        (await ListAsync(host, "SELECT detail FROM audit WHERE action = 'purchase.goods_received.v1'")).ShouldBe(["note-DN 5: 20 × JKT-BLUE-M and 1 damaged"]);
    }

    [Fact]
    public async Task Suppliers_and_terms_are_kept_and_what_cannot_be_is_said()
    {
        await using var host = await DashboardHost.StartAsync();
        await host.Seed.SqlAsync("INSERT INTO position(brand, sku, location, on_hand, updated_at) VALUES ('aurora', 'A', 'BER', 1, now())");
        using var client = await host.SignedInAsync("lea", Role.Lead);
        Task<HttpResponseMessage> Supplier(string code, string email) => DashboardHost.PostAsync(client, "/purchasing/suppliers", "/do/purchasing/supplier", ("brand", "aurora"), ("code", code), ("title", "Porto Mill"), ("email", email), ("lead_days", "14"), ("min_order", "100.50"), ("currency", "eur"));

        await Supplier("mill", "orders@mill.example");
        await Supplier("The Mill", "");
        (await client.GetStringAsync("/purchasing/suppliers", Cancel)).ShouldContain("write a code of lower-case letters, digits and hyphens");
        await DashboardHost.PostAsync(client, "/stock/aurora/A", "/do/purchasing/aurora/terms", ("sku", "A"), ("supplier", "mill"), ("pack", "6"), ("low_days", "4.5"), ("quiet", "true"));
        await DashboardHost.PostAsync(client, "/stock/aurora/A", "/do/purchasing/aurora/terms", ("sku", "B"), ("supplier", "nobody"));
        (await client.GetStringAsync("/purchasing/terms", Cancel)).ShouldContain("no supplier &#x27;nobody&#x27;");
        await DashboardHost.PostAsync(client, "/stock/aurora/A", "/do/purchasing/aurora/propose", ("sku", "A"), ("location", "BER"), ("units", "6"));

        (await ListAsync(host, "SELECT code || ' ' || min_order || ' ' || currency FROM supplier")).ShouldBe(["mill 100.50 EUR"]);
        (await ListAsync(host, "SELECT sku || ' ' || pack || ' ' || low_days || ' ' || quiet FROM sku_terms")).ShouldBe(["A 6 4.5 true"]);
        (await ListAsync(host, "SELECT purchase || ' ' || sku || ' ' || location FROM drafted")).ShouldBe(["PO-1 A BER"]);
        (await ListAsync(host, "SELECT source || ' ' || stream FROM signal")).ShouldBe(["operator/lea purchase/PO-1"]);
    }

    [Fact]
    public async Task Programs_read_and_do_the_same_within_their_brands()
    {
        await using var host = await DashboardHost.StartAsync();
        await Buying.FillAsync(host, new PurchaseSignal.ApproveAsked(null, "lea"));
        using var client = await ClientAsync(host);
        using var stranger = await ClientAsync(host, "banyan");

        var low = (await client.GetFromJsonAsync<JsonElement>("/api/v1/stock/low", Cancel)).GetProperty("items")[0];
        (low.GetProperty("sku").GetString(), low.GetProperty("purchases")[0].GetString()).ShouldBe(("JKT-BLUE-M", "PO-1"));
        (await client.GetFromJsonAsync<JsonElement>("/api/v1/purchases/aurora/PO-1", Cancel)).GetProperty("lines")[0].GetProperty("missing").GetInt32().ShouldBe(36);
        (await client.PostAsJsonAsync("/api/v1/purchases/aurora/PO-1/receive", new { receipt = "DN-1", lines = new[] { new { sku = "JKT-BLUE-M", units = 12 } } }, Cancel)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await client.PostAsJsonAsync("/api/v1/purchases/aurora/PO-1/receive", new { receipt = "DN-2", lines = new[] { new { sku = "JKT-BLUE-M", units = -1 } } }, Cancel)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await client.PostAsJsonAsync("/api/v1/purchases/aurora/PO-1/close", new { reason = "" }, Cancel)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await client.PostAsJsonAsync("/api/v1/purchases/aurora/PO-9/approve", new { }, Cancel)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await client.PostAsJsonAsync("/api/v1/purchases/aurora", new { sku = "JKT-BLUE-M", location = "ROT", units = 5 }, Cancel)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await client.PostAsJsonAsync("/api/v1/purchases/aurora", new { sku = "JKT-BLUE-M", location = "ROT", units = 5 }, Cancel)).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        foreach (var path in new[] { "stock/low", "purchases", "purchases?state=all" }) (await stranger.GetStringAsync("/api/v1/" + path, Cancel)).ShouldNotContain("PO-1", customMessage: path);
        (await stranger.GetAsync("/api/v1/purchases/aurora/PO-1", Cancel)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await stranger.PostAsJsonAsync("/api/v1/purchases/aurora/PO-1/close", new { reason = "x" }, Cancel)).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        (await ListAsync(host, "SELECT kind FROM signal ORDER BY seq")).ShouldBe(["purchase.goods_received.v1", "purchase.proposed.v1"]);
    }

    private static async Task<HttpClient> ClientAsync(DashboardHost host, params string[] brands)
    {
        var client = host.Client();
        client.DefaultRequestHeaders.Authorization = new("Bearer", await host.Get<ApiKeys>().CreateAsync("test", Role.Lead, brands.Length == 0 ? null : brands, null, "test", Cancel));
        return client;
    }

    private static Task<List<string>> ListAsync(DashboardHost host, string sql) => Import.OrderImportTests.ListAsync(host.Source, sql);

    private static async Task<byte[]> BodyAsync(DashboardHost host)
    {
        await using var command = host.Source.CreateCommand("SELECT body FROM signal WHERE kind = 'purchase.goods_received.v1'");
        return (byte[])(await command.ExecuteScalarAsync(Cancel))!;
    }
}
