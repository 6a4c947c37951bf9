using System.Text.Json.Nodes;
using Quartermaster.Connectors.WooCommerce;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Orders;

namespace Quartermaster.Connectors.Tests.WooCommerce;

public sealed class WooActTests
{
    private const string Updated = """{"id":48213,"status":"processing"}""";
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;
    private static readonly WooConnector Woo = new();
    private static readonly Parcel Whole = Parcel("BD1", ("7101", "HH-MUG-SEA", 3), ("7102", "HH-LIN-TBL", 1));

    [Fact]
    public async Task A_parcel_with_everything_is_recorded_and_completes_the_order_in_one_call_and_leaves_a_note()
    {
        var remote = new RemoteScript().Answer(200, Order()).Answer(200, Updated).Answer(201, """{"id":1}""");
        var result = await Act(remote, Whole);
        result.Outcome.ShouldBeNamed("Done BD1");
        remote.Requests.Select(r => r.Line.Split('?')[0]).ShouldBe(
            ["GET https://shop.test/wp-json/wc/v3/orders/48213", "PUT https://shop.test/wp-json/wc/v3/orders/48213", "POST https://shop.test/wp-json/wc/v3/orders/48213/notes"]);
        JsonNode.Parse(remote.Requests[1].Body)!.ToJsonString().ShouldBe(
            """{"status":"completed","meta_data":[{"key":"_quartermaster_parcel_BD1","value":{"carrier":"PostNL","tracking":"BD1","url":"https://track.test/BD1","sent_at":"2026-03-03T07:00:00","lines":[{"line":"7101","sku":"HH-MUG-SEA","units":3},{"line":"7102","sku":"HH-LIN-TBL","units":1}]}}]}""");
        JsonNode.Parse(remote.Requests[2].Body)!["note"]!.ToString().ShouldBe("Quartermaster: sent with PostNL, tracking number BD1. https://track.test/BD1 (3 × HH-MUG-SEA, 1 × HH-LIN-TBL)");
        remote.Requests[0].Headers["Authorization"].ShouldBe("Basic " + Convert.ToBase64String("ck_0001:cs_s3cret"u8));
        (result.Exchange.Request + result.Exchange.Answer).ShouldNotContain("cs_s3cret");
    }

    [Fact]
    public async Task A_parcel_with_a_part_leaves_the_order_open()
    {
        var remote = new RemoteScript().Answer(200, Order()).Answer(200, Updated).Answer(200, Order("processing", Parcel("BD1", ("7101", "", 2)))).Answer(201, "{}");
        (await Act(remote, Parcel("BD1", ("7101", "", 2)))).Outcome.ShouldBeNamed("Done BD1");
        remote.Requests[1].Body.ShouldNotContain("status");
        remote.Requests.Count.ShouldBe(4);
    }

    [Fact]
    public async Task The_last_of_two_parcels_that_were_recorded_at_the_same_moment_completes_the_order()
    {
        var remote = new RemoteScript().Answer(200, Order()).Answer(200, Updated)
            .Answer(200, Order("processing", Parcel("BD1", ("7101", "", 3)), Parcel("BD2", ("", "HH-LIN-TBL", 1)))).Answer(200, Updated).Answer(201, "{}");
        (await Act(remote, Parcel("BD1", ("7101", "", 3)))).Outcome.ShouldBeNamed("Done BD1");
        remote.Requests[3].Body.ShouldBe("""{"status":"completed"}""");
    }

    [Theory]
    [InlineData("pending")]
    [InlineData("on-hold")]
    [InlineData("cancelled")]
    [InlineData("completed")]
    public async Task An_order_that_is_not_being_worked_on_there_keeps_its_status(string status)
    {
        var remote = new RemoteScript().Answer(200, Order(status)).Answer(200, Updated).Answer(200, Order(status, Whole)).Answer(201, "{}");
        (await Act(remote, Whole)).Outcome.ShouldBeNamed("Done BD1");
        remote.Requests[1].Body.ShouldNotContain("status");
    }

