using System.Text;
using Quartermaster.Connectors.Shared;
using Quartermaster.Connectors.Tests;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.Twilio.Tests;

public sealed class TwilioAnswersTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(201, """{"sid":"SM1","status":"queued"}""", "Done SM1")]
    [InlineData(200, """{"sid":"SM1"}""", "Done SM1")]
    [InlineData(201, "<html>", "Unsure")]
    [InlineData(201, "{}", "Unsure")]
    [InlineData(400, "", "Refused 400")]
    [InlineData(401, "", "NotConnected")]
    [InlineData(404, "", "NotConnected")]
    [InlineData(408, "", "Unsure")]
    [InlineData(429, "", "TryLater")]
    [InlineData(500, "", "Unsure")]
    [InlineData(503, "upstream", "Unsure")]
    public void The_status_decides_where_there_is_no_code(int status, string body, string expected) => TwilioAnswers.Judge(Answered(status, body)).ShouldBeNamed(expected);

    [Theory]
    [InlineData(401, 20003, "NotConnected")]
    [InlineData(403, 20005, "NotConnected")]
    [InlineData(404, 20404, "NotConnected")]
    [InlineData(400, 21212, "NotConnected")]
    [InlineData(400, 21606, "NotConnected")]
    [InlineData(400, 21659, "NotConnected")]
    [InlineData(429, 20429, "TryLater")]
    [InlineData(400, 21611, "TryLater")]
    [InlineData(400, 21211, "Refused 21211")]
    [InlineData(400, 21408, "Refused 21408")]
    [InlineData(400, 21610, "Refused 21610")]
    [InlineData(400, 21612, "Refused 21612")]
    [InlineData(400, 21614, "Refused 21614")]
    [InlineData(400, 21617, "Refused 21617")]
    [InlineData(400, 99999, "Refused 99999")]
    [InlineData(500, 20500, "Unsure")]
    public void The_code_decides_where_there_is_one(int status, int code, string expected) =>
        TwilioAnswers.Judge(Answered(status, $$"""{"code":{{code}},"message":"why","more_info":"","status":{{status}}}""")).ShouldBeNamed(expected);

    [Theory]
    [InlineData("""{"messages":[{"sid":"SM9","body":"other","direction":"outbound-api"},{"sid":"SM8","body":"hello","direction":"outbound-api","date_created":"Sat, 21 Nov 2026 11:58:00 +0000"}]}""", "AlreadyDone")]
    [InlineData("""{"messages":[{"sid":"SM8","body":"hello","direction":"outbound-api","date_created":"Sat, 14 Nov 2026 11:58:00 +0000"}]}""", "TryLater")]
    [InlineData("""{"messages":[{"sid":"SM8","body":"hello","direction":"inbound","date_created":"Sat, 21 Nov 2026 11:58:00 +0000"}]}""", "TryLater")]
    [InlineData("""{"messages":[null,{},{"body":"hello"}]}""", "TryLater")]
    [InlineData("""{"messages":[]}""", "TryLater")]
    [InlineData("{}", "Unsure")]
    [InlineData("nonsense", "Unsure")]
    public void A_message_of_unknown_fate_is_recognised_by_its_words(string list, string expected) => TwilioAnswers.Found(Answered(200, list), "hello", Now).ShouldBeNamed(expected);

    [Theory]
    [InlineData(401, "NotConnected")]
    [InlineData(429, "Unsure")]
    [InlineData(500, "Unsure")]
    public void Where_Twilio_cannot_be_asked_nothing_is_sent_again(int status, string expected) => TwilioAnswers.Found(Answered(status, ""), "hello", Now).ShouldBeNamed(expected);

    [Theory]
    [InlineData(200, """{"status":"active"}""", "Done ")]
    [InlineData(200, """{"status":"suspended"}""", "NotConnected")]
    [InlineData(200, "[]", "NotConnected")]
    [InlineData(401, """{"code":20003,"message":"Authenticate"}""", "NotConnected")]
    [InlineData(500, "", "TryLater")]
    public void The_test_button_wants_an_active_account(int status, string body, string expected) => TwilioAnswers.JudgeTest(Answered(status, body)).ShouldBeNamed(expected);

    private static Answer Answered(int status, string body) => new(status, Encoding.UTF8.GetBytes(body), null, null, Exchange.None);
}
