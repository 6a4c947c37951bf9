using System.Text;
using System.Text.Json;
using Quartermaster.Connectors.Tests;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Messages;

namespace Quartermaster.Connectors.Slack.Tests;

public sealed class SlackTests
{
    private const string Hook = "https://hooks.slack.test/services/T0/B0/s3cr%2Dt";
    private static readonly CancellationToken Now = TestContext.Current.CancellationToken;
    private static readonly MessageEffect.Alert Stopped = new("Lane <warehouse> stopped", "401 & nobody answers", "https://hub.example/connections/warehouse", "critical");
    private readonly SlackConnector connector = new();
    private readonly RemoteScript remote = new();

    [Fact]
    public void An_alert_becomes_the_approved_request() =>
        Encoding.UTF8.GetString(SlackOutbound.Body(Stopped, "#orders").Span).ShouldBeApproved("Slack", "alert.request.json");

    [Fact]
    public void An_endless_text_is_cut_to_what_Slack_takes()
    {
        using var body = JsonDocument.Parse(SlackOutbound.Body(new(new string('t', 900), new string('<', 5000), "/orders/1", "info"), null));
        var blocks = body.RootElement.GetProperty("blocks").EnumerateArray().Select(b => b.GetProperty("text").GetProperty("text").GetString()!).ToArray();
        blocks.Length.ShouldBe(2, "a path is no link outside the dashboard");
        blocks[0].Length.ShouldBeLessThanOrEqualTo(150);
        blocks[1].Length.ShouldBeLessThanOrEqualTo(3000);
    }

    [Theory]
    [InlineData(200, """{"ok":true,"channel":"C1","ts":"1503435956.000247"}""", "Done 1503435956.000247")]
    [InlineData(200, """{"ok":false,"error":"channel_not_found"}""", "NotConnected")]
    [InlineData(200, """{"ok":false,"error":"not_in_channel"}""", "NotConnected")]
    [InlineData(200, """{"ok":false,"error":"is_archived"}""", "NotConnected")]
    [InlineData(200, """{"ok":false,"error":"invalid_auth"}""", "NotConnected")]
    [InlineData(200, """{"ok":false,"error":"token_revoked"}""", "NotConnected")]
    [InlineData(200, """{"ok":false,"error":"missing_scope","needed":"chat:write"}""", "NotConnected")]
    [InlineData(200, """{"ok":false,"error":"ratelimited"}""", "TryLater")]
    [InlineData(200, """{"ok":false,"error":"rate_limited"}""", "TryLater")]
    [InlineData(200, """{"ok":false,"error":"msg_too_long"}""", "Refused msg_too_long")]
    [InlineData(200, """{"ok":false,"error":"invalid_blocks"}""", "Refused invalid_blocks")]
    [InlineData(200, """{"ok":false,"error":"something_new"}""", "Refused something_new")]
    [InlineData(200, """{"ok":false,"error":"internal_error"}""", "Unsure")]
    [InlineData(200, """{"ok":false}""", "Unsure")]
    [InlineData(200, "<html>", "Unsure")]
    [InlineData(200, "null", "Unsure")]
    [InlineData(429, """{"ok":false,"error":"ratelimited"}""", "TryLater")]
    [InlineData(500, "", "Unsure")]
    public async Task The_API_says_no_inside_a_200(int status, string body, string expected)
    {
        remote.Answer(status, body);
        (await PostAsync(("token", "xoxb-s3cret"), ("channel", "#orders"))).Outcome.ShouldBeNamed(expected);
    }

    [Theory]
    [InlineData(200, "ok", "Done ")]
    [InlineData(200, "<html>", "Unsure")]
    [InlineData(400, "invalid_payload", "Refused invalid_payload")]
    [InlineData(403, "invalid_token", "NotConnected")]
    [InlineData(404, "no_service", "NotConnected")]
    [InlineData(410, "channel_is_archived", "NotConnected")]
    [InlineData(429, "rate_limited", "TryLater")]
    [InlineData(500, "rollup_error", "Unsure")]
    public async Task A_webhook_says_it_with_a_status_and_a_word(int status, string body, string expected)
    {
        remote.Answer(status, body);
        (await PostAsync(("webhook_url", Hook))).Outcome.ShouldBeNamed(expected);
    }

