using Quartermaster.Connectors.Tests;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Dispatching;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Labels;
using Quartermaster.Core.Shipping;
using Quartermaster.Sandbox.Twins;

namespace Quartermaster.Connectors.ShipRocket.Tests;

public sealed class ShipRocketTests
{
    private const string Token = """{"token":"first"}""";
    private static readonly ShipRocketConnector Connector = new();
    private static readonly Consignment Parcel = SampleParcel.InIndia("10");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static (string, string)[] Settings => [("email", "api@aurora.example"), ("password", "secret-4711"), ("pickup_location", "Primary"), ("webhook_token", "token-4711")];

    private const string Made = """{"order_id":16,"shipment_id":15,"status":"NEW","status_code":1}""";
    private const string Assigned = """{"awb_assign_status":1,"response":{"data":{"awb_code":"1904","courier_name":"Xpressbees","freight_charges":"61.50"}}}""";
    private const string Labelled = """{"label_created":1,"label_url":"https://sr/label.pdf"}""";

    private static string Listed(string awb, string status = "NEW", string number = "aurora.5600000001.1") => $$"""{"data":[{"id":99,"channel_order_id":"other","shipments":[{"id":98,"awb":"77"}]},{"id":16,"channel_order_id":"{{number}}","status":"{{status}}","shipments":[{"id":15,"awb":"{{awb}}","courier":"Xpressbees"}]}]}""";

    private static RemoteScript Script(params (int Status, string Body)[] answers)
    {
        var remote = new RemoteScript().Answer(200, Token);
        foreach (var (status, body) in answers) remote.Answer(status, body);
        return remote;
    }

    // A connector of its own, so that no token is left from another test.
    private static async Task<Result> Do(RemoteScript remote, Effect effect, int attempt = 1) => (await new ShipRocketConnector().ActAsync(remote.Session("shiprocket", Settings), [new("k", effect, attempt)], Cancel)).Single();

    [Fact]
    public async Task A_purchase_takes_an_order_a_waybill_and_a_label()
    {
        var remote = Script((200, Made), (200, Assigned), (200, Labelled));
        var result = await Do(remote, new LabelEffect.Buy(Parcel with { Collect = 1499.50m }));
        result.Outcome.ShouldBe(new Outcome.Done("16/15"));
        result.Learned!.Single().Signal.ShouldBe(new LabelSignal.Issued(Parcel.Reference, new("16/15", "Xpressbees", "10", "1904", "https://shiprocket.co/tracking/1904", "https://sr/label.pdf", 61.50m, "INR")));
        remote.Requests.Select(r => r.Line[(r.Line.IndexOf("external", StringComparison.Ordinal) + 8)..]).ShouldBe(["/auth/login", "/orders/create/adhoc", "/courier/assign/awb", "/courier/generate/label"]);
        var order = remote.Requests[1].Body;
        order.ShouldContain("\"order_id\":\"aurora.5600000001.1\"");
        order.ShouldContain("\"payment_method\":\"COD\"");
        order.ShouldContain("\"sub_total\":1499.50", customMessage: "what the courier collects");
        order.ShouldContain("\"billing_phone\":\"9812345678\"");
        order.ShouldContain("\"billing_pincode\":\"110001\"");
        order.ShouldContain("2026-11-21 17:30");
        remote.Requests[2].Body.ShouldBe("""{"shipment_id":15,"courier_id":10}""");
        (result.Exchange.Request + result.Exchange.Answer).ShouldNotContain("secret-4711");
    }

    [Fact]
    public async Task The_account_chooses_the_courier_where_nobody_names_one()
    {
        var remote = Script((200, Made), (200, Assigned), (200, Labelled));
        await Do(remote, new LabelEffect.Buy(Parcel with { Service = "auto" }));
        remote.Requests[1].Body.ShouldContain("\"payment_method\":\"Prepaid\"");
        remote.Requests[2].Body.ShouldBe("""{"shipment_id":15}""");
    }

