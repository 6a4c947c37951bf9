using Quartermaster.Connectors.Tests;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Customers;

namespace Quartermaster.Connectors.Klaviyo.Tests;

public sealed class KlaviyoOutboundTests
{
    private static readonly string[] Mail = ["email"], All = ["email", "sms", "whatsapp"];

    [Fact]
    public void A_customer_becomes_the_approved_profile() => KlaviyoOutbound.Profile(SampleCustomer.Asha, withPhone: true).ShouldBeApproved("Klaviyo", "profile.request.json");

    [Fact]
    public void A_yes_is_passed_on_as_consent_given_earlier() => KlaviyoOutbound.Subscribe([SampleCustomer.Asha], Mail, "Y6nRLr").ShouldBeApproved("Klaviyo", "subscribe.request.json");

    [Fact]
    public void Every_body_keeps_to_the_published_contract()
    {
        var contract = OpenApiContract.Require("klaviyo/stable.json");
        var texted = SampleCustomer.Asha with { Consents = [new("email", Wish.Marketing, "yes", SampleCustomer.Asha.FirstOrderAt, true), new("sms", Wish.Marketing, "yes", SampleCustomer.Asha.FirstOrderAt, true), new("whatsapp", Wish.Nothing, "STOP", SampleCustomer.Asha.FirstOrderAt, true)] };
        foreach (var profile in (CustomerEffect.Push[])[SampleCustomer.Asha, SampleCustomer.Bram, SampleCustomer.Cleo, SampleCustomer.Dora])
            foreach (var withPhone in (bool[])[true, false])
                contract.Request("post", "/api/profile-import", KlaviyoOutbound.Profile(profile, withPhone)).ShouldBeEmpty();
        contract.Request("post", "/api/profile-subscription-bulk-create-jobs", KlaviyoOutbound.Subscribe([SampleCustomer.Asha, texted], All, null)).ShouldBeEmpty();
        contract.Request("post", "/api/profile-subscription-bulk-create-jobs", KlaviyoOutbound.Subscribe([texted], Mail, "Y6nRLr")).ShouldBeEmpty();
        contract.Request("post", "/api/profile-subscription-bulk-delete-jobs", KlaviyoOutbound.Unsubscribe([SampleCustomer.Bram, SampleCustomer.Cleo, texted], All)).ShouldBeEmpty();
        contract.Request("post", "/api/profile-suppression-bulk-create-jobs", KlaviyoOutbound.Suppress([SampleCustomer.Cleo])).ShouldBeEmpty();
        contract.Request("post", "/api/data-privacy-deletion-jobs", KlaviyoOutbound.Deletion(new("01K", null))).ShouldBeEmpty();
        contract.Request("post", "/api/data-privacy-deletion-jobs", KlaviyoOutbound.Deletion(new(null, "asha@example.com"))).ShouldBeEmpty();
    }

    [Fact]
    public void Only_channels_that_the_account_writes_by_are_passed_on()
    {
        var texted = SampleCustomer.Asha with { Consents = [new("sms", Wish.Marketing, "yes", SampleCustomer.Asha.FirstOrderAt, true)] };
        KlaviyoOutbound.HasYes(texted, Mail).ShouldBeFalse();
        KlaviyoOutbound.HasYes(texted, All).ShouldBeTrue();
        KlaviyoOutbound.HasYes(texted with { Consents = [texted.Consents[0] with { IsNews = false }] }, All).ShouldBeFalse("it has been told");
        KlaviyoOutbound.Subscribe([texted], All, null).ShouldNotContain("\"email\"");
    }

    [Theory]
    [InlineData("email", true)]
    [InlineData("email, sms,WhatsApp", true)]
    [InlineData("", false)]
    [InlineData("post", false)]
    public void A_channel_that_is_none_is_refused_by_the_configuration(string text, bool fits) => new KlaviyoConnector().Manifest.Settings.Single(s => s.Key == "consent_for").Fits!(text).ShouldBe(fits);
}
