using System.Globalization;
using System.Text;
using System.Text.Json;
using Quartermaster.Connectors.Shared;
using Quartermaster.Connectors.Tests;
using Quartermaster.Core.Books;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using static Quartermaster.Connectors.Xero.Tests.XeroDrafts;

namespace Quartermaster.Connectors.Xero.Tests;

public sealed class XeroTests
{
    private const string OneContact = """{"Contacts":[{"ContactID":"9f000000-0000-4000-9000-000000000001","Name":"Asha Rao"}]}""";

    private readonly XeroConnector connector = new();
    private readonly RemoteScript remote = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_invoice_and_its_contact_are_written_as_approved()
    {
        remote.Answer(200, OneContact).Answer(200, """{"Status":"OK","Invoices":[{"InvoiceID":"inv-id","InvoiceNumber":"INV-1001","Reference":"5600000000001","Status":"DRAFT"}]}""");
        var result = (await connector.ActAsync(Session(remote), [Invoice()], Cancel)).ShouldHaveSingleItem();
        result.Outcome.ShouldBe(new Outcome.Done("inv-id"));
        remote.Requests.Select(r => r.Line).ShouldBe([$"POST {Root}/Contacts?summarizeErrors=false", $"POST {Root}/Invoices?summarizeErrors=false&unitdp=4"]);
        remote.Requests[0].Body.ShouldBeApproved("Xero", "contacts.approved.json");
        remote.Requests[1].Body.ShouldBeApproved("Xero", "invoices.approved.json");
        remote.Requests[1].Headers["Authorization"].ShouldBe("Bearer fixed-token");
        remote.Requests[1].Headers["xero-tenant-id"].ShouldBe("tenant-1");
        remote.Requests[1].Headers["Idempotency-Key"].Length.ShouldBeLessThanOrEqualTo(128);
        result.Exchange.Request.ShouldStartWith($"POST {Root}/Invoices?summarizeErrors=false&unitdp=4\n{{\"Type\":\"ACCREC\"");
        result.Exchange.Answer.ShouldContain("\"inv-id\"");
    }

