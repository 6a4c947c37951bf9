using Quartermaster.Connectors.Tests;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Dispatching;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Labels;
using Quartermaster.Core.Shipping;
using Quartermaster.Sandbox.Twins;

namespace Quartermaster.Connectors.Dhl.Tests;

/// <summary>DHL Express by its own API: labels, prices, scans and couriers.</summary>
public sealed class MyDhlTests
{
    private static readonly MyDhlConnector Connector = new();
    private static readonly Consignment Parcel = SampleParcel.With("N");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static (string, string)[] Settings => [("username", "client"), ("api_secret", "secret-4711"), ("account_number", "123456789")];

    private static DispatchList List => SampleParcel.List("mydhl", new ListedLabel("aurora.1.1", "5374534546", "5374534546", "N", 640), new ListedLabel("aurora.2.1", "5374534547", "5374534547", "N", 1200));

    private static string Shipped(string picture) => $$"""{"shipmentTrackingNumber":"5374534546","packages":[{"trackingNumber":"JD01"}],"documents":[{"imageFormat":"PDF","content":"{{picture}}","typeCode":"label"}]}""";

    private static string Problem(string detail) => $$"""{"instance":"/expressapi/tracking","detail":"{{detail}}","title":"Not data found","message":"Not data found","status":"404"}""";

    private static async Task<(Result Result, RemoteScript Remote)> Do(Effect effect, int status, string body)
    {
        var remote = new RemoteScript().Answer(status, body);
        return ((await Connector.ActAsync(remote.Session("mydhl", Settings), [new Work("k", effect, 1)], Cancel)).Single(), remote);
    }

    [Fact]
    public async Task A_purchase_tells_all_that_the_packer_needs_and_keeps_the_picture()
    {
        var (result, remote) = await Do(new LabelEffect.Buy(Parcel), 201, Shipped(Convert.ToBase64String(new byte[600])));
        result.Outcome.ShouldBe(new Outcome.Done("5374534546"));
        var label = result.Learned!.Single().Signal.ShouldBeOfType<LabelSignal.Issued>().Label;
        (label.LabelId, label.Carrier, label.Service, label.Document, label.Cost).ShouldBe(("5374534546", "dhl express", "N", "paper:label/aurora.5600000001.1", null));
        result.Papers.Single().Content.Length.ShouldBe(600);
        result.Exchange.Answer.Length.ShouldBeLessThan(250, "the timeline does not show the picture");
        remote.Requests[0].Line.ShouldBe("POST https://express.api.dhl.com/mydhlapi/shipments");
        remote.Requests[0].Body.ShouldContain("""{"value":"aurora.5600000001.1","typeCode":"CU"}""");
        remote.Requests[0].Body.ShouldContain("2026-11-21T13:00:00 GMT\\u002B00:00");
        (result.Exchange.Request + result.Exchange.Answer).ShouldNotContain("secret-4711");
    }

    [Theory]
    [InlineData(500, "Unsure")]
    [InlineData(400, "Refused")]
    [InlineData(422, "Refused")]
    [InlineData(401, "NotConnected")]
    [InlineData(429, "TryLater")]
    [InlineData(201, "Unsure")]
    public async Task What_an_answer_to_a_purchase_means(int status, string outcome) => (await Do(new LabelEffect.Buy(Parcel), status, Problem("says no"))).Result.Outcome.GetType().Name.ShouldBe(outcome);

    [Theory]
    [InlineData(404, """{"title":"Not data found","detail":"No Shipments Found for ReferenceID | aurora.5600000001.1"}""", "TryLater")]
    [InlineData(404, "proxy", "Unsure")]
    [InlineData(503, "", "Unsure")]
    [InlineData(200, """{"shipments":[{"shipmentTrackingNumber":"5374534546","events":[]}]}""", "AlreadyDone")]
    [InlineData(200, """{"shipments":[]}""", "Unsure")]
    public async Task A_lost_purchase_is_looked_for_by_its_reference(int status, string body, string outcome)
    {
        var remote = new RemoteScript().Answer(status, body);
        var result = await Connector.LookUpAsync(remote.Session("mydhl", Settings), new("k", new LabelEffect.Buy(Parcel), 2), Cancel);
        result.Outcome.GetType().Name.ShouldBe(outcome);
        remote.Requests.Single().Line.ShouldBe("GET https://express.api.dhl.com/mydhlapi/tracking?shipmentReference=aurora.5600000001.1&shipmentReferenceType=CU&shipperAccountNumber=123456789&dateRangeFrom=2026-10-22&dateRangeTo=2026-11-22&trackingView=shipment-details-only");
    }

