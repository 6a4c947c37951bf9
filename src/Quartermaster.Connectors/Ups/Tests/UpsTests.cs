using Quartermaster.Connectors.Shared;
using Quartermaster.Connectors.Tests;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Labels;
using Quartermaster.Core.Shipping;

namespace Quartermaster.Connectors.Ups.Tests;

public sealed class UpsTests
{
    private const string Token = """{"access_token":"first","expires_in":"14399"}""";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    internal static readonly Consignment Parcel = SampleParcel.With("03");

    internal static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    internal static (string, string)[] Settings => [("client_id", "client"), ("client_secret", "secret-4711"), ("account_number", "A1B2C3")];

    private const string Shipped =
        """{"ShipmentResponse":{"ShipmentResults":{"ShipmentCharges":{"TotalCharges":{"CurrencyCode":"USD","MonetaryValue":"12.40"}},"NegotiatedRateCharges":{"TotalCharge":{"CurrencyCode":"USD","MonetaryValue":"9.15"}},"ShipmentIdentificationNumber":"1ZSHIP","PackageResults":{"TrackingNumber":"1Z77"},"LabelURL":"https://www.ups.com/uel/1Z77"}}}""";

    private const string Recovered = """{"LabelRecoveryResponse":{"ShipmentIdentificationNumber":"1ZSHIP","LabelResults":[{"TrackingNumber":"1Z77","LabelImage":{"URL":"https://www.ups.com/uel/1Z77"}}]}}""";

    private static string Error(string code) => $$$"""{"response":{"errors":[{"code":"{{{code}}}","message":"says no"}]}}""";

    // A connector of its own for each test: it keeps its token.
    private static async Task<(Result Result, RemoteScript Remote)> Do(Effect effect, Func<RemoteScript, RemoteScript> answers, params (string, string)[] more)
    {
        var remote = answers(new RemoteScript().Answer(200, Token));
        return ((await new UpsConnector().ActAsync(remote.Session("ups", [.. Settings, .. more]), [new Work("k", effect, 1)], Cancel)).Single(), remote);
    }

    private static Task<(Result Result, RemoteScript Remote)> Buy(int status, string body) => Do(new LabelEffect.Buy(Parcel), r => r.Answer(status, body));

    private static Task<Result> LookUp(int status, string body, params (string, string)[] more) =>
        new UpsConnector().LookUpAsync(new RemoteScript().Answer(200, Token).Answer(status, body).Session("ups", [.. Settings, .. more]), new Work("k", new LabelEffect.Buy(Parcel), 1), Cancel);

    [Fact]
    public async Task A_purchase_tells_all_that_the_packer_needs()
    {
        var (result, remote) = await Buy(200, Shipped);
        result.Outcome.ShouldBe(new Outcome.Done("1ZSHIP"));
        result.Learned!.Single().To.ShouldBe(new StreamId("aurora", "order", "5600000001"));
        result.Learned!.Single().Signal.ShouldBe(new LabelSignal.Issued(Parcel.Reference, new("1ZSHIP", "ups", "03", "1Z77", "https://www.ups.com/track?tracknum=1Z77", "https://www.ups.com/uel/1Z77", 9.15m, "USD")));
        remote.Requests[0].Line.ShouldBe("POST https://onlinetools.ups.com/security/v1/oauth/token");
        remote.Requests[0].Body.ShouldBe("grant_type=client_credentials");
        var asked = remote.Requests[1];
        asked.Line.ShouldBe("POST https://onlinetools.ups.com/api/shipments/v2409/ship");
        asked.Headers["Authorization"].ShouldBe("Bearer first");
        asked.Body.ShouldContain("\"ReferenceNumber\":[{\"Value\":\"aurora.5600000001.1\"}]");
        asked.Body.ShouldContain("\"Weight\":\"1.5\"", customMessage: "640 g are 1.41 lb, and too little is charged again");
        (result.Exchange.Request + result.Exchange.Answer).ShouldNotContain("first");
    }

    [Fact]
    public void A_reference_stands_where_UPS_reads_it()
    {
        var session = new RemoteScript().Session("ups", Settings);
        UpsOutbound.Shipment(session.Settings, Parcel, Now).IndexOf("ReferenceNumber", StringComparison.Ordinal).ShouldBeGreaterThan(UpsOutbound.Shipment(session.Settings, Parcel, Now).IndexOf("\"Package\":", StringComparison.Ordinal));
        var german = Parcel with { From = Parcel.From with { Country = "DE" }, To = Parcel.To with { Country = "FR" } };
        var text = UpsOutbound.Shipment(session.Settings, german, Now);
        text.IndexOf("ReferenceNumber", StringComparison.Ordinal).ShouldBeLessThan(text.IndexOf("\"Package\":", StringComparison.Ordinal));
        text.ShouldContain("\"Code\":\"KGS\"");
    }

