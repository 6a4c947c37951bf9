using Quartermaster.Connectors.Tests;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Messages;

namespace Quartermaster.Connectors.SendGrid.Tests;

public sealed class SendGridAnswersTests
{
    private static readonly CancellationToken Now = TestContext.Current.CancellationToken;
    private readonly SendGridConnector connector = new();
    private readonly RemoteScript remote = new();

    [Theory]
    [InlineData(202, "", "Done m-1")]
    [InlineData(200, "", "Done m-1")]
    [InlineData(400, """{"errors":[{"message":"Does not contain a valid address.","field":"personalizations.0.to.0.email","help":null}]}""", "Refused personalizations.0.to.0.email")]
    [InlineData(400, "not json", "Refused 400")]
    [InlineData(401, """{"errors":[{"message":"The provided authorization grant is invalid"}]}""", "NotConnected")]
    [InlineData(403, """{"errors":[{"message":"The from address does not match a verified Sender Identity."}]}""", "NotConnected")]
    [InlineData(404, "", "NotConnected")]
    [InlineData(413, """{"errors":[{"message":"too large"}]}""", "Refused 413")]
    [InlineData(429, "", "TryLater")]
    [InlineData(500, "", "Unsure")]
    [InlineData(503, "", "Unsure")]
    public async Task An_answer_has_one_meaning(int status, string body, string expected)
    {
        remote.Answer(status, body, ("X-Message-Id", "m-1"));
        (await SendAsync()).Outcome.ShouldBeNamed(expected);
    }

    [Fact]
    public async Task The_reset_of_the_rate_limit_is_waited_for()
    {
        // The script's clock stands at 2026-11-21 12:00:00 UTC.
        remote.Answer(429, "", ("X-RateLimit-Reset", "1795262430")).Answer(429, "", ("X-RateLimit-Reset", "1795262430"), ("Retry-After", "3"));
        (await SendAsync()).Outcome.ShouldBeOfType<Outcome.TryLater>().After.ShouldBe(TimeSpan.FromSeconds(30));
        (await SendAsync()).Outcome.ShouldBeOfType<Outcome.TryLater>().After.ShouldBe(TimeSpan.FromSeconds(3));
    }

    [Theory]
    [InlineData(200, """{"scopes":["mail.send","alerts.read"]}""", "Done ")]
    [InlineData(200, """{"scopes":["alerts.read"]}""", "NotConnected")]
    [InlineData(200, "<html>", "NotConnected")]
    [InlineData(401, "", "NotConnected")]
    [InlineData(500, "", "TryLater")]
    public async Task The_test_button_asks_what_the_key_may_do(int status, string body, string expected)
    {
        remote.Answer(status, body);
        (await connector.TestAsync(Session(), Now)).Outcome.ShouldBeNamed(expected);
        remote.Requests[0].Line.ShouldBe("GET https://api.sendgrid.com/v3/scopes");
    }

    [Fact]
    public async Task The_request_goes_where_the_account_lives_and_keeps_its_key_to_itself()
    {
        remote.Answer(202);
        var session = remote.Session("mail", ("api_key", "SG.s3cret"), ("from_email", "a@b.example"), ("base_url", "https://api.eu.sendgrid.com/"));
        var result = (await connector.ActAsync(session, [new Work("k", SendGridOutboundTests.Shipped, 1)], Now))[0];
        remote.Requests[0].Line.ShouldBe("POST https://api.eu.sendgrid.com/v3/mail/send");
        remote.Requests[0].Headers["Authorization"].ShouldBe("Bearer SG.s3cret");
        result.Exchange.Request.ShouldNotContain("SG.s3cret");
    }

    [Fact]
    public async Task An_alert_that_nobody_gets_says_which_setting_is_missing() =>
        (await connector.ActAsync(Session(), [new Work("k", new MessageEffect.Alert("t", "x", null, "info"), 1)], Now))[0]
            .Outcome.ShouldBeNamed("Refused alerts_to_missing");

    private async Task<Result> SendAsync() => (await connector.ActAsync(Session(), [new Work("k", SendGridOutboundTests.Shipped, 1)], Now))[0];

    private Session Session() => remote.Session("mail", ("api_key", "SG.s3cret"), ("from_email", "a@b.example"));
}
