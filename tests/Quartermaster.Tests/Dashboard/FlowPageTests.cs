using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Quartermaster.Core.Campaigns;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;
using Quartermaster.SignIn;

namespace Quartermaster.Tests.Dashboard;

public sealed class FlowPageTests
{
    private const string Ada = "run/email:ada@example.com";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>One who waits, one who is left out, and enough who went all the way to tell what writing brings.</summary>
    internal static async Task FillAsync(DashboardHost host)
    {
        var now = DateTimeOffset.UtcNow;
        var entered = new RunEvent.Entered("review/1", "review", "1", new("Ada Rao", "ada@example.com", null, "en", "IN"), new("1", "#1", [], null, null), now.AddDays(-10), now.AddMinutes(5));
        var ada = RunFile.Empty with { Runs = RunDecider.Evolve(Runs.None, entered) };
        await host.Seed.SqlAsync("INSERT INTO stream(brand, stream, version, updated_at, state) VALUES ('banyan', $1, 1, now(), $2)", Ada, new RunStream().Save(ada));
        await host.Seed.SqlAsync("INSERT INTO run(brand, stream, id, campaign, entered_at, due_at, step, held_out, shadow, sent, lost) VALUES ('banyan', $1, 'review/1', 'review', now() - interval '10 days', now() + interval '5 minutes', 0, false, false, 0, 0)", Ada);
        await host.Seed.SqlAsync("""
            INSERT INTO run(brand, stream, id, campaign, entered_at, step, held_out, shadow, first_at, sent, lost, why, left_at, bought_at, revenue)
            SELECT 'banyan', 'run/email:p' || n || '@example.com', 'review/' || n, 'review', now() - interval '20 days', 3, n > 150, false, now() - interval '10 days', CASE WHEN n > 150 THEN 0 ELSE 3 END, 0, 'Finished', now() - interval '1 day',
              CASE WHEN n <= 60 OR n > 200 THEN now() - interval '5 days' END, CASE WHEN n <= 60 OR n > 200 THEN 500 END FROM generate_series(10, 209) n
            """);
        await host.Seed.SqlAsync("INSERT INTO offer_given(brand, offer, stream, run, code, once, month, at) VALUES ('banyan', 'ten', $1, 'review/1', 'TEN', false, date_trunc('month', now())::date, now())", Ada);
    }

    [Fact]
    public async Task What_flows_bring_stands_with_those_who_were_left_out()
    {
        await using var host = await DashboardHost.StartAsync();
        await FillAsync(host);
        using var client = await host.SignedInAsync("ann", Role.Agent);
        var page = WebUtility.HtmlDecode(await client.GetStringAsync("/flows?brand=banyan", Cancel));
        foreach (var said in new[] { "Review request", "begins when an order is with its shopper", "36.2 % of 141", "15.3 % of 59", "points (", "TEN", "1 of 50" }) page.ShouldContain(said);
        (await client.GetStringAsync("/flows?brand=aurora", Cancel)).ShouldContain("No brand of yours has flows");
    }

