using System.Text;
using Quartermaster.Connectors.Tests;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Customers;
using Quartermaster.Sandbox.Twins;

namespace Quartermaster.Connectors.Mailchimp.Tests;

public sealed class MailchimpTests
{
    private const string Fields = "orders=ORDERS, lifetime_inr=SPENT,first_order_at=SINCE,lifetime_usd=DOLLARS";
    private static readonly DateTimeOffset At = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly CancellationToken Now = TestContext.Current.CancellationToken;
    private readonly MailchimpConnector connector = new();
    private readonly RemoteScript remote = new();

    [Fact]
    public void A_customer_becomes_the_approved_member() =>
        MailchimpOutbound.Member(SampleCustomer.Asha, new(new Dictionary<string, string> { ["merge_fields"] = Fields }), withConsent: true).ShouldBeApproved("Mailchimp", "member.request.json");

    [Fact]
    public void A_member_is_named_by_the_MD5_of_the_address_in_lower_case()
    {
        // The example of Mailchimp's own documentation.
        MailchimpOutbound.IdOf("Urist.McVankab@freddiesjokes.com").ShouldBe("62eeb292278cc15f5817cb78f7790b08");
        MailchimpOutbound.IdOf("urist.mcvankab@freddiesjokes.com").ShouldBe("62eeb292278cc15f5817cb78f7790b08");
    }

    [Theory]
    [InlineData(Wish.Unsaid, false, "transactional", null)]
    [InlineData(Wish.Marketing, true, "subscribed", "subscribed")]
    [InlineData(Wish.Marketing, false, "subscribed", null)]
    [InlineData(Wish.NoMarketing, true, "unsubscribed", "unsubscribed")]
    [InlineData(Wish.Nothing, true, "unsubscribed", "unsubscribed")]
    public void A_members_state_changes_only_by_a_word_of_theirs_that_is_news(Wish wish, bool news, string ifNew, string? status)
    {
        using var body = System.Text.Json.JsonDocument.Parse(MailchimpOutbound.Member(SampleCustomer.Dora with { Consents = [new("email", wish, "x", At, news)] }, Settings.Empty, withConsent: true));
        body.RootElement.GetProperty("status_if_new").GetString().ShouldBe(ifNew);
        (body.RootElement.TryGetProperty("status", out var told) ? told.GetString() : null).ShouldBe(status);
    }

    [Fact]
    public void Segments_are_tags_and_a_first_import_starts_no_automation() =>
        MailchimpOutbound.Tags(SampleCustomer.Asha).ShouldBe("""{"tags":[{"name":"customer-new","status":"inactive"},{"name":"customer-returning","status":"active"},{"name":"customer-lapsed","status":"inactive"}],"is_syncing":true}""");

    [Theory]
    [InlineData("orders=ORDERS,lifetime_eur=SPENT", true)]
    [InlineData("", true)]
    [InlineData("orders=orders", false)]
    [InlineData("shoe_size=SHOE", false)]
    [InlineData("orders", false)]
    public void A_merge_field_that_cannot_be_one_is_refused_by_the_configuration(string text, bool fits) => connector.Manifest.Settings.Single(s => s.Key == "merge_fields").Fits!(text).ShouldBe(fits);

    [Fact]
    public async Task The_key_says_where_the_account_lives_and_is_kept_to_itself()
    {
        remote.Answer(200, "{}").Answer(204);
        var result = await PushAsync(SampleCustomer.Dora);
        var id = MailchimpOutbound.IdOf("dora@example.com");
        result.Outcome.ShouldBe(new Outcome.Done(id));
        remote.Requests.Select(r => r.Line).ShouldBe([$"PUT https://us21.api.mailchimp.com/3.0/lists/a6b5/members/{id}?skip_merge_validation=true", $"POST https://us21.api.mailchimp.com/3.0/lists/a6b5/members/{id}/tags"]);
        remote.Requests[0].Headers["Authorization"].ShouldBe("Basic " + Convert.ToBase64String("quartermaster:s3cret-us21"u8));
        result.Exchange.Request.ShouldNotContain("s3cret");
        (await connector.ActAsync(remote.Session("m", ("api_key", "nocentre"), ("list_id", "a6b5")), [new("k", SampleCustomer.Dora, 1)], Now))[0].Outcome.ShouldBeNamed("NotConnected");
    }

