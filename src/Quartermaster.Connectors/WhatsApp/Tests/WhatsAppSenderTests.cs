using System.Text;
using Quartermaster.Connectors.Tests;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.WhatsApp.Tests;

public sealed class WhatsAppSenderTests
{
    private static readonly CancellationToken Now = TestContext.Current.CancellationToken;

    private readonly WhatsAppConnector _connector = new();
    private readonly RemoteScript _remote = new();

    private Session Session(params (string, string)[] more) => _remote.Session("aurora-whatsapp", [("phone_number_id", "1055501234"), ("token", "t0ken"), .. more]);

    [Theory]
    [InlineData("""{"quality_rating":"GREEN","messaging_limit_tier":"TIER_250","id":"1"}""", "GREEN", "TIER_250", 250)]
    [InlineData("""{"quality_rating":"RED","whatsapp_business_manager_messaging_limit":"TIER_2K"}""", "RED", "TIER_2K", 2000)]
    [InlineData("""{"quality_rating":"YELLOW","messaging_limit_tier":"TIER_100K"}""", "YELLOW", "TIER_100K", 100_000)]
    [InlineData("""{"quality_rating":"UNKNOWN","messaging_limit_tier":"TIER_UNLIMITED"}""", null, "TIER_UNLIMITED", null)]
    [InlineData("""{"quality_rating":"NA","messaging_limit_tier":"TIER_NEW"}""", null, "TIER_NEW", null)]
    [InlineData("{}", null, null, null)]
    public void What_Meta_says_of_the_number_is_read(string body, string? quality, string? limit, int? most) =>
        WhatsAppSender.Read(Encoding.UTF8.GetBytes(body)).ShouldBe(new SenderStanding(quality, limit, most));

    [Theory]
    [InlineData("https://graph.facebook.com/v23.0", "messaging_limit_tier")]
    [InlineData("https://graph.facebook.com/v24.0/", "whatsapp_business_manager_messaging_limit")]
    [InlineData("http://gateway.test", "whatsapp_business_manager_messaging_limit")]
    public async Task The_limit_is_asked_for_as_the_version_calls_it(string address, string field)
    {
        _remote.Answer(200, """{"quality_rating":"GREEN"}""");
        await _connector.ReadSenderAsync(Session(("base_url", address)), Now);
        _remote.Requests.ShouldHaveSingleItem().Line.ShouldBe($"GET {address.TrimEnd('/')}/1055501234?fields=quality_rating,{field}");
    }

    [Fact]
    public async Task A_refusal_or_another_page_is_trouble_and_not_a_number_without_a_limit()
    {
        _remote.Answer(400, """{"error":{"code":190,"message":"expired"}}""").Answer(200, "<html>");
        await Should.ThrowAsync<HttpRequestException>(() => _connector.ReadSenderAsync(Session(), Now));
        await Should.ThrowAsync<HttpRequestException>(() => _connector.ReadSenderAsync(Session(), Now));
    }
}
