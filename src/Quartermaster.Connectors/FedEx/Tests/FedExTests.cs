using Quartermaster.Connectors.Tests;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Labels;
using Quartermaster.Core.Shipping;

namespace Quartermaster.Connectors.FedEx.Tests;

public sealed class FedExTests
{
    private const string Token = """{"access_token":"first","expires_in":3599}""";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    internal static readonly Consignment Parcel = SampleParcel.With("FEDEX_GROUND");

    internal static (string, string)[] Settings => [("client_id", "client"), ("client_secret", "secret-4711"), ("account_number", "123456789")];

    private const string Shipped =
        """{"output":{"transactionShipments":[{"masterTrackingNumber":"7949","pieceResponses":[{"trackingNumber":"7949","packageDocuments":[{"contentType":"LABEL","url":"https://fedex/label/7949"}]}],"completedShipmentDetail":{"shipmentRating":{"actualRateType":"PAYOR_ACCOUNT_PACKAGE","shipmentRateDetails":[{"rateType":"PAYOR_LIST_PACKAGE","totalNetCharge":30.1,"currency":"USD"},{"rateType":"PAYOR_ACCOUNT_PACKAGE","totalNetCharge":11.25,"currency":"USD"}]}}}]}}""";

    private static string Error(string code) => $$"""{"transactionId":"t","errors":[{"code":"{{code}}","message":"says no"}]}""";

    private static async Task<(Result Result, RemoteScript Remote)> Do(Effect effect, int status, string body)
    {
        var remote = new RemoteScript().Answer(200, Token).Answer(status, body);
        return ((await new FedExConnector().ActAsync(remote.Session("fedex", Settings), [new Work("k", effect, 1)], Cancel)).Single(), remote);
    }

    [Fact]
    public async Task A_purchase_tells_all_that_the_packer_needs()
    {
        var (result, remote) = await Do(new LabelEffect.Buy(Parcel), 200, Shipped);
        result.Outcome.ShouldBe(new Outcome.Done("7949"));
        result.Learned!.Single().Signal.ShouldBe(new LabelSignal.Issued(Parcel.Reference, new("7949", "fedex", "FEDEX_GROUND", "7949", "https://www.fedex.com/fedextrack/?trknbr=7949", "https://fedex/label/7949", 11.25m, "USD")));
        remote.Requests[0].Line.ShouldBe("POST https://apis.fedex.com/oauth/token");
        remote.Requests[1].Line.ShouldBe("POST https://apis.fedex.com/ship/v1/shipments");
        remote.Requests[1].Body.ShouldContain("""{"customerReferenceType":"CUSTOMER_REFERENCE","value":"aurora.5600000001.1"}""");
        (result.Exchange.Request + result.Exchange.Answer).ShouldNotContain("secret-4711");
    }

    [Theory]
    [InlineData(500, "", "Unsure")]
    [InlineData(400, "RECIPIENT.PHONE.REQUIRED", "Refused")]
    [InlineData(403, "FORBIDDEN.ERROR", "NotConnected")]
    [InlineData(429, "", "TryLater")]
    [InlineData(200, "", "Unsure")]
    public async Task What_an_answer_to_a_purchase_means(int status, string code, string outcome) =>
        (await Do(new LabelEffect.Buy(Parcel), status, Error(code))).Result.Outcome.GetType().Name.ShouldBe(outcome);

    [Fact]
    public void A_purchase_of_unknown_fate_is_a_persons() => new FedExConnector().Manifest.RepeatSafety.ShouldBe(RepeatSafety.None);

    [Theory]
    [InlineData(200, """{"output":{"cancelledShipment":true}}""", "Done")]
    [InlineData(200, """{"output":{"cancelledShipment":false,"message":"gone"}}""", "Refused")]
    [InlineData(200, "?", "Unsure")]
    [InlineData(400, """{"errors":[{"code":"X","message":"no"}]}""", "Refused")]
    public async Task What_an_answer_to_a_cancellation_means(int status, string body, string outcome) =>
        (await Do(new LabelEffect.Void("aurora.1.1", "7949"), status, body)).Result.Outcome.GetType().Name.ShouldBe(outcome);