    [Theory]
    [InlineData(500, "", "Unsure")]
    [InlineData(422, """{"message":"Oops! Invalid Data.","errors":{"billing_phone":["is invalid"]}}""", "Refused")]
    [InlineData(403, "", "NotConnected")]
    [InlineData(429, "", "TryLater")]
    [InlineData(200, "{}", "Unsure")]
    public async Task What_an_answer_to_an_order_means(int status, string body, string outcome) => (await Do(Script((status, body)), new LabelEffect.Buy(Parcel))).Outcome.GetType().Name.ShouldBe(outcome);

    [Fact]
    public async Task An_order_that_no_courier_takes_is_cancelled_there()
    {
        var remote = Script((200, Made), (200, """{"awb_assign_status":0,"response":{"data":{"awb_assign_error":"not serviceable"}}}"""), (200, "{}"));
        (await Do(remote, new LabelEffect.Buy(Parcel))).Outcome.ShouldBeOfType<Outcome.Refused>().Why.ShouldBe("not serviceable");
        remote.Requests[3].ShouldSatisfyAllConditions(r => r.Line.ShouldEndWith("/orders/cancel"), r => r.Body.ShouldBe("""{"ids":[16]}"""));
    }

    [Fact]
    public async Task A_repeat_goes_on_where_the_first_call_stopped()
    {
        var halfway = Script((200, Listed("")), (200, Assigned), (200, Labelled));
        (await Do(halfway, new LabelEffect.Buy(Parcel), attempt: 2)).Outcome.ShouldBe(new Outcome.Done("16/15"));
        halfway.Requests.Count(r => r.Line.EndsWith("/orders/create/adhoc", StringComparison.Ordinal)).ShouldBe(0);
        (await Do(Script((200, Listed("1904")), (200, Labelled)), new LabelEffect.Buy(Parcel), attempt: 2)).Outcome.ShouldBe(new Outcome.AlreadyDone("16/15"));
        (await Do(Script((503, "")), new LabelEffect.Buy(Parcel), attempt: 2)).Outcome.ShouldBeOfType<Outcome.TryLater>("nobody knows, so nothing is bought");
    }

    [Theory]
    [InlineData(200, "1904", "READY TO SHIP", "AlreadyDone")]
    [InlineData(200, "", "NEW", "TryLater")]
    [InlineData(200, "1904", "CANCELED", "TryLater")]
    [InlineData(503, "", "", "Unsure")]
    [InlineData(404, "", "", "Unsure")]
    public async Task A_lost_purchase_is_looked_for_by_its_reference(int status, string awb, string state, string outcome)
    {
        var remote = Script((status, status == 200 ? Listed(awb, state) : ""), (200, Labelled));
        (await new ShipRocketConnector().LookUpAsync(remote.Session("shiprocket", Settings), new("k", new LabelEffect.Buy(Parcel), 2), Cancel)).Outcome.GetType().Name.ShouldBe(outcome);
        remote.Requests[1].Line.ShouldEndWith("/orders?search=aurora.5600000001.1&per_page=10");
    }

    [Theory]
    [InlineData("56010", "+919812345678", "pincode")]
    [InlineData("056010", "+919812345678", "pincode")]
    [InlineData("560100", "+12025550100", "phone")]
    [InlineData("560100", "5812345678", "phone")]
    public async Task Pincodes_and_phones_are_checked_before_anybody_is_asked(string pincode, string phone, string code) =>
        (await Do(new RemoteScript(), new LabelEffect.Buy(Parcel with { To = Parcel.To with { PostalCode = pincode, Phone = phone } }))).Outcome.ShouldBeOfType<Outcome.Refused>().Code.ShouldBe(code);

    [Fact]
    public async Task A_parcel_abroad_and_one_in_another_currency_are_refused()
    {
        (await Do(new RemoteScript(), new LabelEffect.Buy(Parcel with { To = Parcel.To with { Country = "NP" } }))).Outcome.ShouldBeOfType<Outcome.Refused>().Code.ShouldBe("country");
        (await Do(new RemoteScript(), new LabelEffect.Buy(Parcel with { Collect = 10, Currency = "EUR" }))).Outcome.ShouldBeOfType<Outcome.Refused>().Code.ShouldBe("currency");
    }

