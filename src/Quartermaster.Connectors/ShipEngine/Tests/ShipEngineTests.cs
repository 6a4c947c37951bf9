using System.Text;
using Quartermaster.Connectors.Tests;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Labels;
using Quartermaster.Core.Shipping;

namespace Quartermaster.Connectors.ShipEngine.Tests;

public sealed class ShipEngineTests
{
    internal const string Token = "aurora-token-77";
    private static readonly DateTimeOffset Received = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly ShipEngineConnector Connector = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    internal static readonly Consignment Parcel = new("aurora.5600000001.1", "5600000001", "#1001", "usps_ground_advantage",
        new("Aurora Dispatch", "Aurora Inc", "1 Dock Road", null, "Austin", "TX", "78701", "US", "+15125550100", null),
        new("Asha Rao", null, "525 Winchester Blvd", "Apt 4", "San Jose", "CA", "95128", "US", "+14085550100", "asha@example.com"),
        640, new(30, 20, 10), [new("TEA-250", "Assam tea 250 g", 2, 12.50m, 260)], null, "USD");

    internal static readonly Consignment Abroad = Parcel with { To = Parcel.To with { Country = "CA", Province = "ON", PostalCode = "K1A 0B1" }, Items = [Parcel.Items[0] with { TariffCode = "09023000", Origin = "IN" }], Collect = 25m };

    internal static (string, string)[] Settings => [("api_key", "key-4711"), ("carrier_id", "se-123"), ("webhook_token", Token)];

    private static Session Session(RemoteScript? remote = null) => (remote ?? new()).Session("post", Settings);

    private static Work Buy() => new("order/5600000001/label/1", new LabelEffect.Buy(Parcel), 1);

    private static string Sold(string more = "") =>
        $$"""{"label_id":"se-9","status":"completed","tracking_number":"9400 1","tracking_url":"https://track/9400","carrier_code":"usps","service_code":"usps_ground_advantage","voided":false,"shipment_cost":{"currency":"usd","amount":7.35},"insurance_cost":{"currency":"usd","amount":0.5},"label_download":{"href":"https://labels/9.pdf"}{{more}}}""";

    private static string Error(string code, string type = "business_rules") => $$"""{"request_id":"r","errors":[{"error_source":"carrier","error_type":"{{type}}","error_code":"{{code}}","message":"says no"}]}""";

    private static async Task<Result> Do(RemoteScript remote, Effect effect) => (await Connector.ActAsync(Session(remote), [new Work("k", effect, 1)], Cancel)).Single();

    [Fact]
    public async Task A_purchase_tells_all_that_the_packer_needs()
    {
        var remote = new RemoteScript().Answer(200, Sold());
        var result = (await Connector.ActAsync(Session(remote), [Buy()], Cancel)).Single();
        result.Outcome.ShouldBe(new Outcome.Done("se-9"));
        var learned = result.Learned!.Single();
        learned.To.ShouldBe(new StreamId("aurora", "order", "5600000001"));
        learned.Signal.ShouldBe(new LabelSignal.Issued("aurora.5600000001.1", new("se-9", "usps", "usps_ground_advantage", "9400 1", "https://track/9400", "https://labels/9.pdf", 7.85m, "USD")));
        var asked = remote.Requests.Single();
        asked.Line.ShouldBe("POST https://api.shipengine.com/v1/labels");
        asked.Headers["API-Key"].ShouldBe("key-4711");
        asked.Body.ShouldContain("\"external_shipment_id\":\"aurora.5600000001.1\"");
        result.Exchange.Request.ShouldNotContain("key-4711");
    }

    [Fact]
    public async Task Nothing_is_declared_as_worth_nothing()
    {
        var remote = new RemoteScript().Answer(200, Sold());
        var refused = (await Do(remote, new LabelEffect.Buy(Abroad with { Items = [Abroad.Items[0] with { UnitValue = 0m }] }))).Outcome.ShouldBeOfType<Outcome.Refused>();
        (refused.Code, refused.Why.Contains("TEA-250", StringComparison.Ordinal), remote.Requests.Count).ShouldBe(("customs", true, 0));
        (await Do(remote, new LabelEffect.Buy(Parcel with { Items = [Parcel.Items[0] with { UnitValue = 0m }] }))).Outcome.ShouldBeOfType<Outcome.Done>("at home nobody asks");
    }