    [Fact]
    public async Task Refunded_units_need_not_be_sent()
    {
        var order = JsonNode.Parse(Fixture.Text("WooCommerce", "order-refunded.json"))!;
        var remote = new RemoteScript().Answer(200, order.ToJsonString()).Answer(200, Fixture.Text("WooCommerce", "refunds.json")).Answer(200, Updated).Answer(201, "{}");
        (await Act(remote, Parcel("BD1", ("7201", "", 1), ("7202", "", 1)))).Outcome.ShouldBeNamed("Done BD1");
        remote.Requests[2].Body.ShouldContain("\"status\":\"completed\"");
    }

    [Fact]
    public async Task A_parcel_that_is_recorded_is_not_written_again_and_what_lacks_is_done()
    {
        var recorded = new RemoteScript().Answer(200, Order("completed", Whole)).Answer(200, """[{"id":4,"note":"Quartermaster: sent with PostNL, tracking number BD1."}]""");
        (await Act(recorded, Whole)).Outcome.ShouldBeOfType<Outcome.AlreadyDone>();
        var halfway = new RemoteScript().Answer(200, Order("processing", Whole)).Answer(200, Updated).Answer(201, "{}");
        (await Act(halfway, Whole)).Outcome.ShouldBeNamed("Done BD1");
        halfway.Requests[1].Body.ShouldBe("""{"status":"completed"}""");
    }

    [Theory]
    [InlineData(404, "rest_no_route", "NotConnected")]
    [InlineData(401, "woocommerce_rest_cannot_edit", "NotConnected")]
    [InlineData(400, "woocommerce_rest_shop_order_invalid_id", "Refused woocommerce_rest_shop_order_invalid_id")]
    [InlineData(200, null, "Unsure")]
    [InlineData(403, null, "NotConnected")]
    [InlineData(404, null, "NotConnected")]
    [InlineData(429, null, "TryLater")]
    [InlineData(500, null, "Unsure")]
    [InlineData(503, null, "Unsure")]
    public async Task Every_answer_to_a_call_that_changes_something_has_an_outcome(int status, string? code, string outcome) =>
        (await Act(new RemoteScript().Answer(200, Order()).Answer(status, code is null ? "<html>Briefly unavailable for scheduled maintenance.</html>" : new JsonObject { ["code"] = code, ["message"] = "No.", ["data"] = new JsonObject { ["status"] = status } }.ToJsonString()), Whole))
            .Outcome.ShouldBeNamed(outcome);

    [Theory]
    [InlineData(500, "", "TryLater")]
    [InlineData(200, "<html>", "TryLater")]
    [InlineData(401, "", "NotConnected")]
    [InlineData(404, """{"code":"woocommerce_rest_shop_order_invalid_id","message":"Invalid ID.","data":{"status":404}}""", "Refused woocommerce_rest_shop_order_invalid_id")]
    public async Task A_question_that_failed_wrote_nothing(int status, string body, string outcome) =>
        (await Act(new RemoteScript().Answer(status, body), Whole)).Outcome.ShouldBeNamed(outcome);

    [Fact]
    public async Task A_broken_connection_may_have_written() =>
        (await Act(new RemoteScript().Answer(200, Order()).Fail(HttpRequestError.ResponseEnded), Whole)).Outcome.ShouldBeNamed("Unsure");

    [Fact]
    public async Task A_note_that_failed_is_tried_again_because_the_parcel_is_recorded() =>
        (await Act(new RemoteScript().Answer(200, Order()).Answer(200, Updated).Answer(500), Whole)).Outcome.ShouldBeNamed("TryLater");

    [Fact]
    public async Task Retry_after_is_the_shops_own_wish() =>
        (await Act(new RemoteScript().Answer(429, "", ("Retry-After", "7")), Whole)).Outcome.ShouldBeOfType<Outcome.TryLater>().After.ShouldBe(TimeSpan.FromSeconds(7));

    [Fact]
    public async Task A_mark_before_the_json_is_passed_over() =>
        (await Act(new RemoteScript().Answer(200, "\uFEFF" + Order()).Answer(200, "\uFEFF" + Updated).Answer(201, "{}"), Whole)).Outcome.ShouldBeNamed("Done BD1");