    [Fact]
    public async Task A_known_contact_is_not_made_again()
    {
        remote.Answer(200, OneContact).Answer(200, Answered("INV-1")).Answer(200, Answered("INV-2"));
        await connector.ActAsync(Session(remote), [Invoice("INV-1")], Cancel);
        await connector.ActAsync(Session(remote), [Invoice("INV-2")], Cancel);
        remote.Requests.Count(r => r.Line.Contains("/Contacts", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task An_inline_contact_costs_no_call()
    {
        remote.Answer(200, Answered("INV-1"));
        await connector.ActAsync(Session(remote, ("contacts", "inline")), [Invoice("INV-1")], Cancel);
        remote.Requests.ShouldHaveSingleItem().Body.ShouldContain("""
            "Contact":{"Name":"Asha Rao (cust-77)","ContactNumber":"cust-77","EmailAddress":"asha@example.com"}
            """.Trim());
    }

    [Fact]
    public async Task The_same_batch_has_the_same_key_and_another_has_another()
    {
        remote.Answer(500).Answer(500).Answer(500);
        var session = Session(remote, ("contacts", "inline"));
        await connector.ActAsync(session, [Invoice("INV-1"), Invoice("INV-2")], Cancel);
        await connector.ActAsync(session, [Invoice("INV-1"), Invoice("INV-2")], Cancel);
        await connector.ActAsync(session, [Invoice("INV-2")], Cancel);
        var keys = remote.Requests.Select(r => r.Headers["Idempotency-Key"]).ToArray();
        keys[1].ShouldBe(keys[0]);
        keys[2].ShouldNotBe(keys[0]);
    }

    [Fact]
    public async Task One_faulty_invoice_is_refused_and_the_others_are_done()
    {
        remote.Answer(200, """
            {"Invoices":[
              {"InvoiceID":"a","InvoiceNumber":"INV-1","Total":1299.0,"StatusAttributeString":"OK"},
              {"InvoiceNumber":"INV-2","StatusAttributeString":"ERROR","ValidationErrors":[{"Message":"Account code '200' is archived."},{"Message":"The TaxType code 'OUTPUT2' does not exist."}]},
              {"InvoiceID":"c","InvoiceNumber":"INV-3","Total":1298.99}]}
            """);
        var results = await connector.ActAsync(Session(remote, ("contacts", "inline")), [Invoice("INV-1"), Invoice("INV-2"), Invoice("INV-3")], Cancel);
        results[0].Outcome.ShouldBe(new Outcome.Done("a"));
        results[1].Outcome.ShouldBe(new Outcome.Refused("ValidationException", "Account code '200' is archived. The TaxType code 'OUTPUT2' does not exist."));
        results[2].Outcome.ShouldBeOfType<Outcome.Refused>().Code.ShouldBe("total_differs");
        results[1].Exchange.Request.ShouldContain("(2 of 3 in this call)");
        results[1].Exchange.Request.ShouldNotContain("INV-1\"");
        results[1].Exchange.Answer.ShouldNotContain("INV-3");
    }

    [Fact]
    public async Task A_contact_that_is_refused_stops_only_its_own_invoice()
    {
        remote
            .Answer(200, """{"Contacts":[{"ContactID":"a","ContactNumber":"good"},{"ContactNumber":"bad","ValidationErrors":[{"Message":"Email address must be valid."}]}]}""")
            .Answer(200, Answered("INV-1"));
        var results = await connector.ActAsync(Session(remote), [Invoice("INV-2", contact: "bad"), Invoice("INV-1", contact: "good")], Cancel);
        results[0].Outcome.ShouldBe(new Outcome.Refused("contact_refused", "Email address must be valid."));
        results[1].Outcome.ShouldBe(new Outcome.Done("id-INV-1"));
    }

    [Fact]
    public async Task An_invoice_approved_meanwhile_is_recognised_as_ours()
    {
        remote
            .Answer(200, """{"Invoices":[{"InvoiceNumber":"INV-1","ValidationErrors":[{"Message":"Invoice not of valid status for modification"}]},{"InvoiceNumber":"INV-2","ValidationErrors":[{"Message":"Invoice not of valid status for modification"}]}]}""")
            .Answer(200, """{"Invoices":[{"InvoiceID":"a","InvoiceNumber":"INV-1","Reference":"5600000000001","Total":1299.00,"Status":"AUTHORISED"},{"InvoiceID":"b","InvoiceNumber":"INV-2","Reference":"someone else","Total":1299.00,"Status":"PAID"}]}""");
        var results = await connector.ActAsync(Session(remote, ("contacts", "inline")), [Invoice("INV-1"), Invoice("INV-2")], Cancel);
        remote.Requests[1].Line.ShouldBe($"GET {Root}/Invoices?InvoiceNumbers=INV-1%2CINV-2");
        results[0].Outcome.ShouldBe(new Outcome.AlreadyDone("a"));
        results[1].Outcome.ShouldBeOfType<Outcome.Refused>().Code.ShouldBe("number_taken");
    }

    [Fact]
    public async Task A_400_that_names_elements_speaks_of_each()
    {
        remote.Answer(400, """{"ErrorNumber":10,"Type":"ValidationException","Message":"A validation exception occurred","Elements":[{"InvoiceNumber":"INV-1","ValidationErrors":[{"Message":"No."}]},{"InvoiceNumber":"INV-2","ValidationErrors":[]}]}""");
        var results = await connector.ActAsync(Session(remote, ("contacts", "inline")), [Invoice("INV-1"), Invoice("INV-2")], Cancel);
        results[0].Outcome.ShouldBe(new Outcome.Refused("ValidationException", "No."));
        results[1].Outcome.ShouldBeOfType<Outcome.TryLater>();
    }

    [Fact]
    public async Task A_400_that_names_nothing_is_searched_for_its_cause()
    {
        const string bad = """{"ErrorNumber":14,"Type":"PostDataInvalidException","Message":"JSON for post data was invalid"}""";
        remote.Answer(400, bad).Answer(200, Answered("INV-1")).Answer(400, bad);
        var results = await connector.ActAsync(Session(remote, ("contacts", "inline")), [Invoice("INV-1"), Invoice("INV-2")], Cancel);
        results.Select(r => r.Outcome).ShouldBe([new Outcome.Done("id-INV-1"), new Outcome.Refused("PostDataInvalidException", "JSON for post data was invalid")]);
    }

    [Fact]
    public async Task A_spent_day_waits_for_midnight_and_a_spent_minute_as_long_as_asked()
    {
        remote.Answer(429, "", ("X-Rate-Limit-Problem", "day"), ("Retry-After", "60")).Answer(429, "", ("X-Rate-Limit-Problem", "minute"), ("Retry-After", "17"));
        var session = Session(remote, ("contacts", "inline"));
        (await connector.ActAsync(session, [Invoice()], Cancel))[0].Outcome.ShouldBeOfType<Outcome.TryLater>().After.ShouldBe(TimeSpan.FromHours(12));
        (await connector.ActAsync(session, [Invoice()], Cancel))[0].Outcome.ShouldBeOfType<Outcome.TryLater>().After.ShouldBe(TimeSpan.FromSeconds(17));
    }

    [Theory]
    [InlineData(200, "{}", "Unsure")]
    [InlineData(200, "<html>", "Unsure")]
    [InlineData(400, """{"Type":"QueryParseException","Message":"?"}""", "Refused")]
    [InlineData(401, "", "NotConnected")]
    [InlineData(403, "", "NotConnected")]
    [InlineData(404, "", "Refused")]
    [InlineData(429, "", "TryLater")]
    [InlineData(500, "", "Unsure")]
    [InlineData(503, "", "Unsure")]
    public async Task What_the_answer_to_a_draft_means(int status, string body, string outcome) =>
        (await connector.ActAsync(Session(remote.Answer(status, body), ("contacts", "inline")), [Invoice()], Cancel))[0].Outcome.GetType().Name.ShouldBe(outcome);

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    public async Task Trouble_with_contacts_sends_no_invoice(int status)
    {
        var results = await connector.ActAsync(Session(remote.Answer(status)), [Invoice()], Cancel);
        results[0].Outcome.ShouldBeOfType<Outcome.TryLater>();
        remote.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_credit_note_is_drafted_and_recognised_by_its_number()
    {
        remote
            .Answer(200, """{"CreditNotes":[{"CreditNoteNumber":"CN-1001","ValidationErrors":[{"Message":"Credit note not of valid status for modification"}]}]}""")
            .Answer(200, """{"CreditNotes":[{"CreditNoteID":"cn","CreditNoteNumber":"CN-1001","Total":1299.00}]}""");
        (await connector.ActAsync(Session(remote, ("contacts", "inline")), [CreditNote()], Cancel))[0].Outcome.ShouldBe(new Outcome.AlreadyDone("cn"));
        remote.Requests[0].Line.ShouldBe($"POST {Root}/CreditNotes?summarizeErrors=false&unitdp=4");
        remote.Requests[0].Body.ShouldContain("\"Type\":\"ACCRECCREDIT\"");
        remote.Requests[1].Line.ShouldBe($"GET {Root}/CreditNotes?where=CreditNoteNumber%3D%3D%22CN-1001%22");
    }

    [Fact]
    public async Task A_refused_token_is_renewed_once_and_a_good_one_is_kept()
    {
        remote
            .Answer(200, """{"access_token":"first","expires_in":1800}""").Answer(401)
            .Answer(200, """{"access_token":"second","expires_in":1800}""").Answer(200, Answered("INV-1"))
            .Answer(200, Answered("INV-2"));
        var session = CustomConnection();
        (await connector.ActAsync(session, [Invoice("INV-1")], Cancel))[0].Outcome.ShouldBe(new Outcome.Done("id-INV-1"));
        (await connector.ActAsync(session, [Invoice("INV-2")], Cancel))[0].Outcome.ShouldBe(new Outcome.Done("id-INV-2"));
        remote.Requests.Select(r => r.Headers["Authorization"]).ShouldBe(
            ["Basic Y2xpZW50OnNlY3JldC0x", "Bearer first", "Basic Y2xpZW50OnNlY3JldC0x", "Bearer second", "Bearer second"]);
        remote.Requests[0].Body.ShouldBe("grant_type=client_credentials&scope=accounting.transactions+accounting.contacts+accounting.settings.read");
    }

    [Theory]
    [InlineData(400, """{"error":"invalid_client"}""", "NotConnected")]
    [InlineData(200, "{}", "NotConnected")]
    [InlineData(500, "", "TryLater")]
    public async Task Without_a_token_nothing_is_sent(int status, string body, string outcome)
    {
        (await connector.ActAsync(CustomConnectionOf(remote.Answer(status, body)), [Invoice()], Cancel))[0].Outcome.GetType().Name.ShouldBe(outcome);
        remote.Requests.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("due_days", "soon")]
    [InlineData("time_zone", "Mars/Olympus")]
    [InlineData("contacts", "maybe")]
    [InlineData("item_codes", "yes")]
    public async Task A_setting_that_cannot_be_used_stops_the_lane_and_says_so(string key, string value)
    {
        var outcome = (await connector.ActAsync(Session(remote, (key, value)), [Invoice()], Cancel))[0].Outcome.ShouldBeOfType<Outcome.NotConnected>();
        outcome.Why.ShouldContain($"'{key}' is '{value}'");
    }

    // Xero refuses a line whose quantity times unit price does not round to its amount.
    [Theory]
    [InlineData("33.33", 100)]
    [InlineData("10.00", 3)]
    [InlineData("0.01", 7)]
    [InlineData("-0.02", 1)]
    [InlineData("1000.01", 999)]
    [InlineData("5.00", 0)]
    public void Every_line_multiplies_to_its_amount(string amount, int quantity)
    {
        var exact = decimal.Parse(amount, CultureInfo.InvariantCulture);
        var draft = Draft() with { Lines = [new("Tea", null, quantity, exact, 0, InvoiceLineKind.Goods)], Tax = 0, Total = exact };
        var body = XeroOutbound.Documents(XeroKind.Invoice, [draft], XeroTerms.From(Settings.Empty), new Dictionary<string, string>());
        var invoice = JsonDocument.Parse(body.Bytes).RootElement.GetProperty("Invoices")[0];
        invoice.GetProperty("LineAmountTypes").GetString().ShouldBe("NoTax");
        var line = invoice.GetProperty("LineItems")[0];
        decimal.Round(line.GetProperty("Quantity").GetInt32() * line.GetProperty("UnitAmount").GetDecimal(), 2, MidpointRounding.AwayFromZero).ShouldBe(exact);
        line.GetProperty("LineAmount").GetDecimal().ShouldBe(exact);
    }

    [Fact]
    public void A_webhook_tells_of_a_change_and_causes_nothing()
    {
        var body = Fixture.Bytes("Xero", "webhook.json");
        Knock(body, HmacSignature.Base64("webhook-key", body)).ShouldBe(new Knock.Take("events", "7-7-S0m3r4nd0mt3xt", null, new StreamId("aurora", "connection", "books")));
        var reading = connector.Read(Session(remote), "events", body, default);
        reading.Signals.ShouldBeEmpty();
        reading.Note!.ShouldContain("INVOICE UPDATE 717f2bfc");
    }

    [Fact]
    public void The_intent_to_receive_is_answered_by_signature_alone()
    {
        var body = Fixture.Bytes("Xero", "intent_to_receive.json");
        Knock(body, HmacSignature.Base64("webhook-key", body)).ShouldBe(new Knock.Answer(200, ""));
        Knock(body, HmacSignature.Base64("not-the-key", body)).ShouldBeOfType<Knock.Refused>();
        var tampered = body.ToArray();
        tampered[^3] ^= 1;
        Knock(tampered, HmacSignature.Base64("webhook-key", body)).ShouldBeOfType<Knock.Refused>();
        Knock(body, null).ShouldBeOfType<Knock.Refused>();
    }

    [Theory]
    [InlineData("nonsense", "xero.bad_json")]
    [InlineData("{}", "xero.no_events")]
    public void A_webhook_that_cannot_be_read_is_a_case(string body, string kind) =>
        Should.Throw<NotUnderstoodException>(() => connector.Read(Session(remote), "events", Encoding.UTF8.GetBytes(body), default)).CaseKind.ShouldBe(kind);

    [Fact]
    public async Task The_test_button_asks_for_the_organisation()
    {
        (await connector.TestAsync(Session(remote.Answer(200, """{"Organisations":[]}""")), Cancel)).Outcome.ShouldBe(new Outcome.Done());
        remote.Requests.ShouldHaveSingleItem().Line.ShouldBe($"GET {Root}/Organisation");
    }

    private Knock Knock(byte[] body, string? signature) => connector.Receive(
        Session(remote), new Delivery("POST", "", "", name => name == "x-xero-signature" ? signature : null, body, default));

    private Session CustomConnection() => CustomConnectionOf(remote);

    private static Session CustomConnectionOf(RemoteScript remote) => remote.Session("books",
        ("tenant_id", "tenant-1"), ("client_id", "client"), ("client_secret", "secret-1"), ("base_url", Root), ("token_url", "https://id.example/token"), ("contacts", "inline"));

    private static string Answered(string number) => $$"""{"Invoices":[{"InvoiceID":"id-{{number}}","InvoiceNumber":"{{number}}","Status":"DRAFT"}]}""";
}
