using System.Text;
using Quartermaster.Connectors.Shared;
using Quartermaster.Connectors.Tests;
using Quartermaster.Core.Campaigns;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;

namespace Quartermaster.Connectors.ReviewsRest.Tests;

public sealed class ReviewsRestTests
{
    private const string Secret = "callback-secret";
    private static readonly DateTimeOffset Received = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero), Written = new(2026, 11, 22, 5, 35, 0, TimeSpan.Zero);
    private static readonly ReviewsRestConnector Connector = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static Session Session(RemoteScript? remote = null, params (string, string)[] settings) => (remote ?? new()).Session("stars", [("callback_secret", Secret), .. settings]);

    private static Knock Knock(byte[] body, string? signature) => Connector.Receive(Session(), new Delivery(
        "POST", "", "", name => name == OpenCallback.SignatureHeader ? signature : null, body, Received));

    private static Reading Read(string body) => Connector.Read(Session(), "", Encoding.UTF8.GetBytes(body), Received);

    private static string Body(string fixture) => Encoding.UTF8.GetString(Fixture.Bytes("ReviewsRest", fixture));

    [Fact]
    public void A_review_finds_its_order_by_a_shallow_look()
    {
        var body = Fixture.Bytes("ReviewsRest", "written.json");
        Knock(body, HmacSignature.Base64(Secret, body)).ShouldBe(new Knock.Take("review_written", "rev-7001", null, new StreamId("aurora", "order", "5600000000001")));
        body = Fixture.Bytes("ReviewsRest", "by_email.json");
        Knock(body, HmacSignature.Base64(Secret, body)).ShouldBe(new Knock.Take("review_written", "rev-7002", null, new StreamId("aurora", "connection", "stars")));
    }

    [Fact]
    public void A_tampered_body_and_a_foreign_key_are_refused()
    {
        var body = Fixture.Bytes("ReviewsRest", "written.json");
        var tampered = body.ToArray();
        tampered[^5] ^= 1;
        Knock(tampered, HmacSignature.Base64(Secret, body)).ShouldBeOfType<Knock.Refused>();
        Knock(body, HmacSignature.Base64("foreign", body)).ShouldBeOfType<Knock.Refused>();
        Knock(body, null).ShouldBeOfType<Knock.Refused>();
    }

    [Fact]
    public void The_signature_of_the_contract_is_ours()
    {
        var body = """{"event_id":"rev-1","type":"review_written","order_ref":"5600000000001","rating":5}"""u8.ToArray();
        HmacSignature.Base64("reviews-secret", body).ShouldBe("VmvtmhkWvkYIv0dgo4TzVxPTLXMG/yDmh8MmvCZzQkU=");
    }

    [Fact]
    public void It_goes_to_its_order_and_to_whoever_wrote_it()
    {
        var review = new Review("rev-7001", "stars", 4m, Written, "TEA-250", "Lovely, if a little strong.");
        Read(Body("written.json")).Signals.ShouldBe(
        [
            new(new("aurora", "order", "5600000000001"), new OrderSignal.ReviewTold(review)),
            new(new("aurora", "run", "email:asha@example.com"), new RunSignal.Reviewed("5600000000001", Written, "stars", review with { OrderRef = "5600000000001" })),
        ]);
        Read(Body("by_email.json")).Signals.ShouldBe([new(new("aurora", "run", "email:asha@example.com"), new RunSignal.Reviewed(null, Received, "stars", new("rev-7002", "stars", 4.5m, Received)))]);
    }

    [Fact]
    public void A_word_that_is_not_of_the_contract_says_nothing() => Read(Body("other.json")).ShouldSatisfyAllConditions(r => r.Signals.ShouldBeEmpty(), r => r.Note!.ShouldContain("'question_asked'"));

    [Fact]
    public void Of_a_very_long_review_the_beginning_is_kept() =>
        ((OrderSignal.ReviewTold)Read($$"""{"event_id":"r","type":"review_written","order_ref":"1","rating":1,"text":"{{new string('x', 9000)}}"}""").Signals.Single().Signal).Review.Text!.Length.ShouldBe(Review.LongestText + 1);

    [Theory]
    [InlineData("""{"event_id":"r","type":"review_written","order_ref":"1"}""", "reviews-rest.missing_field", "rating")]
    [InlineData("""{"event_id":"r","type":"review_written","rating":5}""", "reviews-rest.missing_field", "'order_ref' or 'email'")]
    [InlineData("""{"type":"review_written","order_ref":"1","rating":5}""", "reviews-rest.missing_field", "event_id")]
    [InlineData("""{"event_id":"r","order_ref":"1","rating":5}""", "reviews-rest.missing_field", "type")]
    [InlineData("""{"event_id":"r","type":"review_written","order_ref":"1","rating":92}""", "reviews-rest.bad_rating", "92")]
    [InlineData("""{"event_id":"r","type":"review_written","order_ref":"1","rating":0}""", "reviews-rest.bad_rating", "0")]
    [InlineData("""{"event_id":"r","type":"review_written","email":"asha","rating":5}""", "reviews-rest.bad_email", "email")]
    [InlineData("""{"event_id":"r","rating":"many"}""", "reviews-rest.bad_json", "$.rating")]
    public void What_cannot_be_read_has_a_name_and_its_place(string body, string kind, string says)
    {
        var no = Should.Throw<NotUnderstoodException>(() => Read(body));
        (no.CaseKind, no.Message.Contains(says, StringComparison.Ordinal)).ShouldBe((kind, true), no.Message);
    }

    [Theory]
    [InlineData(404, """{"error":{"code":"unknown_review","message":"no"}}""", "Done")]
    [InlineData(200, "{}", "Done")]
    [InlineData(404, "<html>", "Refused")]
    [InlineData(401, "", "NotConnected")]
    [InlineData(503, "", "TryLater")]
    public async Task The_test_asks_for_a_review_that_nobody_wrote(int status, string body, string outcome)
    {
        var remote = new RemoteScript().Answer(status, body);
        (await Connector.TestAsync(Session(remote, ("base_url", "https://reviews.example/"), ("token", "t")), Cancel)).Outcome.GetType().Name.ShouldBe(outcome);
        remote.Requests.Single().Line.ShouldBe("GET https://reviews.example/reviews/CONNECTION-TEST");
    }

    [Fact]
    public async Task A_tool_that_only_sends_has_nothing_to_be_asked() => (await Connector.TestAsync(Session(), Cancel)).Outcome.ShouldBeOfType<Outcome.Done>();
}