    [Theory]
    [InlineData("completed", true, true, "AlreadyDone")]
    [InlineData("processing", true, true, "TryLater")]
    [InlineData("completed", true, false, "TryLater")]
    [InlineData("processing", false, true, "TryLater")]
    public async Task An_effect_of_unknown_fate_is_looked_up_in_the_orders_hidden_entries(string status, bool recorded, bool noted, string outcome)
    {
        var remote = new RemoteScript().Answer(200, recorded ? Order(status, Whole) : Order(status))
            .Answer(200, noted ? """[{"note":"Quartermaster: sent with PostNL, tracking number BD1."}]""" : "[]");
        (await Woo.LookUpAsync(WooShop.Session(remote), new Work("k", new FulfilmentEffect.WriteFulfilment("48213", Whole), 2), Cancel)).Outcome.ShouldBeNamed(outcome);
    }

    [Fact]
    public async Task A_shop_that_cannot_be_asked_leaves_the_fate_unknown() =>
        (await Woo.LookUpAsync(WooShop.Session(new RemoteScript().Answer(503)), new Work("k", new FulfilmentEffect.WriteFulfilment("48213", Whole), 2), Cancel)).Outcome.ShouldBeNamed("Unsure");

    [Fact]
    public async Task The_list_of_the_shipment_tracking_plugin_keeps_what_is_in_it()
    {
        var order = JsonNode.Parse(Order())!;
        order["meta_data"]!.AsArray().Add(JsonNode.Parse("""{"key":"_wc_shipment_tracking_items","value":[{"tracking_number":"OLD"}]}"""));
        var remote = new RemoteScript().Answer(200, order.ToJsonString()).Answer(200, Updated).Answer(201, "{}");
        await Woo.ActAsync(WooShop.Session(remote, ("shipment_tracking", "true")), [new Work("k", new FulfilmentEffect.WriteFulfilment("48213", Whole), 1)], Cancel);
        var items = JsonNode.Parse(remote.Requests[1].Body)!["meta_data"]![1]!["value"]!.AsArray();
        items.Select(i => i!["tracking_number"]!.ToString()).ShouldBe(["OLD", "BD1"]);
    }

    [Fact]
    public async Task A_fetched_order_with_refunds_is_the_order_less_them()
    {
        var remote = new RemoteScript().Answer(200, Fixture.Text("WooCommerce", "order-refunded.json")).Answer(200, Fixture.Text("WooCommerce", "refunds.json"));
        var result = (await Woo.ActAsync(WooShop.Session(remote), [new Work("k", new FulfilmentEffect.FetchOrder("48240", "refunded"), 1)], Cancel)).Single();
        result.Outcome.ShouldBeOfType<Outcome.Done>();
        var facts = result.Learned!.Select(l => l.Signal).OfType<OrderSignal.Reported>().Single().Facts;
        facts.Lines.Select(l => (l.Quantity, l.UnitPrice, l.Discount, l.Tax)).ShouldBe([(1, 18m, 2.5m, 1.28m), (1, 42m, 0m, 3.47m), (1, 0m, 4m, -0.33m)]);
        (facts.Total, facts.Tax, facts.Payment).ShouldBe((66.03m, 5.03m, new Payment(PaymentState.PartiallyRefunded, PaymentMethod.Prepaid, "Card", 82.81m, 21.78m)));
        WooReadTests.AddsUp(facts);
        var refunds = result.Learned!.Select(l => l.Signal).OfType<OrderSignal.RefundReported>().ToList();
        refunds.Select(r => (r.RefundId, r.Amount, r.Currency, r.Note)).ShouldBe([("48302", 5m, "USD", null), ("48301", 16.78m, "USD", "Arrived cracked")]);
        refunds[0].Lines.ShouldBeEmpty("money without units is goodwill");
        refunds[1].Lines.ShouldBe([new RefundedLine("7201", 1, false, null, 15.5m, 1.28m)]);
        refunds.ShouldAllBe(r => r.At <= facts.UpdatedAt, "the order's facts have counted them");
    }

    [Fact]
    public async Task An_order_that_is_gone_is_refused() =>
        (await Woo.ActAsync(WooShop.Session(new RemoteScript().Answer(404, Fixture.Text("WooCommerce", "refused.json"))), [new Work("k", new FulfilmentEffect.FetchOrder("1", "x"), 1)], Cancel))
            .Single().Outcome.ShouldBeNamed("Refused woocommerce_rest_shop_order_invalid_id");