    [Fact]
    public async Task A_label_nobody_heard_of_is_found_and_cancelled()
    {
        (await Do(Script((200, Listed("1904")), (200, "{}")), new LabelEffect.Void("aurora.5600000001.1", null))).Outcome.ShouldBe(new Outcome.Done());
        (await Do(Script((200, """{"data":[]}""")), new LabelEffect.Void("aurora.5600000001.1", null))).Outcome.ShouldBe(new Outcome.Done());
        (await Do(Script((400, """{"message":"It is already cancelled."}""")), new LabelEffect.Void("aurora.5600000001.1", "16/15"))).Outcome.ShouldBe(new Outcome.AlreadyDone());
        (await Do(Script((400, """{"message":"It has been shipped."}""")), new LabelEffect.Void("aurora.5600000001.1", "16/15"))).Outcome.ShouldBeOfType<Outcome.Refused>();
    }

    private static DispatchList List => SampleParcel.List("shiprocket", new ListedLabel("aurora.1.1", "16/15", "1904", "10", 640), new ListedLabel("aurora.2.1", "18/17", "1905", "10", 640));

    [Fact]
    public async Task A_day_ends_with_a_pickup_and_a_manifest()
    {
        var remote = Script((200, """{"pickup_status":1,"response":{"pickup_token_number":"Reference No: 194"}}"""), (200, """{"status":1,"manifest_url":"https://sr/manifest.pdf"}"""));
        (await Do(remote, new DispatchEffect.Close(List))).Learned!.Single().Signal.ShouldBeOfType<DispatchSignal.Closed>().ShouldSatisfyAllConditions(c => c.RemoteId.ShouldBe("Reference No: 194"), c => c.Document.ShouldBe("https://sr/manifest.pdf"), c => c.LeftOut.ShouldBeEmpty());
        remote.Requests[1].Body.ShouldBe("""{"shipment_id":[15,17]}""");
    }

    [Theory]
    [InlineData(200, """{"manifest_url":"https://sr/manifest.pdf"}""", "AlreadyDone")]
    [InlineData(400, """{"message":"not generated"}""", "TryLater")]
    [InlineData(503, "", "Unsure")]
    public async Task A_lost_manifest_is_looked_for_by_its_orders(int status, string body, string outcome)
    {
        var remote = Script((status, body));
        (await new ShipRocketConnector().LookUpAsync(remote.Session("shiprocket", Settings), new("k", new DispatchEffect.Close(List), 2), Cancel)).Outcome.GetType().Name.ShouldBe(outcome);
        remote.Requests[1].ShouldSatisfyAllConditions(r => r.Line.ShouldEndWith("/manifests/print"), r => r.Body.ShouldBe("""{"order_ids":[16,18]}"""));
    }

    [Fact]
    public async Task Prices_are_told_per_courier_and_begin_with_the_lowest()
    {
        var remote = Script((200, """{"status":200,"data":{"available_courier_companies":[{"courier_company_id":20,"courier_name":"Air","rate":110.5,"estimated_delivery_days":"2"},{"courier_company_id":10,"courier_name":"Surface","rate":61,"etd":"Nov 26, 2026"}]}}"""));
        (await new ShipRocketConnector().QuoteAsync(remote.Session("shiprocket", Settings), Parcel with { Collect = 100 }, Cancel)).ShouldBe([new("10", "Surface", 61m, "INR", null, "expected Nov 26, 2026"), new("20", "Air", 110.5m, "INR", 2, null)]);
        remote.Requests[1].Line.ShouldEndWith("/courier/serviceability/?pickup_postcode=560100&delivery_postcode=110001&weight=0.64&cod=1");
    }