    [Fact]
    public void Goods_that_cross_a_customs_border_are_declared_on_an_invoice()
    {
        var text = UpsOutbound.Shipment(new RemoteScript().Session("ups", Settings).Settings, SampleParcel.AcrossCustoms("11"), Now);
        text.ShouldContain("""{"Description":["Assam tea 250 g"],"Unit":{"Number":"2","UnitOfMeasurement":{"Code":"PCS"},"Value":"12.50"},"CommodityCode":"09023000","PartNumber":"TEA-250","OriginCountryCode":"IN"}""");
        text.ShouldContain("\"InvoiceDate\":\"20261122\"");
        text.ShouldContain("\"InvoiceLineTotal\":{\"CurrencyCode\":\"USD\",\"MonetaryValue\":\"25\"}");
        text.ShouldContain("\"AttentionName\":\"Asha Rao\"", customMessage: "customs wants the name of a person");
        UpsOutbound.Shipment(new RemoteScript().Session("ups", Settings).Settings, Parcel, Now).ShouldNotContain("InternationalForms");
    }

    [Fact]
    public void What_customs_would_ask_for_in_vain_is_named()
    {
        var whole = SampleParcel.AcrossCustoms("11");
        LabelAnswers.NotSold("UPS", whole, declares: true).ShouldBeNull();
        LabelAnswers.NotSold("UPS", whole)!.Outcome.ShouldBeOfType<Outcome.Refused>("a connection that writes no declaration sells none");
        LabelAnswers.NotSold("UPS", whole with { Items = [whole.Items[0] with { Origin = null, Grams = 0 }] }, declares: true)!.Outcome.ShouldBeOfType<Outcome.Refused>().Why.ShouldContain("TEA-250 (country of origin, weight)");
        LabelAnswers.NotSold("UPS", whole with { Items = [whole.Items[0] with { UnitValue = 0m }] }, declares: true)!.Outcome.ShouldBeOfType<Outcome.Refused>().Why.ShouldContain("TEA-250 (value). Say it on the page of the SKU");
        LabelAnswers.NotSold("UPS", whole with { From = whole.From with { Country = "DE" }, To = whole.To with { Country = "FR" }, Items = Parcel.Items }, declares: true).ShouldBeNull("the union has one customs territory");
    }

    [Theory]
    [InlineData(500, "", "Unsure")]
    [InlineData(400, "120202", "Refused")]
    [InlineData(401, "250002", "NotConnected")]
    [InlineData(403, "250003", "NotConnected")]
    [InlineData(429, "10429", "TryLater")]
    [InlineData(400, "10429", "TryLater")]
    [InlineData(200, "x", "Unsure")]
    public async Task What_an_answer_to_a_purchase_means(int status, string code, string outcome) =>
        (await Do(new LabelEffect.Buy(Parcel), r => status == 401 ? r.Answer(401, Error(code)).Answer(200, Token).Answer(401, Error(code)) : r.Answer(status, Error(code)))).Result.Outcome.GetType().Name.ShouldBe(outcome);

    [Fact]
    public async Task What_customs_or_cash_would_stop_is_not_bought()
    {
        foreach (var (parcel, code) in ((Consignment, string)[])[(Parcel with { Collect = 25m }, "collect_on_delivery"), (Parcel with { To = Parcel.To with { Country = "CA" } }, "customs")])
            (await new UpsConnector().ActAsync(new RemoteScript().Session("ups", Settings), [new Work("k", new LabelEffect.Buy(parcel), 1)], Cancel)).Single().Outcome.ShouldBeOfType<Outcome.Refused>().Code.ShouldBe(code);
    }

    [Fact]
    public async Task A_purchase_that_nobody_heard_of_is_found_by_its_reference_and_a_doubt_stays_one()
    {
        var found = await LookUp(200, Recovered);
        found.Outcome.ShouldBe(new Outcome.AlreadyDone("1ZSHIP"));
        found.Learned!.Single().Signal.ShouldBeOfType<LabelSignal.Issued>().Label.Document.ShouldBe("https://www.ups.com/uel/1Z77");
        (await LookUp(400, Error("300000"))).Outcome.ShouldBeOfType<Outcome.Unsure>("UPS does not publish which code says that there is none");
        (await LookUp(400, Error("300000"), ("absent_codes", "17, 300000"))).Outcome.ShouldBeOfType<Outcome.TryLater>();
        (await LookUp(502, "", ("absent_codes", "502"))).Outcome.ShouldBeOfType<Outcome.Unsure>();
        (await LookUp(200, "{}")).Outcome.ShouldBeOfType<Outcome.Unsure>();
    }

    [Theory]
    [InlineData(200, """{"VoidShipmentResponse":{"SummaryResult":{"Status":{"Code":"1"}}}}""", "Done")]
    [InlineData(200, """{"VoidShipmentResponse":{"SummaryResult":{"Status":{"Code":"0"}}}}""", "Refused")]
    [InlineData(400, """{"response":{"errors":[{"code":"190117","message":"already voided"}]}}""", "AlreadyDone")]
    [InlineData(400, """{"response":{"errors":[{"code":"190116","message":"scanned"}]}}""", "Refused")]
    [InlineData(200, "?", "Unsure")]
    public async Task What_an_answer_to_a_cancellation_means(int status, string body, string outcome) =>
        (await Do(new LabelEffect.Void("r", "1ZSHIP"), r => r.Answer(status, body))).Result.Outcome.GetType().Name.ShouldBe(outcome);

