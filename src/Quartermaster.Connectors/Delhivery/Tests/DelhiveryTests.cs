using Quartermaster.Connectors.Tests;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Dispatching;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Labels;
using Quartermaster.Core.Shipping;
using Quartermaster.Sandbox.Twins;

namespace Quartermaster.Connectors.Delhivery.Tests;

public sealed class DelhiveryTests
{
    private static readonly DelhiveryConnector Connector = new();
    private static readonly Consignment Parcel = SampleParcel.InIndia("Surface");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static (string, string)[] Settings => [("token", "token-4711"), ("pickup_location", "Aurora BLR")];

    private const string Made = """{"success":true,"packages":[{"status":"Success","waybill":"2904","remarks":[""]}]}""";
    private const string Slip = """{"packages":[{"pdf_download_link":"https://files.example/2904.pdf?sig=1"}]}""";

    private static DispatchList List => SampleParcel.List("delhivery", new ListedLabel("aurora.1.1", "2904", "2904", "Surface", 640), new ListedLabel("aurora.2.1", "2905", "2905", "Surface", 640));

    private static async Task<(Result Result, RemoteScript Remote)> Do(Effect effect, params (int Status, string Body)[] answers)
    {
        var remote = new RemoteScript();
        foreach (var (status, body) in answers) remote.Answer(status, body);
        return ((await Connector.ActAsync(remote.Session("delhivery", Settings), [new("k", effect, 1)], Cancel)).Single(), remote);
    }

    [Fact]
    public async Task A_purchase_makes_a_waybill_and_keeps_its_picture()
    {
        var (result, remote) = await Do(new LabelEffect.Buy(Parcel with { Collect = 1499.5m }), (200, Made), (200, Slip), (200, "%PDF"));
        result.Outcome.ShouldBe(new Outcome.Done("2904"));
        result.Learned!.Single().Signal.ShouldBe(new LabelSignal.Issued(Parcel.Reference, new("2904", "delhivery", "Surface", "2904", "https://www.delhivery.com/track-v2/package/2904", "paper:label/aurora.5600000001.1", null, null)));
        System.Text.Encoding.UTF8.GetString(result.Papers.Single().Content.Span).ShouldBe("%PDF");
        var form = Uri.UnescapeDataString(remote.Requests[0].Body.Replace('+', ' '));
        form.ShouldStartWith("format=json&data={");
        foreach (var said in (string[])["\"order\":\"aurora.5600000001.1\"", "\"payment_mode\":\"COD\"", "\"cod_amount\":\"1499.5\"", "\"pin\":\"110001\"", "\"phone\":\"9812345678\"", "\"shipping_mode\":\"Surface\"", "\"pickup_location\":{\"name\":\"Aurora BLR\"}"]) form.ShouldContain(said);
        remote.Requests[0].Headers["Authorization"].ShouldBe("Token token-4711");
        remote.Requests[1].Line.ShouldBe("GET https://track.delhivery.com/api/p/packing_slip?wbns=2904&pdf=true&pdf_size=4R");
        remote.Requests[2].ShouldSatisfyAllConditions(r => r.Line.ShouldBe("GET https://files.example/2904.pdf?sig=1"), r => r.Headers.ContainsKey("Authorization").ShouldBeFalse("a store of files gets no token"));
        (result.Exchange.Request + result.Exchange.Answer).ShouldNotContain("token-4711");
    }

    [Fact]
    public async Task A_waybill_without_a_picture_is_a_label_all_the_same() =>
        (await Do(new LabelEffect.Buy(Parcel), (200, Made), (500, ""))).Result.Learned!.Single().Signal.ShouldBeOfType<LabelSignal.Issued>().Label.Document.ShouldBeNull();