    [Fact]
    public async Task A_flow_shows_its_steps_who_is_in_it_and_why_somebody_would_get_nothing()
    {
        await using var host = await DashboardHost.StartAsync();
        await FillAsync(host);
        using var client = await host.SignedInAsync("ann", Role.Agent);
        var page = WebUtility.HtmlDecode(await client.GetStringAsync("/flows/banyan/review", Cancel));
        foreach (var said in new[] { "After 10 days: review request", "they review it", "Ada Rao", "May not be written to by any channel", "Went all the way", "10 of 100 people are left out" }) page.ShouldContain(said);
        page.ShouldNotContain("data-dialog=\"turn-off\"", customMessage: "a lead turns it off");
        await host.Seed.SqlAsync("INSERT INTO consent(brand, channel, address, seq, word, why, at) VALUES ('banyan', 'email', 'ada@example.com', 1, 'opted_in', 'box', now())");
        WebUtility.HtmlDecode(await client.GetStringAsync("/flows/banyan/review", Cancel)).ShouldContain("by email");
        (await client.GetAsync("/flows/banyan/nothing", Cancel)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await client.GetAsync("/flows/aurora/review", Cancel)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_lead_turns_a_flow_off_and_on_and_an_agent_does_not()
    {
        await using var host = await DashboardHost.StartAsync();
        using var agent = await host.SignedInAsync("ann", Role.Agent);
        using var lead = await host.SignedInAsync("lea", Role.Lead);
        await DashboardHost.PostAsync(agent, "/flows/banyan/review", "/do/switch", ("scope", "flow/banyan/review"), ("on", "false"), ("reason", "no"));
        (await host.ScalarAsync("SELECT count(*) FROM switch")).ShouldBe(0L);
        await DashboardHost.PostAsync(lead, "/flows/banyan/review", "/do/switch", ("scope", "flow/banyan/revue"), ("on", "false"), ("reason", "no such flow"));
        await DashboardHost.PostAsync(lead, "/flows/banyan/review", "/do/switch", ("scope", "flow/banyan/review"), ("on", "false"), ("reason", "a new review tool"));
        (await host.ScalarAsync("SELECT scope || ' ' || reason FROM switch")).ShouldBe("flow/banyan/review a new review tool");
        var page = WebUtility.HtmlDecode(await lead.GetStringAsync("/flows/banyan/review", Cancel));
        foreach (var said in new[] { "Off", "flow Review request", "Turn on" }) page.ShouldContain(said);
        await DashboardHost.PostAsync(lead, "/flows/banyan/review", "/do/switch", ("scope", "flow/banyan/review"), ("on", "true"), ("reason", "turned on again"));
        (await host.ScalarAsync("SELECT count(*) FROM switch")).ShouldBe(0L);
        (await host.ScalarAsync("SELECT count(*) FROM audit WHERE action LIKE 'switch.%' AND brand = 'banyan'")).ShouldBe(2L);
    }

    [Fact]
    public async Task A_review_tool_tells_of_a_review_by_order_or_by_address()
    {
        await using var host = await DashboardHost.StartAsync();
        await FillAsync(host);
        var order = await host.Seed.PlaceAsync(Seed.Facts("#1001", channel: "banyan-shopify"), "banyan");
        using var client = await Api.ApiTests.ClientAsync(host, Role.Agent, "banyan");
        (await client.PostAsJsonAsync("/api/v1/reviews", new { brand = "banyan", order = order.Id, source = "judge" }, Cancel)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await host.ScalarAsync("SELECT stream || ' ' || (convert_from(body, 'UTF8')::jsonb->>'source') FROM signal WHERE kind = 'run.reviewed.v1'")).ShouldBe("run/email:mara@example.com judge");
        (await client.PostAsJsonAsync("/api/v1/reviews", new { brand = "banyan", email = "Ada@Example.com" }, Cancel)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await client.PostAsJsonAsync("/api/v1/reviews", new { brand = "banyan" }, Cancel)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await client.PostAsJsonAsync("/api/v1/reviews", new { brand = "banyan", order = "nothing" }, Cancel)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await client.PostAsJsonAsync("/api/v1/reviews", new { brand = "aurora", order = "1" }, Cancel)).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        var flows = JsonNode.Parse(await client.GetStringAsync("/api/v1/flows", Cancel))!.AsArray();
        var review = flows.Single(f => (string?)f!["id"] == "review")!;
        ((bool)review["on"]!, (long)review["figures"]!["entered"]!, (string?)review["trigger"]).ShouldBe((true, 201L, "delivered"));
        JsonNode.Parse(await client.GetStringAsync("/api/v1/flows/banyan/dry-run?flow=review", Cancel))!.AsArray().Count.ShouldBe(1);
        (await client.GetAsync("/api/v1/flows/banyan/dry-run?flow=nothing", Cancel)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }
}
