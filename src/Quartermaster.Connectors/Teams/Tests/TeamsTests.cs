using System.Text;
using System.Text.Json;
using Quartermaster.Connectors.Tests;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Messages;

namespace Quartermaster.Connectors.Teams.Tests;

public sealed class TeamsTests
{
    private const string Flow = "https://prod-1.westeurope.logic.azure.test:443/workflows/abc/triggers/manual/paths/invoke?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sig=s3cr%2Dt_sig";
    private static readonly CancellationToken Now = TestContext.Current.CancellationToken;
    private static readonly MessageEffect.Alert Stopped = new("Lane warehouse stopped", "401 & nobody answers", "https://hub.example/connections/warehouse", "critical");
    private readonly TeamsConnector connector = new();
    private readonly RemoteScript remote = new();

    [Fact]
    public void An_alert_becomes_the_approved_card() =>
        Encoding.UTF8.GetString(TeamsOutbound.Body(Stopped).Span).ShouldBeApproved("Teams", "alert.request.json");

    [Theory]
    [InlineData('x', 100_000)]
    [InlineData('"', 100_000)]
    [InlineData('€', 30_000)]
    [InlineData('\u0001', 60_000)]
    public void However_long_the_text_the_message_stays_under_the_limit_and_uses_most_of_it(char letter, int count)
    {
        var body = TeamsOutbound.Body(Stopped with { Text = new string(letter, count) });
        body.Length.ShouldBeLessThanOrEqualTo(TeamsOutbound.SizeLimit);
        body.Length.ShouldBeGreaterThan(TeamsOutbound.SizeLimit / 2);
        using var parsed = JsonDocument.Parse(body);
    }

    [Theory]
    [InlineData(202, "", "Done run-1")]
    [InlineData(200, "1", "Done run-1")]
    [InlineData(400, """{"error":{"code":"InvalidRequestContent"}}""", "Refused 400")]
    [InlineData(401, """{"error":{"code":"DirectApiAuthorizationRequired"}}""", "NotConnected")]
    [InlineData(404, """{"error":{"code":"WorkflowNotFound"}}""", "NotConnected")]
    [InlineData(413, "", "Refused 413")]
    [InlineData(429, "", "TryLater")]
    [InlineData(502, "", "Unsure")]
    [InlineData(504, "", "Unsure")]
    public async Task An_answer_has_one_meaning(int status, string body, string expected)
    {
        remote.Answer(status, body, ("x-ms-workflow-run-id", "run-1"));
        (await PostAsync()).Outcome.ShouldBeNamed(expected);
    }

    [Fact]
    public async Task The_address_is_used_as_it_is_and_kept_from_the_timeline()
    {
        remote.Answer(400, $"wrong: {new Uri(Flow)}");
        var result = await PostAsync();
        remote.Requests[0].Line.ShouldBe($"POST {new Uri(Flow).AbsoluteUri}");
        (result.Exchange.Request + result.Exchange.Answer + result.Outcome).ShouldNotContain("_sig");
    }

    [Fact]
    public async Task A_stand_in_gets_the_same_path()
    {
        remote.Answer(202);
        await connector.ActAsync(remote.Session("teams", ("workflow_url", "https://x.test/workflows/abc?sig=1234"), ("base_url", "http://127.0.0.1:9/ops-teams/")), [new Work("a", Stopped, 1)], Now);
        remote.Requests[0].Line.ShouldBe("POST http://127.0.0.1:9/ops-teams/workflows/abc?sig=1234");
    }

    [Fact]
    public async Task The_test_button_posts_a_card_that_says_what_it_is()
    {
        remote.Answer(202);
        (await connector.TestAsync(remote.Session("ops-teams", ("workflow_url", Flow)), Now)).Outcome.ShouldBeOfType<Outcome.Done>();
        remote.Requests[0].Body.ShouldContain("Connection test of ops-teams");
    }

    [Fact]
    public void The_card_uses_only_what_the_published_schema_knows()
    {
        using var schema = JsonDocument.Parse(File.ReadAllBytes(ContractFolder.Require("teams/adaptive-card.schema.json")));
        var definitions = schema.RootElement.GetProperty("definitions");
        using var message = JsonDocument.Parse(TeamsOutbound.Body(Stopped));
        var card = message.RootElement.GetProperty("attachments")[0].GetProperty("content");
        ShouldFit(definitions, "AdaptiveCard", card, ["$schema", "version", "msteams"]);
        foreach (var element in card.GetProperty("body").EnumerateArray()) ShouldFit(definitions, element.GetProperty("type").GetString()!, element, []);
        foreach (var action in card.GetProperty("actions").EnumerateArray()) ShouldFit(definitions, action.GetProperty("type").GetString()!, action, []);
    }

    // Names, required members and enumerated values; the definitions extend each other through allOf, so an unknown name is looked for there too.
    private static void ShouldFit(JsonElement definitions, string type, JsonElement element, string[] besides)
    {
        var definition = definitions.GetProperty(type);
        var known = Known(definitions, definition).ToLookup(p => p.Name, p => p.Value);
        foreach (var member in element.EnumerateObject().Where(m => !besides.Contains(m.Name)))
        {
            known.Contains(member.Name).ShouldBeTrue($"{type} has no '{member.Name}'");
            foreach (var rule in known[member.Name])
                if (rule.TryGetProperty("enum", out var values) && member.Value.ValueKind == JsonValueKind.String)
                    values.EnumerateArray().Select(v => v.GetString()).ShouldContain(v => string.Equals(v, member.Value.GetString(), StringComparison.OrdinalIgnoreCase), $"{type}.{member.Name}");
        }
        if (definition.TryGetProperty("required", out var required))
            foreach (var name in required.EnumerateArray()) element.TryGetProperty(name.GetString()!, out _).ShouldBeTrue($"{type} needs '{name}'");
    }

    private static IEnumerable<JsonProperty> Known(JsonElement definitions, JsonElement definition)
    {
        if (definition.TryGetProperty("properties", out var own))
            foreach (var property in own.EnumerateObject()) yield return property;
        if (definition.TryGetProperty("allOf", out var parents))
            foreach (var parent in parents.EnumerateArray())
                if (parent.TryGetProperty("$ref", out var reference) && definitions.TryGetProperty(reference.GetString()!.Split('/')[^1], out var inherited))
                    foreach (var property in Known(definitions, inherited)) yield return property;
    }

    private async Task<Result> PostAsync() =>
        (await connector.ActAsync(remote.Session("teams", ("workflow_url", Flow)), [new Work("alert/1", Stopped, 1)], Now))[0];
}
