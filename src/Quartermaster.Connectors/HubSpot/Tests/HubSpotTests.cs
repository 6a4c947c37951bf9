using Quartermaster.Connectors.Tests;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Connections;
using Quartermaster.Core.Customers;
using Quartermaster.Sandbox.Twins;

namespace Quartermaster.Connectors.HubSpot.Tests;

public sealed class HubSpotTests
{
    private const string Bad = """{"status":"error","message":"Email address is invalid","category":"VALIDATION_ERROR","errors":[{"message":"Email address is invalid","code":"INVALID_EMAIL"}]}""";
    private const string NoProperty = """{"status":"error","message":"Property \"quartermaster_orders\" does not exist","category":"VALIDATION_ERROR","errors":[{"message":"x","code":"PROPERTY_DOESNT_EXIST"}]}""";
    private static readonly CancellationToken Now = TestContext.Current.CancellationToken;
    private readonly HubSpotConnector connector = new();
    private readonly RemoteScript remote = new();

    [Fact]
    public void A_customer_becomes_the_approved_contact() => HubSpotOutbound.Upsert([SampleCustomer.Asha], "quartermaster_").ShouldBeApproved("HubSpot", "upsert.request.json");

    [Fact]
    public void Every_body_keeps_to_the_published_contract()
    {
        var contract = OpenApiContract.Require("hubspot/crm-v3-contacts.json");
        contract.Request("post", "/crm/v3/objects/contacts/batch/upsert", HubSpotOutbound.Upsert([SampleCustomer.Asha, SampleCustomer.Bram, SampleCustomer.Cleo], "qm_")).ShouldBeEmpty();
        contract.Request("post", "/crm/v3/objects/contacts/gdpr-delete", HubSpotOutbound.Deletion(new("501", null))).ShouldBeEmpty();
        contract.Request("post", "/crm/v3/objects/contacts/gdpr-delete", HubSpotOutbound.Deletion(new(null, "asha@example.com"))).ShouldBeEmpty();
        contract.Request("post", "/crm/v3/objects/contacts/search", HubSpotOutbound.Search(DateTimeOffset.UnixEpoch, null, Noes)).ShouldBeEmpty();
        contract.Request("post", "/crm/v3/objects/contacts/search", HubSpotOutbound.Search(DateTimeOffset.UnixEpoch, "100", Noes)).ShouldBeEmpty();
        contract.Request("post", "/crm/v3/objects/contacts/batch/read", HubSpotOutbound.Read(["501", "502"], Noes)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Contacts_are_found_in_the_answer_by_their_address_whatever_its_order()
    {
        remote.Answer(200, Contacts(("asha@example.com", "2"), ("dora@example.com", "1")));
        var results = await connector.ActAsync(Session(), [Work(SampleCustomer.Dora), Work(SampleCustomer.Asha)], Now);
        results.Select(r => r.Outcome).ShouldBe([new Outcome.Done("1"), new Outcome.Done("2")]);
        remote.Requests.Single().Line.ShouldBe("POST https://api.hubapi.com/crm/v3/objects/contacts/batch/upsert");
        remote.Requests[0].Headers["Authorization"].ShouldBe("Bearer pat-s3cret");
        results[0].Exchange.Request.ShouldNotContain("pat-s3cret");
    }

    [Fact]
    public async Task One_that_is_refused_does_not_keep_the_others_out()
    {
        remote.Answer(400, Bad).Answer(400, Bad).Answer(200, Contacts(("asha@example.com", "2")));
        var results = await connector.ActAsync(Session(), [Work(SampleCustomer.Dora), Work(SampleCustomer.Asha)], Now);
        results.Select(r => r.Outcome.GetType().Name).Order().ShouldBe(["Done", "Refused"]);
        results.Select(r => r.Outcome).OfType<Outcome.Refused>().Single().Code.ShouldBe("INVALID_EMAIL");
    }

    [Fact]
    public async Task A_207_refuses_those_that_it_names_and_takes_the_rest()
    {
        remote.Answer(207, $$"""{"status":"COMPLETE","results":[{"id":"2","properties":{"email":"asha@example.com"},"new":true,"archived":false}],"numErrors":1,"errors":[{"category":"VALIDATION_ERROR","message":"no","context":{"id":["dora@example.com"]} }]}""");
        var results = await connector.ActAsync(Session(), [Work(SampleCustomer.Dora), Work(SampleCustomer.Asha)], Now);
        results.Select(r => r.Outcome).ShouldBe([new Outcome.Refused("VALIDATION_ERROR", "no"), new Outcome.Done("2")]);
    }

    [Fact]
    public async Task Properties_that_are_missing_are_made_once_and_the_contacts_sent_again()
    {
        remote.Answer(400, NoProperty).Answer(201, """{"status":"COMPLETE","results":[]}""").Answer(200, Contacts(("asha@example.com", "2")));
        (await connector.ActAsync(Session(), [Work(SampleCustomer.Asha)], Now))[0].Outcome.ShouldBeNamed("Done 2");
        remote.Requests[1].Line.ShouldBe("POST https://api.hubapi.com/crm/v3/properties/contacts/batch/create");
        foreach (var name in (string[])["orders", "lifetime_eur", "lifetime_inr", "first_order_at", "last_order_at", "segments", "language"]) remote.Requests[1].Body.ShouldContain($"\"quartermaster_{name}\"");
        remote.Answer(400, NoProperty).Answer(403, """{"message":"This app hasn't been granted all required scopes","category":"MISSING_SCOPES"}""");
        (await connector.ActAsync(Session(), [Work(SampleCustomer.Asha)], Now))[0].Outcome.ShouldBe(new Outcome.NotConnected("HubSpot answered 403: This app hasn't been granted all required scopes"));
    }

    [Fact]
    public async Task A_no_of_somebody_known_goes_out_first_and_a_yes_with_its_proof_afterwards()
    {
        remote.Answer(200, "{}").Answer(200, Contacts(("asha@example.com", "2"), ("bram@example.com", "3"), ("cleo@example.com", "4"))).Answer(200, "{}").Answer(200, "{}");
        var results = await connector.ActAsync(Session(("subscription_id", "77")), [Work(SampleCustomer.Asha), Work(SampleCustomer.Bram with { RemoteId = "3" }), Work(SampleCustomer.Cleo)], Now);
        results.ShouldAllBe(r => r.Outcome is Outcome.Done);
        remote.Requests[0].Line.ShouldEndWith("/communication-preferences/v3/unsubscribe");
        remote.Requests[0].Body.ShouldBe("""{"emailAddress":"bram@example.com","subscriptionId":"77"}""");
        remote.Requests.Skip(2).Select(r => r.Body).Order().ShouldBe(
            ["""{"emailAddress":"asha@example.com","subscriptionId":"77","legalBasis":"CONSENT_WITH_NOTICE","legalBasisExplanation":"ticked the box at the checkout, 2026-10-03T09:30:00Z"}""", """{"emailAddress":"cleo@example.com","subscriptionId":"77"}"""]);
    }

    [Fact]
    public async Task Without_a_subscription_type_no_consent_is_passed_on()
    {
        remote.Answer(200, Contacts(("asha@example.com", "2"), ("bram@example.com", "3")));
        (await connector.ActAsync(Session(), [Work(SampleCustomer.Asha), Work(SampleCustomer.Bram)], Now)).ShouldAllBe(r => r.Outcome is Outcome.Done);
    }

    [Theory]
    [InlineData(400, """{"message":"already unsubscribed","category":"VALIDATION_ERROR"}""", "Done 2")]
    [InlineData(400, """{"message":"The contact has opted out of all e-mail","category":"VALIDATION_ERROR"}""", "Done 2")]
    [InlineData(400, """{"message":"no such subscription","category":"VALIDATION_ERROR"}""", "Refused VALIDATION_ERROR")]
    [InlineData(429, "", "TryLater")]
    [InlineData(502, "", "Unsure")]
    public async Task An_answer_to_consent_has_one_meaning(int status, string body, string expected)
    {
        remote.Answer(200, Contacts(("asha@example.com", "2"))).Answer(status, body);
        (await connector.ActAsync(Session(("subscription_id", "77")), [Work(SampleCustomer.Asha)], Now))[0].Outcome.ShouldBeNamed(expected);
    }

    [Theory]
    [InlineData(204, "", "Done ")]
    [InlineData(400, Bad, "Refused INVALID_EMAIL")]
    [InlineData(401, "", "NotConnected")]
    [InlineData(429, "", "TryLater")]
    public async Task An_answer_to_a_deletion_has_one_meaning(int status, string body, string expected)
    {
        remote.Answer(status, body);
        (await connector.ActAsync(Session(), [new("f", new CustomerEffect.Forget("501", null), 1)], Now))[0].Outcome.ShouldBeNamed(expected);
        remote.Requests[0].Body.ShouldBe("""{"objectId":"501"}""");
    }

    [Theory]
    [InlineData(200, """{"results":[]}""", "AlreadyDone")]
    [InlineData(404, "", "NotConnected")]
    [InlineData(401, "", "NotConnected")]
    [InlineData(503, "", "TryLater")]
    public async Task Nobody_by_that_id_is_a_proof_only_where_contacts_are(int status, string body, string expected)
    {
        remote.Answer(404).Answer(status, body);
        (await connector.ActAsync(Session(), [new("f", new CustomerEffect.Forget("501", null), 1)], Now))[0].Outcome.ShouldBeNamed(expected);
        remote.Requests[1].Line.ShouldBe("GET https://api.hubapi.com/crm/v3/objects/contacts?limit=1");
    }

    [Fact]
    public async Task A_no_is_as_old_as_its_own_history_and_one_that_is_said_again_is_heard_again()
    {
        const string Page = """{"results":[{"id":"5","properties":{"lastmodifieddate":"2026-11-21T08:00:00Z"}}]}""";
        string Contact(string history) => $$$"""{"results":[{"id":"5","properties":{"email":"asha@example.com","hs_email_optout_77":"true","lastmodifieddate":"2026-11-21T08:00:00Z"},"propertiesWithHistory":{"hs_email_optout_77":[{{{history}}}]}}]}""";
        string[] histories =
        [
            """{"value":"true","timestamp":"2026-11-01T08:00:00Z","sourceType":"CRM"}""",
            """{"value":"true","timestamp":"2026-11-01T08:00:00Z","sourceType":"CRM"},{"value":"","timestamp":"2026-10-01T08:00:00Z","sourceType":"CRM"}""",
            """{"value":"true","timestamp":"2026-11-20T08:00:00Z","sourceType":"CRM"},{"value":"false","timestamp":"2026-11-10T08:00:00Z","sourceType":"CRM"},{"value":"true","timestamp":"2026-11-01T08:00:00Z","sourceType":"CRM"}""",
        ];
        foreach (var history in histories) remote.Answer(200, Page).Answer(200, Contact(history));
        List<Found> found = [];
        foreach (var _ in histories)
            await foreach (var one in connector.PollAsync(Session(("subscription_id", "77")), DateTimeOffset.UnixEpoch, Now)) found.Add(one);
        found.Select(f => f.DeliveryId).ShouldBe(["contact/5/hs_email_optout_77@1793520000000", "contact/5/hs_email_optout_77@1793520000000", "contact/5/hs_email_optout_77@1795161600000"]);
        connector.Read(Session(("subscription_id", "77")), found[2].Topic, found[2].Body, DateTimeOffset.MaxValue).Signals.ShouldHaveSingleItem().Signal.ShouldBe(new ContactSignal.OptedOut("email", "unsubscribed from marketing at HubSpot", new DateTimeOffset(2026, 11, 20, 8, 0, 0, TimeSpan.Zero)));
        connector.Read(Session(), found[2].Topic, found[2].Body, DateTimeOffset.MaxValue).Signals.ShouldBeEmpty("another subscription is not what marketing stands for");
    }

    [Theory]
    [InlineData(404, 200, 404, "There was a problem with the request.")]
    [InlineData(403, 403, 403, "Property \\\"hs_email_optout_77\\\" does not exist")]
    public async Task A_property_that_the_account_lacks_is_told_of_once_and_the_others_are_still_asked_for(int ofSubscription, int ofAll, int other, string refusal)
    {
        Session session = Session(("subscription_id", "77"));
        // In the order of the question: of all mail, of the subscription, a bad address. Where nobody may look, the refusal names it.
        remote.Answer(400, $$"""{"status":"error","message":"{{refusal}}","category":"VALIDATION_ERROR"}""").Answer(ofAll, "{}").Answer(ofSubscription, "{}").Answer(other == 404 ? 200 : other, "{}");
        remote.Answer(200, """{"results":[{"id":"5","properties":{"lastmodifieddate":"2026-11-21T08:00:00Z"}}]}""").Answer(200, """{"results":[{"id":"5","properties":{"email":"asha@example.com","hs_email_optout":"true","lastmodifieddate":"2026-11-21T08:00:00Z"}}]}""");
        List<Found> found = [];
        await foreach (var one in connector.PollAsync(session, DateTimeOffset.UnixEpoch, Now)) found.Add(one);
        found.Select(f => f.DeliveryId).ShouldBe(["missing/hs_email_optout_77", "contact/5/hs_email_optout@"]);
        remote.Requests[4].Body.ShouldNotContain("hs_email_optout_77");
        remote.Requests[4].Body.ShouldContain("hs_email_bad_address");
        var notice = connector.Read(session, found[0].Topic, found[0].Body, DateTimeOffset.UnixEpoch).Signals.ShouldHaveSingleItem().Signal.ShouldBeOfType<ConnectionSignal.Noticed>();
        (notice.Code, notice.Serious).ShouldBe(("property:hs_email_optout_77", true));
        notice.Text.ShouldContain("Set subscription_id to the number of one that is there");
        connector.Read(session, found[1].Topic, found[1].Body, DateTimeOffset.MaxValue).Signals.ShouldHaveSingleItem().Signal.ShouldBeOfType<ContactSignal.OptedOut>();
    }

    [Fact]
    public async Task A_search_that_is_refused_for_something_else_fails_as_it_did()
    {
        remote.Answer(400, """{"message":"no","category":"VALIDATION_ERROR"}""").Answer(200, "{}").Answer(200, "{}");
        await Should.ThrowAsync<HttpRequestException>(async () => { await foreach (var _ in connector.PollAsync(Session(), DateTimeOffset.UnixEpoch, Now)) { } });
    }

    [Fact]
    public async Task Beyond_what_a_search_shows_it_is_begun_anew_from_where_it_came_to()
    {
        string Page(int from) => $$$$"""{"results":[{{{{string.Join(',', Enumerable.Range(from, 100).Select(n => $$$"""{"id":"{{{n}}}","properties":{"lastmodifieddate":"{{{DateTimeOffset.UnixEpoch.AddMinutes(n):O}}}"}}"""))}}}}],"paging":{"next":{"after":"{{{{from + 100}}}}"}}}""";
        for (var n = 0; n < 9_900; n += 100) remote.Answer(200, Page(n)).Answer(200, """{"results":[]}""").Answer(200, """{"results":[]}""");
        remote.Answer(200, """{"results":[]}""");
        await foreach (var _ in connector.PollAsync(Session(), DateTimeOffset.UnixEpoch, Now)) { }
        var last = remote.Requests[^1].Body;
        last.ShouldContain($"\"value\":\"{DateTimeOffset.UnixEpoch.AddMinutes(9_899).ToUnixTimeMilliseconds()}\"");
        last.ShouldContain("\"after\":\"0\"");
        remote.Requests.Count(r => r.Line.EndsWith("/search", StringComparison.Ordinal)).ShouldBe(100);
    }

    [Theory]
    [InlineData(200, """{"results":[]}""", "Done ")]
    [InlineData(200, "<html>", "NotConnected")]
    [InlineData(401, "", "NotConnected")]
    [InlineData(500, "", "TryLater")]
    public async Task The_test_button_reads_one_contact(int status, string body, string expected)
    {
        remote.Answer(status, body);
        (await connector.TestAsync(Session(), Now)).Outcome.ShouldBeNamed(expected);
    }

    [Fact]
    public async Task The_twin_lacks_properties_at_first_keeps_contacts_is_asked_for_noes_and_deletes()
    {
        await using var box = await TwinBox.StartAsync(new HubSpotConnector(), ("access_token", "pat-s3cret"), ("subscription_id", "77"));
        var twin = box.Twin<HubSpotTwin>();
        (await box.TestAsync()).Outcome.ShouldBeNamed("Done ");
        var results = await box.ActAsync(Work(SampleCustomer.Asha), Work(SampleCustomer.Bram), Work(SampleCustomer.Dora with { Email = "x@refused.example" }));
        results[2].Outcome.ShouldBeNamed("Refused INVALID_EMAIL");
        twin.All.ToDictionary(s => s.Email, s => s.State).ShouldBe(new Dictionary<string, string> { ["asha@example.com"] = "subscribed", ["bram@example.com"] = "unsubscribed" }, ignoreOrder: true);
        twin.OptOut("asha@example.com");
        List<Found> found = [];
        await foreach (var one in connector.PollAsync(box.Session, DateTimeOffset.UnixEpoch, Now)) found.Add(one);
        found.SelectMany(f => connector.Read(box.Session, f.Topic, f.Body, DateTimeOffset.MaxValue).Signals).Where(f => f.To.Id == "email:asha@example.com").ShouldAllBe(f => f.Signal is ContactSignal.OptedOut);
        found.Count.ShouldBe(2, "our own no comes back as what it is, and as old as it is");
        var id = ((Outcome.Done)results[0].Outcome).RemoteId!;
        (await box.ActAsync(new Work("f", new CustomerEffect.Forget(id, null), 1)))[0].Outcome.ShouldBeNamed("Done ");
        twin.Deleted.ShouldBe([id]);
    }

    private static string Contacts(params (string Email, string Id)[] all) =>
        $$"""{"status":"COMPLETE","results":[{{string.Join(',', all.Select(c => $$$"""{"id":"{{{c.Id}}}","properties":{"email":"{{{c.Email}}}"},"new":true,"archived":false}"""))}}]}""";

    private static IReadOnlyList<string> Noes => HubSpotInbound.NoesOf(new(new Dictionary<string, string> { ["subscription_id"] = "77" }));

    private static Work Work(CustomerEffect.Push push) => new(push.Email, push, 1);

    private Session Session(params (string, string)[] more) => remote.Session("hubspot", [("access_token", "pat-s3cret"), .. more]);
}
