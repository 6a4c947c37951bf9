using System.Text;
using Quartermaster.Connectors.Shared;
using Quartermaster.Connectors.Tests;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Connections;
using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Stock;

namespace Quartermaster.Connectors.WarehouseRest.Tests;

public sealed class WarehouseRestTests
{
    private const string Secret = "callback-secret";
    private static readonly DateTimeOffset Received = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly WarehouseRestConnector Connector = new();

    private static RemoteScript Remote => new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static Session Session(RemoteScript? remote = null) =>
        (remote ?? Remote).Session("wms", ("base_url", "https://wms.example/"), ("token", "t0k3n-secret"), ("callback_secret", Secret), ("callback_secret_previous", "older"))
        with
        { Locations = new Dictionary<string, string> { ["BLR"] = "WH-7" } };

    private static Knock Knock(byte[] body, string? signature, string? eventId = null) => Connector.Receive(Session(), new Delivery(
        "POST", "", "", name => name switch { "X-Webhook-Hmac-Sha256" => signature, "X-Webhook-Event-Id" => eventId, _ => null }, body, Received));

    private static Signal Read(string fixture)
    {
        var reading = Connector.Read(Session(), "", Fixture.Bytes("WarehouseRest", fixture), Received);
        return reading.Signals.ShouldHaveSingleItem().Signal;
    }

    [Fact]
    public void A_shipment_finds_its_order_by_a_shallow_look()
    {
        var body = Fixture.Bytes("WarehouseRest", "shipment_confirmed.json");
        Knock(body, HmacSignature.Base64(Secret, body)).ShouldBe(
            new Knock.Take("shipment_confirmed", "W00a1-shipment_confirmed-1", null, new StreamId("aurora", "order", "5600000000001")));
    }

    [Fact]
    public void The_header_names_the_event_before_the_body_does()
    {
        var body = Fixture.Bytes("WarehouseRest", "shipment_confirmed.json");
        Knock(body, HmacSignature.Base64(Secret, body), "evt-9").ShouldBeOfType<Knock.Take>().DeliveryId.ShouldBe("evt-9");
    }

