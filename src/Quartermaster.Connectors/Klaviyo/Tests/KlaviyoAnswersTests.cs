using Quartermaster.Connectors.Tests;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Customers;

namespace Quartermaster.Connectors.Klaviyo.Tests;

public sealed class KlaviyoAnswersTests
{
    private const string Taken = """{"data":{"type":"profile","id":"01K"}}""";
    private static readonly CancellationToken Now = TestContext.Current.CancellationToken;
    private readonly KlaviyoConnector connector = new();
    private readonly RemoteScript remote = new();

    [Theory]
    [InlineData(201, Taken, "Done 01K")]
    [InlineData(200, Taken, "Done 01K")]
    [InlineData(200, "<html>", "NotConnected")]
    [InlineData(400, """{"errors":[{"code":"invalid","detail":"Invalid email address","source":{"pointer":"/data/attributes/email"}}]}""", "Refused invalid")]
    [InlineData(400, "not json", "Refused 400")]
    [InlineData(401, """{"errors":[{"code":"not_authenticated","detail":"Missing or invalid private key."}]}""", "NotConnected")]
    [InlineData(403, "", "NotConnected")]
    [InlineData(404, "", "NotConnected")]
    [InlineData(410, """{"errors":[{"code":"gone","detail":"The revision is retired."}]}""", "NotConnected")]
    [InlineData(429, "", "TryLater")]
    [InlineData(500, "", "Unsure")]
    public async Task An_answer_to_a_profile_has_one_meaning(int status, string body, string expected)
    {
        remote.Answer(status, body, ("Retry-After", "7"));
        var result = await PushAsync(SampleCustomer.Dora);
        result.Outcome.ShouldBeNamed(expected);
        if (result.Outcome is Outcome.TryLater later) later.After.ShouldBe(TimeSpan.FromSeconds(7));
        remote.Requests[0].Line.ShouldBe("POST https://a.klaviyo.com/api/profile-import?additional-fields%5Bprofile%5D=subscriptions");
        (remote.Requests[0].Headers["Authorization"], remote.Requests[0].Headers["revision"], remote.Requests[0].Headers["Content-Type"]).ShouldBe(("Klaviyo-API-Key pk_s3cret", "2026-07-15", "application/vnd.api+json"));
        (result.Exchange.Request + result.Exchange.Answer).ShouldNotContain("pk_s3cret");
    }

    [Theory]
    [InlineData(409, """{"errors":[{"code":"duplicate_profile","detail":"A profile already exists with one of these identifiers."}]}""")]
    [InlineData(400, """{"errors":[{"code":"invalid","detail":"Invalid phone number","source":{"pointer":"/data/attributes/phone_number"}}]}""")]
    public async Task A_number_that_is_anothers_or_none_is_left_out(int status, string body)
    {
        remote.Answer(status, body).Answer(201, Taken);
        (await PushAsync(SampleCustomer.Asha with { Consents = [] })).Outcome.ShouldBeNamed("Done 01K");
        remote.Requests[1].Body.ShouldNotContain("phone_number");
    }

    [Fact]
    public async Task A_no_goes_out_before_everything_else_and_a_yes_after_it()
    {
        remote.Answer(202).Answer(202).Answer(201, Taken).Answer(201, Taken).Answer(201, Taken).Answer(202);
        var results = await connector.ActAsync(Session(), [new("a", SampleCustomer.Asha, 1), new("b", SampleCustomer.Bram, 1), new("c", SampleCustomer.Cleo, 1)], Now);
        results.ShouldAllBe(r => r.Outcome is Outcome.Done);
        remote.Requests.Select(r => r.Line["POST https://a.klaviyo.com/api/".Length..].Split('?')[0]).ShouldBe(
            ["profile-subscription-bulk-delete-jobs", "profile-suppression-bulk-create-jobs", "profile-import", "profile-import", "profile-import", "profile-subscription-bulk-create-jobs"]);
        remote.Requests[0].Body.ShouldContain("bram@example.com");
        remote.Requests[1].Body.ShouldNotContain("bram@example.com");
    }

    [Fact]
    public async Task One_whom_a_job_refuses_does_not_keep_the_others_from_being_heard()
    {
        const string no = """{"errors":[{"code":"invalid","detail":"Invalid email address"}]}""";
        remote.Answer(400, no).Answer(400, no).Answer(202).Answer(201, Taken);
        var results = await connector.ActAsync(Session(), [new("b", SampleCustomer.Bram, 1), new("d", SampleCustomer.Bram with { Email = "dan@example.com" }, 1)], Now);
        results[0].Outcome.ShouldBeNamed("Refused invalid");
        results[1].Outcome.ShouldBeNamed("Done 01K");
    }