    [Fact]
    public async Task Who_left_by_Mailchimps_own_link_stays_gone_there_and_the_rest_is_kept()
    {
        remote.Answer(400, """{"title":"Member In Compliance State","status":400,"detail":"cannot be subscribed"}""").Answer(200, "{}").Answer(204);
        (await PushAsync(SampleCustomer.Asha)).Outcome.ShouldBeNamed("Done " + MailchimpOutbound.IdOf("asha@example.com"));
        remote.Requests[1].Body.ShouldNotContain("\"subscribed\"");
    }

    [Theory]
    [InlineData(400, """{"title":"Invalid Resource","detail":"looks fake or invalid"}""", "Refused Invalid Resource")]
    [InlineData(400, """{"title":"Forgotten Email Not Subscribed","detail":"was permanently deleted"}""", "Refused Forgotten Email Not Subscribed")]
    [InlineData(400, "not json", "Refused 400")]
    [InlineData(401, """{"title":"API Key Invalid","detail":"Your API key may be invalid"}""", "NotConnected")]
    [InlineData(404, """{"title":"Resource Not Found","detail":"The requested resource could not be found."}""", "NotConnected")]
    [InlineData(429, "", "TryLater")]
    [InlineData(500, "", "Unsure")]
    public async Task An_answer_has_one_meaning(int status, string body, string expected)
    {
        remote.Answer(status, body);
        (await PushAsync(SampleCustomer.Dora)).Outcome.ShouldBeNamed(expected);
    }

    [Theory]
    [InlineData(204, "Done ")]
    [InlineData(405, "NotConnected")]
    [InlineData(429, "TryLater")]
    public async Task An_answer_to_a_deletion_has_one_meaning(int status, string expected)
    {
        remote.Answer(status);
        (await connector.ActAsync(Session(), [new("f", new CustomerEffect.Forget(null, "asha@example.com"), 1)], Now))[0].Outcome.ShouldBeNamed(expected);
        remote.Requests[0].Line.ShouldBe($"POST https://us21.api.mailchimp.com/3.0/lists/a6b5/members/{MailchimpOutbound.IdOf("asha@example.com")}/actions/delete-permanent");
    }

    [Theory]
    [InlineData(200, "{}", "AlreadyDone")]
    [InlineData(404, """{"title":"Resource Not Found","detail":"The requested resource could not be found."}""", "NotConnected")]
    [InlineData(429, "", "TryLater")]
    public async Task Nobody_by_that_id_is_a_proof_only_where_the_list_is(int status, string body, string expected)
    {
        remote.Answer(404).Answer(status, body);
        (await connector.ActAsync(Session(), [new("f", new CustomerEffect.Forget(null, "asha@example.com"), 1)], Now))[0].Outcome.ShouldBeNamed(expected);
        remote.Requests[1].Line.ShouldBe("GET https://us21.api.mailchimp.com/3.0/lists/a6b5");
    }

    [Theory]
    [InlineData("POST", "w3bhook", "type=unsubscribe", "Take")]
    [InlineData("POST", "w3bhook/", "type=cleaned", "Take")]
    [InlineData("POST", "w3bhook", "nonsense", "Take")]
    [InlineData("POST", "w3bhook", "type=subscribe&data[email]=a", "Counted")]
    [InlineData("POST", "w3bhook", "type=profile", "Counted")]
    [InlineData("GET", "w3bhook", "", "Answer")]
    [InlineData("GET", "", "", "Refused")]
    [InlineData("POST", "", "type=unsubscribe", "Refused")]
    [InlineData("POST", "W3bhook", "type=unsubscribe", "Refused")]
    [InlineData("PUT", "w3bhook", "type=unsubscribe", "Refused")]
    public void Only_who_knows_the_secret_end_of_the_address_is_heard(string method, string path, string body, string expected) =>
        connector.Receive(Session(("webhook_secret", "w3bhook")), new Delivery(method, path, "", _ => null, Encoding.UTF8.GetBytes(body), At)).GetType().Name.ShouldBe(expected);

    [Fact]
    public void Without_a_secret_nobody_is_heard() =>
        connector.Receive(Session(), new Delivery("POST", "", "", _ => null, "type=unsubscribe"u8.ToArray(), At)).ShouldBe(Knock.Refuse);