    [Theory]
    [InlineData(500, "", "Unsure")]
    [InlineData(400, "invalid_address", "Refused")]
    [InlineData(400, "insufficient_funds", "Refused")]
    [InlineData(409, "identifier_conflict", "Unsure")]
    [InlineData(400, "carrier_disconnected", "NotConnected")]
    [InlineData(401, "unauthorized", "NotConnected")]
    [InlineData(429, "rate_limit_exceeded", "TryLater")]
    [InlineData(200, "nonsense", "Unsure")]
    public async Task What_an_answer_to_a_purchase_means(int status, string code, string outcome) =>
        (await Do(new RemoteScript().Answer(status, Error(code)), Buy().Effect)).Outcome.GetType().Name.ShouldBe(outcome);

    [Theory]
    [InlineData("processing", "Unsure")]
    [InlineData("error", "Refused")]
    [InlineData("voided", "Refused")]
    public async Task A_label_that_is_no_label_is_none(string status, string outcome)
    {
        var result = await Do(new RemoteScript().Answer(200, Sold().Replace("completed", status, StringComparison.Ordinal)), Buy().Effect);
        result.Outcome.GetType().Name.ShouldBe(outcome);
        result.Learned.ShouldBeNull();
    }

    [Fact]
    public async Task A_purchase_that_nobody_heard_of_is_found_by_its_reference()
    {
        var remote = new RemoteScript().Answer(200, Sold()).Answer(404, Error("invalid_identifier")).Answer(404, "<html>").Answer(502);
        var found = await Connector.LookUpAsync(Session(remote), Buy(), Cancel);
        found.Outcome.ShouldBe(new Outcome.AlreadyDone("se-9"));
        found.Learned!.Single().Signal.ShouldBeOfType<LabelSignal.Issued>().Label.Tracking.ShouldBe("9400 1");
        remote.Requests[0].Line.ShouldBe("GET https://api.shipengine.com/v1/labels/external_shipment_id/aurora.5600000001.1");
        (await Connector.LookUpAsync(Session(remote), Buy(), Cancel)).Outcome.ShouldBeOfType<Outcome.TryLater>().Why.ShouldContain("no label");
        (await Connector.LookUpAsync(Session(remote), Buy(), Cancel)).Outcome.ShouldBeOfType<Outcome.Unsure>("a wrong address is no proof that there is no label");
        (await Connector.LookUpAsync(Session(remote), Buy(), Cancel)).Outcome.ShouldBeOfType<Outcome.Unsure>("nor is a question without an answer: it would be bought twice");
    }

    [Theory]
    [InlineData("""{"approved":true,"message":"ok"}""", "Done")]
    [InlineData("""{"approved":false,"message":"twice","reason_code":"label_already_voided"}""", "AlreadyDone")]
    [InlineData("""{"approved":false,"message":"gone","reason_code":"label_already_used"}""", "Refused")]
    [InlineData("?", "Unsure")]
    public async Task What_an_answer_to_a_cancellation_means(string body, string outcome) =>
        (await Do(new RemoteScript().Answer(200, body), new LabelEffect.Void("r", "se-9"))).Outcome.GetType().Name.ShouldBe(outcome);

    [Fact]
    public async Task A_label_nobody_heard_of_is_taken_back_by_its_reference()
    {
        var remote = new RemoteScript().Answer(200, Sold()).Answer(200, """{"approved":true,"message":"ok"}""");
        (await Do(remote, new LabelEffect.Void("aurora.1.1", null))).Outcome.ShouldBeOfType<Outcome.Done>();
        remote.Requests.Select(r => r.Line).ShouldBe(["GET https://api.shipengine.com/v1/labels/external_shipment_id/aurora.1.1", "PUT https://api.shipengine.com/v1/labels/se-9/void"]);
        (await Do(new RemoteScript().Answer(404, Error("invalid_identifier")), new LabelEffect.Void("aurora.1.1", null))).Outcome.ShouldBe(new Outcome.Done(), "there is none");
        (await Do(new RemoteScript().Answer(503), new LabelEffect.Void("aurora.1.1", null))).Outcome.ShouldBeOfType<Outcome.TryLater>();
    }