    [Fact]
    public async Task A_label_nobody_heard_of_goes_to_a_person_with_its_reference()
    {
        var result = (await new FedExConnector().ActAsync(new RemoteScript().Session("fedex", Settings), [new Work("k", new LabelEffect.Void("aurora.1.1", null), 1)], Cancel)).Single();
        result.Outcome.ShouldBeOfType<Outcome.Refused>().Why.ShouldContain("aurora.1.1");
    }

    [Fact]
    public async Task Each_parcel_gets_its_own_answer_and_the_newest_under_its_number()
    {
        var remote = new RemoteScript().Answer(200, Token).Answer(200, Fixture.Text("FedEx", "track.json"));
        var ways = await new FedExConnector().TrackAsync(remote.Session("fedex", Settings), [new("1286 6704 3726", DateTimeOffset.UnixEpoch), new("794953555571", DateTimeOffset.UnixEpoch), new("1", DateTimeOffset.UnixEpoch)], Cancel);
        remote.Requests[1].Body.ShouldContain("\"trackingNumber\":\"128667043726\"");
        ways.Select(w => (w.Nearness, w.Trouble)).ShouldBe([(Nearness.Troubled, null), (Nearness.Unseen, null), (Nearness.Unseen, null)]);
        ways[0].Scans.Cast<ShippingSignal.Scanned>().Select(s => (s.Status, s.Raw, s.Place)).ShouldBe(
        [
            (ScanStatus.PickedUp, "PU Picked up", "AUSTIN"), (ScanStatus.Unmapped, "ZQ Something new", "MEMPHIS"), (ScanStatus.OutForDelivery, "OD On FedEx vehicle for delivery", "SEATTLE"),
            (ScanStatus.FailedAttempt, "DE Delivery exception: Customer not available or business closed", "SEATTLE"),
        ]);
        ((ShippingSignal.Scanned)ways[0].Scans[^1]).At.ShouldBe(new(2026, 11, 21, 18, 15, 0, TimeSpan.Zero));
    }

    [Theory]
    [InlineData(503, "TryLater")]
    [InlineData(200, "Unsure")]
    [InlineData(403, "NotConnected")]
    public async Task A_question_without_an_answer_says_why(int status, string trouble)
    {
        var remote = new RemoteScript().Answer(200, Token).Answer(status, "?");
        (await new FedExConnector().TrackAsync(remote.Session("fedex", Settings), [new("1", DateTimeOffset.UnixEpoch)], Cancel)).Single().Trouble!.GetType().Name.ShouldBe(trouble);
    }

    [Fact]
    public async Task A_number_that_FedEx_cannot_read_costs_the_others_nothing()
    {
        var remote = new RemoteScript().Answer(200, Token).Answer(400, Error("TRACKING.TRACKINGNUMBER.INVALID")).Answer(200, Fixture.Text("FedEx", "track.json")).Answer(400, Error("TRACKING.TRACKINGNUMBER.INVALID"));
        var ways = await new FedExConnector().TrackAsync(remote.Session("fedex", Settings), [new("1286 6704 3726", DateTimeOffset.UnixEpoch), new("bad", DateTimeOffset.UnixEpoch)], Cancel);
        ways[0].Scans.Count.ShouldBe(4);
        ways[1].Trouble.ShouldBeOfType<Outcome.Refused>().Code.ShouldBe("TRACKING.TRACKINGNUMBER.INVALID");
        remote.Requests.Count.ShouldBe(4, "the token, all of them, and each alone");
    }

    [Fact]
    public async Task Prices_are_told_per_service()
    {
        var remote = new RemoteScript().Answer(200, Token).Answer(200, """{"output":{"rateReplyDetails":[{"serviceType":"FEDEX_GROUND","serviceName":"FedEx Ground","customerMessages":[{"message":"may be later"}],"ratedShipmentDetails":[{"rateType":"ACCOUNT","totalNetCharge":11.25,"currency":"USD"}]}]}}""");
        (await new FedExConnector().QuoteAsync(remote.Session("fedex", Settings), Parcel, Cancel)).ShouldBe([new("FEDEX_GROUND", "FedEx Ground", 11.25m, "USD", null, "may be later")]);
    }
}
