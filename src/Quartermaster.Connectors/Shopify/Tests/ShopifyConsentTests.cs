using System.Text;
using Quartermaster.Connectors.Shopify;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Customers;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Connectors.Tests.Shopify;

/// <summary>Bodies in the shape of the vendor's own samples.</summary>
public sealed class ShopifyConsentTests
{
    private static readonly DateTimeOffset Received = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly ShopifyConnector Shopify = new();

    [Theory]
    [InlineData("subscribed", "single_opt_in", "opted in: subscribed at Shopify (single opt-in)")]
    [InlineData("subscribed", "confirmed_opt_in", "opted in: subscribed at Shopify (confirmed opt-in)")]
    [InlineData("subscribed", "unknown", "unsure: subscribed at Shopify (how is not known there)")]
    [InlineData("unsubscribed", "single_opt_in", "opted out: unsubscribed at Shopify")]
    [InlineData("pending", "confirmed_opt_in", "nothing")]
    [InlineData("not_subscribed", "single_opt_in", "nothing")]
    [InlineData("redacted", "single_opt_in", "nothing")]
    public void What_a_customer_says_of_mail_is_consent_with_its_proof_and_its_time(string state, string level, string meant)
    {
        var told = Read("customers_email_marketing_consent/update", $$$"""{"customer_id":706405506930370084,"email_address":"Bob@Example.com","email_marketing_consent":{"state":"{{{state}}}","opt_in_level":"{{{level}}}","consent_updated_at":"2026-11-20T10:00:00+01:00"}}""");
        var signal = told.Signals.SingleOrDefault();
        (signal?.Signal switch
        {
            null => "nothing",
            ContactSignal.OptedIn { Unsure: true } x => "unsure: " + x.How,
            ContactSignal.OptedIn x => "opted in: " + x.How,
            ContactSignal.OptedOut { What: Extent.Marketing } x => "opted out: " + x.How,
            var other => other.GetType().Name,
        }).ShouldBe(meant);
        if (signal is null) return;
        signal.To.ShouldBe(new StreamId("aurora", "contact", "email:bob@example.com"));
        (signal.Signal is ContactSignal.OptedIn yes ? yes.At : ((ContactSignal.OptedOut)signal.Signal).At).ShouldBe(new DateTimeOffset(2026, 11, 20, 9, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public void A_no_to_text_messages_is_one_to_marketing_and_the_order_is_still_told_of() =>
        Read("customers_marketing_consent/update", """{"id":706405506930370084,"phone":"+919800000001","sms_marketing_consent":{"state":"unsubscribed","opt_in_level":"single_opt_in","consent_updated_at":null,"consent_collected_from":"other"}}""")
            .Signals.ShouldBe([new Forwarded(new("aurora", "contact", "phone:+919800000001"), new ContactSignal.OptedOut("sms", "unsubscribed at Shopify", Received, Extent.Marketing))]);

    [Theory]
    [InlineData("customers_email_marketing_consent/update", """{"customer_id":706405506930370084,"email_address":null,"email_marketing_consent":{"state":null,"opt_in_level":null,"consent_updated_at":null}}""")]
    [InlineData("customers_email_marketing_consent/update", """{"customer_id":1,"email_address":null,"email_marketing_consent":{"state":"subscribed","opt_in_level":"single_opt_in"}}""")]
    [InlineData("customers_marketing_consent/update", """{"id":1,"phone":null,"sms_marketing_consent":null}""")]
    public void What_says_nothing_of_anybody_is_kept_and_nothing_follows(string topic, string body) => Read(topic, body).ShouldSatisfyAllConditions(r => r.Signals.ShouldBeEmpty(), r => r.Note.ShouldNotBeNull());

    [Fact]
    public void Nobody_asked_for_them_so_nothing_follows() =>
        Shopify.Read(Session(), "customers_marketing_consent/update", "{}"u8.ToArray(), Received).Signals.ShouldBeEmpty();

    private static Reading Read(string topic, string body) => Shopify.Read(Session(("consents", "true")), topic, Encoding.UTF8.GetBytes(body), Received);

    private static Session Session(params (string, string)[] settings) => new RemoteScript().Session("aurora-shopify", [("shop", "aurora.myshopify.com"), ("token", "t"), ("webhook_secret", "s"), .. settings]);
}