    [Theory]
    [InlineData(500, "", "Unsure")]
    [InlineData(401, "", "NotConnected")]
    [InlineData(429, "", "TryLater")]
    [InlineData(200, "?", "Unsure")]
    [InlineData(200, """{"success":false,"rmk":"ClientWarehouse matching query does not exist.","packages":[]}""", "Refused")]
    [InlineData(200, """{"success":false,"packages":[{"status":"Fail","waybill":"","remarks":["Pincode is not serviceable"]}]}""", "Refused")]
    [InlineData(200, """{"success":false,"packages":[{"status":"Fail","waybill":"","remarks":["Duplicate order id"]}]}""", "Unsure")]
    public async Task What_an_answer_to_a_purchase_means(int status, string body, string outcome) => (await Do(new LabelEffect.Buy(Parcel), (status, body))).Result.Outcome.GetType().Name.ShouldBe(outcome);

    [Theory]
    [InlineData(200, """{"ShipmentData":[{"Shipment":{"AWB":"2904","ReferenceNo":"aurora.5600000001.1","Status":{"Status":"Manifested"}}}]}""", "AlreadyDone")]
    [InlineData(200, """{"ShipmentData":[{"Shipment":{"AWB":"2904","ReferenceNo":"aurora.5600000001.1","Status":{"Status":"Canceled"}}}]}""", "Refused")]
    [InlineData(200, """{"Success":false,"Error":"No such waybill or Order Id found"}""", "TryLater")]
    [InlineData(200, """{"ShipmentData":[{"Shipment":{"AWB":"2905","ReferenceNo":"other"}}]}""", "Unsure")]
    [InlineData(200, "?", "Unsure")]
    [InlineData(503, "", "Unsure")]
    public async Task A_lost_purchase_is_looked_for_by_its_reference(int status, string body, string outcome)
    {
        var remote = new RemoteScript().Answer(status, body).Answer(200, Slip).Answer(200, "%PDF");
        (await Connector.LookUpAsync(remote.Session("delhivery", Settings), new("k", new LabelEffect.Buy(Parcel), 2), Cancel)).Outcome.GetType().Name.ShouldBe(outcome);
        remote.Requests[0].Line.ShouldBe("GET https://track.delhivery.com/api/v1/packages/json/?ref_ids=aurora.5600000001.1");
    }

    [Theory]
    [InlineData("""{"status":true,"remark":"Shipment has been cancelled."}""", "Done")]
    [InlineData("""{"status":false,"remark":"Package is already cancelled."}""", "AlreadyDone")]
    [InlineData("""{"status":false,"remark":"Package has been picked up."}""", "Refused")]
    [InlineData("?", "Unsure")]
    public async Task What_an_answer_to_a_cancellation_means(string body, string outcome) => (await Do(new LabelEffect.Void("aurora.1.1", "2904"), (200, body))).Result.Outcome.GetType().Name.ShouldBe(outcome);

    [Fact]
    public async Task Pincodes_and_phones_are_checked_before_anybody_is_asked()
    {
        (await Do(new LabelEffect.Buy(Parcel with { To = Parcel.To with { PostalCode = "1100" } }))).Result.Outcome.ShouldBeOfType<Outcome.Refused>().Code.ShouldBe("pincode");
        (await Do(new LabelEffect.Buy(Parcel with { To = Parcel.To with { Phone = "12345" } }))).Result.Outcome.ShouldBeOfType<Outcome.Refused>().Code.ShouldBe("phone");
    }

    [Fact]
    public async Task A_pickup_is_booked_for_the_next_time_that_has_not_passed()
    {
        // 17:30 in India: two o'clock is over.
        var (result, remote) = await Do(new DispatchEffect.Close(List), (200, """{"pickup_id":9001,"incoming_center_name":"BLR"}"""));
        result.Learned!.Single().Signal.ShouldBeOfType<DispatchSignal.Closed>().RemoteId.ShouldBe("9001");
        remote.Requests.Single().Body.ShouldBe("""{"pickup_location":"Aurora BLR","pickup_date":"2026-11-22","pickup_time":"14:00:00","expected_package_count":2}""");
        (await Do(new DispatchEffect.Close(List), (200, """{"success":false,"error":"Pickup request already exists"}"""))).Result.Outcome.ShouldBeOfType<Outcome.Refused>().Why.ShouldContain("already exists");
        (await Connector.LookUpAsync(new RemoteScript().Session("delhivery", Settings), new("k", new DispatchEffect.Close(List), 2), Cancel)).Outcome.ShouldBeOfType<Outcome.Unsure>().Why.ShouldContain("Aurora BLR");
    }

