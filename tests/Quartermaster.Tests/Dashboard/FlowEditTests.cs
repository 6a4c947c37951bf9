using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Quartermaster.Configuration;
using Quartermaster.Runtime.ReadModels;
using Quartermaster.SignIn;

namespace Quartermaster.Tests.Dashboard;

/// <summary>A lead writes a flow: field by field, tried before it is saved, and every edition kept.</summary>
public sealed class FlowEditTests
{
    private const string New = "/flows/edit?brand=banyan", Review = "/flows/edit?brand=banyan&flow=review";

    private static readonly (string, string)[] Second =
    [
        ("_handler", "flow"), ("id", "second"), ("title", "Second order: \"soon\""), ("trigger", "purchased"), ("hold_out", "0.2"), ("only.orders_to", "1"), ("only.countries", "in, id"), ("ends_on", "purchase"), ("ends_on", "case"), ("lasts", "TEA-1: 30d\nTEA-2: 2d"),
        ("steps[0].wait", "21d"), ("steps[0].say", "win_back"), ("steps[0].by", "email"), ("steps[0].offer", "ten"), ("steps[1].wait", ""), ("steps[1].say", ""), ("steps[2].wait", "3d"), ("steps[2].say", "win_back"), ("steps[2].only.total_from", "500"),
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static (string, string)[] With(string act, params (string Field, string Value)[] changes) =>
        [.. Second.Where(f => !changes.Any(c => c.Field == f.Item1)), .. changes, ("act", act)];

    private static async Task<string> AskAsync(HttpClient client, string page, params (string, string)[] fields)
    {
        using var answer = await DashboardHost.PostAsync(client, page, page, fields);
        return WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(Cancel));
    }

    [Fact]
    public async Task A_new_flow_is_tried_saved_with_a_reason_and_shown_and_says_what_its_file_would()
    {
        await using var host = await DashboardHost.StartAsync();
        await host.Seed.PlaceAsync(Seed.Facts("#1001", channel: "banyan-shopify"), "banyan");
        using var client = await host.SignedInAsync("lea", Role.Lead);

        var tried = await AskAsync(client, New, With("preview"));
        foreach (var said in new[] { "Until the end of tomorrow", "nothing was saved, and nothing is sent", "value=\"21d\"" }) tried.ShouldContain(said);
        (await AskAsync(client, New, With("save"))).ShouldContain("Say in at most 300 characters what changes and why");
        (await host.ScalarAsync("SELECT count(*) FROM edition")).ShouldBe(0L);

        using var saved = await DashboardHost.PostAsync(client, New, New, With("save", ("note", "they come back too seldom"), ("after", "0")));
        saved.Headers.Location!.ToString().ShouldEndWith("/flows/banyan/second");
        var flow = (await host.Get<EditionReads>().FlowsAsync(host.Plan, "banyan", Cancel)).Find("second")!;
        flow.ShouldSatisfyAllConditions(f => f.Title.ShouldBe("Second order: \"soon\""), f => f.HoldOut.ShouldBe(0.2m), f => f.Only.Countries.ShouldBe(["IN", "ID"]), f => f.Ends.Count.ShouldBe(2), f => f.Lasts["TEA-2"].ShouldBe(TimeSpan.FromDays(2)),
            f => f.Steps.Select(s => (s.Wait.TotalDays, s.Occasion, s.Offer, s.By?[0], s.Only?.TotalFrom)).ShouldBe([(21, "win_back", "ten", "email", null), (3, "win_back", null, null, 500m)]));
        FlowText.ReadOne(host.Plan, "banyan", "second", FlowText.Write(flow)).Steps.Count.ShouldBe(2);
        WebUtility.HtmlDecode(await client.GetStringAsync("/flows/banyan/second", Cancel)).ShouldContain("After 21 days: win back by email, with the offer ten");
        (await client.GetStringAsync("/flows?brand=banyan", Cancel)).ShouldContain("/flows/banyan/second");
        (await host.ScalarAsync("SELECT action || ' ' || who || ' ' || detail FROM audit WHERE action LIKE 'flow.%'")).ShouldBe("flow.save lea they come back too seldom");

        var again = await client.GetStringAsync("/flows/edit?brand=banyan&flow=second", Cancel);
        foreach (var said in new[] { "name=\"after\" value=\"1\"", "value=\"21d\"", "they come back too seldom", "Remove this flow" }) again.ShouldContain(said);
        (await AskAsync(client, New, With("save", ("note", "twice")))).ShouldContain("There is a flow 'second' already");
        using var dropped = await DashboardHost.PostAsync(client, "/flows/edit?brand=banyan&flow=second", "/do/flow/drop", ("brand", "banyan"), ("flow", "second"), ("after", "1"), ("note", "did not work"));
        (await client.GetAsync("/flows/banyan/second", Cancel)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await host.ScalarAsync("SELECT count(*) FROM edition")).ShouldBe(2L);
    }