    [Fact]
    public void A_scan_goes_to_its_parcel()
    {
        var body = Fixture.Bytes("ShipEngine", "track.json");
        var knock = Connector.Receive(Session(), new Delivery("POST", "", "", name => name == "X-Webhook-Token" ? Token : null, body, Received)).ShouldBeOfType<Knock.Take>();
        knock.Stream.ShouldBe(new StreamId("aurora", "parcel", "9400111298370264401222"));
        var read = Connector.Read(Session(), knock.Topic, body, Received).Signals.Single();
        read.To.ShouldBe(knock.Stream);
        read.Signal.ShouldBe(new ShippingSignal.Scanned("usps", "9400 1112 9837 0264 4012 22", ScanStatus.OutForDelivery, "OUT_FOR_DELIVERY", new(2026, 11, 21, 13, 10, 0, TimeSpan.Zero), "AUSTIN"));
    }

    [Fact]
    public async Task A_ShipStation_account_is_asked_under_its_own_address()
    {
        var remote = new RemoteScript().Answer(200, Sold());
        await Connector.ActAsync(remote.Session("post", [.. Settings, ("base_url", "https://api.shipstation.com/"), ("api_version", "v2")]), [Buy()], Cancel);
        remote.Requests.Single().Line.ShouldBe("POST https://api.shipstation.com/v2/labels");
    }

    [Fact]
    public async Task A_way_that_was_not_told_is_found_by_its_label()
    {
        var remote = new RemoteScript().Answer(200, """{"tracking_number":"9400 1","carrier_code":"usps","status_code":"DE","carrier_status_code":"1","events":[{"occurred_at":"2026-11-21T11:00:00Z","city_locality":"AUSTIN","status_code":"DE","status_detail_code":"DELIVERED"},{"occurred_at":"2026-11-20T09:00:00Z","city_locality":"","status_code":"ZZ","carrier_status_code":"X7"},{"occurred_at":"2026-11-19T09:00:00Z","status_code":"AC","status_detail_code":"SHIPMENT_CREATED"}]}""")
            .Answer(200, """{"tracking_number":"1","status_code":"DE","carrier_status_code":"1","events":[]}""").Answer(404, Error("not_found")).Answer(503);
        var found = await TrackAsync(remote);
        remote.Requests.Single().Line.ShouldBe("GET https://api.shipengine.com/v1/labels/se-9/track");
        found.ShouldSatisfyAllConditions(f => f.Nearness.ShouldBe(Nearness.Over), f => f.Scans.ShouldBe([
            new ShippingSignal.Scanned("usps", "9400 1", ScanStatus.Unmapped, "ZZ (X7)", new(2026, 11, 20, 9, 0, 0, TimeSpan.Zero), null),
            new ShippingSignal.Scanned("usps", "9400 1", ScanStatus.Delivered, "DELIVERED", new(2026, 11, 21, 11, 0, 0, TimeSpan.Zero), "AUSTIN")]));
        (await TrackAsync(remote)).Nearness.ShouldBe(Nearness.Over, "an end counts without a time");
        (await TrackAsync(remote)).ShouldSatisfyAllConditions(w => w.Nearness.ShouldBe(Nearness.Unseen), w => w.Trouble.ShouldBeNull());
        (await TrackAsync(remote)).Trouble.ShouldBeOfType<Outcome.TryLater>();
        (await Connector.TrackAsync(Session(), [new("9400 1", Received)], Cancel)).Single().Trouble.ShouldBeOfType<Outcome.Refused>("no label is known to ask by");
    }

