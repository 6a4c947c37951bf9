using Quartermaster.Connectors.Shared;
using Quartermaster.Connectors.Tests;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Customers;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;
using Quartermaster.Sandbox.Twins;

namespace Quartermaster.Connectors.Twilio.Tests;

public sealed class TwilioConnectorTests
{
    internal const string Account = "AC00000000000000000000000000000000";
    private const string Taken = """{"sid":"SM00000000000000000000000000000001","status":"queued"}""";
    private static readonly CancellationToken Now = TestContext.Current.CancellationToken;
    private readonly TwilioConnector connector = new();
    private readonly RemoteScript remote = new();

    [Fact]
    public async Task A_message_is_posted_as_a_form_with_a_way_back_that_carries_our_key()
    {
        remote.Answer(201, Taken);
        var result = (await connector.ActAsync(Session(remote), [Work("order/1/msg/shipped/p1/sms")], Now))[0];
        result.Outcome.ShouldBe(new Outcome.Done("SM00000000000000000000000000000001"));
        var sent = remote.Requests.ShouldHaveSingleItem();
        sent.Line.ShouldBe($"POST https://api.twilio.com/2010-04-01/Accounts/{Account}/Messages.json");
        sent.Headers["Content-Type"].ShouldStartWith("application/x-www-form-urlencoded");
        FormBody.Read(sent.Body).ShouldBe(
        [
            new("To", "+14155550123"), new("From", "+15550100000"), new("Body", "It's on its way: https://hub.example/t/1"), new("ValidityPeriod", "14400"),
            new("StatusCallback", "https://hub.example/webhooks/aurora-sms/status?key=order%2F1%2Fmsg%2Fshipped%2Fp1%2Fsms"),
        ]);
        (result.Exchange.Request + result.Exchange.Answer).ShouldNotContain("t0ken-t0ken");
    }

