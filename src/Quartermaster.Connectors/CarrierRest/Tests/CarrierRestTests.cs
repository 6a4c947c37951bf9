using System.Text;
using Quartermaster.Connectors.Shared;
using Quartermaster.Connectors.Tests;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Shipping;

namespace Quartermaster.Connectors.CarrierRest.Tests;

public sealed class CarrierRestTests
{
    private const string Secret = "callback-secret";
    private static readonly DateTimeOffset Received = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly CarrierRestConnector Connector = new();

    private static Session Session(RemoteScript? remote = null) =>
        (remote ?? new()).Session("carrier", ("base_url", "https://carrier.example"), ("callback_secret", Secret));

    private static Knock Knock(byte[] body, string? signature) => Connector.Receive(Session(), new Delivery(
        "POST", "", "", name => name == "X-Webhook-Hmac-Sha256" ? signature : null, body, Received));

    private static ShippingSignal.Scanned Read(byte[] body)
    {
        var forwarded = Connector.Read(Session(), "", body, Received).Signals.ShouldHaveSingleItem();
        forwarded.To.ShouldBe(new StreamId("aurora", "order", "5600000000001"));
        return forwarded.Signal.ShouldBeOfType<ShippingSignal.Scanned>();
    }

    [Fact]
    public void A_scan_finds_its_order_by_a_shallow_look()
    {
        var body = Fixture.Bytes("CarrierRest", "delivered.json");
        Knock(body, HmacSignature.Base64(Secret, body)).ShouldBe(
            new Knock.Take("delivered", "SB000123456789-3", null, new StreamId("aurora", "order", "5600000000001")));
    }

    [Fact]
    public void A_tampered_body_and_a_foreign_key_are_refused()
    {
        var body = Fixture.Bytes("CarrierRest", "delivered.json");
        var tampered = body.ToArray();
        tampered[^5] ^= 1;
        Knock(tampered, HmacSignature.Base64(Secret, body)).ShouldBeOfType<Knock.Refused>();
        Knock(body, HmacSignature.Base64("foreign", body)).ShouldBeOfType<Knock.Refused>();
        Knock(body, null).ShouldBeOfType<Knock.Refused>();
    }

    [Fact]
    public void A_delivery_is_read_in_utc_with_its_place() => Read(Fixture.Bytes("CarrierRest", "delivered.json")).ShouldBe(
        new("BlueDart", "SB000123456789", ScanStatus.Delivered, "delivered", new(2026, 11, 22, 5, 35, 0, TimeSpan.Zero), "Bengaluru"));

    [Fact]
    public void A_scan_without_a_time_happened_when_it_arrived() => Read(Fixture.Bytes("CarrierRest", "minimal.json")).At.ShouldBe(Received);

    [Fact]
    public void An_unknown_type_goes_to_a_person_as_it_came()
    {
        var scan = Read(Fixture.Bytes("CarrierRest", "unknown_code.json"));
        scan.Status.ShouldBe(ScanStatus.Unmapped);
        scan.Raw.ShouldBe("held_by_customs (ZX-7)");
    }

    [Theory]
    [InlineData("picked_up", ScanStatus.PickedUp)]
    [InlineData("in_transit", ScanStatus.InTransit)]
    [InlineData("out_for_delivery", ScanStatus.OutForDelivery)]
    [InlineData("delivered", ScanStatus.Delivered)]
    [InlineData("failed_attempt", ScanStatus.FailedAttempt)]
    [InlineData("exception", ScanStatus.Exception)]
    [InlineData("held_at_customs", ScanStatus.HeldAtCustoms)]
    [InlineData("returned_to_origin", ScanStatus.ReturnedToOrigin)]
    [InlineData("Delivered", ScanStatus.Unmapped)]
    [InlineData("nearly_there", ScanStatus.Unmapped)]
    public void A_type_means_one_thing_or_is_not_known(string type, ScanStatus status) => Read(Encoding.UTF8.GetBytes(
        $$"""{"type":"{{type}}","order_ref":5600000000001,"carrier":"C","tracking_number":123}""")).Status.ShouldBe(status);

    [Theory]
    [InlineData("nonsense", "carrier-rest.bad_json", "$")]
    [InlineData("null", "carrier-rest.bad_json", "null")]
    [InlineData("""{"type":"delivered","carrier":"C","tracking_number":"T"}""", "carrier-rest.missing_field", "order_ref")]
    [InlineData("""{"order_ref":"1","carrier":"C","tracking_number":"T"}""", "carrier-rest.missing_field", "type")]
    [InlineData("""{"type":"delivered","order_ref":"1","carrier":"C"}""", "carrier-rest.missing_field", "tracking_number")]
    [InlineData("""{"type":"delivered","order_ref":"1","carrier":"C","tracking_number":"T","at":"noon"}""", "carrier-rest.bad_json", "at")]
    public void What_cannot_be_understood_says_what_is_wrong(string body, string kind, string says)
    {
        var problem = Should.Throw<NotUnderstoodException>(() => Connector.Read(Session(), "", Encoding.UTF8.GetBytes(body), Received));
        problem.CaseKind.ShouldBe(kind);
        problem.Message.ShouldContain(says);
    }

    [Theory]
    [InlineData(200, "{}", "Done")]
    [InlineData(404, """{"error":{"code":"unknown_tracking_number"}}""", "Done")]
    [InlineData(404, "<html>", "Refused")]
    [InlineData(401, "", "NotConnected")]
    [InlineData(500, "", "TryLater")]
    public async Task What_the_test_button_learns(int status, string body, string outcome)
    {
        var remote = new RemoteScript().Answer(status, body);
        (await Connector.TestAsync(Session(remote), TestContext.Current.CancellationToken)).Outcome.GetType().Name.ShouldBe(outcome);
        remote.Requests.ShouldHaveSingleItem().Line.ShouldBe("GET https://carrier.example/tracking/CONNECTION-TEST");
    }
}
