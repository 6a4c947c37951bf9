using Quartermaster.Connectors.Tests;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.FedEx.Tests;

/// <summary>Our requests and our table of statuses against FedEx's published files.</summary>
public sealed class FedExContractTests
{
    private static OpenApiContract Ship => OpenApiContract.Require("fedex/ship-api.json");

    private static Session Session => new RemoteScript().Session("fedex", FedExTests.Settings);

    [Fact]
    public void A_purchase_is_what_the_contract_allows() => Ship.Request("post", "/ship/v1/shipments", FedExOutbound.Shipment(Session, FedExTests.Parcel)).ShouldBeEmpty();

    [Fact]
    public void A_purchase_with_a_declaration_is_what_the_contract_allows()
    {
        var body = FedExOutbound.Shipment(Session, SampleParcel.AcrossCustoms("INTERNATIONAL_PRIORITY"));
        Ship.Request("post", "/ship/v1/shipments", body).ShouldBeEmpty();
        body.ShouldContain("\"harmonizedCode\":\"09023000\"");
        body.ShouldContain("\"totalCustomsValue\":{\"amount\":25.00,\"currency\":\"USD\"}");
        body.ShouldNotContain("\"LB\"", customMessage: "goods are declared in kilograms, and FedEx wants one unit for all");
    }

    [Theory]
    [InlineData("GBP", "UKL")]
    [InlineData("JPY", "JYE")]
    [InlineData("EUR", "EUR")]
    public void A_declaration_calls_currencies_what_FedEx_calls_them(string iso, string name)
    {
        FedExOutbound.Shipment(Session, SampleParcel.AcrossCustoms("INTERNATIONAL_PRIORITY") with { Currency = iso }).ShouldContain($"\"totalCustomsValue\":{{\"amount\":25.00,\"currency\":\"{name}\"}}");
        FedExCurrency.Iso(name).ShouldBe(iso);
    }

    [Fact]
    public void A_cancellation_is_what_the_contract_allows() => Ship.Request("put", "/ship/v1/shipments/cancel", FedExOutbound.Cancellation(Session.Settings, "7949")).ShouldBeEmpty();

    [Fact]
    public void A_question_about_prices_is_what_the_contract_allows() =>
        OpenApiContract.Require("fedex/rate-api.json").Request("post", "/rate/v1/rates/quotes", FedExOutbound.Prices(Session.Settings, FedExTests.Parcel)).ShouldBeEmpty();

    [Fact]
    public void A_question_for_parcels_is_what_the_contract_allows() =>
        OpenApiContract.Require("fedex/track.json").Request("post", "/track/v1/trackingnumbers", FedExOutbound.Question(["7949"])).ShouldBeEmpty();

    // Proves that the checker looks inside.
    [Theory]
    [InlineData("\"pickupType\"", "\"pickup\"")]
    [InlineData("\"imageType\":\"PDF\"", "\"imageType\":\"GIF\"")]
    [InlineData("\"units\":\"LB\"", "\"units\":\"STONE\"")]
    public void The_contract_would_refuse_a_wrong_body(string right, string wrong) =>
        Ship.Request("post", "/ship/v1/shipments", FedExOutbound.Shipment(Session, FedExTests.Parcel).Replace(right, wrong, StringComparison.Ordinal)).ShouldNotBeEmpty();

    [Fact]
    public void The_sample_of_a_way_is_read()
    {
        var body = File.ReadAllBytes(ContractFolder.Require("fedex/samples/tracking_response.json"));
        var answer = new Shared.Answer(200, body, null, null, Exchange.None);
        // Vendor and documentation put an error beside the scans of one sample; a real answer has either.
        FedExInbound.Ways(answer, [new("123456789012", DateTimeOffset.UnixEpoch)], DateTimeOffset.UnixEpoch).Single().Trouble.ShouldBeOfType<Outcome.Refused>().Code.ShouldBe("TRACKING.TRACKINGNUMBER.EMPTY");
    }
}