    [Fact]
    public void A_webhook_is_taken_with_the_token_only_and_read_scan_by_scan()
    {
        var session = new RemoteScript().Session("shiprocket", Settings);
        var body = Fixture.Bytes("ShipRocket", "webhook.json");
        Connector.Receive(session, Knocking(body, null)).ShouldBeOfType<Knock.Refused>();
        Connector.Receive(session, Knocking(body, "token-4712")).ShouldBeOfType<Knock.Refused>();
        Connector.Receive(session, Knocking(body, "token-4711")).ShouldBeOfType<Knock.Take>().Stream.Key.ShouldBe("parcel/1904000000001");
        Connector.Read(session, "tracking", body, DateTimeOffset.UnixEpoch).Signals.Select(s => (ShippingSignal.Scanned)s.Signal).Select(s => (s.Status, s.At, s.Place)).ShouldBe(
        [
            (ScanStatus.PickedUp, new DateTimeOffset(2026, 11, 20, 10, 2, 17, TimeSpan.Zero), "Bengaluru_East_D (Karnataka)"),
            (ScanStatus.Unmapped, new(2026, 11, 21, 3, 30, 0, TimeSpan.Zero), "Delhi_North_H (Delhi)"),
            (ScanStatus.FailedAttempt, new(2026, 11, 21, 4, 0, 0, TimeSpan.Zero), "Delhi_North_H (Delhi)"),
        ]);
        Should.Throw<NotUnderstoodException>(() => Connector.Read(session, "tracking", "{}"u8.ToArray(), DateTimeOffset.UnixEpoch)).CaseKind.ShouldBe("shiprocket.missing_field");
    }

    [Fact]
    public void The_published_sample_of_a_webhook_is_read()
    {
        var body = File.ReadAllBytes(ContractFolder.Require("shiprocket/webhook-tracking-sample.json"));
        var scan = (ShippingSignal.Scanned)Connector.Read(new RemoteScript().Session("shiprocket", Settings), "tracking", body, DateTimeOffset.UnixEpoch).Signals.Single().Signal;
        (scan.Status, scan.At, scan.Carrier).ShouldBe((ScanStatus.PickedUp, new DateTimeOffset(2023, 5, 19, 10, 2, 17, TimeSpan.Zero), "Delhivery Surface"));
    }

    [Fact]
    public Task Lost_answers_buy_each_label_once_and_find_it() => LabelRoundTrip.LoseAnswersAsync<ShipRocketTwin>(Connector, Parcel, Settings, Cancel);

    // The guard above would be worth nothing if the twin sold under one reference only once by itself.
    [Fact]
    public Task The_twin_notices_a_label_bought_twice() => LabelRoundTrip.BuyTwiceAsync<ShipRocketTwin>(Connector, Parcel, Settings, Cancel);

    [Fact]
    public async Task Lost_answers_put_no_parcel_on_two_manifests()
    {
        await using var hub = await LabelRoundTrip.StartAsync(Connector, Settings, Cancel);
        List<ListedLabel> labels = [];
        for (var i = 1; i <= 4; i++)
        {
            var bought = await hub.DoByLookUpAsync("post", new($"b{i}", new LabelEffect.Buy(Parcel with { Reference = $"aurora.{i}.1" }), 1), Cancel);
            var label = ((LabelSignal.Issued)bought.Learned!.Single().Signal).Label;
            labels.Add(new($"aurora.{i}.1", label.LabelId, label.Tracking, "10", 640));
        }
        var faults = hub.Sandbox.FaultsOf("post");
        (faults.FailBefore, faults.FailAfter, faults.Reset) = (0.15, 0.4, 0.2);
        for (var i = 0; i < 4; i++) (await hub.DoByLookUpAsync("post", new($"c{i}", new DispatchEffect.Close(SampleParcel.List("post", labels[i])), 1), Cancel)).Learned!.Single().Signal.ShouldBeOfType<DispatchSignal.Closed>().Document.ShouldNotBeNull();
        hub.Sandbox.Twin<ShipRocketTwin>("post").Manifested.ShouldBe(4);
    }

    [Fact]
    public async Task A_parcel_is_asked_for_until_it_is_over_and_the_hub_hears_of_it_meanwhile()
    {
        await using var hub = await LabelRoundTrip.StartAsync(Connector, [.. Settings, ("sandbox_step_ms", "1"), ("sandbox_missed", "0")], Cancel);
        await LabelRoundTrip.FollowAsync<ShipRocketTwin>(hub, Connector, Parcel, Cancel);
        (await Connector.TestAsync(hub.SessionOf("post"), Cancel)).Outcome.ShouldBe(new Outcome.Done());
        (await Connector.QuoteAsync(hub.SessionOf("post"), Parcel, Cancel)).Count.ShouldBe(2);
        hub.Refused.ShouldBeEmpty();
    }

    private static Delivery Knocking(byte[] body, string? token) => new("POST", "", "", name => name == "x-api-key" ? token : null, body, DateTimeOffset.UnixEpoch);
}
