using System.Text;
using Quartermaster.Connectors.Tests;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Labels;
using Quartermaster.Core.Shipping;

namespace Quartermaster.Connectors.Sendcloud.Tests;

public sealed class SendcloudTests
{
    internal const string Token = "aurora-token-77";
    private static readonly SendcloudConnector Connector = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    internal static readonly Consignment Parcel = new("aurora.5600000001.1", "5600000001", "#1001", "postnl:standard",
        new("Aurora Dispatch", "Aurora BV", "Stadhuisplein 10", null, "Eindhoven", null, "5611 EM", "NL", "+31612345678", "dispatch@aurora.example"),
        new("Jan Jansen", null, "Insulindelaan 115", "3. OG", "Eindhoven", "NB", "5642 CV", "NL", "+31687654321", "jan@example.com"),
        1320, new(30, 20, 10), [new("TEA-250", "Assam tea 250 g", 2, 12.50m, 260)], null, "EUR");

    internal static (string, string)[] Settings => [("public_key", "pub"), ("secret_key", "sec-4711"), ("webhook_token", Token), ("contract_id", "517")];

    private static Session Session(RemoteScript? remote = null) => (remote ?? new()).Session("post", Settings);

    private static Work Buy(Consignment? parcel = null) => new("order/5600000001/label/1", new LabelEffect.Buy(parcel ?? Parcel), 1);

    private static string Shipment(string code = "READY_TO_SEND", string tracking = "3SYZXG8498635", string errors = "[]", string reference = "aurora.5600000001.1") =>
        $$"""{"id":"uuid-9","external_reference_id":"{{reference}}","carrier":{"code":"postnl"},"errors":{{errors}},"parcels":[{"id":9,"status":{"code":"{{code}}","message":"m"},"tracking_number":"{{tracking}}","tracking_url":"https://track/9","documents":[{"type":"label","size":"a6","link":"https://panel/9/label"}]}]}""";

    private static string One(string shipment) => $$"""{"data":{{shipment}}}""";

    private static string Error(string code, string? pointer = null) => $$$"""{"errors":[{"status":"400","code":"{{{code}}}","detail":"says no","source":{"pointer":"{{{pointer}}}"}}]}""";

    private static async Task<Result> Do(RemoteScript remote, Effect effect) => (await Connector.ActAsync(Session(remote), [new Work("k", effect, 1)], Cancel)).Single();

    [Fact]
    public async Task A_purchase_tells_all_that_the_packer_needs()
    {
        var remote = new RemoteScript().Answer(201, One(Shipment()));
        var result = (await Connector.ActAsync(Session(remote), [Buy()], Cancel)).Single();
        result.Outcome.ShouldBe(new Outcome.Done("uuid-9"));
        result.Learned!.Single().ShouldBe(new Forwarded(new StreamId("aurora", "order", "5600000001"),
            new LabelSignal.Issued("aurora.5600000001.1", new("uuid-9", "postnl", "postnl:standard", "3SYZXG8498635", "https://track/9", "https://panel/9/label", null, null))));
        var asked = remote.Requests.Single();
        asked.Line.ShouldBe("POST https://panel.sendcloud.sc/api/v3/shipments/announce");
        asked.Headers["Authorization"].ShouldBe("Basic " + Convert.ToBase64String("pub:sec-4711"u8));
        asked.Body.ShouldContain("\"external_reference_id\":\"aurora.5600000001.1\"");
        asked.Body.ShouldContain("\"state_province_code\":\"NL-NB\"");
        asked.Body.ShouldContain("\"value\":\"1.320\"");
    }

    [Theory]
    [InlineData(500, "Unsure")]
    [InlineData(400, "Refused")]
    [InlineData(401, "NotConnected")]
    [InlineData(429, "TryLater")]
    [InlineData(409, "Unsure")]
    public async Task What_an_answer_to_a_purchase_means(int status, string outcome) =>
        (await Do(new RemoteScript().Answer(status, Error("required", "/to_address/name")), Buy().Effect)).Outcome.GetType().Name.ShouldBe(outcome);