    [Fact]
    public async Task A_parcel_without_a_phone_number_is_refused_before_DHL_is_asked() =>
        (await Connector.ActAsync(new RemoteScript().Session("mydhl", Settings), [new("k", new LabelEffect.Buy(Parcel with { To = Parcel.To with { Phone = null } }), 1)], Cancel)).Single().Outcome.ShouldBeOfType<Outcome.Refused>().Code.ShouldBe("phone");

    [Fact]
    public async Task A_label_that_nobody_uses_needs_no_cancelling() =>
        (await Connector.ActAsync(new RemoteScript().Session("mydhl", Settings), [new("k", new LabelEffect.Void("aurora.1.1", null), 1)], Cancel)).Single().Outcome.ShouldBe(new Outcome.Done());

    [Fact]
    public async Task Prices_are_told_per_product_and_begin_with_the_lowest()
    {
        var remote = new RemoteScript().Answer(200, """{"products":[{"productName":"EXPRESS 12:00","productCode":"Y","totalPrice":[{"currencyType":"PULCL","priceCurrency":"EUR","price":99},{"currencyType":"BILLC","priceCurrency":"EUR","price":31.5}]},{"productName":"EXPRESS WORLDWIDE","productCode":"P","isCustomerAgreement":true,"totalPrice":[{"currencyType":"BILLC","priceCurrency":"EUR","price":22.1}],"deliveryCapabilities":{"totalTransitDays":2}},{"productCode":"0","totalPrice":[{"price":0}]}]}""");
        (await Connector.QuoteAsync(remote.Session("mydhl", Settings), Parcel, Cancel)).ShouldBe(
            [new("P", "DHL EXPRESS WORLDWIDE", 22.1m, "EUR", 2, "By agreement with DHL only."), new("Y", "DHL EXPRESS 12:00", 31.5m, "EUR", null, null)]);
        remote.Requests.Single().Line.ShouldContain("accountNumber=123456789&originCountryCode=US&originPostalCode=78701");
    }

    [Fact]
    public async Task The_way_of_a_parcel_is_told_scan_by_scan()
    {
        var remote = new RemoteScript().Answer(200, Fixture.Text("Dhl", "mydhl-track.json"));
        var ways = await Connector.TrackAsync(remote.Session("mydhl", Settings), [new("98 7654 3210", DateTimeOffset.UnixEpoch), new("1", DateTimeOffset.UnixEpoch)], Cancel);
        remote.Requests.Single().Line.ShouldBe("GET https://express.api.dhl.com/mydhlapi/tracking?shipmentTrackingNumber=9876543210&shipmentTrackingNumber=1&trackingView=all-checkpoints");
        ways.Select(w => (w.Nearness, w.Trouble)).ShouldBe([(Nearness.AtTheDoor, null), (Nearness.Unseen, null)]);
        ways[0].Scans.Cast<ShippingSignal.Scanned>().Select(s => (s.Status, s.Raw, s.At, s.Place)).ShouldBe(
        [
            (ScanStatus.PickedUp, "PU Shipment picked up", new(2026, 11, 20, 4, 6, 0, TimeSpan.Zero), "Brisbane-AU"),
            (ScanStatus.Unmapped, "QQ Something new", new(2026, 11, 20, 9, 0, 0, TimeSpan.Zero), "Leipzig-DE"),
            (ScanStatus.OutForDelivery, "WC With delivering courier", new(2026, 11, 21, 6, 30, 0, TimeSpan.Zero), "Amsterdam-NL"),
        ]);
    }

    [Theory]
    [InlineData(404, null)]
    [InlineData(503, "TryLater")]
    [InlineData(401, "NotConnected")]
    [InlineData(200, "Unsure")]
    public async Task A_question_without_an_answer_says_why(int status, string? trouble) =>
        (await Connector.TrackAsync(new RemoteScript().Answer(status, "?").Session("mydhl", Settings), [new("1", DateTimeOffset.UnixEpoch)], Cancel)).Single().Trouble?.GetType().Name.ShouldBe(trouble);

