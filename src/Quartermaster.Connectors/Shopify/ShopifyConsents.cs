using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Customers;

namespace Quartermaster.Connectors.Shopify;

/// <summary>What customers say at the shop about being advertised to, with when and how: consent that can be shown as proof.</summary>
/// <remarks>
/// The body of <c>customers_whats_app_marketing_consent/update</c> is in no published contract, so nothing is made of it. The hub writes no consent to the
/// shop, so nothing of this is its own echo.
/// </remarks>
internal static class ShopifyConsents
{
    public const string ByMail = "customers_email_marketing_consent/update", ByText = "customers_marketing_consent/update";

    private static readonly BodyReader Body = new("shopify", "Shopify");

    public static bool AreTaken(Settings settings) => settings.Find("consents") == "true";

    public static Reading Read(Session session, string topic, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt)
    {
        if (topic == ByMail)
        {
            var mail = Body.Parse(body, ShopifyBodies.Default.MailConsentBody, topic);
            return Told(session, ContactPoint.Email, mail.EmailAddress, mail.EmailMarketingConsent, receivedAt);
        }
        var text = Body.Parse(body, ShopifyBodies.Default.TextConsentBody, topic);
        return Told(session, ContactPoint.Sms, text.Phone, text.SmsMarketingConsent, receivedAt);
    }

    private static Reading Told(Session session, string channel, string? address, ConsentBody? consent, DateTimeOffset receivedAt)
    {
        var (state, level) = (consent?.State?.ToLowerInvariant(), consent?.OptInLevel?.ToLowerInvariant());
        var at = (consent?.ConsentUpdatedAt ?? receivedAt).ToUniversalTime();
        var how = level switch { "single_opt_in" => "single opt-in", "confirmed_opt_in" => "confirmed opt-in", _ => "how is not known there" };
        ContactSignal? said = state switch
        {
            // How somebody came on the list is not always known there; that is no answer to a no.
            "subscribed" => new ContactSignal.OptedIn(channel, $"subscribed at Shopify ({how})", at, Unsure: level is not ("single_opt_in" or "confirmed_opt_in")),
            // Marketing is what was unsubscribed from, on a phone as well.
            "unsubscribed" => new ContactSignal.OptedOut(channel, "unsubscribed at Shopify", at, Extent.Marketing),
            _ => null,
        };
        if (said is null) return Reading.Ignored($"the consent is '{state ?? "not told"}', which says neither yes nor no");
        return ContactReports.To(session.Brand, channel, address, said) is { } told ? new Reading([told]) : Reading.Ignored("it names nobody who could be written to");
    }
}