    [Theory]
    [InlineData("UNSUBSCRIBED", 1, false)]
    [InlineData("UNSUBSCRIBED", -1, true)]
    [InlineData("SUBSCRIBED", 1, true)]
    public async Task Who_took_their_yes_back_at_Klaviyo_itself_is_not_subscribed_once_more(string consent, int daysAfterTheYes, bool subscribed)
    {
        var at = SampleCustomer.Asha.By("email")!.At!.Value.AddDays(daysAfterTheYes);
        remote.Answer(200, """{"data":{"type":"profile","id":"01K","attributes":{"email":"asha@example.com","subscriptions":{"email":{"marketing":{"consent":"CONSENT","consent_timestamp":"TIME"}}}}}}""".Replace("CONSENT", consent, StringComparison.Ordinal).Replace("TIME", $"{at:O}", StringComparison.Ordinal));
        if (subscribed) remote.Answer(202);
        (await PushAsync(SampleCustomer.Asha)).Outcome.ShouldBeNamed("Done 01K");
        remote.Requests.Count.ShouldBe(subscribed ? 2 : 1);
    }

    [Fact]
    public async Task Who_could_not_be_subscribed_is_told_of_again()
    {
        remote.Answer(201, Taken).Answer(429, "", ("Retry-After", "3"));
        (await PushAsync(SampleCustomer.Asha)).Outcome.ShouldBeNamed("TryLater");
    }

    [Theory]
    [InlineData(202, "", "Done ")]
    [InlineData(400, """{"errors":[{"code":"invalid","detail":"one identifier"}]}""", "Refused invalid")]
    [InlineData(401, "", "NotConnected")]
    public async Task An_answer_to_a_deletion_has_one_meaning(int status, string body, string expected)
    {
        remote.Answer(status, body);
        (await connector.ActAsync(Session(), [new("f", new CustomerEffect.Forget("01K", null), 1)], Now))[0].Outcome.ShouldBeNamed(expected);
    }

    [Theory]
    [InlineData(404, "", 200, """{"data":[{"type":"account","id":"AbC123"}]}""", "AlreadyDone")]
    [InlineData(400, """{"errors":[{"code":"not_found","detail":"no such profile"}]}""", 200, """{"data":[{"type":"account","id":"AbC123"}]}""", "AlreadyDone")]
    [InlineData(404, "", 404, "", "NotConnected")]
    [InlineData(404, "", 503, "", "TryLater")]
    public async Task Nobody_by_that_id_is_a_proof_only_where_the_account_is(int status, string body, int account, string said, string expected)
    {
        remote.Answer(status, body).Answer(account, said);
        (await connector.ActAsync(Session(), [new("f", new CustomerEffect.Forget("01K", null), 1)], Now))[0].Outcome.ShouldBeNamed(expected);
        remote.Requests[1].Line.ShouldBe("GET https://a.klaviyo.com/api/accounts");
    }

    [Fact]
    public async Task A_number_that_is_not_taken_does_not_keep_the_no_of_the_mail()
    {
        const string Number = """{"errors":[{"code":"invalid","detail":"Invalid phone number","source":{"pointer":"/data/attributes/profiles/data/0/attributes/phone_number"}}]}""";
        var (mail, text) = (SampleCustomer.Asha.By("email")!, SampleCustomer.Asha.By("email")! with { Channel = "sms" });
        var both = SampleCustomer.Asha with { Phone = "+919800000001", Consents = [mail with { Wish = Wish.NoMarketing, IsNews = true }, text with { Wish = Wish.NoMarketing, IsNews = true }] };
        remote.Answer(400, Number).Answer(202).Answer(201, Taken);
        (await connector.ActAsync(remote.Session("klaviyo", ("api_key", "pk_s3cret"), ("consent_for", "email, sms")), [new("k", both, 1)], Now))[0].Outcome.ShouldBeNamed("Refused invalid");
        remote.Requests.Count.ShouldBe(3);
        remote.Requests[0].Body.ShouldContain("sms");
        remote.Requests[1].Body.ShouldNotContain("sms");
        remote.Requests[1].Body.ShouldContain("UNSUBSCRIBED");
    }

    [Theory]
    [InlineData(200, """{"data":[{"type":"account","id":"AbC123"}]}""", "Done ")]
    [InlineData(200, "<html>", "NotConnected")]
    [InlineData(401, "", "NotConnected")]
    [InlineData(503, "", "TryLater")]
    public async Task The_test_button_asks_whose_key_it_is(int status, string body, string expected)
    {
        remote.Answer(status, body);
        (await connector.TestAsync(Session(), Now)).Outcome.ShouldBeNamed(expected);
    }

    private async Task<Result> PushAsync(CustomerEffect.Push push) => (await connector.ActAsync(Session(), [new("k", push, 1)], Now))[0];

    private Session Session() => remote.Session("klaviyo", ("api_key", "pk_s3cret"));
}