    [Theory]
    [InlineData("hold_out", "0.9", "up to a half")]
    [InlineData("steps[0].wait", "soon", "'soon' is not a length of time")]
    [InlineData("steps[0].by", "sms", "the brand has no channel 'sms'")]
    [InlineData("link", "shop", "not an address")]
    [InlineData("lasts", "TEA-1", "'TEA-1' is not a length of time")]
    [InlineData("only.orders_to", "few", "few")]
    public async Task What_is_wrong_is_told_at_its_field_and_nothing_that_was_typed_is_lost(string field, string value, string wrong)
    {
        await using var host = await DashboardHost.StartAsync();
        using var client = await host.SignedInAsync("lea", Role.Lead);
        var page = await AskAsync(client, New, With("save", (field, value), ("note", "x")));
        page.ShouldContain("1 thing is wrong; nothing was saved.");
        page.ShouldContain(wrong);
        page.ShouldContain($"id=\"f-{field.Replace('[', '-').Replace("]", "", StringComparison.Ordinal).Replace('.', '-').Replace('_', '-')}-wrong\"");
        page.ShouldContain("Second order: \"soon\"");
    }

    [Fact]
    public async Task A_flow_of_the_file_is_changed_somebody_elses_change_is_not_overwritten_and_the_file_comes_back()
    {
        await using var host = await DashboardHost.StartAsync();
        using var client = await host.SignedInAsync("lea", Role.Lead);
        (string, string)[] review = [("_handler", "flow"), ("act", "save"), ("title", "Reviews"), ("trigger", "delivered"), ("steps[0].wait", "12d"), ("steps[0].say", "review_request"), ("note", "later")];
        using (var saved = await DashboardHost.PostAsync(client, Review, Review, [.. review, ("after", "0")])) saved.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await AskAsync(client, Review, [.. review, ("after", "0")])).ShouldContain("Somebody has saved another edition meanwhile");
        (await host.Get<EditionReads>().FlowsAsync(host.Plan, "banyan", Cancel)).ShouldSatisfyAllConditions(f => f.Find("review")!.Steps.Count.ShouldBe(1), f => f.All.Count.ShouldBe(5, "it stands in its place"), f => f.Offers.Keys.ShouldBe(["ten"]));
        (await client.GetStringAsync(Review, Cancel)).ShouldContain("Go back to what the file says");
        using var back = await DashboardHost.PostAsync(client, Review, "/do/flow/drop", ("brand", "banyan"), ("flow", "review"), ("after", "1"), ("note", "as it was"));
        (await host.Get<EditionReads>().FlowsAsync(host.Plan, "banyan", Cancel)).Find("review")!.Steps.Count.ShouldBe(3);

        using var agent = await host.SignedInAsync("ann", Role.Agent);
        (await agent.GetStringAsync(Review, Cancel)).ShouldContain("Flows are written by leads");
        (await client.GetAsync("/flows/edit?brand=aurora", Cancel)).StatusCode.ShouldBe(HttpStatusCode.NotFound, "it sends no messages");
        (await client.GetAsync("/flows/edit?brand=banyan&flow=nothing", Cancel)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await client.GetStringAsync("/flows/edit?brand=banyan&flow=review&edition=1", Cancel)).ShouldContain("value=\"12d\"");
    }

    [Fact]
    public async Task The_api_writes_and_tries_flows_and_tells_what_is_wrong_by_key()
    {
        await using var host = await DashboardHost.StartAsync();
        using var client = await Api.ApiTests.ClientAsync(host, Role.Lead, "banyan");
        using var agent = await Api.ApiTests.ClientAsync(host, Role.Agent, "banyan");
        var text = """{ "flows": { "hello": { "trigger": "purchased", "steps": [ { "wait": "1d", "say": "thank_you" } ] } } }""";

        using var wrong = await client.PutAsJsonAsync("/api/v1/flows/banyan/hello", new { text = text.Replace("1d", "soon", StringComparison.Ordinal), note = "x" }, Cancel);
        wrong.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        JsonNode.Parse(await wrong.Content.ReadAsStringAsync(Cancel))!["errors"]!["flows.hello.steps[0].wait"].ShouldNotBeNull();
        (await agent.PutAsJsonAsync("/api/v1/flows/banyan/hello", new { text, note = "x" }, Cancel)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await client.PutAsJsonAsync("/api/v1/flows/banyan/other", new { text, note = "x" }, Cancel)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await client.PutAsJsonAsync("/api/v1/flows/banyan/hello", new { text }, Cancel)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await client.PutAsJsonAsync("/api/v1/flows/aurora/hello", new { text, note = "x" }, Cancel)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        JsonNode.Parse(await (await client.PostAsJsonAsync("/api/v1/flows/banyan/hello/try", new { text }, Cancel)).Content.ReadAsStringAsync(Cancel))!["begun"]!.AsArray().ShouldBeEmpty();
        (await client.PutAsJsonAsync("/api/v1/flows/banyan/hello", new { text, note = "the first" }, Cancel)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await client.PutAsJsonAsync("/api/v1/flows/banyan/hello", new { text, note = "unseen", after = 0 }, Cancel)).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        var read = JsonNode.Parse(await client.GetStringAsync("/api/v1/flows/banyan/hello", Cancel))!;
        ((int)read["edition"]!, FlowText.ReadOne(host.Plan, "banyan", "hello", (string)read["text"]!).Steps.Count).ShouldBe((1, 1));
    }
}