    [Fact]
    public async Task A_refusal_names_the_field() =>
        (await Do(new RemoteScript().Answer(400, Error("required", "/to_address/name")), Buy().Effect)).Outcome.ShouldBe(new Outcome.Refused("required", "says no (/to_address/name)"));

    [Fact]
    public async Task The_same_reference_again_brings_the_first_label()
    {
        var result = await Do(new RemoteScript().Answer(409, One(Shipment())), Buy().Effect);
        result.Outcome.ShouldBe(new Outcome.AlreadyDone("uuid-9"));
        result.Learned!.Single().Signal.ShouldBeOfType<LabelSignal.Issued>();
    }

    [Theory]
    [InlineData("CANCELLED", "3S1", "[]", "Refused")]
    [InlineData("CANCELLED_UPSTREAM", "3S1", "[]", "Refused")]
    [InlineData("ANNOUNCING", "", "[]", "Unsure")]
    [InlineData("ANNOUNCEMENT_FAILED", "", """[{"code":"parcel_announcement_error","detail":"No such street."}]""", "Refused")]
    public async Task A_label_that_is_no_label_is_none(string code, string tracking, string errors, string outcome)
    {
        var result = await Do(new RemoteScript().Answer(201, One(Shipment(code, tracking, errors))), Buy().Effect);
        result.Outcome.GetType().Name.ShouldBe(outcome);
        result.Learned.ShouldBeNull();
    }

    [Fact]
    public async Task A_purchase_that_nobody_heard_of_is_found_by_its_reference()
    {
        var remote = new RemoteScript().Answer(200, $$"""{"data":[{{Shipment()}}]}""").Answer(200, """{"data":[]}""").Answer(404, "<html>").Answer(502).Answer(200, "?");
        var found = await Connector.LookUpAsync(Session(remote), Buy(), Cancel);
        found.Outcome.ShouldBe(new Outcome.AlreadyDone("uuid-9"));
        found.Learned!.Single().Signal.ShouldBeOfType<LabelSignal.Issued>();
        remote.Requests[0].Line.ShouldBe("GET https://panel.sendcloud.sc/api/v3/shipments?external_reference_id=aurora.5600000001.1");
        (await Connector.LookUpAsync(Session(remote), Buy(), Cancel)).Outcome.ShouldBeOfType<Outcome.TryLater>("only an empty list says that there is none");
        for (var i = 0; i < 3; i++) (await Connector.LookUpAsync(Session(remote), Buy(), Cancel)).Outcome.ShouldBeOfType<Outcome.Unsure>("a question without an answer is no proof: it would be bought twice");
    }

    [Fact]
    public async Task A_shipment_of_another_reference_is_not_ours()
    {
        var stranger = Shipment(reference: "aurora.5600000002.1");
        var list = $$"""{"data":[{{stranger}}]}""";
        var found = await Connector.LookUpAsync(Session(new RemoteScript().Answer(200, list)), Buy(), Cancel);
        found.Outcome.ShouldBeOfType<Outcome.Unsure>();
        found.Learned.ShouldBeNull("its parcel is somebody else's");
        (await Do(new RemoteScript().Answer(409, One(stranger)), Buy().Effect)).Outcome.ShouldBeOfType<Outcome.Unsure>();

        var taken = new LabelEffect.Void("aurora.5600000001.1", null);
        var remote = new RemoteScript().Answer(200, list);
        (await Do(remote, taken)).Outcome.ShouldBeOfType<Outcome.TryLater>();
        remote.Requests.Count.ShouldBe(1, "nothing is cancelled");
        (await Connector.LookUpAsync(Session(new RemoteScript().Answer(200, list)), new("k", taken, 1), Cancel)).Outcome.ShouldBeOfType<Outcome.Unsure>();
    }

