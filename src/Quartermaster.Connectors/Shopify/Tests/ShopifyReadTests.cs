using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Quartermaster.Connectors.Shopify;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Connections;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Products;
using Quartermaster.Core.Shipping;
using Quartermaster.Core.Stock;

namespace Quartermaster.Connectors.Tests.Shopify;

public sealed class ShopifyReadTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly ShopifyConnector Shopify = new();
    private static readonly Session Session = new RemoteScript().Session("aurora-shopify", ("shop", "a"), ("token", "t"), ("webhook_secret", "s"))
        with
    { Locations = new Dictionary<string, string> { ["BLR"] = "655441491" } };

    [Theory]
    [InlineData("""{"order_id":9007199254740993123,"risk_level":"high"}""")]
    [InlineData("""{"admin_graphql_api_order_id":"gid://shopify/Order/9007199254740993123"}""")]
    public void A_word_on_the_risk_is_a_reason_to_fetch_the_order_where_it_is_wanted(string body)
    {
        var wanting = Session with { Settings = new Settings(new Dictionary<string, string>(Session.Settings.Values) { ["risk"] = "true" }) };
        Shopify.Read(wanting, "orders/risk_assessment_changed", Encoding.UTF8.GetBytes(body), DateTimeOffset.UnixEpoch).Signals.ShouldHaveSingleItem().Signal
            .ShouldBe(new OrderSignal.ChangeAnnounced(wanting.Connection, "9007199254740993123", "orders/risk_assessment_changed"));
        Shopify.Read(Session, "orders/risk_assessment_changed", Encoding.UTF8.GetBytes(body), DateTimeOffset.UnixEpoch).Signals.ShouldBeEmpty();
    }

    [Fact]
    public void Where_an_order_came_from_is_told_as_hashes_and_only_where_somebody_counts()
    {
        var body = JsonNode.Parse(Fixture.Bytes("Shopify", "orders-create.json"))!;
        body["client_details"] = JsonNode.Parse("""{"accept_language":"en","browser_ip":"203.0.113.7","session_hash":null,"user_agent":"Mozilla/5.0"}""");
        var bytes = Encoding.UTF8.GetBytes(body.ToJsonString());
        Shopify.Read(Session, "orders/create", bytes, Now).Signals.ShouldHaveSingleItem().Signal.ShouldBeOfType<OrderSignal.Reported>();

        var counting = Session with { HashTrait = text => $"#{text.GetHashCode(StringComparison.Ordinal)}" };
        var read = Shopify.Read(counting, "orders/create", bytes, Now).Signals.Select(s => s.Signal).ToList();
        read[0].ShouldBeOfType<OrderSignal.TraitsTold>().Traits.Select(t => t.Kind).ShouldBe([TraitKind.Device, TraitKind.Network]);
        read[1].ShouldBeOfType<OrderSignal.Reported>();
        Encoding.UTF8.GetString(Core.CoreJson.Write(read[0])).ShouldNotContain("203.0.113.7");
        Shopify.Read(counting, "orders/create", Fixture.Bytes("Shopify", "orders-create.json"), Now).Signals.ShouldHaveSingleItem("it names no browser");
    }

    [Fact]
    public void A_payments_card_is_its_orders_and_never_its_number()
    {
        var counting = Session with { HashTrait = text => text };
        const string Body = """{"order_id":9007199254740993123,"payment_details":{"credit_card_bin":"411111","credit_card_number":"•••• •••• •••• 1111","credit_card_company":"Visa","credit_card_expiration_month":9,"credit_card_expiration_year":2031}}""";
        var told = Shopify.Read(counting, "order_transactions/create", Encoding.UTF8.GetBytes(Body), Now).Signals.ShouldHaveSingleItem();
        told.To.Id.ShouldBe("9007199254740993123");
        told.Signal.ShouldBeOfType<OrderSignal.TraitsTold>().Traits.ShouldBe([new Trait(TraitKind.Card, "Card|411111|1111|0931")]);
        Shopify.Read(Session, "order_transactions/create", Encoding.UTF8.GetBytes(Body), Now).Signals.ShouldBeEmpty();
        Shopify.Read(counting, "order_transactions/create", Encoding.UTF8.GetBytes(Body.Replace("411111", "", StringComparison.Ordinal)), Now).Signals.ShouldBeEmpty("four digits are nobody's card");
    }

    [Fact]
    public void An_order_arrives_with_every_digit_of_its_ids_and_its_money()
    {
        var facts = Order(Fixture.Bytes("Shopify", "orders-create.json"));
        facts.ExternalId.ShouldBe("9007199254740993123");
        (facts.Number, facts.Channel, facts.Currency).ShouldBe(("#A-2043", "aurora-shopify", "INR"));
        (facts.Total, facts.Shipping, facts.Tax, facts.Discounts, facts.TaxesIncluded).ShouldBe((4326m, 79m, 463.5m, 250m, true));
        facts.PlacedAt.ShouldBe(new DateTimeOffset(2026, 3, 2, 3, 45, 27, TimeSpan.Zero));
        facts.Lines.Select(l => (l.LineId, l.Sku, l.Quantity, l.UnitPrice, l.Discount, l.Tax)).ShouldBe(
            [("14000000000000000201", "AUR-KUR-IND-M", 2, 1499m, 166.68m, 307m), ("14000000000000000202", "AUR-STO-RUS", 1, 1499m, 83.32m, 156.5m)]);
        facts.Lines.Sum(l => l.UnitPrice * l.Quantity - l.Discount).ShouldBe(facts.Total - facts.Shipping);
        facts.Payment.ShouldBe(new Payment(PaymentState.Pending, PaymentMethod.CashOnDelivery, "Cash on Delivery (COD)"));
        facts.Buyer.ShouldBe(new Buyer("7000000000000000021", "Meera Iyer", "meera.iyer@example.test", "+919845012345", "en-IN"));
        facts.ShipTo!.IsDeliverable.ShouldBeTrue();
        facts.Tags.ShouldBe(["cod", "repeat"]);
    }

    [Fact]
    public void A_fetched_order_says_the_same_as_its_webhook()
    {
        var reply = JsonSerializer.Deserialize(Fixture.Bytes("Shopify", "fetched-order.json"), ShopifyReplies.Default.Reply)!;
        var polled = Order(ShopifyGraph.ToWebhook(reply.Data!.Order!));
        var told = Order(Fixture.Bytes("Shopify", "orders-create.json"));
        JsonSerializer.Serialize(polled).ShouldBe(JsonSerializer.Serialize(told));
    }

    [Fact]
    public void Removed_units_take_their_share_of_discount_and_tax_with_them()
    {
        var facts = Order(Changed(o => o["line_items"]![0]!["current_quantity"] = 1));
        (facts.Lines[0].Quantity, facts.Lines[0].Discount, facts.Lines[0].Tax).ShouldBe((1, 83.34m, 153.5m));
    }

    [Theory]
    [InlineData(2, 2, null, 0)]
    [InlineData(2, 1, "partial", 1)]
    [InlineData(2, 0, "fulfilled", 2)]
    [InlineData(1, 0, "fulfilled", 1)]
    [InlineData(1, 2, null, 0)]
    [InlineData(2, null, "fulfilled", 2)]
    [InlineData(2, null, null, 0)]
    public void Units_that_had_left_are_told_with_the_order(int wanted, int? fulfillable, string? status, int fulfilled) =>
        Order(Changed(o =>
        {
            var line = o["line_items"]![0]!;
            (line["current_quantity"], line["fulfillable_quantity"], line["fulfillment_status"]) = (wanted, fulfillable, status);
        })).Lines[0].Fulfilled.ShouldBe(fulfilled);

    [Fact]
    public void Units_that_had_left_are_told_by_a_poll_too()
    {
        var told = JsonNode.Parse(Fixture.Bytes("Shopify", "fetched-order.json"))!;
        told["data"]!["order"]!["lineItems"]!["nodes"]![0]!["unfulfilledQuantity"] = 0;
        var order = told.Deserialize(ShopifyReplies.Default.Reply)!.Data!.Order!;
        Order(ShopifyGraph.ToWebhook(order)).Lines.Select(l => l.Fulfilled).ShouldBe([2, 0]);
    }

    [Fact]
    public void What_the_shopper_saw_is_kept_beside_the_shops_own_money()
    {
        var facts = Order(Changed(o =>
        {
            o["presentment_currency"] = "USD";
            o["current_total_price_set"]!["presentment_money"] = JsonNode.Parse("""{"amount":"51.20","currency_code":"USD"}""");
        }));
        (facts.Currency, facts.Total, facts.PresentmentCurrency, facts.PresentmentTotal).ShouldBe(("INR", 4326m, "USD", 51.20m));
    }

    [Fact]
    public void A_tip_becomes_a_line_that_nobody_ships() =>
        Order(Changed(o => o["total_tip_received"] = "50.00")).Lines[^1].ShouldSatisfyAllConditions(
            l => l.Sku.ShouldBe("TIP"), l => l.UnitPrice.ShouldBe(50m), l => l.RequiresShipping.ShouldBeFalse());

    [Fact]
    public void An_order_without_customer_phone_or_address_is_still_an_order()
    {
        var facts = Order(Changed(o => { o.Remove("customer"); o["shipping_address"] = null; o["billing_address"] = null; o["email"] = null; o["contact_email"] = null; }));
        (facts.ShipTo, facts.Buyer).ShouldBe((null, new Buyer(null, null, null, null, "en-IN")));
    }

    [Theory]
    [InlineData("razorpay", PaymentMethod.Prepaid)]
    [InlineData("cash_on_delivery", PaymentMethod.CashOnDelivery)]
    [InlineData("COD", PaymentMethod.CashOnDelivery)]
    [InlineData("Codeweavers Pay", PaymentMethod.Prepaid)]
    [InlineData("Contrassegno", PaymentMethod.CashOnDelivery)]
    public void Cash_on_delivery_is_known_by_the_gateways_name(string gateway, PaymentMethod method) =>
        Order(Changed(o => o["payment_gateway_names"] = new JsonArray(gateway))).Payment.Method.ShouldBe(method);

    [Theory]
    [InlineData("currency", "\"XXQ\"", "shopify.unknown_currency")]
    [InlineData("id", "null", "shopify.missing")]
    [InlineData("id", "1.5", "shopify.wrong_type")]
    [InlineData("id", "{}", "shopify.wrong_type")]
    [InlineData("line_items", "null", "shopify.missing")]
    [InlineData("line_items", "\"none\"", "shopify.wrong_type")]
    [InlineData("line_items", "[null]", "shopify.missing")]
    [InlineData("created_at", "\"yesterday\"", "shopify.wrong_type")]
    [InlineData("current_total_price_set", "{\"shop_money\":{\"amount\":\"1e22\"}}", "shopify.absurd_number")]
    [InlineData("current_total_price_set", "{\"shop_money\":{\"amount\":\"9e99\"}}", "shopify.wrong_type")]
    [InlineData("line_items", "[{\"id\":1,\"quantity\":-2,\"price\":\"1\"}]", "shopify.absurd_number")]
    [InlineData("line_items", "[{\"id\":1,\"quantity\":2000000,\"price\":\"1\"}]", "shopify.absurd_number")]
    public void What_cannot_be_is_a_case_that_says_where(string member, string value, string kind)
    {
        var e = Should.Throw<NotUnderstoodException>(() => Order(Changed(o => o[member] = JsonNode.Parse(value))));
        e.CaseKind.ShouldBe(kind);
        e.Message.ShouldContain(member == "current_total_price_set" && kind == "shopify.absurd_number" ? "total_price" : member);
    }

    [Theory]
    [InlineData("", "shopify.bad_json")]
    [InlineData("{\"id\": 1", "shopify.bad_json")]
    [InlineData("null", "shopify.wrong_type")]
    [InlineData("[]", "shopify.wrong_type")]
    public void A_body_that_is_no_order_is_a_case(string body, string kind) =>
        Should.Throw<NotUnderstoodException>(() => Shopify.Read(Session, "orders/create", Encoding.UTF8.GetBytes(body), Now)).CaseKind.ShouldBe(kind);

    [Fact]
    public void An_edit_announces_a_change() =>
        One("orders/edited", "orders-edited.json").ShouldBe(new OrderSignal.ChangeAnnounced("aurora-shopify", "9007199254740993123", "orders/edited"));

    [Fact]
    public void A_refund_counts_what_the_gateway_gave_back_and_knows_where_the_goods_went()
    {
        var refund = One("refunds/create", "refunds-create.json").ShouldBeOfType<OrderSignal.RefundReported>();
        (refund.RefundId, refund.Amount, refund.Currency).ShouldBe(("890088186047892319", 1415.66m, "INR"));
        refund.Lines.ShouldBe([new RefundedLine("14000000000000000201", 1, true, "BLR", 1415.66m, 153.5m)]);
    }

    [Fact]
    public void A_fulfilment_made_at_the_channel_is_reported()
    {
        var told = One("fulfillments/create", "fulfillments-create.json").ShouldBeOfType<OrderSignal.FulfilmentReported>();
        (told.FulfilmentId, told.Carrier, told.Tracking, told.Status, told.Location).ShouldBe(("4000000000000000101", "Blue Dart", "BD700001", "success", "BLR"));
        told.Lines.ShouldBe([new FulfilledLine("14000000000000000201", "AUR-KUR-IND-M", 2)]);
    }

    [Fact]
    public void An_order_names_its_refunds_and_fulfilments_like_their_own_webhooks_do()
    {
        var body = Changed(o =>
        {
            o["updated_at"] = "2026-03-10T11:00:00+05:30";
            o["refunds"] = new JsonArray(JsonNode.Parse(Fixture.Bytes("Shopify", "refunds-create.json")), JsonNode.Parse("""{"id":5,"refund_line_items":[],"transactions":[]}"""));
            o["fulfillments"] = new JsonArray(JsonNode.Parse(Fixture.Bytes("Shopify", "fulfillments-create.json")));
        });
        var signals = Shopify.Read(Session, "orders/updated", body, Now).Signals.Select(s => s.Signal).ToList();
        signals[0].ShouldBeOfType<OrderSignal.Reported>().CountsOnly.ShouldBeFalse();
        JsonSerializer.Serialize(signals.OfType<OrderSignal.FulfilmentReported>().Single()).ShouldBe(JsonSerializer.Serialize(One("fulfillments/create", "fulfillments-create.json") as OrderSignal.FulfilmentReported));
        var refunds = signals.OfType<OrderSignal.RefundReported>().ToList();
        JsonSerializer.Serialize(refunds[0]).ShouldBe(JsonSerializer.Serialize(One("refunds/create", "refunds-create.json") as OrderSignal.RefundReported));
        (refunds[1].RefundId, refunds[1].Amount, refunds[1].Currency).ShouldBe(("5", 0m, "INR"), "of a refund of nothing only the order says the currency");
    }

    [Fact]
    public void A_level_may_have_no_number() =>
        One("inventory_levels/update", "inventory_levels-update.json").ShouldBe(
            new StockSignal.ChannelLevelReported("aurora-shopify", "45000000000000000031", "655441491", null, new DateTimeOffset(2026, 3, 2, 3, 30, 0, TimeSpan.Zero)));

    [Fact]
    public void A_product_tells_which_item_is_which_sku() =>
        One("products/update", "products-update.json").ShouldBeOfType<ProductSignal.Reported>().Variants.ShouldBe(
            [new Variant("44000000000000000011", "AUR-KUR-IND-M", "Indigo / M", "45000000000000000031"), new Variant("44000000000000000012", "", "Indigo / L", null)]);

    [Fact]
    public void An_uninstalled_app_cuts_the_connection() =>
        One("app/uninstalled", "products-update.json").ShouldBeOfType<ConnectionSignal.Disconnected>().Connection.ShouldBe("aurora-shopify");

    [Theory]
    [InlineData("carts/create")]
    [InlineData("fulfillment_orders/moved")]
    [InlineData("order_transactions/create")]
    public void A_topic_without_use_is_named_and_left(string topic) => Shopify.Read(Session, topic, "{}"u8.ToArray(), Now).ShouldSatisfyAllConditions(
        r => r.Signals.ShouldBeEmpty(), r => r.Note!.ShouldContain(topic));

    [Theory]
    [InlineData("meteors/strike")]
    [InlineData("orders/teleported")]
    [InlineData("carts/")]
    [InlineData("")]
    public void An_unknown_topic_goes_to_a_person(string topic) =>
        Should.Throw<NotUnderstoodException>(() => Shopify.Read(Session, topic, "{}"u8.ToArray(), Now)).CaseKind.ShouldBe("shopify.unknown_topic");

    [Fact]
    public void A_fetched_order_teaches_its_fulfilments_and_scans_and_an_unknown_scan_stays_unknown()
    {
        var reply = JsonSerializer.Deserialize(Fixture.Bytes("Shopify", "fetched-order.json"), ShopifyReplies.Default.Reply)!;
        var learned = ShopifyGraph.Learn(Session, reply.Data!.Order!, Now).Select(l => l.Signal).ToList();
        learned.OfType<OrderSignal.FulfilmentReported>().Single().ShouldSatisfyAllConditions(f => f.Tracking.ShouldBe("BD700001"), f => f.Location.ShouldBe("BLR"));
        learned.OfType<ShippingSignal.Scanned>().Select(s => (s.Status, s.Raw)).ShouldBe([(ScanStatus.InTransit, "IN_TRANSIT"), (ScanStatus.Unmapped, "ABDUCTED")]);
    }

    [Fact]
    public void No_mutation_of_an_order_throws_anything_but_a_named_case()
    {
        foreach (var bytes in Mutations.Of(Fixture.Bytes("Shopify", "orders-create.json"), 4_000))
        {
            try
            {
                Shopify.Read(Session, "orders/updated", bytes, Now);
            }
            catch (NotUnderstoodException e)
            {
                e.Message.ShouldNotBeNullOrWhiteSpace();
            }
            catch (Exception e)
            {
                Assert.Fail($"{e}\n{Encoding.UTF8.GetString(bytes)}");
            }
        }
    }

    [Fact]
    public void Reading_an_order_is_cheap_enough_for_the_peak_minute()
    {
        var body = Fixture.Bytes("Shopify", "orders-create.json");
        var (micros, bytes) = Cost.Of(() => Shopify.Read(Session, "orders/create", body, Now));
        TestContext.Current.TestOutputHelper?.WriteLine($"{micros:0.0} µs and {bytes} bytes allocated for {body.Length} bytes read");
        // Time depends on who else uses the machine; memory does not, and it is what grows when somebody builds a document.
        bytes.ShouldBeLessThan(24_000);
    }

    private static OrderFacts Order(byte[] body) => Shopify.Read(Session, "orders/create", body, Now).Signals.Select(s => s.Signal).OfType<OrderSignal.Reported>().Single().Facts;

    private static Core.Kernel.Signal One(string topic, string fixture) => Shopify.Read(Session, topic, Fixture.Bytes("Shopify", fixture), Now).Signals.Single().Signal;

    private static byte[] Changed(Action<JsonObject> change)
    {
        var order = JsonNode.Parse(Fixture.Bytes("Shopify", "orders-create.json"))!.AsObject();
        change(order);
        return Encoding.UTF8.GetBytes(order.ToJsonString());
    }
}