    [Theory]
    [InlineData(201, """{"dispatchConfirmationNumbers":["PRG221222000062"]}""", "Done")]
    [InlineData(201, "{}", "Unsure")]
    [InlineData(500, "", "Unsure")]
    [InlineData(400, """{"title":"Bad request","detail":"see Additional Details","additionalDetails":["Pickup NOT scheduled."]}""", "Refused")]
    public async Task What_an_answer_to_a_booking_of_a_courier_means(int status, string body, string outcome)
    {
        var (result, _) = await Do(new DispatchEffect.Close(List), status, body);
        result.Outcome.GetType().Name.ShouldBe(outcome);
        if (result.Outcome is Outcome.Done) result.Learned!.Single().ShouldSatisfyAllConditions(l => l.To.Key.ShouldBe("dispatch/BLR.20261121.1"), l => l.Signal.ShouldBeOfType<DispatchSignal.Closed>().RemoteId.ShouldBe("PRG221222000062"));
        if (result.Outcome is Outcome.Refused no) no.Why.ShouldContain("Pickup NOT scheduled.");
    }

    [Fact]
    public async Task A_courier_of_whom_nobody_knows_is_a_persons() =>
        (await Connector.LookUpAsync(new RemoteScript().Session("mydhl", Settings), new("k", new DispatchEffect.Close(List), 2), Cancel)).Outcome.ShouldBeOfType<Outcome.Unsure>().Why.ShouldContain("BLR");

    [Fact]
    public void What_is_asked_is_what_the_contract_allows()
    {
        var contract = OpenApiContract.Require("dhl/mydhl-express-3.1.1.yaml");
        var session = new RemoteScript().Session("mydhl", Settings);
        var body = MyDhlOutbound.Shipment(session, Parcel);
        contract.Request("post", "/shipments", body).ShouldBeEmpty();
        // Proves that the checker looks inside.
        contract.Request("post", "/shipments", body.Replace("\"typeCode\":\"CU\"", "\"typeCode\":\"XX\"", StringComparison.Ordinal)).ShouldNotBeEmpty();
        contract.Request("post", "/shipments", body.Replace("\"incoterm\":\"DAP\",", "", StringComparison.Ordinal)).ShouldNotBeEmpty();
        contract.Request("post", "/pickups", MyDhlOutbound.Pickup(session, List)).ShouldBeEmpty();
        var many = MyDhlOutbound.Pickup(session, List with { Labels = [.. Enumerable.Range(0, 1200).Select(n => new ListedLabel($"r{n}", $"{n}", $"{n}", n % 2 == 0 ? "N" : "P", 500))] });
        contract.Request("post", "/pickups", many).ShouldBeEmpty();
        many.ShouldContain("1200 parcels");
        many.ShouldContain("""{"productCode":"N","isCustomsDeclarable":false,"unitOfMeasurement":"metric","packages":[{"weight":300}]}""");
    }

    [Fact]
    public Task Lost_answers_buy_each_label_once_and_find_it() => LabelRoundTrip.BuyOnceAsync<MyDhlTwin>(Connector, Parcel, Settings, Cancel);

    // The guard above would be worth nothing if the twin sold under one reference only once by itself.
    [Fact]
    public Task The_twin_notices_a_label_bought_twice() => LabelRoundTrip.BuyTwiceAsync<MyDhlTwin>(Connector, Parcel, Settings, Cancel);

    [Fact]
    public async Task A_parcel_is_followed_and_a_courier_fetches_what_is_listed()
    {
        await using var hub = await LabelRoundTrip.StartAsync(Connector, [.. Settings, ("sandbox_step_ms", "1"), ("sandbox_missed", "0")], Cancel);
        await LabelRoundTrip.FollowAsync<MyDhlTwin>(hub, Connector, Parcel, Cancel);
        (await Connector.ActAsync(hub.SessionOf("post"), [new("c", new DispatchEffect.Close(List), 1)], Cancel)).Single().Outcome.ShouldBeOfType<Outcome.Done>();
        hub.Sandbox.Twin<MyDhlTwin>("post").Couriers.ShouldBe(1);
        (await Connector.QuoteAsync(hub.SessionOf("post"), Parcel, Cancel)).Count.ShouldBe(2);
    }
}