    [Fact]
    public async Task Among_several_ours_is_taken()
    {
        var both = $$"""{"data":[{{Shipment(reference: "aurora.5600000002.1").Replace("uuid-9", "uuid-8", StringComparison.Ordinal)}},{{Shipment()}}]}""";
        (await Connector.LookUpAsync(Session(new RemoteScript().Answer(200, both)), Buy(), Cancel)).Outcome.ShouldBe(new Outcome.AlreadyDone("uuid-9"));
        var remote = new RemoteScript().Answer(200, both).Answer(200, """{"data":{"status":"cancelled"}}""");
        (await Do(remote, new LabelEffect.Void("aurora.5600000001.1", null))).Outcome.ShouldBeOfType<Outcome.Done>();
        remote.Requests[1].Line.ShouldEndWith("/shipments/uuid-9/cancel");
    }

    [Fact]
    public async Task A_label_that_would_collect_nothing_is_not_bought() =>
        (await Do(new RemoteScript(), Buy(Parcel with { Collect = 20m }).Effect)).Outcome.ShouldBeOfType<Outcome.Refused>().Code.ShouldBe("collect_on_delivery");

    [Fact]
    public async Task A_cancellation_is_done_queued_or_refused()
    {
        var taken = new LabelEffect.Void("r", "uuid-9");
        (await Do(new RemoteScript().Answer(200, """{"data":{"status":"cancelled","message":"m"}}"""), taken)).Outcome.ShouldBeOfType<Outcome.Done>();
        (await Do(new RemoteScript().Answer(202, """{"data":{"status":"queued","message":"m"}}"""), taken)).Outcome.ShouldBeOfType<Outcome.Done>();
        (await Do(new RemoteScript().Answer(409, Error("invalid")).Answer(200, One(Shipment("CANCELLED"))), taken)).Outcome.ShouldBeOfType<Outcome.AlreadyDone>();
        (await Do(new RemoteScript().Answer(409, Error("invalid")).Answer(200, One(Shipment("DELIVERED"))), taken)).Outcome.ShouldBe(new Outcome.Refused("rejected", "says no"));
        (await Do(new RemoteScript().Answer(409, Error("invalid")).Answer(503), taken)).Outcome.ShouldBeOfType<Outcome.TryLater>();
        (await Do(new RemoteScript().Answer(200, """{"data":[]}"""), new LabelEffect.Void("r", null))).Outcome.ShouldBe(new Outcome.Done(), "there is none");
    }

