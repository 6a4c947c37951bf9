using Quartermaster.Connectors.Tests;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Customers;

namespace Quartermaster.Connectors.WhatsApp.Tests;

public sealed class WhatsAppConnectorTests
{
    private const string Accepted = """{"messages":[{"id":"wamid.A"}]}""";
    private static readonly CancellationToken Now = TestContext.Current.CancellationToken;
    private readonly WhatsAppConnector connector = new();
    private readonly RemoteScript remote = new();

    [Fact]
    public async Task A_message_is_posted_to_the_number_below_whatever_version_the_address_ends_in()
    {
        remote.Answer(200, Accepted);
        var results = await connector.ActAsync(Session(("base_url", "http://meta.test/v21.0/")), [Work("order/1/msg/confirmed")], Now);
        var sent = remote.Requests.ShouldHaveSingleItem();
        sent.Line.ShouldBe("POST http://meta.test/v21.0/1055501234/messages");
        sent.Headers["Authorization"].ShouldBe("Bearer t0ken-t0ken");
        sent.Headers["Idempotency-Key"].ShouldBe("order/1/msg/confirmed");
        sent.Headers["User-Agent"].ShouldBe("Quartermaster/1.0.0");
        sent.Headers["Content-Type"].ShouldBe("application/json");
        results[0].Outcome.ShouldBe(new Outcome.Done("wamid.A"));
    }

    [Fact]
    public async Task What_is_kept_for_the_timeline_has_no_token_in_it()
    {
        remote.Answer(401, """{"error":{"message":"bad token t0ken-t0ken","code":190}}""");
        var result = (await connector.ActAsync(Session(), [Work("k")], Now))[0];
        result.Exchange.Request.ShouldStartWith("POST https://graph.facebook.com/v23.0/1055501234/messages\n{\"messaging_product\"");
        (result.Exchange.Request + result.Exchange.Answer).ShouldNotContain("t0ken-t0ken");
    }

    [Fact]
    public async Task One_message_that_fails_does_not_touch_the_others()
    {
        remote.Answer(200, Accepted).Fail(HttpRequestError.ConnectionError).Fail(HttpRequestError.ResponseEnded).Answer(400, """{"error":{"message":"x","code":131026}}""");
        var results = await connector.ActAsync(Session(), [Work("a"), Work("b"), Work("c"), Work("d")], Now);
        results.Select(r => r.Outcome.GetType().Name).ShouldBe(["Done", "TryLater", "Unsure", "Refused"]);
    }

    [Fact]
    public async Task Who_gets_no_more_marketing_today_is_left_in_peace()
    {
        remote.Answer(400, """{"error":{"message":"enough","code":131049}}""").Answer(400, """{"error":{"message":"x","code":131026}}""");
        var results = await connector.ActAsync(Session(), [Work("a"), Work("b")], Now);
        results[0].Learned.ShouldHaveSingleItem().Signal.ShouldBeOfType<ContactSignal.Tired>().ShouldSatisfyAllConditions(t => t.Channel.ShouldBe("whatsapp"), t => t.Why.ShouldBe("131049: enough"));
        results[1].Learned.ShouldBeNull();
    }

    [Fact]
    public async Task A_message_whose_turn_does_not_come_is_not_begun_and_the_others_keep_their_answers()
    {
        remote.Answer(429, "", ("Retry-After", "60")).Throw(new NotNowException("the connection's budget is used up for now", TimeSpan.FromSeconds(60)));
        var results = await connector.ActAsync(Session(), [Work("a"), Work("b")], Now);
        results[0].Outcome.ShouldBeOfType<Outcome.TryLater>().After.ShouldBe(TimeSpan.FromSeconds(60));
        results[0].Begun.ShouldBeTrue();
        results[1].ShouldBe(Result.NotNow("the connection's budget is used up for now", TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public async Task The_test_button_looks_at_the_number_and_sends_nothing()
    {
        remote.Answer(200, """{"display_phone_number":"+1 555"}""").Answer(500).Answer(400, """{"error":{"code":190,"message":"expired"}}""");
        (await connector.TestAsync(Session(), Now)).Outcome.ShouldBe(new Outcome.Done());
        (await connector.TestAsync(Session(), Now)).Outcome.ShouldBeOfType<Outcome.TryLater>();
        (await connector.TestAsync(Session(), Now)).Outcome.ShouldBeOfType<Outcome.NotConnected>();
        remote.Requests.ShouldAllBe(r => r.Line.StartsWith("GET https://graph.facebook.com/v23.0/1055501234?fields="));
    }

    private Session Session(params (string, string)[] more) =>
        remote.Session("aurora-whatsapp", [("phone_number_id", "1055501234"), ("token", "t0ken-t0ken"), ("app_secret", "s"), .. more]);

    private static Work Work(string key) => new(key, WhatsAppOutboundTests.Shipped(["#1001"]), 1);
}