    [Fact]
    public void A_count_belongs_to_the_stock_item()
    {
        var body = Fixture.Bytes("WarehouseRest", "stock_counted.json");
        Knock(body, HmacSignature.Base64(Secret, body)).ShouldBeOfType<Knock.Take>().Stream.ShouldBe(new StreamId("aurora", "stock", "TEA-250"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("{\"type\":")]
    [InlineData("[]")]
    public void A_signed_body_that_makes_no_sense_is_kept_for_a_person(string text)
    {
        var body = Encoding.UTF8.GetBytes(text);
        var take = Knock(body, HmacSignature.Base64(Secret, body)).ShouldBeOfType<Knock.Take>();
        take.Stream.ShouldBe(new StreamId("aurora", "connection", "wms"));
        take.DeliveryId.ShouldNotBeEmpty();
        Should.Throw<NotUnderstoodException>(() => Connector.Read(Session(), take.Topic, body, Received)).CaseKind.ShouldBe("warehouse-rest.bad_json");
    }

    [Fact]
    public async Task A_warehouse_without_events_still_says_how_an_order_stands_and_a_wrong_answer_is_no_answer()
    {
        var seen = await Connector.AskHandoffAsync(Session(Remote.Answer(200, """{"orders":[{"order_ref":"56","status":"picking","warehouse_ref":"W1"},{"order_ref":"57","status":"other","events":[{"order_ref":"57"}]}]}""")), "56", Cancel);
        seen.ShouldNotBeNull().ShouldSatisfyAllConditions(s => s.Word.ShouldBe("picking"), s => s.Told.ShouldBeEmpty());
        (await Should.ThrowAsync<HttpRequestException>(() => Connector.AskHandoffAsync(Session(Remote.Answer(404)), "5/6", Cancel))).Message.ShouldBe("GET /wms/orders?ref=5%2F6 answered 404.");
        await Should.ThrowAsync<HttpRequestException>(() => Connector.AskHandoffAsync(Session(Remote.Answer(200, "[]")), "56", Cancel));
    }

    [Fact]
    public void An_event_about_another_order_is_not_taken_for_this_one()
    {
        var seen = WarehouseRestInbound.Seen(Session(), "56", Encoding.UTF8.GetBytes("""{"orders":[{"order_ref":"56","status":"sent","events":[{"event_id":"e1","type":"accepted","order_ref":"56"},{"event_id":"e2","type":"accepted","order_ref":"57"},null,7]}]}"""));
        seen!.Told.ShouldHaveSingleItem().ShouldSatisfyAllConditions(t => t.DeliveryId.ShouldBe("e1"), t => t.Topic.ShouldBe("accepted"), t => t.Stream.ShouldBe(new StreamId("aurora", "order", "56")));
    }

    [Fact]
    public void A_tampered_body_and_a_foreign_key_are_refused()
    {
        var body = Fixture.Bytes("WarehouseRest", "shipment_confirmed.json");
        var signature = HmacSignature.Base64(Secret, body);
        var tampered = body.ToArray();
        tampered[20] ^= 1;
        Knock(tampered, signature).ShouldBeOfType<Knock.Refused>();
        Knock(body, HmacSignature.Base64("foreign", body)).ShouldBeOfType<Knock.Refused>();
        Knock(body, null).ShouldBeOfType<Knock.Refused>();
        Knock(body, HmacSignature.Base64("older", body)).ShouldBeOfType<Knock.Take>();
    }

    // The worked example of docs/contracts/warehouse-rest.md: a partner checks its own code against these values.
    [Fact]
    public void The_documented_signature_example_is_true()
    {
        var body = """{"event_id":"evt-1","type":"accepted","order_ref":"5600000000001"}"""u8;
        HmacSignature.Base64("warehouse-secret", body).ShouldBe("48SS+kkKMNKEEaSopurQ/aSA4cRidsLHmuE/N3XrvUM=");
    }

    [Fact]
    public void A_shipment_is_read_with_our_location_code_and_in_utc() => Read("shipment_confirmed.json").ShouldSay(new FulfilmentSignal.Shipped(
        "5600000000001", "BLR", "BlueDart", "SB000123456789", [new("TEA-250", 2), new("MUG-RED", 1)], new(2026, 11, 21, 10, 0, 0, TimeSpan.Zero), null));

    [Fact]
    public void A_shipment_without_a_time_is_of_when_it_was_heard_and_says_so() =>
        Connector.Read(Session(), "", """{"event_id":"e2","type":"shipment_confirmed","order_ref":"1","warehouse":"WH-7","carrier":"C","tracking_number":"T","lines":[{"sku":"A","qty":1}]}"""u8.ToArray(), Received)
            .Signals.ShouldHaveSingleItem().Signal.ShouldSay(new FulfilmentSignal.Shipped("1", "BLR", "C", "T", [new("A", 1)], Received, null, Undated: true));

    [Fact]
    public void An_acceptance_is_read() =>
        Read("accepted.json").ShouldBe(new FulfilmentSignal.Accepted("5600000000001", "W00a1", new(2026, 11, 21, 10, 0, 0, TimeSpan.Zero), new("wms", "BLR", "order/5600000000001/submit/1")));

    [Fact]
    public void A_rejection_is_read_even_with_a_number_for_a_reference() => Read("rejected.json").ShouldBe(
        new FulfilmentSignal.Rejected("5600000000001", "cannot_pack", "No packaging fits.", new(2026, 11, 21, 10, 0, 0, TimeSpan.Zero), new("wms", "BLR")));

    [Fact]
    public void A_short_pick_is_read() => Read("short_picked.json").ShouldSay(
        new FulfilmentSignal.ShortPicked("5600000000001", "BLR", [new("MUG-RED", 1)], new(2026, 11, 21, 10, 0, 0, TimeSpan.Zero), new("wms", "BLR")));

    [Fact]
    public void A_late_answer_to_a_cancellation_is_read() =>
        Read("withdrawal_answered.json").ShouldBe(new FulfilmentSignal.WithdrawalAnswered("5600000000001", false, "It has left the building.", new("wms")));

    [Fact]
    public void A_count_is_read() =>
        Read("stock_counted.json").ShouldBe(new StockSignal.Counted("TEA-250", "BLR", 120, "wms", new(2026, 11, 21, 10, 0, 0, TimeSpan.Zero)));

    [Theory]
    [InlineData("""{"order_ref":"1"}""", "warehouse-rest.missing_field", "type")]
    [InlineData("""{"type":"accepted"}""", "warehouse-rest.missing_field", "order_ref")]
    [InlineData("""{"type":"shipment_confirmed","order_ref":"1","warehouse":"W","carrier":"C","tracking_number":"T"}""", "warehouse-rest.missing_field", "lines")]
    [InlineData("""{"type":"shipment_confirmed","order_ref":"1","warehouse":"W","carrier":"C","lines":[{"sku":"A","qty":1}]}""", "warehouse-rest.missing_field", "tracking_number")]
    [InlineData("""{"type":"short_picked","order_ref":"1","warehouse":"W","lines":[{"sku":"A","qty":-1}]}""", "warehouse-rest.odd_number", "qty of A = -1")]
    [InlineData("""{"type":"short_picked","order_ref":"1","warehouse":"W","lines":[null]}""", "warehouse-rest.missing_field", "sku")]
    [InlineData("""{"type":"short_picked","order_ref":"1","warehouse":"W","lines":[{"sku":"A","qty":99999999999}]}""", "warehouse-rest.bad_json", "qty")]
    [InlineData("""{"type":"accepted","order_ref":"1","at":"yesterday"}""", "warehouse-rest.bad_json", "at")]
    [InlineData("""{"type":"stock_counted","sku":"A","warehouse":"W","on_hand":-3}""", "warehouse-rest.odd_number", "on_hand = -3")]
    [InlineData("null", "warehouse-rest.bad_json", "null")]
    public void What_cannot_be_understood_says_what_is_wrong(string body, string kind, string says)
    {
        var problem = Should.Throw<NotUnderstoodException>(() => Connector.Read(Session(), "", Encoding.UTF8.GetBytes(body), Received));
        problem.CaseKind.ShouldBe(kind);
        problem.Message.ShouldContain(says);
    }

    [Fact]
    public void A_type_that_the_contract_does_not_know_is_a_notice_and_stops_no_order()
    {
        var reading = Connector.Read(Session(), "", """{"type":"label_printed","order_ref":"1","at":"2026-11-21T10:00:00Z"}"""u8.ToArray(), Received);
        var told = reading.Signals.ShouldHaveSingleItem();
        told.To.ShouldBe(new StreamId("aurora", "connection", "wms"));
        told.Signal.ShouldBeOfType<ConnectionSignal.Noticed>().Code.ShouldBe("unknown_type:label_printed", "one case per type, however many orders it names");
        reading.Note.ShouldNotBeNull();
    }

    [Fact]
    public async Task Cancellations_at_a_slow_warehouse_keep_the_answers_they_have()
    {
        var remote = Remote.Answer(200, """{"status":"withdrawn"}""").Fail(HttpRequestError.ResponseEnded).Answer(200, """{"status":"too_late"}""");
        Work[] batch = [.. Enumerable.Range(1, 3).Select(i => new Work($"order/{i}/withdraw/1", new FulfilmentEffect.WithdrawFromWarehouse($"{i}", "BLR", "x", $"order/{i}/submit/1"), 1))];
        (await Connector.ActAsync(Session(remote), batch, Cancel)).Select(r => r.Outcome.GetType().Name).ShouldBe(["Done", "Unsure", "Refused"]);

        using var late = new CancellationTokenSource();
        await late.CancelAsync();
        var results = await Connector.ActAsync(Session(Remote), batch, late.Token);
        results.ShouldAllBe(r => !r.Begun, "what was not begun is in no doubt");
    }

    [Fact]
    public async Task An_order_is_handed_over_as_approved()
    {
        var remote = Remote.Answer(202, """{"status":"accepted"}""");
        var result = (await Connector.ActAsync(Session(remote), [Submit("5600000000001")], Cancel)).ShouldHaveSingleItem();
        var request = remote.Requests.ShouldHaveSingleItem();
        request.Line.ShouldBe("POST https://wms.example/wms/orders");
        request.Headers["Authorization"].ShouldBe("Bearer t0k3n-secret");
        request.Body.ShouldBeApproved("WarehouseRest", "submit.approved.json");
        result.Outcome.ShouldBe(new Outcome.Done());
        result.Exchange.Answer.ShouldBe("202\n{\"status\":\"accepted\"}");
    }

    [Fact]
    public async Task Each_order_of_a_call_gets_its_own_answer_and_shows_its_own_part()
    {
        var remote = Remote.Answer(200, """{"results":[{"order_ref":"3","status":"already_accepted","warehouse_ref":"W3"},{"order_ref":"1","status":"accepted","warehouse_ref":"W1"},{"order_ref":"2","status":"rejected","code":"unknown_sku","message":"TEA-250?"}]}""");
        var results = await Connector.ActAsync(Session(remote), [Submit("1"), Submit("2"), Submit("3"), Submit("4")], Cancel);
        results.Select(r => r.Outcome).ShouldBe(
        [
            new Outcome.Done("W1"), new Outcome.Refused("unknown_sku", "TEA-250?"), new Outcome.AlreadyDone("W3"),
            new Outcome.Unsure("The answer names 3 orders, this one is not among them."),
        ]);
        results[1].Exchange.Request.ShouldStartWith("POST https://wms.example/wms/orders (2 of 4 in this call)\n{\"order_ref\":\"2\",");
        results[1].Exchange.Request.ShouldEndWith("}");
        results[1].Exchange.Request.ShouldNotContain("\"order_ref\":\"1\"");
        results[1].Exchange.Answer.ShouldBe("200\n{\"order_ref\":\"2\",\"status\":\"rejected\",\"code\":\"unknown_sku\",\"message\":\"TEA-250?\"}");
    }

    [Fact]
    public async Task One_bad_order_does_not_take_its_neighbours_along()
    {
        var remote = Remote.Answer(400, """{"error":{"code":"bad_request","message":"order 2"}}""").Answer(202, """{"status":"accepted"}""").Answer(400, """{"error":{"code":"bad_request","message":"order 2"}}""");
        var results = await Connector.ActAsync(Session(remote), [Submit("1"), Submit("2")], Cancel);
        results.Select(r => r.Outcome).ShouldBe([new Outcome.Done(), new Outcome.Refused("bad_request", "order 2")]);
        remote.Requests.Count.ShouldBe(3);
    }

    [Theory]
    [InlineData(202, "", "Done")]
    [InlineData(202, """{"status":"accepted"}""", "Done")]
    [InlineData(200, """{"status":"already_accepted"}""", "AlreadyDone")]
    [InlineData(200, """{"status":"rejected"}""", "Refused")]
    [InlineData(200, """{"status":"perhaps"}""", "Unsure")]
    [InlineData(200, "<html>Sign in</html>", "Unsure")]
    [InlineData(400, """{"error":{"code":"bad_request"}}""", "Refused")]
    [InlineData(404, "", "Refused")]
    [InlineData(401, "", "NotConnected")]
    [InlineData(403, "", "NotConnected")]
    [InlineData(429, "", "TryLater")]
    [InlineData(500, "", "Unsure")]
    [InlineData(503, "", "Unsure")]
    [InlineData(408, "", "Unsure")]
    public async Task What_the_answer_to_a_handoff_means(int status, string body, string outcome) =>
        (await Connector.ActAsync(Session(Remote.Answer(status, body)), [Submit("1")], Cancel))[0].Outcome.GetType().Name.ShouldBe(outcome);

    [Theory]
    [InlineData(HttpRequestError.ConnectionError, "TryLater")]
    [InlineData(HttpRequestError.ResponseEnded, "Unsure")]
    public async Task A_call_that_never_left_is_simply_sent_later(HttpRequestError error, string outcome) =>
        (await Connector.ActAsync(Session(Remote.Fail(error)), [Submit("1")], Cancel))[0].Outcome.GetType().Name.ShouldBe(outcome);

    [Theory]
    [InlineData(200, """{"status":"withdrawn"}""", "Done")]
    [InlineData(200, """{"status":"too_late","message":"gone"}""", "Refused")]
    [InlineData(202, """{"status":"pending"}""", "TryLater")]
    [InlineData(404, """{"error":{"code":"unknown_order","message":"?"}}""", "Done")]
    [InlineData(404, "", "Refused")]
    [InlineData(200, """{"status":"maybe"}""", "Refused")]
    [InlineData(500, "", "Unsure")]
    public async Task What_the_answer_to_a_cancellation_means(int status, string body, string outcome)
    {
        var remote = Remote.Answer(status, body);
        var work = new Work("order/1:withdraw", new FulfilmentEffect.WithdrawFromWarehouse("a/1", "BLR", "cancelled by the shopper", "a/1/submit/2"), 1);
        var result = (await Connector.ActAsync(Session(remote), [work], Cancel)).ShouldHaveSingleItem();
        remote.Requests[0].Line.ShouldBe("POST https://wms.example/wms/orders/a%2F1/cancel");
        remote.Requests[0].Body.ShouldContain("\"warehouse\":\"WH-7\"");
        remote.Requests[0].Body.ShouldContain("\"handoff_key\":\"a/1/submit/2\"", customMessage: "a later hand-off of the same order is not meant");
        result.Outcome.GetType().Name.ShouldBe(outcome);
        result.Learned.ShouldBeNull("the outcome says it all; a second answer would race with it");
    }

    [Fact]
    public async Task Counts_are_read_page_by_page_and_take_the_webhooks_road()
    {
        var remote = Remote
            .Answer(200, """{"counts":[{"sku":"TEA-250","warehouse":"WH-7","on_hand":120,"at":"2026-11-21T10:00:00Z"}],"next":"p2"}""")
            .Answer(200, """{"counts":[{"sku":"MUG-RED","warehouse":"DEL","on_hand":0,"at":"2026-11-21T10:01:00Z"}]}""");
        var session = Session(remote);
        var found = await Connector.PollAsync(session, new(2026, 11, 21, 9, 0, 0, TimeSpan.Zero), Cancel).ToListAsync(Cancel);
        remote.Requests.Select(r => r.Line).ShouldBe(
            ["GET https://wms.example/wms/stock?since=2026-11-21T09:00:00Z", "GET https://wms.example/wms/stock?since=2026-11-21T09:00:00Z&cursor=p2"]);
        found.Select(f => Connector.Read(session, f.Topic, f.Body, Received).Signals.Single().Signal).ShouldBe(
        [
            new StockSignal.Counted("TEA-250", "BLR", 120, "wms", new(2026, 11, 21, 10, 0, 0, TimeSpan.Zero)),
            new StockSignal.Counted("MUG-RED", "DEL", 0, "wms", new(2026, 11, 21, 10, 1, 0, TimeSpan.Zero)),
        ]);
    }

    [Fact]
    public async Task Every_shelf_is_read_as_it_was_counted_last_and_what_is_no_count_is_left_out()
    {
        var remote = Remote
            .Answer(200, """{"counts":[{"sku":"TEA-250","warehouse":"WH-7","on_hand":120,"at":"2026-11-21T10:00:00Z"},{"sku":"TEA-500","warehouse":"WH-7","on_hand":-4},{"sku":"TEA-750","on_hand":4}],"next":"p2"}""")
            .Answer(200, """{"counts":[{"sku":"MUG-RED","warehouse":"DEL","on_hand":0}]}""");
        var session = Session(remote);
        var shelves = await Connector.ReadShelvesAsync(session, Cancel).ToListAsync(Cancel);
        remote.Requests[0].Line.ShouldBe("GET https://wms.example/wms/stock?since=1970-01-01T00:00:00Z");
        shelves.Select(s => (s.Sku, s.Location, s.OnHand)).ShouldBe([("TEA-250", "BLR", 120), ("MUG-RED", "DEL", 0)]);
        shelves[0].At.ShouldBe(new(2026, 11, 21, 10, 0, 0, TimeSpan.Zero));
        (await Connector.ReadShelvesAsync(Session(Remote.Answer(404, "")), Cancel).ToListAsync(Cancel)).ShouldBeEmpty("reading counts is optional");
    }

    [Fact]
    public async Task A_label_that_is_bought_travels_with_the_order()
    {
        var work = Submit("1");
        var order = ((FulfilmentEffect.SubmitToWarehouse)work.Effect).Order with { Label = new("usps", "ground", "9400 1", "https://track/1", "https://labels/1.pdf") };
        var remote = Remote.Answer(202, "");
        await Connector.ActAsync(Session(remote), [work with { Effect = new FulfilmentEffect.SubmitToWarehouse(order) }], Cancel);
        remote.Requests.ShouldHaveSingleItem().Body.ShouldEndWith("""{"carrier":"usps","service":"ground","tracking_number":"9400 1","tracking_url":"https://track/1","document":"https://labels/1.pdf"}}]}""");
    }

    [Theory]
    [InlineData("Air", "BlueDart", "\"service\":\"Air\",\"carrier\":\"BlueDart\"}]}")]
    [InlineData("Air", null, "\"service\":\"Air\"}]}")]
    public async Task How_an_order_has_to_travel_is_told(string service, string? carrier, string told)
    {
        var work = Submit("1");
        var order = ((FulfilmentEffect.SubmitToWarehouse)work.Effect).Order;
        var remote = Remote.Answer(202, "").Answer(202, "");
        await Connector.ActAsync(Session(remote), [work with { Effect = new FulfilmentEffect.SubmitToWarehouse(order with { By = new(service, carrier) }) }], Cancel);
        await Connector.ActAsync(Session(remote), [work], Cancel);
        remote.Requests[0].Body.ShouldEndWith(told);
        remote.Requests[1].Body.ShouldBe(remote.Requests[0].Body.Replace("," + told[..^3], "", StringComparison.Ordinal), "where nobody chose, nothing is said");
    }

    [Fact]
    public async Task The_test_button_never_shows_the_token()
    {
        var result = await Connector.TestAsync(Session(Remote.Answer(401, """{"error":{"code":"bad_token","message":"t0k3n-secret is not known"}}""")), Cancel);
        result.Outcome.ShouldBeOfType<Outcome.NotConnected>();
        result.Exchange.Answer.ShouldNotContain("t0k3n-secret");
        result.Exchange.Answer.ShouldContain(Redactor.Mark);
    }

    private static Work Submit(string orderRef) => new($"order/{orderRef}:submit:1", new FulfilmentEffect.SubmitToWarehouse(new HandoffOrder(
        orderRef, "#1001", "aurora-shop", orderRef, "BLR", "wms", [new("L1", "TEA-250", 2, "Assam tea 250 g")],
        new("Asha Rao", null, "12 MG Road", null, "Bengaluru", "KA", "560001", "IN", "+919810000123", null), "Ring twice", 1299m, "INR")), 1);
}

file static class SignalAssertions
{
    // Records compare lists by identity; their JSON compares what is in them.
    public static void ShouldSay(this Signal signal, Signal expected) =>
        System.Text.Json.JsonSerializer.Serialize<object>(signal).ShouldBe(System.Text.Json.JsonSerializer.Serialize<object>(expected));
}
