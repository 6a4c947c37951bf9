using Quartermaster.Core.Campaigns;
using Quartermaster.Core.Kernel;
using static Quartermaster.Configuration.ConfigurationTestBed;

namespace Quartermaster.Configuration;

public sealed class CampaignSectionTests
{
    private const string Mail = "messages: [ { kind: email, connection: mail } ]";
    private const string Connection = "connections: { mail: { connector: mail, brand: aurora } }";

    private const string Written = $$"""
        public_address: https://hub.example.com
        brands:
          aurora:
            {{Mail}}
            offers:
              back: { code: TEN, says: { "": "10 % off", hi: दस }, most_per_month: 200, until: 2026-12-31 }
              each: { codes: [A1, B2], most_per_month: 2, most_per_customer: 2 }
            flows:
              review: { link: "https://shop.example/r", hold_out: 0.2, ends_on: [review] }
              checkout: { offer: back }
              reorder: { usual: 60d, lasts: { TEA-1: 30d } }
              second:
                title: Second order
                trigger: purchased
                only: { orders_to: 1, total_from: 500, countries: [in], languages: [hi] }
                rest: 90d
                steps: [ { wait: 21d, say: win_back, offer: each, by: [email] }, { wait: 2d, say: win_back, only: { orders_from: 1 } } ]
        {{Connection}}
        """;

    [Fact]
    public void A_shipped_flow_is_changed_in_what_is_written_and_reads_back_as_the_same()
    {
        var read = Read(Written);
        var terms = read.Plan.Brands["aurora"].Terms.Campaigns!;
        terms.All.Select(c => c.Id).ShouldBe(["review", "checkout", "reorder", "second"]);
        terms.Find("review")!.ShouldSatisfyAllConditions(r => r.Steps.ShouldBe(ShippedCampaigns.Review.Steps), r => r.HoldOut.ShouldBe(0.2m), r => r.Ends.ShouldBe([CampaignEnd.Review]), r => r.Link.ShouldBe("https://shop.example/r"));
        terms.Find("checkout")!.Steps.Select(s => s.Offer).ShouldBe([null, null, "back"]);
        terms.Find("reorder")!.Lasts["TEA-1"].ShouldBe(TimeSpan.FromDays(30));
        terms.Find("second")!.ShouldSatisfyAllConditions(r => r.Trigger.ShouldBe(CampaignTrigger.Purchased), r => r.Steps.Count.ShouldBe(2), r => r.Only.Countries.ShouldBe(["IN"]), r => r.Only.TotalFrom.ShouldBe(500m), r => r.Steps[1].Only!.OrdersFrom.ShouldBe(1), r => r.Steps.Select(s => s.By).ShouldBe([["email"], null]));
        (terms.Offers["back"].In("hi"), terms.Offers["back"].In("en"), terms.Offers["back"].Until, terms.Offers["each"].IsEachOnce).ShouldBe(("दस", "10 % off", new DateOnly(2026, 12, 31), true));
        var shown = EffectiveConfiguration.Write(read);
        EffectiveConfiguration.Write(Read(shown)).ShouldBe(shown);
        Read($"brands: {{ aurora: {{ title: A }} }}").Plan.Brands["aurora"].Terms.Campaigns.ShouldBeNull();
    }

    [Theory]
    [InlineData("flows: { revew: {} }", "flows.revew.trigger", "it is missing")]
    [InlineData("flows: { own: { trigger: sold, steps: [ { wait: 1d, say: thank_you } ] } }", "flows.own.trigger", "begins no flow")]
    [InlineData("flows: { own: { trigger: delivered } }", "flows.own", "it has no steps")]
    [InlineData("flows: { review: { steps: [ { wait: 1d, say: shipped } ] } }", "say", "nothing that a flow can say")]
    [InlineData("flows: { review: { steps: [ { wait: 1d, say: thank_you, by: sms } ] } }", "by", "the brand has no channel 'sms'")]
    [InlineData("flows: { review: { steps: [ { wait: 9999d, say: thank_you } ] } }", "wait", "is longer than 730 days")]
    [InlineData("flows: { checkout: { offer: gift } }", "flows.checkout.offer", "there is no offer 'gift'")]
    [InlineData("flows: { review: { hold_out: 0.9 } }", "flows.review.hold_out", "up to a half")]
    [InlineData("flows: { review: { ends_on: [rain] } }", "ends_on", "ends no flow")]
    [InlineData("flows: { review: { link: shop } }", "flows.review.link", "not an address")]
    [InlineData("flows: { review: { wat: 1 } }", "flows.review.wat", "not a known key")]
    [InlineData("offers: { a: { most_per_month: 1 } }", "offers.a", "no code that a shop could take")]
    [InlineData("offers: { a: { code: X } }", "offers.a.most_per_month", "it is missing")]
    public void What_cannot_be_meant_is_told_with_its_key(string written, string key, string wrong) =>
        Mistakes($"brands: {{ aurora: {{ {Mail}, {written} }} }}\n{Connection}").ShouldContain(m => m.Contains(key) && m.Contains(wrong));

    [Fact]
    public void A_brand_that_advertises_by_mail_can_be_unsubscribed_from()
    {
        Mistakes(Written.Replace("public_address: https://hub.example.com", "", StringComparison.Ordinal)).ShouldHaveSingleItem().ShouldContain("could not be unsubscribed from");
        Mistakes(Written.Replace("https://hub.example.com", "http://hub.example.com", StringComparison.Ordinal)).ShouldContain(m => m.Contains("could not be unsubscribed from"));
        Read($"brands: {{ aurora: {{ {Mail} }} }}\n{Connection}").Plan.Brands["aurora"].Terms.Campaigns.ShouldBeNull("a brand that only tells of orders needs no address");
    }

    [Fact]
    public void Nor_does_a_flow_of_the_dashboard_advertise_by_a_mail_that_nobody_can_unsubscribe_from()
    {
        const string Flow = "flows: { review: { steps: [ { wait: 1d, say: thank_you } ] } }";
        var brand = $"brands: {{ aurora: {{ {Mail} }} }}\n{Connection}";
        var (without, with) = (Read(brand).Plan, Read("public_address: https://hub.example.com\n" + brand).Plan);
        FlowText.Read(with, "aurora", Flow).ShouldHaveSingleItem();
        Should.Throw<ConfigurationException>(() => FlowText.Read(without, "aurora", Flow)).Message.ShouldContain("could not be unsubscribed from");
    }

    [Fact]
    public void A_brand_that_sends_no_messages_has_no_flows() =>
        Mistakes("brands: { aurora: { flows: { review: {} } } }").ShouldContain(m => m.Contains("sends no messages"));
}