    [Theory]
    [InlineData("pending", null, "Done 48213", 3)]
    [InlineData("on-hold", null, "Done 48213", 3)]
    [InlineData("cancelled", null, "AlreadyDone", 1)]
    [InlineData("trash", null, "AlreadyDone", 1)]
    [InlineData("processing", "2026-03-02T09:15:31", "Refused paid_meanwhile", 1)]
    [InlineData("on-hold", "2026-03-02T09:15:31", "Refused paid_meanwhile", 1)]
    [InlineData("processing", null, "Done 48213", 3)]
    [InlineData("completed", null, "Refused sent_meanwhile", 1)]
    [InlineData("refunded", "2026-03-02T09:15:31", "AlreadyDone", 1)]
    public async Task Only_an_order_without_money_is_cancelled(string status, string? paidAt, string outcome, int calls)
    {
        var standing = new JsonObject { ["id"] = 48213, ["status"] = status, ["date_paid_gmt"] = paidAt };
        var remote = new RemoteScript().Answer(200, standing.ToJsonString()).Answer(200, """{"id":48213,"status":"cancelled"}""").Answer(201, "{}");
        (await Woo.ActAsync(WooShop.Session(remote), [new Work("k", new OrderEffect.CancelAtChannel("48213", "nobody paid"), 1)], Cancel)).Single().Outcome.ShouldBeNamed(outcome);
        remote.Requests.Count.ShouldBe(calls);
        if (calls == 3) remote.Requests[1].Body.ShouldBe("""{"status":"cancelled"}""");
    }

    [Theory]
    [InlineData(200, """{"id":5,"status":"cancelled"}""", "AlreadyDone")]
    [InlineData(200, """{"id":5,"status":"pending"}""", "TryLater")]
    [InlineData(500, "", "Unsure")]
    [InlineData(401, "", "NotConnected")]
    public async Task An_unsure_cancellation_is_looked_up(int status, string body, string outcome) =>
        (await Woo.LookUpAsync(WooShop.Session(new RemoteScript().Answer(status, body)), new Work("k", new OrderEffect.CancelAtChannel("5", "x"), 2), Cancel)).Outcome.ShouldBeNamed(outcome);

    [Fact]
    public async Task Keys_may_travel_in_the_address_and_are_kept_nowhere()
    {
        var remote = new RemoteScript().Answer(200, "[]");
        var result = await Woo.TestAsync(WooShop.Session(remote, ("keys_in_address", "true")), Cancel);
        result.Outcome.ShouldBeNamed("Done shop.test");
        remote.Requests[0].Line.ShouldBe("GET https://shop.test/wp-json/wc/v3/orders?per_page=1&_fields=id&consumer_key=ck_0001&consumer_secret=cs_s3cret");
        result.Exchange.Request.ShouldNotContain("cs_s3cret");
    }

    [Fact]
    public void An_order_has_a_page_in_the_shop() =>
        Woo.PageOf(WooShop.Session(new RemoteScript()).Settings, RemoteThing.Order, "48213").ShouldBe(new Uri("https://shop.test/wp-admin/post.php?post=48213&action=edit"));

    private static async Task<Result> Act(RemoteScript remote, Parcel parcel) =>
        (await Woo.ActAsync(WooShop.Session(remote), [new Work("k", new FulfilmentEffect.WriteFulfilment("48213", parcel), 1)], Cancel)).Single();

    private static Parcel Parcel(string tracking, params (string Line, string Sku, int Quantity)[] lines) => new(
        tracking, "RTM", "PostNL", tracking, "https://track.test/" + tracking, [.. lines.Select(l => new HandoffLine(l.Line, l.Sku, l.Quantity, ""))], new DateTimeOffset(2026, 3, 3, 7, 0, 0, TimeSpan.Zero));

    private static string Order(string status = "processing", params Parcel[] recorded)
    {
        var order = JsonNode.Parse(Fixture.Text("WooCommerce", "order-updated.json"))!;
        order["status"] = status;
        foreach (var parcel in recorded)
            order["meta_data"]!.AsArray().Add(new JsonObject
            {
                ["key"] = "_quartermaster_parcel_" + parcel.ParcelId,
                ["value"] = new JsonObject { ["lines"] = new JsonArray([.. parcel.Lines.Select(l => new JsonObject { ["line"] = l.LineId, ["sku"] = l.Sku, ["units"] = l.Quantity })]) },
            });
        return order.ToJsonString();
    }
}
