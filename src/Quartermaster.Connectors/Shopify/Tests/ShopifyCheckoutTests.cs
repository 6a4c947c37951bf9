using System.Text;
using Quartermaster.Connectors.Shared;
using Quartermaster.Connectors.Shopify;
using Quartermaster.Core.Campaigns;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Customers;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Connectors.Tests.Shopify;

public sealed class ShopifyCheckoutTests
{
    private const string Left = """
        {"id":981820079255243537,"token":"c0ffee","email":"Asha@Example.com","buyer_accepts_marketing":true,"created_at":"2026-03-02T09:00:00+05:30","updated_at":"2026-03-02T09:04:00+05:30","completed_at":null,
         "currency":"INR","customer_locale":"hi-IN","phone":null,"abandoned_checkout_url":"https://shop.example/recover/c0ffee","total_price":"1279.00",
         "line_items":[{"title":"Stole","quantity":2,"sku":"ST"},{"title":"","quantity":1}],"shipping_address":{"name":"Asha Rao","country_code":"IN"}}
        """;

    private static readonly ShopifyConnector Shopify = new();
    private static readonly Session Plain = new RemoteScript().Session("aurora-shopify", ("shop", "aurora.myshopify.com"), ("token", "t"), ("webhook_secret", "s"));
    private static readonly Session Taking = Plain with { Settings = new Settings(new Dictionary<string, string>(Plain.Settings.Values) { ["checkouts"] = "true" }) };

    [Fact]
    public void A_checkout_goes_to_whoever_it_is_of_and_one_of_nobody_is_only_counted()
    {
        var take = Knock(Taking, Left).ShouldBeOfType<Knock.Take>();
        take.Stream.ShouldBe(new StreamId(Taking.Brand, "run", "email:asha@example.com"));
        take.BusinessKey!.ShouldStartWith("checkouts/update:c0ffee:2026-03-02T09:04:00+05:30:");
        Knock(Taking, Left.Replace("\"Asha@Example.com\"", "null", StringComparison.Ordinal).Replace("\"phone\":null", "\"phone\":\"+919812345678\"", StringComparison.Ordinal))
            .ShouldBeOfType<Knock.Take>().Stream.Id.ShouldBe("phone:+919812345678");
        Knock(Taking, Left.Replace("\"Asha@Example.com\"", "null", StringComparison.Ordinal)).ShouldBeOfType<Knock.Counted>();
        Knock(Plain, Left).ShouldBeOfType<Knock.Take>().Stream.Kind.ShouldBe("connection", "nobody asked for them");
        Shopify.Read(Plain, "checkouts/update", Encoding.UTF8.GetBytes(Left), DateTimeOffset.UnixEpoch).Signals.ShouldBeEmpty();
    }

    [Fact]
    public void It_is_read_with_its_goods_its_link_and_what_was_agreed_to()
    {
        var read = Shopify.Read(Taking, "checkouts/update", Encoding.UTF8.GetBytes(Left), DateTimeOffset.UnixEpoch).Signals;
        var seen = read[0].Signal.ShouldBeOfType<RunSignal.CheckoutSeen>();
        seen.By.ShouldBe(new Recipient("Asha Rao", "Asha@Example.com", null, "hi-IN", "IN"));
        (seen.Checkout.Token, seen.Checkout.Total, seen.Checkout.Link, seen.Checkout.CompletedAt).ShouldBe(("c0ffee", new Money(1279m, "INR"), "https://shop.example/recover/c0ffee", null));
        seen.Checkout.Items.ShouldBe([new ItemFacts("Stole", 2)]);
        var yes = read[1];
        (yes.To.Id, ((ContactSignal.OptedIn)yes.Signal).At).ShouldBe(("email:asha@example.com", new DateTimeOffset(2026, 3, 2, 3, 30, 0, TimeSpan.Zero)));
        Shopify.Read(Taking, "checkouts/update", Encoding.UTF8.GetBytes(Left.Replace("marketing\":true", "marketing\":false", StringComparison.Ordinal)), DateTimeOffset.UnixEpoch).Signals.ShouldHaveSingleItem();
    }

    [Fact]
    public void What_Shopify_publishes_of_a_checkout_is_understood()
    {
        var body = File.ReadAllBytes(ContractFolder.Require("shopify/webhooks_repaired/CheckoutsCreate.json"));
        var seen = Shopify.Read(Taking, "checkouts/create", body, DateTimeOffset.UnixEpoch).Signals.ShouldHaveSingleItem().Signal.ShouldBeOfType<RunSignal.CheckoutSeen>();
        (seen.Checkout.Total, seen.By.Email).ShouldBe((new Money(398m, "USD"), "example@email.com"));
        seen.Checkout.Link.ShouldNotBeNull();
    }

    private static Knock Knock(Session session, string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var headers = new Dictionary<string, string> { ["X-Shopify-Topic"] = "checkouts/update", ["X-Shopify-Event-Id"] = "e-1", ["X-Shopify-Hmac-Sha256"] = HmacSignature.Base64("s", bytes) };
        return Shopify.Receive(session, new Delivery("POST", "", "", name => headers.GetValueOrDefault(name), bytes, DateTimeOffset.UnixEpoch));
    }
}
