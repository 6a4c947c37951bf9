using System.Text;
using System.Text.RegularExpressions;
using Quartermaster.Connectors.Tests;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Shipping;
using Quartermaster.Sandbox.Twins;

namespace Quartermaster.Connectors.Ups.Tests;

/// <summary>Our requests, our table of statuses and our twin's answers against UPS's published files.</summary>
public sealed partial class UpsContractTests
{
    private static OpenApiContract Shipping => OpenApiContract.Require("ups/Shipping.yaml");

    private static OpenApiContract Rating => OpenApiContract.Require("ups/Rating.yaml");

    private static Session Session => new RemoteScript().Session("ups", UpsTests.Settings);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("US")]
    [InlineData("DE")]
    public void A_purchase_is_what_the_contract_allows(string country)
    {
        var parcel = UpsTests.Parcel with { From = UpsTests.Parcel.From with { Country = country }, To = UpsTests.Parcel.To with { Country = country } };
        Shipping.Request("post", "/shipments/{version}/ship", UpsOutbound.Shipment(Session.Settings, parcel, UpsTests.Now)).ShouldBeEmpty();
    }

    [Fact]
    public void A_purchase_with_a_declaration_is_what_the_contract_allows() => Shipping.Request("post", "/shipments/{version}/ship", UpsOutbound.Shipment(Session.Settings, SampleParcel.AcrossCustoms("11"), UpsTests.Now)).ShouldBeEmpty();

    [Fact]
    public void A_question_about_prices_is_what_the_contract_allows() => Rating.Request("post", "/rating/{version}/{requestoption}", UpsOutbound.Prices(Session.Settings, UpsTests.Parcel)).ShouldBeEmpty();

    [Fact]
    public void A_look_up_is_what_the_contract_allows() =>
        Wrong(Shipping.Request("post", "/labels/{version}/recovery", UpsOutbound.Recovery(Session.Settings, "aurora.1.1"))).ShouldBeEmpty();

    // Proves that the checker looks inside.
    [Theory]
    [InlineData("\"RequestOption\"", "\"Option\"")]
    [InlineData("\"CountryCode\":\"US\"", "\"CountryCode\":\"USA\"")]
    [InlineData("\"Weight\":\"1.5\"", "\"Weight\":1.5")]
    public void The_contract_would_refuse_a_wrong_body(string right, string wrong) =>
        Shipping.Request("post", "/shipments/{version}/ship", UpsOutbound.Shipment(Session.Settings, UpsTests.Parcel, UpsTests.Now).Replace(right, wrong, StringComparison.Ordinal)).ShouldNotBeEmpty();

    [Fact]
    public void Every_status_that_UPS_publishes_is_in_the_table()
    {
        var page = Tag().Replace(File.ReadAllText(ContractFolder.Require("ups/Tracking-status-description-codes.html")), "\n");
        string[] codes = [.. page.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(line => line.All(char.IsAsciiDigit))];
        codes.Length.ShouldBeGreaterThan(150);
        codes.Where(c => UpsStatus.Of(c, null) == ScanStatus.Unmapped).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_twin_answers_as_the_contract_says()
    {
        await using var box = await TwinBox.StartAsync(new UpsConnector(), UpsTests.Settings);
        var http = box.Session.Http;
        var root = box.Session.Settings["base_url"];
        var token = await http.SendAsync(new HttpRequestMessage(HttpMethod.Post, root + "/security/v1/oauth/token")
        {
            Content = new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("client_id", "client"), new("client_secret", "secret-4711")]),
        }, Cancel);
        using var json = System.Text.Json.JsonDocument.Parse(await token.Content.ReadAsStringAsync(Cancel));
        http.DefaultRequestHeaders.Authorization = new("Bearer", json.RootElement.GetProperty("access_token").GetString());
        var sold = await Post("/api/shipments/v2409/ship", UpsOutbound.Shipment(box.Session.Settings, UpsTests.Parcel, UpsTests.Now));
        Shipping.Answer("post", "/shipments/{version}/ship", 200, sold).ShouldBeEmpty();
        Wrong(Shipping.Answer("post", "/labels/{version}/recovery", 200, await Post("/api/labels/v1/recovery", UpsOutbound.Recovery(box.Session.Settings, UpsTests.Parcel.Reference)))).ShouldBeEmpty();
        Rating.Answer("post", "/rating/{version}/{requestoption}", 200, await Post("/api/rating/v2409/Shop", UpsOutbound.Prices(box.Session.Settings, UpsTests.Parcel))).ShouldBeEmpty();
        var number = System.Text.Json.Nodes.JsonNode.Parse(sold)!["ShipmentResponse"]!["ShipmentResults"]!["ShipmentIdentificationNumber"]!.ToString();
        using var where = new HttpRequestMessage(HttpMethod.Get, $"{root}/api/track/v1/details/{number}") { Headers = { { "transId", "1" } } };
        OpenApiContract.Require("ups/Tracking.yaml").Answer("get", "/track/v1/details/{inquiryNumber}", 200, await (await http.SendAsync(where, Cancel)).Content.ReadAsStringAsync(Cancel)).ShouldBeEmpty();
        var gone = await http.DeleteAsync($"{root}/api/shipments/v2409/void/cancel/{number}", Cancel);
        Shipping.Answer("delete", "/shipments/{version}/void/cancel/{shipmentidentificationnumber}", 200, await gone.Content.ReadAsStringAsync(Cancel)).ShouldBeEmpty();
        box.Twin<UpsTwin>().LeftBehind.ShouldBe(0);

        async Task<string> Post(string path, string body)
        {
            using var answer = await http.PostAsync(root + path, new StringContent(body, Encoding.UTF8, "application/json"), Cancel);
            return await answer.Content.ReadAsStringAsync(Cancel);
        }
    }

    // The contract's own examples of recovery break it in these: formats have three letters, and the number is what a look-up by reference is for.
    private static IEnumerable<string> Wrong(IEnumerable<string> found) => found.Where(w => !w.Contains("LabelImageFormat.Code has 3 characters", StringComparison.Ordinal) && !w.Contains("TrackingNumbers is missing", StringComparison.Ordinal));

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();
}