    [Theory]
    [InlineData("type=unsubscribe&data%5Breason%5D=manual", typeof(ContactSignal.OptedOut))]
    [InlineData("type=unsubscribe&data%5Breason%5D=abuse", typeof(ContactSignal.Complained))]
    [InlineData("type=cleaned&data%5Breason%5D=hard", typeof(ContactSignal.Bounced))]
    [InlineData("type=cleaned&data%5Breason%5D=abuse", typeof(ContactSignal.Complained))]
    [InlineData("type=upemail", null)]
    public void Each_form_says_what_it_means(string form, Type? meant)
    {
        var reading = Read(form + "&data%5Bemail%5D=Asha%40Example.com&fired_at=2026-11-21+11%3A57%3A00");
        reading.Signals.SingleOrDefault()?.Signal.GetType().ShouldBe(meant);
        if (meant is null) reading.Signals.ShouldBeEmpty();
    }

    [Fact]
    public void The_documented_form_is_read_with_its_time()
    {
        var told = Read(Fixture.Text("Mailchimp", "unsubscribe.form.txt")).Signals.Single();
        told.To.ShouldBe(new("aurora", "contact", "email:asha@example.com"));
        told.Signal.ShouldBe(new ContactSignal.OptedOut("email", "unsubscribed at Mailchimp", At.AddMinutes(-3)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{\"type\":1}")]
    public void A_body_of_another_shape_becomes_a_case(string body) => Should.Throw<NotUnderstoodException>(() => Read(body)).CaseKind.ShouldBe("mailchimp.bad_form");

    [Fact]
    public async Task The_twin_keeps_members_tells_who_leaves_and_deletes()
    {
        await using var box = await TwinBox.StartAsync(new MailchimpConnector(), ("api_key", "s3cret-us21"), ("list_id", "a6b5"), ("webhook_secret", "w3bhook"));
        var twin = box.Twin<MailchimpTwin>();
        (await box.TestAsync()).Outcome.ShouldBeNamed("Done ");
        var results = await box.ActAsync(Work(SampleCustomer.Asha), Work(SampleCustomer.Bram), Work(SampleCustomer.Dora), Work(SampleCustomer.Dora with { Email = "x@refused.example" }));
        results[3].Outcome.ShouldBeNamed("Refused Invalid Resource");
        twin.All.ToDictionary(s => s.Email, s => s.State).ShouldBe(new Dictionary<string, string> { ["asha@example.com"] = "subscribed", ["bram@example.com"] = "unsubscribed", ["dora@example.com"] = "unsaid" }, ignoreOrder: true);
        twin.Of("asha@example.com")!.Tags.ShouldBe(["customer-returning"]);
        twin.Unsubscribe("asha@example.com");
        twin.Complain("dora@example.com");
        await box.DeliveredAsync();
        box.Readings.SelectMany(r => r.Signals).Select(s => s.Signal.GetType().Name).Order().ShouldBe(["Complained", "OptedOut"]);
        (await box.ActAsync(Work(SampleCustomer.Asha)))[0].Outcome.ShouldBeOfType<Outcome.Done>("their no stands there, and the rest is kept");
        twin.Of("asha@example.com")!.State.ShouldBe("unsubscribed");
        var id = ((Outcome.Done)results[0].Outcome).RemoteId!;
        (await box.ActAsync(new Work("f", new CustomerEffect.Forget(id, null), 1)))[0].Outcome.ShouldBeNamed("Done ");
        (await box.ActAsync(new Work("f", new CustomerEffect.Forget(id, null), 1)))[0].Outcome.ShouldBeNamed("AlreadyDone");
        twin.Deleted.ShouldBe([id]);
    }

    private static Work Work(CustomerEffect.Push push) => new(push.Email, push, 1);

    private async Task<Result> PushAsync(CustomerEffect.Push push) => (await connector.ActAsync(Session(), [Work(push)], Now))[0];

    private Reading Read(string form) => connector.Read(Session(), "form", Encoding.UTF8.GetBytes(form), At);

    private Session Session(params (string, string)[] more) => remote.Session("mailchimp", [("api_key", "s3cret-us21"), ("list_id", "a6b5"), .. more]);
}