    private static async Task<Whereabouts> TrackAsync(RemoteScript remote) => (await Connector.TrackAsync(Session(remote), [new("9400 1", Received, "se-9")], Cancel)).Single();

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("aurora-token-78")]
    public void A_scan_without_our_token_is_refused(string? token) =>
        Connector.Receive(Session(), new Delivery("POST", "", "", name => name == "X-Webhook-Token" ? token : null, Fixture.Bytes("ShipEngine", "track.json"), Received)).ShouldBeOfType<Knock.Refused>();

    [Theory]
    [InlineData("""{"tracking_number":"1","status_code":"ZZ"}""", "ZZ (no code of the carrier)")]
    [InlineData("""{"tracking_number":"1","status_code":"IT","status_detail_code":"NEW_WORD","carrier_status_code":"X7"}""", "NEW_WORD (X7)")]
    [InlineData("""{"tracking_number":"1","status_code":"UN","status_detail_code":"CARRIER_STATUS_NOT_MAPPED","carrier_status_code":"X7"}""", "CARRIER_STATUS_NOT_MAPPED (X7)")]
    public void A_code_that_nobody_mapped_goes_to_a_person(string data, string raw)
    {
        var scan = Connector.Read(Session(), "API_TRACK", Encoding.UTF8.GetBytes($$"""{"resource_type":"API_TRACK","data":{{data}}}"""), Received).Signals.Single().Signal.ShouldBeOfType<ShippingSignal.Scanned>();
        scan.Status.ShouldBe(ScanStatus.Unmapped);
        scan.Raw.ShouldBe(raw);
    }

    [Theory]
    [InlineData("""{"resource_type":"API_BATCH"}""")]
    [InlineData("""{"resource_type":"API_TRACK","data":{"tracking_number":"1","status_code":"NY"}}""")]
    [InlineData("""{"resource_type":"API_TRACK","data":{"tracking_number":"1","status_code":"AC","status_detail_code":"SHIPMENT_CREATED"}}""")]
    public void What_says_nothing_about_the_way_is_no_scan(string body) =>
        Connector.Read(Session(), "API_TRACK", Encoding.UTF8.GetBytes(body), Received).Signals.ShouldBeEmpty();

    [Theory]
    [InlineData("nonsense", "shipengine.bad_json")]
    [InlineData("{}", "shipengine.missing_field")]
    [InlineData("""{"data":{"status_code":"IT"}}""", "shipengine.missing_field")]
    [InlineData("""{"data":{"tracking_number":"1"}}""", "shipengine.missing_field")]
    public void What_cannot_be_understood_says_what_is_wrong(string body, string kind) =>
        Should.Throw<NotUnderstoodException>(() => Connector.Read(Session(), "API_TRACK", Encoding.UTF8.GetBytes(body), Received)).CaseKind.ShouldBe(kind);

    [Theory]
    [InlineData("""{"carriers":[{"carrier_id":"se-123"}]}""", "Done")]
    [InlineData("""{"carriers":[{"carrier_id":"se-5"},{"carrier_id":"se-6"}]}""", "Refused")]
    public async Task The_test_button_knows_the_carrier_account(string body, string outcome) =>
        (await Connector.TestAsync(Session(new RemoteScript().Answer(200, body)), Cancel)).Outcome.GetType().Name.ShouldBe(outcome);

    [Fact]
    public async Task Prices_are_told_per_service()
    {
        var remote = new RemoteScript().Answer(200, """[{"service_code":"g","carrier_friendly_name":"USPS","shipping_amount":{"currency":"usd","amount":7.1},"other_amount":{"currency":"usd","amount":0.4},"delivery_days":3,"warning_messages":["unchecked"]}]""");
        (await Connector.QuoteAsync(Session(remote), Parcel, Cancel)).ShouldBe([new("g", "USPS", 7.5m, "USD", 3, "unchecked")]);
        (await Should.ThrowAsync<HttpRequestException>(() => Connector.QuoteAsync(Session(new RemoteScript().Answer(400, Error("invalid_field_value"))), Parcel, Cancel))).Message.ShouldContain("says no");
    }

    [Fact]
    public async Task Scans_are_subscribed_to_with_our_token()
    {
        var here = new Uri("https://hub.example/webhooks/post");
        var remote = new RemoteScript().Answer(200, "[]").Answer(200, "{}").Answer(200, """[{"event":"track","url":"https://hub.example/webhooks/post"}]""");
        (await Connector.MendSubscriptionsAsync(Session(remote), here, Cancel)).Single().What.ShouldContain("was made");
        remote.Requests[1].Body.ShouldBe("""{"event":"track","url":"https://hub.example/webhooks/post","headers":[{"key":"X-Webhook-Token","value":"aurora-token-77"}]}""");
        (await Connector.MendSubscriptionsAsync(Session(remote), here, Cancel)).ShouldBeEmpty();
    }
}
