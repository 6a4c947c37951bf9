using System.Text;
using System.Text.Json.Nodes;
using Quartermaster.Connectors.WooCommerce;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Products;
using Quartermaster.Core.Stock;

namespace Quartermaster.Connectors.Tests.WooCommerce;

public sealed class WooReadTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly WooConnector Woo = new();
    private static readonly Session Session = WooShop.Session(new RemoteScript(), ("not_shipped", "HH-GIFT, HH-PDF"));

    [Fact]
    public void An_order_whose_prices_contain_the_tax_is_told_in_the_amounts_that_the_shopper_saw()
    {
        var facts = Order(Fixture.Bytes("WooCommerce", "order-updated.json"));
        (facts.ExternalId, facts.Number, facts.Channel, facts.Currency, facts.TaxesIncluded).ShouldBe(("48213", "#HH-48213", "aurora-woo", "EUR", true));
        (facts.Total, facts.Shipping, facts.Tax, facts.Discounts).ShouldBe((138.81m, 5.95m, 24.09m, 4.49m));
        (facts.PlacedAt, facts.UpdatedAt).ShouldBe((new(2026, 3, 2, 9, 15, 27, TimeSpan.Zero), new(2026, 3, 2, 9, 15, 31, TimeSpan.Zero)));
        facts.Lines.Select(l => (l.LineId, l.Sku, l.Title, l.Quantity, l.UnitPrice, l.Discount, l.Tax, l.VariantId, l.RequiresShipping)).ShouldBe(
        [
            ("7101", "HH-MUG-SEA", "Stoneware mug – sea", 3, 14.95m, 4.49m, 7.00m, "815", true),
            ("7102", "HH-LIN-TBL", "Linen tablecloth 150 × 250, flax", 1, 89m, 0m, 15.45m, "820", true),
            ("7105", "FEE", "Gift wrapping", 1, 3.50m, 0m, 0.61m, null, false),
        ]);
        AddsUp(facts);
        facts.Payment.ShouldBe(new Payment(PaymentState.Paid, PaymentMethod.Prepaid, "iDEAL", 138.81m));
        facts.Buyer.ShouldBe(new Buyer("311", "Sanne Bakker", "sanne.bakker@example.test", "+31621458890", null));
        facts.ShipTo!.IsDeliverable.ShouldBeTrue();
        facts.Note.ShouldBe("Please ring at number 114");
    }

    [Fact]
    public void An_order_whose_prices_come_before_tax_adds_up_with_coupon_fee_and_several_units()
    {
        var facts = Order(Changed("order-refunded.json", o => o["refunds"] = new JsonArray()));
        (facts.Total, facts.Shipping, facts.Tax, facts.Discounts, facts.TaxesIncluded).ShouldBe((82.81m, 7.5m, 6.31m, 5m, false));
        facts.Lines.Select(l => (l.Quantity, l.UnitPrice, l.Discount, l.Tax)).ShouldBe([(2, 18m, 5m, 2.56m), (1, 42m, 0m, 3.47m), (1, 0m, 4m, -0.33m)]);
        AddsUp(facts);
        facts.Buyer.CustomerId.ShouldBeNull("a guest has the number 0");
    }

    [Fact]
    public void Where_an_order_came_from_is_told_as_hashes_and_only_where_somebody_counts()
    {
        var bytes = Changed("order-refunded.json", o =>
        {
            (o["refunds"], o["customer_ip_address"], o["customer_user_agent"]) = (new JsonArray(), "2001:db8:1:2::9", "Mozilla/5.0");
            o["meta_data"] = JsonNode.Parse("""[{"id":1,"key":"_wc_square_credit_card_account_four","value":"1111"},{"id":2,"key":"_wc_square_credit_card_card_expiry_date","value":"31-11"},{"id":3,"key":"_wc_square_credit_card_bin","value":"411111"},{"id":4,"key":"_wc_x_last4","value":[]}]""");
        });
        Woo.Read(Session, "order.updated", bytes, Now).Signals.ShouldNotContain(s => s.Signal is OrderSignal.TraitsTold);
        var told = Woo.Read(Session with { HashTrait = text => text }, "order.updated", bytes, Now).Signals[0].Signal.ShouldBeOfType<OrderSignal.TraitsTold>();
        told.Traits.Select(t => t.Hash).ShouldBe(["Device|2001:db8:1:2::/64|Mozilla/5.0|", "Card|411111|1111|3111", "Network|2001:db8:1:2::/64"]);
    }

    [Theory]
    [InlineData(3, "10.00", "10.00", 3.34, 0.02)]
    [InlineData(8, "1.00", "1.00", 0.125, 0)]
    [InlineData(2, "10.00", "12.00", 6, 0)]
    [InlineData(1, "10.00", "0.00", 10, 10)]
    public void A_price_that_does_not_come_out_even_still_adds_up(int units, string before, string total, decimal price, decimal discount)
    {
        var line = Order(Changed("order-refunded.json", o =>
        {
            o["refunds"] = new JsonArray();
            var first = o["line_items"]![0]!;
            (first["quantity"], first["subtotal"], first["total"]) = (units, before, total);
        })).Lines[0];
        (line.UnitPrice, line.Discount).ShouldBe((price, discount));
    }

    [Fact]
    public void A_refund_is_announced_because_the_order_does_not_say_of_what() =>
        One("order.updated", Fixture.Bytes("WooCommerce", "order-refunded.json")).ShouldBe(new OrderSignal.ChangeAnnounced("aurora-woo", "48240", "order.updated"));

    [Fact]
    public void An_order_in_the_bin_is_fetched() =>
        One("order.deleted", """{"id":48240}"""u8.ToArray()).ShouldBe(new OrderSignal.ChangeAnnounced("aurora-woo", "48240", "order.deleted"));

    [Theory]
    [InlineData("pending", null, "stripe", PaymentState.Pending, PaymentMethod.Prepaid, false)]
    [InlineData("on-hold", null, "bacs", PaymentState.Pending, PaymentMethod.Prepaid, false)]
    [InlineData("on-hold", "2026-03-02T09:15:31", "stripe", PaymentState.Pending, PaymentMethod.Prepaid, false)]
    [InlineData("failed", null, "stripe", PaymentState.Pending, PaymentMethod.Prepaid, false)]
    [InlineData("processing", "2026-03-02T09:15:31", "stripe", PaymentState.Paid, PaymentMethod.Prepaid, false)]
    [InlineData("processing", null, "cod", PaymentState.Pending, PaymentMethod.CashOnDelivery, false)]
    [InlineData("on-hold", null, "cod", PaymentState.Pending, PaymentMethod.Prepaid, false)]
    [InlineData("processing", null, "invoice", PaymentState.Pending, PaymentMethod.Invoice, false)]
    [InlineData("completed", "2026-03-02T09:15:31", "cod", PaymentState.Paid, PaymentMethod.CashOnDelivery, false)]
    [InlineData("cancelled", null, "stripe", PaymentState.Voided, PaymentMethod.Prepaid, true)]
    [InlineData("cancelled", "2026-03-02T09:15:31", "stripe", PaymentState.Paid, PaymentMethod.Prepaid, true)]
    [InlineData("trash", null, "stripe", PaymentState.Voided, PaymentMethod.Prepaid, true)]
    [InlineData("refunded", "2026-03-02T09:15:31", "stripe", PaymentState.Refunded, PaymentMethod.Prepaid, false)]
    [InlineData("being-engraved", null, "stripe", PaymentState.Unknown, PaymentMethod.Prepaid, false)]
    [InlineData("being-engraved", "2026-03-02T09:15:31", "stripe", PaymentState.Paid, PaymentMethod.Prepaid, false)]
    public void The_status_says_whether_money_is_there_or_promised(string status, string? paidAt, string gateway, PaymentState state, PaymentMethod method, bool cancelled)
    {
        var facts = Order(Changed("order-updated.json", o => (o["status"], o["date_paid_gmt"], o["payment_method"]) = (status, paidAt, gateway)));
        (facts.Payment.State, facts.Payment.Method, facts.CancelledAt is not null).ShouldBe((state, method, cancelled));
    }

    [Theory]
    [InlineData("door_cash", "Pay the driver", PaymentMethod.CashOnDelivery)]
    [InlineData("dhl_nn", "Nachnahme", PaymentMethod.CashOnDelivery)]
    [InlineData("b2b", "On account", PaymentMethod.Invoice)]
    public void Cash_on_delivery_is_known_by_setting_or_by_its_name(string id, string title, PaymentMethod method)
    {
        var body = Changed("order-updated.json", o => (o["date_paid_gmt"], o["payment_method"], o["payment_method_title"]) = (null, id, title));
        var reading = Woo.Read(WooShop.Session(new RemoteScript(), ("cash_methods", "cod, door_cash")), "order.updated", body, Now);
        ((OrderSignal.Reported)reading.Signals.Single().Signal).Facts.Payment.Method.ShouldBe(method);
    }

    [Fact]
    public void A_basket_is_no_order() =>
        Woo.Read(Session, "order.created", Changed("order-updated.json", o => o["status"] = "checkout-draft"), Now).Signals.ShouldBeEmpty();

    [Fact]
    public void What_somebody_completed_in_the_shop_left_without_us()
    {
        var reading = Woo.Read(Session, "order.updated", Changed("order-updated.json", o =>
        {
            (o["status"], o["date_completed_gmt"]) = ("completed", "2026-03-02T10:00:00");
            o["meta_data"]!.AsArray().Add(JsonNode.Parse("""{"id":9,"key":"_quartermaster_parcel_BD1","value":{"carrier":"DHL","tracking":"BD1","lines":[{"line":"7101","sku":"HH-MUG-SEA","units":2}]}}"""));
        }), Now);
        var sent = reading.Signals.Select(s => s.Signal).OfType<OrderSignal.FulfilmentReported>().Single();
        (sent.FulfilmentId, sent.Status, sent.At).ShouldBe(("completed-48213", "success", new DateTimeOffset(2026, 3, 2, 10, 0, 0, TimeSpan.Zero)));
        sent.Lines.ShouldBe([new FulfilledLine("7101", "HH-MUG-SEA", 1), new FulfilledLine("7102", "HH-LIN-TBL", 1)]);
        ((OrderSignal.Reported)reading.Signals[0].Signal).Facts.Lines.Select(l => l.Fulfilled).ShouldBe([3, 1, 0]);
    }

    [Fact]
    public void What_is_completed_no_more_did_not_leave() =>
        Woo.Read(Session, "order.updated", Changed("order-updated.json", o => o["date_completed_gmt"] = "2026-03-02T10:00:00"), Now)
            .Signals.Select(s => s.Signal).OfType<OrderSignal.FulfilmentReported>().Single().Status.ShouldBe("cancelled");

    [Fact]
    public void Our_own_last_parcel_is_not_taken_for_somebody_elses() =>
        Woo.Read(Session, "order.updated", Changed("order-updated.json", o =>
        {
            (o["status"], o["date_completed_gmt"]) = ("completed", "2026-03-02T10:00:00");
            o["meta_data"]!.AsArray().Add(JsonNode.Parse("""{"key":"_quartermaster_parcel_BD1","value":{"lines":[{"line":"","sku":"HH-MUG-SEA","units":3},{"line":"7102","units":1}]}}"""));
        }), Now).Signals.Single().Signal.ShouldBeOfType<OrderSignal.Reported>();

    [Fact]
    public void A_status_of_the_shops_own_may_mean_that_all_was_sent()
    {
        var body = Changed("order-updated.json", o => (o["status"], o["payment_method"], o["date_paid_gmt"]) = ("shipped", "cod", null));
        var reading = Woo.Read(WooShop.Session(new RemoteScript(), ("sent_status", "shipped")), "order.updated", body, Now);
        ((OrderSignal.Reported)reading.Signals[0].Signal).Facts.Payment.Method.ShouldBe(PaymentMethod.CashOnDelivery);
        ((OrderSignal.FulfilmentReported)reading.Signals[1].Signal).Lines.Sum(l => l.Quantity).ShouldBe(4);
        Woo.Read(Session, "order.updated", body, Now).Signals.Count.ShouldBe(1, "for a shop without that setting it is a plugin's word for something else");
    }

    [Theory]
    [InlineData("""{"0":{"key":"a","value":1},"2":{"key":"_quartermaster_parcel_X","value":{"lines":[{"line":"7101","units":3}]}}}""", 3)]
    [InlineData("""[null,7,{"key":5,"value":1},{"key":"x"},{"key":"_quartermaster_parcel_X","value":"edited by somebody"},{"key":"_quartermaster_parcel_Y","value":{"lines":[null,{"line":7101,"units":2},{"line":7101,"units":-9}]}}]""", 2)]
    [InlineData("\"none\"", 0)]
    [InlineData("null", 0)]
    public void Odd_hidden_entries_of_plugins_stop_no_order(string entries, int fulfilled) =>
        Order(Changed("order-updated.json", o => o["meta_data"] = JsonNode.Parse(entries))).Lines[0].Fulfilled.ShouldBe(fulfilled);

    [Theory]
    [InlineData("""[{"method_id":"local_pickup"}]""", false)]
    [InlineData("""[{"method_id":"flat_rate"}]""", true)]
    public void What_is_picked_up_in_the_shop_is_not_sent(string ways, bool ships) =>
        Order(Changed("order-updated.json", o => o["shipping_lines"] = JsonNode.Parse(ways))).Lines[0].RequiresShipping.ShouldBe(ships);

    [Fact]
    public void Goods_that_need_no_parcel_are_told_by_setting_or_by_an_order_without_shipping()
    {
        Order(Changed("order-updated.json", o => o["line_items"]![1]!["sku"] = "HH-GIFT")).Lines.Select(l => l.RequiresShipping).ShouldBe([true, false, false]);
        var virtualOrder = Order(Changed("order-updated.json", o =>
        {
            o["shipping_lines"] = new JsonArray();
            o["shipping"] = JsonNode.Parse("""{"first_name":"","last_name":"","address_1":"","city":"","postcode":"","country":"NL","phone":""}""");
        }));
        virtualOrder.Lines.ShouldAllBe(l => !l.RequiresShipping);
        (virtualOrder.ShipTo, virtualOrder.Buyer.Name).ShouldBe((null, "Sanne Bakker"));
    }

    [Fact]
    public void A_product_and_its_level_are_told()
    {
        var reading = Woo.Read(Session, "product.updated", Fixture.Bytes("WooCommerce", "product-updated.json"), Now);
        var at = new DateTimeOffset(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);
        var product = reading.Signals[0].Signal.ShouldBeOfType<ProductSignal.Reported>();
        (product.ProductId, product.Title, product.UpdatedAt).ShouldBe(("820", "Linen tablecloth 150 × 250, flax", at));
        product.Variants.ShouldBe([new Variant("820", "HH-LIN-TBL", "", "820")]);
        reading.Signals[1].Signal.ShouldBe(new StockSignal.ChannelLevelReported("aurora-woo", "820", "", 7, at));
    }

    [Fact]
    public void A_variation_that_sells_from_its_products_number_has_none_of_its_own() =>
        One("product.updated", Fixture.Bytes("WooCommerce", "variation-updated.json")).ShouldBeOfType<ProductSignal.Reported>().Variants.ShouldBe([new Variant("815", "HH-MUG-SEA", "", "812/815")]);

    [Fact]
    public void A_product_with_variations_is_no_listing_even_where_it_has_a_number_of_its_own()
    {
        var told = One("product.updated", """{"id":812,"name":"Stoneware mug","type":"variable","sku":"MUG","manage_stock":true,"stock_quantity":40,"variations":[815]}"""u8.ToArray());
        told.ShouldBeOfType<ProductSignal.Reported>().Variants.ShouldBeEmpty();
    }

    [Fact]
    public void A_deleted_product_is_gone() =>
        One("product.deleted", """{"id":820}"""u8.ToArray()).ShouldBe(new ProductSignal.Deleted("aurora-woo", "820", Now));

    [Theory]
    [InlineData("coupon.created")]
    [InlineData("customer.updated")]
    [InlineData("action.woocommerce_add_to_cart")]
    public void Other_topics_are_kept_and_nothing_follows(string topic) => Woo.Read(Session, topic, "{}"u8.ToArray(), Now).Note.ShouldNotBeNullOrEmpty();

    [Theory]
    [InlineData("currency", "\"XXQ\"", "woocommerce.unknown_currency")]
    [InlineData("id", "null", "woocommerce.missing")]
    [InlineData("id", "1.5", "woocommerce.wrong_type")]
    [InlineData("id", "{}", "woocommerce.wrong_type")]
    [InlineData("line_items", "null", "woocommerce.missing")]
    [InlineData("line_items", "\"none\"", "woocommerce.wrong_type")]
    [InlineData("line_items", "[null]", "woocommerce.missing")]
    [InlineData("date_created_gmt", "\"yesterday\"", "woocommerce.wrong_type")]
    [InlineData("total", "\"\"", "woocommerce.missing")]
    [InlineData("total", "\"1e22\"", "woocommerce.absurd_number")]
    [InlineData("total", "\"9e99\"", "woocommerce.wrong_type")]
    [InlineData("line_items", "[{\"id\":1,\"quantity\":-2,\"total\":\"1\"}]", "woocommerce.absurd_number")]
    [InlineData("line_items", "[{\"id\":1,\"quantity\":2000000,\"total\":\"1\"}]", "woocommerce.absurd_number")]
    public void What_cannot_be_is_a_case_that_says_where(string member, string value, string kind)
    {
        var e = Should.Throw<NotUnderstoodException>(() => Order(Changed("order-updated.json", o => o[member] = JsonNode.Parse(value))));
        e.CaseKind.ShouldBe(kind);
        e.Message.ShouldContain(member);
    }

    [Theory]
    [InlineData("", "woocommerce.bad_json")]
    [InlineData("{\"id\": 1", "woocommerce.bad_json")]
    [InlineData("null", "woocommerce.wrong_type")]
    [InlineData("[]", "woocommerce.wrong_type")]
    public void A_body_that_is_no_order_is_a_case(string body, string kind) =>
        Should.Throw<NotUnderstoodException>(() => Woo.Read(Session, "order.updated", Encoding.UTF8.GetBytes(body), Now)).CaseKind.ShouldBe(kind);

    [Fact]
    public void A_topic_that_nobody_knows_is_a_case() =>
        Should.Throw<NotUnderstoodException>(() => Woo.Read(Session, "meteor.strike", "{}"u8.ToArray(), Now)).CaseKind.ShouldBe("woocommerce.unknown_topic");

    internal static void AddsUp(OrderFacts facts) =>
        (facts.Lines.Sum(l => l.UnitPrice * l.Quantity - l.Discount) + facts.Shipping + (facts.TaxesIncluded ? 0m : facts.Tax)).ShouldBe(facts.Total);

    private static OrderFacts Order(byte[] body) => ((OrderSignal.Reported)Woo.Read(Session, "order.updated", body, Now).Signals[0].Signal).Facts;

    private static Signal One(string topic, byte[] body) => Woo.Read(Session, topic, body, Now).Signals.Single().Signal;

    private static byte[] Changed(string fixture, Action<JsonObject> change)
    {
        var order = JsonNode.Parse(Fixture.Bytes("WooCommerce", fixture))!.AsObject();
        change(order);
        return Encoding.UTF8.GetBytes(order.ToJsonString());
    }
}
