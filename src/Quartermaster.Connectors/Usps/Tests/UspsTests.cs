using Quartermaster.Connectors.Tests;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Shipping;
using Quartermaster.Sandbox.Twins;

namespace Quartermaster.Connectors.Usps.Tests;

public sealed class UspsTests
{
    private const string Token = """{"access_token":"first","expires_in":28799}""";
    private static readonly UspsConnector Connector = new();
    private static readonly Consignment Parcel = SampleParcel.With("");
    private static readonly ParcelToFind[] One = [new("9400 1091 0425 0532 9085 87", DateTimeOffset.UnixEpoch)];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static (string, string)[] Settings => [("client_id", "client"), ("client_secret", "secret-4711")];

    [Fact]
    public async Task The_way_of_a_parcel_is_told_scan_by_scan()
    {
        var remote = new RemoteScript().Answer(200, Token).Answer(200, Fixture.Text("Usps", "track.json"));
        var at = (await new UspsConnector().TrackAsync(remote.Session("usps", Settings), One, Cancel)).Single();
        remote.Requests.Select(r => r.Line).ShouldBe(["POST https://apis.usps.com/oauth2/v3/token", "GET https://apis.usps.com/tracking/v3/tracking/9400109104250532908587?expand=DETAIL"]);
        at.Nearness.ShouldBe(Nearness.Over);
        var scans = at.Scans.Cast<ShippingSignal.Scanned>().ToList();
        scans[0].ShouldBe(new("usps", One[0].Tracking, ScanStatus.PickedUp, "03 USPS in possession of item", new(2024, 11, 18, 16, 10, 31, TimeSpan.Zero), "JAMAICA"));
        scans[^1].ShouldBe(new("usps", One[0].Tracking, ScanStatus.Delivered, "01 Delivered, Parcel Locker", new(2024, 11, 22, 18, 58, 40, TimeSpan.Zero), "HERNANDO"));
        scans.ShouldNotContain(s => s.Status == ScanStatus.Unmapped);
    }

    [Theory]
    [InlineData("01", "Delivered, To Original Sender", ScanStatus.ReturnedToOrigin)]
    [InlineData("5X", "Notice Left (Business Closed)", ScanStatus.FailedAttempt)]
    [InlineData(null, "Arrived at USPS Facility", ScanStatus.InTransit)]
    [InlineData("5Y", "A new word", ScanStatus.Unmapped)]
    public void A_code_that_is_not_known_is_read_by_its_words_or_goes_to_a_person(string? code, string text, ScanStatus status) => UspsStatus.Of(code, text).ShouldBe(status);

    [Theory]
    [InlineData(404, null)]
    [InlineData(503, "TryLater")]
    [InlineData(400, "Refused")]
    [InlineData(200, "Unsure")]
    public async Task A_question_without_an_answer_says_why(int status, string? trouble) =>
        (await new UspsConnector().TrackAsync(new RemoteScript().Answer(200, Token).Answer(status, """[]""").Session("usps", Settings), One, Cancel)).Single().Trouble?.GetType().Name.ShouldBe(trouble);

    [Fact]
    public async Task Prices_are_told_within_the_country_and_begin_with_the_lowest()
    {
        var remote = new RemoteScript().Answer(200, Token).Answer(200, """{"rateOptions":[{"totalBasePrice":9.9,"rates":[{"mailClass":"PRIORITY_MAIL","description":"Priority Mail Machinable"}]},{"totalBasePrice":5.25,"rates":[{"mailClass":"USPS_GROUND_ADVANTAGE","description":"Ground Advantage Machinable"}]}]}""");
        (await new UspsConnector().QuoteAsync(remote.Session("usps", Settings), Parcel, Cancel)).Select(o => (o.Service, o.Carrier, o.Cost)).ShouldBe([("USPS_GROUND_ADVANTAGE", "USPS Ground Advantage Machinable", 5.25m), ("PRIORITY_MAIL", "USPS Priority Mail Machinable", 9.9m)]);
        await Should.ThrowAsync<HttpRequestException>(() => Connector.QuoteAsync(remote.Session("usps", Settings), Parcel with { To = Parcel.To with { Country = "CA" } }, Cancel));
    }

    [Fact]
    public void A_question_about_prices_is_what_the_contract_allows() =>
        OpenApiContract.Require("usps/domestic-prices.yaml").Request("post", "/base-rates-list/search", UspsOutbound.Prices(new RemoteScript().Session("usps", Settings), Parcel)).ShouldBeEmpty();

    [Fact]
    public async Task A_parcel_is_asked_for_until_it_is_over()
    {
        await using var hub = await LabelRoundTrip.StartAsync(Connector, [.. Settings, ("sandbox_step_ms", "1"), ("sandbox_missed", "0")], Cancel);
        await LabelRoundTrip.FollowAsync<UspsTwin>(hub, Connector, "9400111298370264401222", "USPS Ground Advantage", Cancel);
        (await Connector.QuoteAsync(hub.SessionOf("post"), Parcel, Cancel)).Count.ShouldBe(3);
    }
}
