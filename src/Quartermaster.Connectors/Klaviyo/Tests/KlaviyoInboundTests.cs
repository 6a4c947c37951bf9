using System.Text;
using Quartermaster.Connectors.Shared;
using Quartermaster.Connectors.Tests;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Customers;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Connectors.Klaviyo.Tests;

public sealed class KlaviyoInboundTests
{
    private const string Secret = "a-secret-of-the-webhook";
    private static readonly DateTimeOffset At = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero), Before = At.AddMinutes(-3);
    private static readonly CancellationToken Now = TestContext.Current.CancellationToken;
    private readonly KlaviyoConnector connector = new();

    [Fact]
    public void A_webhook_is_verified_over_body_and_time()
    {
        var body = """{"data":[]}"""u8.ToArray();
        var signature = HmacSignature.Hex(Secret, [.. body, .. "2026-11-21T12:00:00+0000"u8]);
        Knock(Secret, signature, "2026-11-21T12:00:00+0000", body).ShouldBeOfType<Knock.Take>().Stream.ShouldBe(new("aurora", "connection", "klaviyo"));
        Knock(Secret, signature, "2026-11-21T12:00:01+0000", body).ShouldBe(Core.Connecting.Knock.Refuse);
        Knock(Secret, signature, "2026-11-21T12:00:00+0000", [.. body, (byte)' ']).ShouldBe(Core.Connecting.Knock.Refuse);
        Knock("another", signature, "2026-11-21T12:00:00+0000", body).ShouldBe(Core.Connecting.Knock.Refuse);
        Knock(null, signature, "2026-11-21T12:00:00+0000", body).ShouldBe(Core.Connecting.Knock.Refuse);
        Knock(Secret, null, null, body).ShouldBe(Core.Connecting.Knock.Refuse);
    }

    [Theory]
    [InlineData("unsubscribed_from_email_marketing", "{}", "opted out email")]
    [InlineData("marked_email_as_spam", "{}", "complained email")]
    [InlineData("bounced_email", """{"Bounce Type":"Hard"}""", "bounced for good email")]
    [InlineData("bounced_email", """{"Bounce Type":"Soft"}""", "bounced email")]
    [InlineData("unsubscribed_from_sms_marketing", "{}", "opted out sms")]
    [InlineData("subscribed_to_email_marketing", "{}", "nothing")]
    [InlineData("opened_email", "{}", "nothing")]
    public void Each_topic_says_what_it_means(string topic, string properties, string meant)
    {
        var reading = Read($$$"""
            {"data":[{"topic":"event:klaviyo.{{{topic}}}","external_id":"e1","payload":{"data":{"type":"event","id":"e1","attributes":{"datetime":"{{{Before:O}}}","event_properties":{{{properties}}}}},
             "included":[{"type":"metric","id":"m"},{"type":"profile","id":"01K","attributes":{"email":" Asha@Example.com ","phone_number":"+919800000001"}}]}}]}
            """);
        Said(reading).ShouldBe(meant);
        if (reading.Signals is [var one]) one.To.ShouldBe(meant.EndsWith("sms", StringComparison.Ordinal) ? new("aurora", "contact", "phone:+919800000001") : new("aurora", "contact", "email:asha@example.com"));
    }

    [Fact]
    public void An_address_may_stand_in_the_event_and_one_without_is_found_by_asking()
    {
        Read("""{"data":[{"topic":"event:klaviyo.marked_email_as_spam","payload":{"attributes":{"event_properties":{"Recipient Email Address":"a@b.example"}}}}]}""").Signals.Single().To.Id.ShouldBe("email:a@b.example");
        var nobody = Read("""{"data":[{"topic":"event:klaviyo.unsubscribed_from_email_marketing","payload":{"data":{"attributes":{}}}},{"topic":"event:klaviyo.clicked_email"}]}""");
        nobody.Signals.ShouldBeEmpty();
        nobody.Note.ShouldBe("clicked_email, unsubscribed_from_email_marketing without an address (found when profiles are asked for)");
    }

    [Theory]
    [InlineData("""{"consent":"UNSUBSCRIBED","consent_timestamp":"2026-11-20T08:00:00+00:00"}""", "opted out email")]
    [InlineData("""{"consent":"UNSUBSCRIBED","suppression":[{"reason":"UNSUBSCRIBE","timestamp":"2026-11-20T08:00:00+00:00"}]}""", "opted out email")]
    [InlineData("""{"consent":"SUBSCRIBED","suppression":[{"reason":"HARD_BOUNCE","timestamp":"2026-11-20T08:00:00+00:00"}]}""", "bounced for good email")]
    [InlineData("""{"consent":"SUBSCRIBED","suppression":[{"reason":"SPAM_COMPLAINT","timestamp":"2026-11-20T08:00:00+00:00"}]}""", "complained email")]
    [InlineData("""{"consent":"NEVER_SUBSCRIBED","suppression":[{"reason":"USER_SUPPRESSED","timestamp":"2026-11-20T08:00:00+00:00"}]}""", "nothing")]
    [InlineData("""{"consent":"SUBSCRIBED"}""", "nothing")]
    public async Task A_profile_that_was_asked_for_says_only_what_stands_against_writing_to_them(string marketing, string meant)
    {
        var remote = new RemoteScript().Answer(200, """{"data":[{"type":"profile","id":"01K","attributes":{"email":"asha@example.com","subscriptions":{"email":{"marketing":MARKETING}}}}],"links":{"next":null}}""".Replace("MARKETING", marketing, StringComparison.Ordinal));
        var session = remote.Session("klaviyo", ("api_key", "pk"));
        var found = new List<Found>();
        await foreach (var one in connector.PollAsync(session, Before, Now)) found.Add(one);
        remote.Requests[0].Line.ShouldStartWith("GET https://a.klaviyo.com/api/profiles?");
        found.Count.ShouldBe(meant == "nothing" ? 0 : 1);
        if (found is not [var only]) return;
        Said(connector.Read(session, only.Topic, only.Body, At)).ShouldBe(meant);
        TimeOf(connector.Read(session, only.Topic, only.Body, At)).ShouldBe(new DateTimeOffset(2026, 11, 20, 8, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public async Task A_no_to_texts_is_the_numbers_and_one_page_that_has_to_wait_is_asked_for_again()
    {
        var remote = new RemoteScript().Answer(429, "", ("Retry-After", "0")).Answer(200, """{"data":[{"type":"profile","id":"01K","attributes":{"email":"asha@example.com","phone_number":"+919800000001","subscriptions":{"email":{"marketing":{"consent":"SUBSCRIBED"}},"sms":{"marketing":{"consent":"UNSUBSCRIBED","consent_timestamp":"2026-11-20T08:00:00+00:00"}}}}}],"links":{"next":null}}""");
        var session = remote.Session("klaviyo", ("api_key", "pk"));
        var found = new List<Found>();
        await foreach (var one in connector.PollAsync(session, Before, Now)) found.Add(one);
        var reading = connector.Read(session, found.ShouldHaveSingleItem().Topic, found[0].Body, At);
        (Said(reading), reading.Signals[0].To).ShouldBe(("opted out sms", new("aurora", "contact", "phone:+919800000001")));
        remote.Requests[1].Line.ShouldContain("phone_number");
    }

    [Fact]
    public async Task Pages_are_followed_and_the_same_words_come_under_the_same_key()
    {
        const string Out = """{"type":"profile","id":"01K","attributes":{"email":"asha@example.com","updated":"X","subscriptions":{"email":{"marketing":{"consent":"UNSUBSCRIBED","consent_timestamp":"2026-11-20T08:00:00Z"}}}}}""";
        var remote = new RemoteScript()
            .Answer(200, """{"data":[OUT],"links":{"next":"https://a.klaviyo.com/api/profiles?page%5Bcursor%5D=abc"}}""".Replace("OUT", Out, StringComparison.Ordinal))
            .Answer(200, """{"data":[OUT],"links":{"next":null}}""".Replace("OUT", Out.Replace("X", "Y", StringComparison.Ordinal), StringComparison.Ordinal));
        List<string> keys = [];
        await foreach (var one in connector.PollAsync(remote.Session("klaviyo", ("api_key", "pk"), ("base_url", "https://proxy.example")), Before, Now)) keys.Add(one.DeliveryId);
        keys.Distinct().Count().ShouldBe(1);
        remote.Requests[1].Line.ShouldBe("GET https://proxy.example/api/profiles?page%5Bcursor%5D=abc");
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    public void A_body_of_another_shape_becomes_a_case(string body) => Should.Throw<NotUnderstoodException>(() => Read(body)).CaseKind.ShouldBe("klaviyo.bad_json");

    private static string Said(Reading reading) => reading.Signals.SingleOrDefault()?.Signal switch
    {
        null => "nothing",
        ContactSignal.Bounced { Hard: true } b => "bounced for good " + b.Channel,
        ContactSignal.Bounced b => "bounced " + b.Channel,
        ContactSignal.OptedOut o => "opted out " + o.Channel,
        ContactSignal.Complained c => "complained " + c.Channel,
        var other => other.ToString()!,
    };

    private static DateTimeOffset? TimeOf(Reading reading) => reading.Signals[0].Signal switch { ContactSignal.Bounced b => b.At, ContactSignal.OptedOut o => o.At, ContactSignal.Complained c => c.At, _ => null };

    private Reading Read(string body) => connector.Read(new RemoteScript().Session("klaviyo"), "events", Encoding.UTF8.GetBytes(body), At);

    private Knock Knock(string? secret, string? signature, string? timestamp, byte[] body) => connector.Receive(new RemoteScript().Session("klaviyo", ("webhook_secret", secret ?? "")),
        new Delivery("POST", "", "", name => name switch { "Klaviyo-Signature" => signature, "Klaviyo-Timestamp" => timestamp, _ => null }, body, At));
}
