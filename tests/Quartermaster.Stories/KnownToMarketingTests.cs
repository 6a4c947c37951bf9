using Quartermaster.Core.Customers;
using Quartermaster.Sandbox;
using Quartermaster.Sandbox.Twins;
using Shouldly;

namespace Quartermaster.Stories;

/// <summary>Three marketing tools know a shopper: from the first order, through a no that one of them hears, to the day on which they want to be forgotten.</summary>
public sealed class KnownToMarketingTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_first_order_makes_them_known_everywhere_a_no_at_one_is_heard_by_all_and_erased_they_are_gone_from_each()
    {
        await using var day = await BusinessDay.BeginAsync(WithTools(DemoBrands.All[0]), null, Cancel);
        var (klaviyo, hubspot, mailchimp) = (day.Twin<KlaviyoTwin>(), day.Twin<HubSpotTwin>(), day.Twin<MailchimpTwin>());
        var order = day.Order();
        var mail = order.Placed.Shopper.Email!.ToLowerInvariant();
        await day.TellContactAsync(mail, new ContactSignal.OptedIn("email", "ticked the box at the checkout", DateTimeOffset.UtcNow.AddMinutes(-1)));

        await UntilAsync(day, () => klaviyo.Of(mail)?.State == "subscribed" && hubspot.Of(mail)?.State == "subscribed" && mailchimp.Of(mail)?.State == "subscribed", "known to all three, with their yes");
        klaviyo.Of(mail)!.Fields!["properties"]!["qm_orders"]!.GetValue<int>().ShouldBe(1);
        hubspot.Of(mail)!.Fields!["quartermaster_segments"]!.ToString().ShouldBe("new");
        mailchimp.Of(mail)!.Tags.ShouldBe(["customer-new"]);
        await day.UntilAsync(order, "closed");

        klaviyo.Unsubscribe(mail);
        await UntilAsync(day, () => hubspot.Of(mail)!.State == "unsubscribed" && mailchimp.Of(mail)!.State == "unsubscribed", "the others hear of it");
        (await day.ScalarAsync($"SELECT what || ': ' || why FROM suppressed WHERE address = '{mail}'")).ShouldBe("marketing: unsubscribed at Klaviyo", "our own gate holds as well");
        (await day.SoonAsync("SELECT word FROM profile WHERE connection = 'aurora-klaviyo' AND word = 'told us itself'")).ShouldNotBeNull("what came from Klaviyo is not told to it");

        var person = (long)(await day.ScalarAsync($"SELECT person FROM person_key WHERE kind = 'email' AND value = '{mail}'"))!;
        var report = await day.EraseAsync(person);
        report.Told.Keys.Order().ShouldBe(["aurora-hubspot", "aurora-klaviyo", "aurora-mailchimp"]);
        report.LeftIn!.ShouldBeEmpty();
        await UntilAsync(day, () => klaviyo.Deleted.Count == 1 && hubspot.Deleted.Count == 1 && mailchimp.Deleted.Count == 1, "deleted at all three");
        (await day.SoonAsync("SELECT 1 FROM erasure WHERE (SELECT count(*) FROM jsonb_each_text(told) t WHERE t.value LIKE '%UTC: deleted') = 3")).ShouldBe(1, "each tool's answer is the proof");
        (await day.ScalarAsync("SELECT count(*) FROM profile")).ShouldBe(0L);
    }

    private static DemoBrand WithTools(DemoBrand brand) => brand with
    {
        Connections =
        [
            .. brand.Connections,
            new("aurora-klaviyo", "klaviyo", new Dictionary<string, string> { ["api_key"] = "pk_demo", ["webhook_secret"] = "klaviyo-webhook-demo" }, new Dictionary<string, string>()),
            new("aurora-hubspot", "hubspot", new Dictionary<string, string> { ["access_token"] = "pat-demo", ["subscription_id"] = "77", ["client_secret"] = "hubspot-demo" }, new Dictionary<string, string>()),
            new("aurora-mailchimp", "mailchimp", new Dictionary<string, string> { ["api_key"] = "demo-us21", ["list_id"] = "a6b5da1054", ["webhook_secret"] = "mailchimp-webhook-demo" }, new Dictionary<string, string>()),
        ],
    };

    private static async Task UntilAsync(BusinessDay day, Func<bool> what, string why)
    {
        for (var i = 0; i < 1600 && !what(); i++) await Task.Delay(25, Cancel);
        if (!what()) what().ShouldBeTrue($"{why}\n{await day.ScalarAsync("SELECT string_agg(p::text, E'\\n') FROM profile p")}");
    }
}