    [Fact]
    public async Task Slacks_wish_to_wait_is_passed_on()
    {
        remote.Answer(429, "", ("Retry-After", "30"));
        (await PostAsync(("token", "xoxb-s3cret"), ("channel", "#orders"))).Outcome.ShouldBeOfType<Outcome.TryLater>().After.ShouldBe(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task The_message_goes_to_the_API_with_the_token_in_the_header_only()
    {
        remote.Answer(200, """{"ok":true}""");
        var result = await PostAsync(("token", "xoxb-s3cret"), ("channel", "#orders"));
        remote.Requests[0].Line.ShouldBe("POST https://slack.com/api/chat.postMessage");
        remote.Requests[0].Headers["Authorization"].ShouldBe("Bearer xoxb-s3cret");
        remote.Requests[0].Headers["Content-Type"].ShouldBe("application/json; charset=utf-8");
        result.Exchange.Request.ShouldNotContain("xoxb-s3cret");
    }

    [Fact]
    public async Task A_webhooks_address_is_kept_from_the_timeline_in_every_spelling()
    {
        remote.Answer(200, $"ok {Hook}");
        var result = await PostAsync(("webhook_url", Hook));
        remote.Requests[0].Line.ShouldBe($"POST {new Uri(Hook).AbsoluteUri}");
        (result.Exchange.Request + result.Exchange.Answer).ShouldNotContain("s3cr");
    }

    [Fact]
    public async Task Without_token_and_webhook_the_connection_says_what_is_missing() =>
        (await PostAsync(("channel", "#orders"))).Outcome.ShouldBe(new Outcome.NotConnected("The setting 'token' is missing."));

    [Fact]
    public async Task An_address_that_is_none_is_a_broken_connection() =>
        (await PostAsync(("webhook_url", "hooks.slack.com/services/x"))).Outcome.ShouldBeOfType<Outcome.NotConnected>();

    [Fact]
    public async Task The_test_button_says_so_too() =>
        (await connector.TestAsync(remote.Session("slack", ("webhook_url", "nonsense")), Now)).Outcome.ShouldBeOfType<Outcome.NotConnected>();

    [Fact]
    public async Task The_test_button_asks_who_the_token_is()
    {
        remote.Answer(200, """{"ok":true,"team":"Aurora"}""").Answer(200, """{"ok":false,"error":"invalid_auth"}""");
        var session = remote.Session("slack", ("token", "xoxb-s3cret"), ("channel", "#orders"));
        (await connector.TestAsync(session, Now)).Outcome.ShouldBeNamed("Done ");
        (await connector.TestAsync(session, Now)).Outcome.ShouldBeNamed("NotConnected");
        remote.Requests.ShouldAllBe(r => r.Line == "POST https://slack.com/api/auth.test");
    }

    [Fact]
    public async Task The_test_of_a_webhook_posts_nothing_that_a_person_could_see()
    {
        remote.Answer(400, "no_text").Answer(404, "no_service").Answer(500);
        var session = remote.Session("slack", ("webhook_url", Hook));
        (await connector.TestAsync(session, Now)).Outcome.ShouldBeNamed("Done ");
        (await connector.TestAsync(session, Now)).Outcome.ShouldBeNamed("NotConnected");
        (await connector.TestAsync(session, Now)).Outcome.ShouldBeNamed("TryLater");
        remote.Requests.ShouldAllBe(r => r.Body == "{}");
    }

    private async Task<Result> PostAsync(params (string, string)[] settings) =>
        (await connector.ActAsync(remote.Session("slack", settings), [new Work("alert/1", Stopped, 1)], Now))[0];
}