    [Fact]
    public async Task Every_form_and_every_answer_of_the_twin_keeps_to_the_published_contract()
    {
        const string path = "/2010-04-01/Accounts/{AccountSid}/Messages.json";
        var contract = OpenApiContract.Require("twilio/twilio_api_v2010.json");
        foreach (var from in (string[])["+15550100000", "AURORA", "MG00000000000000000000000000000000"])
            contract.Form("post", path, FormBody.Read(TwilioOutbound.Form(Session(remote, ("from", from)), "order/1/msg/shipped/p1/sms", "+14155550123", "Hello"))).ShouldBeEmpty();
        await using var box = await StartAsync();
        var result = (await box.ActAsync(Work("order/1/msg/shipped/p1/sms")))[0];
        contract.Answer("post", path, 201, result.Exchange.Answer[(result.Exchange.Answer.IndexOf('\n') + 1)..]).ShouldBeEmpty();
        var found = await connector.LookUpAsync(box.Session, Work("order/1/msg/shipped/p1/sms"), Now);
        contract.Answer("get", path, 200, found.Exchange.Answer[(found.Exchange.Answer.IndexOf('\n') + 1)..]).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_messaging_service_and_a_hub_without_an_address_are_no_obstacle()
    {
        remote.Answer(201, Taken);
        await connector.ActAsync(Session(remote, ("from", "MG00000000000000000000000000000000")) with { Callback = null }, [Work("k")], Now);
        var names = FormBody.Read(remote.Requests[0].Body).Select(f => f.Key).ToList();
        names.ShouldContain("MessagingServiceSid");
        names.ShouldNotContain("From");
        names.ShouldNotContain("StatusCallback");
    }

    [Fact]
    public async Task A_message_of_too_many_segments_is_not_sent()
    {
        var hindi = Work("k") with { Effect = Send() with { Text = new string('न', 300) } };
        var refused = (await connector.ActAsync(Session(remote), [hindi], Now))[0].Outcome.ShouldBeOfType<Outcome.Refused>();
        (refused.Code, refused.Why).ShouldBe(("too_long", "It would be 5 segments (UCS-2); most_segments allows 4."));
        remote.Requests.ShouldBeEmpty();
        remote.Answer(201, Taken);
        (await connector.ActAsync(Session(remote, ("most_segments", "5")), [hindi], Now))[0].Outcome.ShouldBeOfType<Outcome.Done>();
    }

    [Theory]
    [InlineData(21610, "opted out")]
    [InlineData(21211, "bounced")]
    [InlineData(21408, null)]
    public async Task What_a_refusal_says_of_the_number_is_told_to_that_number(int code, string? learned)
    {
        remote.Answer(400, $$"""{"code":{{code}},"message":"why"}""");
        var result = (await connector.ActAsync(Session(remote), [Work("k")], Now))[0];
        result.Outcome.ShouldBeOfType<Outcome.Refused>();
        (result.Learned?.Single().Signal switch { ContactSignal.OptedOut => "opted out", ContactSignal.Bounced { Hard: true } => "bounced", null => null, var other => other.ToString() }).ShouldBe(learned);
        if (learned is not null) result.Learned!.Single().To.ShouldBe(new StreamId("aurora", "contact", "phone:+14155550123"));
    }

    [Fact]
    public async Task A_message_of_unknown_fate_is_looked_for_by_number_and_words()
    {
        remote.Answer(200, """{"messages":[{"sid":"SM7","body":"It's on its way: https://hub.example/t/1","direction":"outbound-api","date_created":"Sat, 21 Nov 2026 11:58:00 +0000"}]}""");
        (await connector.LookUpAsync(Session(remote), Work("k"), Now)).Outcome.ShouldBe(new Outcome.AlreadyDone("SM7"));
        remote.Requests[0].Line.ShouldBe($"GET https://api.twilio.com/2010-04-01/Accounts/{Account}/Messages.json?To=%2B14155550123&PageSize=50");
    }

    [Fact]
    public async Task Through_the_twin_a_message_arrives_and_a_landline_comes_back_to_its_order()
    {
        await using var box = await StartAsync();
        (await box.TestAsync()).Outcome.ShouldBeNamed("Done ");
        var first = (await box.ActAsync(Work("order/1/msg/shipped/p1/sms")))[0].Outcome.ShouldBeOfType<Outcome.Done>();
        (await connector.LookUpAsync(box.Session, Work("order/1/msg/shipped/p1/sms"), Now)).Outcome.ShouldBe(new Outcome.AlreadyDone(first.RemoteId));
        (await box.ActAsync(Work("order/2/msg/shipped/p1/sms") with { Effect = Send() with { To = "+1415555" + TwilioTwin.Landline } }))[0].Outcome.ShouldBeOfType<Outcome.Done>();
        (await box.ActAsync(Work("k") with { Effect = Send() with { To = "+1415555" + TwilioTwin.Stopped } }))[0].Outcome.ShouldBeNamed("Refused 21610");
        box.Twin<TwilioTwin>().Write("+14155550123", "STOP");
        await box.DeliveredAsync();
        box.News.ShouldBe(new Dictionary<string, int> { ["queued"] = 2, ["sent"] = 2, ["delivered"] = 1 }, ignoreOrder: true);
        box.Readings.SelectMany(r => r.Signals).Select(s => s.To.Key).Order(StringComparer.Ordinal).ShouldBe(["contact/phone:+14155550123", "contact/phone:+14155550199", "order/2"]);
        (await box.PageAsync()).ShouldContain("on its way");
    }

    [Fact]
    public async Task Without_a_public_address_the_test_button_says_so() =>
        (await connector.TestAsync(Session(remote) with { Callback = null }, Now)).Outcome.ShouldBeOfType<Outcome.NotConnected>().Why.ShouldContain("public_address");

    internal static Session Session(RemoteScript remote, params (string Key, string Value)[] more)
    {
        Dictionary<string, string> settings = new() { ["account_sid"] = Account, ["auth_token"] = "t0ken-t0ken", ["from"] = "+15550100000" };
        foreach (var (key, value) in more) settings[key] = value;
        return remote.Session("aurora-sms", [.. settings.Select(s => (s.Key, s.Value))]) with { Callback = new("https://hub.example/webhooks/aurora-sms") };
    }

    private static Task<TwinBox> StartAsync() => TwinBox.StartAsync(new TwilioConnector(), ("account_sid", Account), ("auth_token", "t0ken-t0ken"), ("from", "+15550100000"));

    private static Work Work(string key) => new(key, Send(), 1);

    private static MessageEffect.Send Send() =>
        new("5600000000001", Occasion.Shipped, "+14155550123", "Asha", "en", "order_shipped", ["#1001"], "Your order #1001 is on its way", "It’s on its way: https://hub.example/t/1");
}