    [Fact]
    public void A_scan_goes_to_its_parcel()
    {
        var body = Fixture.Bytes("Sendcloud", "event.json");
        var knock = Connector.Receive(Session(), new Delivery("POST", "", "", name => name == "Authorization" ? $"Bearer {Token}" : null, body, DateTimeOffset.UnixEpoch)).ShouldBeOfType<Knock.Take>();
        knock.Stream.ShouldBe(new StreamId("aurora", "parcel", "3SYZXG132912330"));
        var read = Connector.Read(Session(), knock.Topic, body, DateTimeOffset.UnixEpoch).Signals.Single();
        read.ShouldBe(new Forwarded(knock.Stream, new ShippingSignal.Scanned("dpd", "3SYZXG132912330", ScanStatus.InTransit, "in_transit", new(2026, 1, 15, 10, 30, 0, TimeSpan.Zero), "Eindhoven")));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer aurora-token-78")]
    [InlineData("aurora-token-77")]
    public void A_scan_without_our_token_is_refused(string? given) =>
        Connector.Receive(Session(), new Delivery("POST", "", "", name => name == "Authorization" ? given : null, Fixture.Bytes("Sendcloud", "event.json"), DateTimeOffset.UnixEpoch)).ShouldBeOfType<Knock.Refused>();

    [Theory]
    [InlineData("delivered", "none", ScanStatus.Delivered)]
    [InlineData("delivered", "damaged", ScanStatus.Delivered)]
    [InlineData("delivered", "returned_sender", ScanStatus.ReturnedToOrigin)]
    [InlineData("in_transit", "damaged", ScanStatus.Exception)]
    [InlineData("in_transit", "delivery_delay", ScanStatus.InTransit)]
    [InlineData("pup", "none", ScanStatus.InTransit)]
    [InlineData("attempted", "none", ScanStatus.FailedAttempt)]
    [InlineData("teleported", "none", ScanStatus.Unmapped)]
    [InlineData("in_transit", "eaten", ScanStatus.Unmapped)]
    [InlineData("ready_to_send", "none", null)]
    [InlineData("in_transit", "cancelling", null)]
    public void A_phase_and_its_exception_mean_one_thing_or_are_not_known(string phase, string exception, ScanStatus? status) => SendcloudStatus.Of(phase, exception).ShouldBe(status);

    [Theory]
    [InlineData("nonsense", "sendcloud.bad_json")]
    [InlineData("{}", "sendcloud.missing_field")]
    [InlineData("""{"data":{"parcel":{"tracking_number":"1"},"event":{"phase":"sorted"}}}""", "sendcloud.missing_field")]
    public void What_cannot_be_understood_says_what_is_wrong(string body, string kind) =>
        Should.Throw<NotUnderstoodException>(() => Connector.Read(Session(), "", Encoding.UTF8.GetBytes(body), DateTimeOffset.UnixEpoch)).CaseKind.ShouldBe(kind);

    [Fact]
    public async Task Scans_are_subscribed_to_with_our_token()
    {
        var here = new Uri("https://hub.example/webhooks/post");
        var remote = new RemoteScript().Answer(200, """{"data":[]}""").Answer(201, """{"data":{"id":7}}""").Answer(200, """{"data":[]}""").Answer(201, """{"data":{"id":1}}""")
            .Answer(200, """{"data":[{"id":7,"configuration":{"url":"https://hub.example/webhooks/post"}}]}""").Answer(200, """{"data":[{"connection_id":7,"event_type":"parcels.event.created","is_active":true}]}""");
        (await Connector.MendSubscriptionsAsync(Session(remote), here, Cancel)).Single().What.ShouldContain("was made");
        remote.Requests[3].Body.ShouldBe("""{"connection_id":7,"event_type":"parcels.event.created","is_active":true}""");
        (await Connector.MendSubscriptionsAsync(Session(remote), here, Cancel)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_way_that_was_not_told_is_found_by_its_number()
    {
        var remote = new RemoteScript().Answer(200, """{"events":[{"event_at":"2026-11-20T09:00:00Z","event_type":"carrier","status_code":"accepted","sub_status_code":"none"},{"event_at":"2026-11-20T12:00:00Z","event_type":"internal","status_code":"delivered"},{"event_at":"2026-11-21T09:00:00Z","event_type":"carrier","status_code":"in_transit","sub_status_code":"damaged"},{"event_at":"2026-11-21T10:00:00Z","event_type":"calculated","status_code":"off_radar","sub_status_code":"none"},{"event_at":"2026-11-21T11:00:00Z","event_type":"carrier","status_code":"on_the_moon"}]}""")
            .Answer(404, """{"detail":"Parcel does not exist"}""").Answer(401);
        var found = await TrackAsync(remote);
        remote.Requests.Single().Line.ShouldBe("GET https://panel.sendcloud.sc/api/v3/parcels/tracking/3SYZ1");
        found.Nearness.ShouldBe(Nearness.Troubled);
        found.Scans.Cast<ShippingSignal.Scanned>().Select(s => (s.Status, s.Raw, s.Damaged)).ShouldBe([(ScanStatus.PickedUp, "accepted", false), (ScanStatus.Exception, "in_transit, damaged", true), (ScanStatus.Exception, "off_radar", false), (ScanStatus.Unmapped, "on_the_moon", false)]);
        (await TrackAsync(remote)).ShouldSatisfyAllConditions(w => w.Nearness.ShouldBe(Nearness.Unseen), w => w.Trouble.ShouldBeNull());
        (await TrackAsync(remote)).Trouble.ShouldBeOfType<Outcome.NotConnected>();
    }

    private static async Task<Whereabouts> TrackAsync(RemoteScript remote) => (await Connector.TrackAsync(Session(remote), [new("3SYZ 1", DateTimeOffset.UnixEpoch)], Cancel)).Single();
}