    [Fact]
    public async Task A_label_nobody_heard_of_is_taken_back_by_its_reference()
    {
        var (result, remote) = await Do(new LabelEffect.Void("aurora.1.1", null), r => r.Answer(200, Recovered).Answer(200, """{"VoidShipmentResponse":{"SummaryResult":{"Status":{"Code":"1"}}}}"""));
        result.Outcome.ShouldBe(new Outcome.Done());
        remote.Requests.Skip(1).Select(r => r.Line).ShouldBe(["POST https://onlinetools.ups.com/api/labels/v1/recovery", "DELETE https://onlinetools.ups.com/api/shipments/v2409/void/cancel/1ZSHIP"]);
        (await Do(new LabelEffect.Void("aurora.1.1", null), r => r.Answer(400, Error("9")), ("absent_codes", "9"))).Result.Outcome.ShouldBe(new Outcome.Done(), "there is none");
    }

    [Fact]
    public async Task The_way_of_a_parcel_is_told_scan_by_scan()
    {
        var remote = new RemoteScript().Answer(200, Token).Answer(200, Fixture.Text("Ups", "track.json"));
        var at = (await new UpsConnector().TrackAsync(remote.Session("ups", Settings), [new("1Z 1442 YY72 2901 4688", DateTimeOffset.UnixEpoch)], Cancel)).Single();
        remote.Requests[1].Line.ShouldBe("GET https://onlinetools.ups.com/api/track/v1/details/1Z1442YY7229014688");
        remote.Requests[1].Headers["transId"].ShouldNotBeEmpty();
        at.Nearness.ShouldBe(Nearness.AtTheDoor);
        at.Scans.Cast<ShippingSignal.Scanned>().Select(s => (s.Status, s.Raw, s.At, s.Place)).ShouldBe(
        [
            (ScanStatus.Unmapped, "777 Something new", new(2026, 11, 20, 23, 15, 0, TimeSpan.Zero), "SECAUCUS"),
            (ScanStatus.InTransit, "005 Departed from Facility", new(2026, 11, 21, 8, 15, 0, TimeSpan.Zero), "SECAUCUS"),
            (ScanStatus.OutForDelivery, "021 Out for Delivery", new(2026, 11, 21, 12, 13, 56, TimeSpan.Zero), "PARAMUS"),
        ]);
    }

    [Theory]
    [InlineData(404, "TV1002", null)]
    [InlineData(503, "", "TryLater")]
    [InlineData(400, "TV0001", "Refused")]
    [InlineData(200, "?", "Unsure")]
    public async Task A_question_without_an_answer_says_why(int status, string code, string? trouble)
    {
        var remote = new RemoteScript().Answer(200, Token).Answer(status, code == "?" ? "?" : Error(code));
        var at = (await new UpsConnector().TrackAsync(remote.Session("ups", Settings), [new("1Z1", DateTimeOffset.UnixEpoch)], Cancel)).Single();
        (at.Trouble?.GetType().Name, at.Nearness).ShouldBe((trouble, Nearness.Unseen));
    }

    [Fact]
    public async Task Prices_are_the_accounts_own_where_it_has_some()
    {
        var remote = new RemoteScript().Answer(200, Token).Answer(200, """{"RateResponse":{"RatedShipment":[{"Service":{"Code":"03"},"TotalCharges":{"CurrencyCode":"USD","MonetaryValue":"12.40"},"NegotiatedRateCharges":{"TotalCharge":{"CurrencyCode":"USD","MonetaryValue":"9.15"}},"GuaranteedDelivery":{"BusinessDaysInTransit":"3"},"RatedShipmentAlert":{"Code":"1","Description":"Your invoice may vary"}},{"Service":{"Code":"99"},"TotalCharges":{"CurrencyCode":"USD","MonetaryValue":"40.00"}}]}}""");
        (await new UpsConnector().QuoteAsync(remote.Session("ups", Settings), Parcel, Cancel)).ShouldBe([new("03", "UPS Ground", 9.15m, "USD", 3, "Your invoice may vary"), new("99", "UPS service 99", 40m, "USD", null, null)]);
    }

    [Theory]
    [InlineData(200, "{}", "Done")]
    [InlineData(404, "TV1002", "Done")]
    [InlineData(403, "250003", "NotConnected")]
    public async Task The_test_button_proves_the_credentials(int status, string code, string outcome) =>
        (await new UpsConnector().TestAsync(new RemoteScript().Answer(200, Token).Answer(status, code == "{}" ? code : Error(code)).Session("ups", Settings), Cancel)).Outcome.GetType().Name.ShouldBe(outcome);

    [Fact]
    public void Damage_is_told_beside_the_place()
    {
        UpsStatus.SaysDamaged("059").ShouldBeTrue();
        UpsStatus.Of(null, "X").ShouldBe(ScanStatus.Exception);
        UpsStatus.Of(null, "QQ").ShouldBe(ScanStatus.Unmapped);
    }
}
