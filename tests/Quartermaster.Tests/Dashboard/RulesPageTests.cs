using System.Net;
using Quartermaster.SignIn;

namespace Quartermaster.Tests.Dashboard;

public sealed class RulesPageTests
{
    private const string Address = "/rules?brand=aurora";
    private const string Vip = "rules:\n- name: Loud\n  when: { country: DE, total: { at_least: 100 } }\n  then: { tag: loud, hold: { reason: Call first, owner: lead } }\n";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static async Task<string> AskAsync(HttpClient client, string act, string draft, string note = "", string after = "0") =>
        await (await PostAsync(client, act, draft, note, after)).Content.ReadAsStringAsync(Cancel);

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string act, string draft, string note = "", string after = "0") =>
        DashboardHost.PostAsync(client, Address, Address, ("_handler", "rules"), ("act", act), ("draft", draft), ("note", note), ("after", after), ("last", "100"));

    [Fact]
    public async Task Rules_are_tried_on_past_orders_and_the_text_stays()
    {
        await using var host = await DashboardHost.StartAsync();
        await host.Seed.PlaceAsync(Seed.Facts("#1001"));
        await host.Seed.PlaceAsync(Seed.Facts("#1002", price: 20m));
        using var client = await host.SignedInAsync("anton", Role.Agent);

        var page = await AskAsync(client, "try", Vip);
        page.ShouldContain("Tried on 2 orders: 1 match, 1 would go another way");
        page.ShouldContain("href=\"/orders/aurora/100100000000001\"");
        page.ShouldContain("hold: Call first");
        page.ShouldContain("- name: Loud");
        page.ShouldNotContain("value=\"save\"", Case.Sensitive, "an agent saves nothing");

        var wrong = await AskAsync(client, "try", Vip.Replace("at_least", "at_leest", StringComparison.Ordinal));
        wrong.ShouldContain("rules:3:");
        wrong.ShouldContain("Did you mean &#x27;at_least&#x27;?");
    }

    [Fact]
    public async Task A_lead_saves_rules_with_a_reason_and_a_second_one_sees_that_they_came_later()
    {
        await using var host = await DashboardHost.StartAsync();
        using var client = await host.SignedInAsync("lea", Role.Lead);

        (await AskAsync(client, "save", Vip)).ShouldContain("Say in at most 300 characters what changes and why");
        (await PostAsync(client, "save", Vip, "Loud ones are called")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        var page = await client.GetStringAsync(Address, Cancel);
        page.ShouldContain("Edition 1 is saved.");
        page.ShouldContain("Loud ones are called");
        page.ShouldContain("country is DE; total at least 100");
        (await AskAsync(client, "save", "rules: []", "None of them", after: "0")).ShouldContain("Somebody has saved another edition meanwhile");

        using var viewer = await host.SignedInAsync("vera", Role.Viewer);
        (await AskAsync(viewer, "save", "rules: []", "Off with them", after: "1")).ShouldContain("This takes the role lead.");
        (await host.Source.CreateCommand("SELECT count(*) FROM edition").ExecuteScalarAsync(Cancel)).ShouldBe(1L);
    }

    [Fact]
    public async Task A_viewer_reads_rules_and_tries_none()
    {
        await using var host = await DashboardHost.StartAsync();
        using var client = await host.SignedInAsync("vera", Role.Viewer);

        (await client.GetStringAsync(Address, Cancel)).ShouldNotContain("value=\"try\"");
        var page = await AskAsync(client, "try", Vip);
        page.ShouldContain("This takes the role agent.");
        page.ShouldNotContain("Tried on");
    }
}
