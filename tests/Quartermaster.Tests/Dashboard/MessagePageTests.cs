using System.Net;
using Quartermaster.SignIn;

namespace Quartermaster.Tests.Dashboard;

public sealed class MessagePageTests
{
    private const string Address = "/messages/one?brand=aurora&occasion=confirmed&language=en";
    private const string Words = "class: transactional\n--- subject\nOurs: {{number}}\n--- mail\nDear {{name}}, {{total}}.\n--- text\nOurs: {{number}}\n--- whatsapp order_confirmed\n{{number}}\n{{name}}";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static async Task<string> AskAsync(HttpClient client, string act, string draft, string note = "", string order = "") => await (await PostAsync(client, act, draft, note, order)).Content.ReadAsStringAsync(Cancel);

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string act, string draft, string note = "", string order = "", string after = "0") =>
        DashboardHost.PostAsync(client, Address, Address, ("_handler", "words"), ("act", act), ("draft", draft), ("note", note), ("order", order), ("after", after));

    private static Task<HttpResponseMessage> DecideAsync(HttpClient client, string act, string number) =>
        DashboardHost.PostAsync(client, Address, Address, ("_handler", "decide"), ("act", act), ("number", number));

    [Fact]
    public async Task A_draft_is_seen_with_a_real_order_and_its_mistakes_are_told_with_their_lines()
    {
        await using var host = await DashboardHost.StartAsync();
        await host.Seed.PlaceAsync(Seed.Facts("#1001"));
        using var client = await host.SignedInAsync("anton", Role.Agent);

        var page = await AskAsync(client, "preview", Words, order: "#1001");
        page.ShouldContain("How order #1001 reads");
        page.ShouldContain("Ours: #1001");
        var wrong = await AskAsync(client, "propose", Words.Replace("{{name}}", "{{city}}", StringComparison.Ordinal), "x");
        wrong.ShouldContain("line 5: &#x27;city&#x27; is not always known");
        wrong.ShouldContain("Dear {{city}}", Case.Sensitive, "nobody types a letter twice");
        (await host.Source.CreateCommand("SELECT count(*) FROM message_edition").ExecuteScalarAsync(Cancel)).ShouldBe(0L);
    }

    [Fact]
    public async Task An_agent_proposes_and_a_lead_who_did_not_write_it_approves()
    {
        await using var host = await DashboardHost.StartAsync();
        using var agent = await host.SignedInAsync("anton", Role.Agent);
        using var lead = await host.SignedInAsync("lea", Role.Lead);

        (await AskAsync(agent, "propose", Words)).ShouldContain("Say in at most 300 characters what changes and why");
        (await PostAsync(agent, "propose", Words, "Shorter")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await agent.GetStringAsync("/messages?brand=aurora", Cancel)).ShouldContain("Shorter");
        (await agent.GetStringAsync(Address, Cancel)).ShouldNotContain("value=\"approve\"");
        (await (await DecideAsync(agent, "drop", "7")).Content.ReadAsStringAsync(Cancel)).ShouldContain("There is no such edition.");
        var page = await lead.GetStringAsync(Address, Cancel);
        page.ShouldContain("&#x2B; Ours: {{number}}");
        page.ShouldContain("value=\"approve\"");
        (await DecideAsync(lead, "approve", "1")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await host.Source.CreateCommand("SELECT decided_by FROM message_edition WHERE from_at IS NOT NULL").ExecuteScalarAsync(Cancel)).ShouldBe("lea");
    }

    [Fact]
    public async Task Ones_own_words_are_approved_only_by_who_is_alone()
    {
        await using var host = await DashboardHost.StartAsync();
        using var lea = await host.SignedInAsync("lea", Role.Lead);
        (await PostAsync(lea, "propose", Words, "Shorter")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await lea.GetStringAsync(Address, Cancel)).ShouldContain("You are the only one who may approve for this brand");
        using var lee = await host.SignedInAsync("lee", Role.Lead);
        var page = await lea.GetStringAsync(Address, Cancel);
        page.ShouldContain("Somebody else who may approve has to look at it.");
        page.ShouldNotContain("value=\"approve\"");
        (await (await DecideAsync(lea, "approve", "1")).Content.ReadAsStringAsync(Cancel)).ShouldContain("somebody else may approve it");
        (await DecideAsync(lea, "drop", "1")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task A_viewer_reads_and_writes_nothing_and_an_unknown_message_is_said()
    {
        await using var host = await DashboardHost.StartAsync();
        using var client = await host.SignedInAsync("vera", Role.Viewer);
        (await client.GetStringAsync(Address, Cancel)).ShouldNotContain("value=\"propose\"");
        (await AskAsync(client, "propose", Words, "x")).ShouldContain("This takes the role agent.");
        (await client.GetStringAsync("/messages/one?brand=aurora&occasion=never&language=en", Cancel)).ShouldContain("There is no such message");
        (await client.GetStringAsync("/messages?brand=aurora", Cancel)).ShouldContain("out_for_delivery");
    }
}