    [Fact]
    public async Task The_way_of_a_parcel_is_told_scan_by_scan()
    {
        var remote = new RemoteScript().Answer(200, Fixture.Text("Delhivery", "track.json"));
        var ways = await Connector.TrackAsync(remote.Session("delhivery", Settings), [new("2904 0000 00001", DateTimeOffset.UnixEpoch), new("1", DateTimeOffset.UnixEpoch)], Cancel);
        remote.Requests.Single().Line.ShouldBe("GET https://track.delhivery.com/api/v1/packages/json/?waybill=2904000000001,1");
        ways.Select(w => (w.Nearness, w.Trouble)).ShouldBe([(Nearness.Troubled, null), (Nearness.Unseen, null)]);
        ways[0].Scans.Cast<ShippingSignal.Scanned>().Select(s => (s.Status, s.At)).ShouldBe(
        [
            (ScanStatus.PickedUp, new DateTimeOffset(2026, 11, 20, 10, 2, 17, TimeSpan.Zero)), (ScanStatus.Unmapped, new(2026, 11, 21, 2, 30, 0, TimeSpan.Zero)),
            (ScanStatus.OutForDelivery, new(2026, 11, 21, 3, 30, 0, TimeSpan.Zero)), (ScanStatus.FailedAttempt, new(2026, 11, 21, 6, 30, 0, TimeSpan.Zero)),
        ]);
    }

    [Theory]
    [InlineData("9", 0, "does not deliver")]
    [InlineData("110009", 100, "collects nothing")]
    public async Task A_place_that_is_not_served_is_said_so(string pincode, int collect, string words)
    {
        await using var hub = await LabelRoundTrip.StartAsync(Connector, Settings, Cancel);
        var parcel = Parcel with { To = Parcel.To with { PostalCode = pincode.PadRight(6, '1') }, Collect = collect == 0 ? null : collect };
        (await Should.ThrowAsync<HttpRequestException>(() => Connector.QuoteAsync(hub.SessionOf("post"), parcel, Cancel))).Message.ShouldContain(words);
    }

    [Fact]
    public Task Lost_answers_buy_each_label_once_and_find_it() => LabelRoundTrip.LoseAnswersAsync<DelhiveryTwin>(Connector, Parcel, Settings, Cancel);

    // The guard above would be worth nothing if the twin sold under one reference only once by itself.
    [Fact]
    public Task The_twin_notices_a_label_bought_twice() => LabelRoundTrip.BuyTwiceAsync<DelhiveryTwin>(Connector, Parcel, Settings, Cancel);

    [Fact]
    public async Task A_parcel_is_followed_and_a_courier_fetches_what_is_listed()
    {
        await using var hub = await LabelRoundTrip.StartAsync(Connector, [.. Settings, ("sandbox_step_ms", "1"), ("sandbox_missed", "0")], Cancel);
        await LabelRoundTrip.FollowAsync<DelhiveryTwin>(hub, Connector, Parcel, Cancel);
        (await Connector.ActAsync(hub.SessionOf("post"), [new("c", new DispatchEffect.Close(List), 1)], Cancel)).Single().Outcome.ShouldBeOfType<Outcome.Done>();
        hub.Sandbox.Twin<DelhiveryTwin>("post").Pickups.ShouldBe(1);
        (await Connector.QuoteAsync(hub.SessionOf("post"), Parcel with { Collect = 100 }, Cancel)).Select(o => (o.Service, o.Cost)).ShouldBe([("Surface", 91.4m), ("Express", 131.4m)]);
        (await Connector.TestAsync(hub.SessionOf("post"), Cancel)).Outcome.ShouldBe(new Outcome.Done());
    }
}
