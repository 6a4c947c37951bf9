using System.Text;
using Quartermaster.Connectors.Tests;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.WhatsApp.Tests;

public sealed class WhatsAppAnswersTests
{
    [Theory]
    [InlineData(200, """{"messaging_product":"whatsapp","contacts":[{"input":"+91","wa_id":"91"}],"messages":[{"id":"wamid.A","message_status":"accepted"}]}""", "Done wamid.A")]
    [InlineData(200, """{"messages":[{"message_status":"accepted","id":"wamid.B"}],"error":null}""", "Done wamid.B")]
    [InlineData(200, "<html>gateway</html>", "Unsure")]
    [InlineData(200, """{"messages":[{""", "Unsure")]
    [InlineData(200, """{"messages":[]}""", "Unsure")]
    [InlineData(200, "", "Unsure")]
    [InlineData(400, "", "Refused 400")]
    [InlineData(400, "{\"error\":{\"message\":\"\\ud800\",\"code\":131026}}", "Refused 400")]
    [InlineData(401, "", "NotConnected")]
    [InlineData(404, "no such page", "NotConnected")]
    [InlineData(408, "", "Unsure")]
    [InlineData(429, "", "TryLater")]
    [InlineData(500, "", "Unsure")]
    [InlineData(503, "upstream", "Unsure")]
    public void The_status_decides_where_there_is_no_code(int status, string body, string expected) =>
        WhatsAppAnswers.Judge(status, Encoding.UTF8.GetBytes(body), null).ShouldBeNamed(expected);

    [Theory]
    [InlineData(400, 131026, "Refused 131026")]
    [InlineData(400, 131047, "Refused 131047")]
    [InlineData(400, 131049, "Refused not_today")]
    [InlineData(400, 131051, "Refused 131051")]
    [InlineData(400, 132000, "Refused 132000")]
    [InlineData(404, 132001, "Refused 132001")]
    [InlineData(400, 132015, "Refused 132015")]
    [InlineData(400, 100, "Refused 100")]
    [InlineData(400, 999999, "Refused 999999")]
    [InlineData(429, 130429, "TryLater")]
    [InlineData(400, 131056, "TryLater")]
    [InlineData(400, 80007, "TryLater")]
    [InlineData(400, 131048, "TryLater")]
    [InlineData(500, 131057, "TryLater")]
    [InlineData(400, 4, "TryLater")]
    [InlineData(401, 190, "NotConnected")]
    [InlineData(400, 190, "NotConnected")]
    [InlineData(403, 200, "NotConnected")]
    [InlineData(403, 10, "NotConnected")]
    [InlineData(400, 131031, "NotConnected")]
    [InlineData(500, 131000, "Unsure")]
    [InlineData(503, 2, "Unsure")]
    public void The_code_decides_where_there_is_one(int status, int code, string expected) =>
        WhatsAppAnswers.Judge(status, Error(code), null).ShouldBeNamed(expected);

    [Fact]
    public void The_details_say_more_than_the_message() =>
        WhatsAppAnswers.Judge(400, Error(132000), null).ShouldBe(new Outcome.Refused("132000", "body: number of localizable_params (1) does not match"));

    [Fact]
    public void The_vendors_wish_to_wait_is_passed_on() =>
        WhatsAppAnswers.Judge(429, Error(130429), TimeSpan.FromSeconds(7)).ShouldBeOfType<Outcome.TryLater>().After.ShouldBe(TimeSpan.FromSeconds(7));

    private static byte[] Error(int code) => Encoding.UTF8.GetBytes(
        $$$"""{"error":{"message":"(#{{{code}}}) Title","type":"OAuthException","code":{{{code}}},"error_data":{"messaging_product":"whatsapp","details":"body: number of localizable_params (1) does not match"},"fbtrace_id":"A"}}""");
}
