using System.Text.Json.Nodes;
using Quartermaster.Connectors.Tests;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Shipping;
using Quartermaster.Sandbox.Twins;

namespace Quartermaster.Connectors.ShipEngine.Tests;

/// <summary>Our requests, our table of statuses and our twin's answers against ShipEngine's published OpenAPI file.</summary>
public sealed class ShipEngineContractTests
{
    private static OpenApiContract Contract => OpenApiContract.Require("shipstation/shipengine-openapi.json");

    private static Session Session => new RemoteScript().Session("post", ShipEngineTests.Settings);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_purchase_is_what_the_contract_allows(bool abroad) =>
        Contract.Request("post", "/v1/labels", ShipEngineOutbound.Label(Session.Settings, abroad ? ShipEngineTests.Abroad : ShipEngineTests.Parcel)).ShouldBeEmpty();

    [Fact]
    public void A_question_about_prices_is_what_the_contract_allows() => Contract.Request("post", "/v1/rates/estimate", ShipEngineOutbound.Estimate(Session, ShipEngineTests.Parcel)).ShouldBeEmpty();

    [Fact]
    public void A_subscription_is_what_the_contract_allows() =>
        Contract.Request("post", "/v1/environment/webhooks", ShipEngineOutbound.Webhook(Session.Settings, new("https://hub.example/webhooks/post"))).ShouldBeEmpty();

    // Proves that the checker looks inside.
    [Theory]
    [InlineData("\"gram\"", "\"stone\"")]
    [InlineData("\"carrier_id\"", "\"carrier\"")]
    [InlineData("\"country_code\":\"US\"", "\"country_code\":\"\"")]
    public void The_contract_would_refuse_a_wrong_body(string right, string wrong) =>
        Contract.Request("post", "/v1/labels", ShipEngineOutbound.Label(Session.Settings, ShipEngineTests.Parcel).Replace(right, wrong, StringComparison.Ordinal)).ShouldNotBeEmpty();

    [Fact]
    public void Every_status_of_the_contract_is_in_the_table()
    {
        string[] details = [.. Contract.Schema("status_detail_code")["enum"]!.AsArray().Select(c => (string)c!)];
        details.Length.ShouldBeGreaterThan(60);
        details.Where(c => c != "CARRIER_STATUS_NOT_MAPPED" && ShipEngineStatus.Of("IT", c) == ScanStatus.Unmapped).ShouldBeEmpty();
        Contract.Schema("status_code")["enum"]!.AsArray().Where(c => ShipEngineStatus.Of((string)c!, null) == ScanStatus.Unmapped).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_twin_answers_as_the_contract_says()
    {
        await using var box = await TwinBox.StartAsync(new ShipEngineConnector(), ShipEngineTests.Settings);
        using var http = new HttpClient { BaseAddress = new(box.Session.Settings["base_url"] + "/") };
        http.DefaultRequestHeaders.Add("API-Key", "key-4711");
        var cancel = TestContext.Current.CancellationToken;
        var sold = await http.PostAsync("v1/labels", new StringContent(ShipEngineOutbound.Label(box.Session.Settings, ShipEngineTests.Parcel)), cancel);
        var text = await sold.Content.ReadAsStringAsync(cancel);
        Contract.Answer("post", "/v1/labels", 200, text).ShouldBeEmpty();
        var label = (string)JsonNode.Parse(text)!["label_id"]!;
        box.Twin<ShipEngineTwin>().SendOff((string)JsonNode.Parse(text)!["tracking_number"]!);
        Contract.Answer("get", "/v1/labels/{label_id}/track", 200, await http.GetStringAsync($"v1/labels/{label}/track", cancel)).ShouldBeEmpty();
        var kept = await (await http.PostAsync("v1/labels", new StringContent(ShipEngineOutbound.Label(box.Session.Settings, ShipEngineTests.Parcel with { Reference = "aurora.2.1" })), cancel)).Content.ReadAsStringAsync(cancel);
        Contract.Answer("put", "/v1/labels/{label_id}/void", 200, await (await http.PutAsync($"v1/labels/{JsonNode.Parse(kept)!["label_id"]}/void", null, cancel)).Content.ReadAsStringAsync(cancel)).ShouldBeEmpty();
        Contract.Answer("get", "/v1/labels/external_shipment_id/{external_shipment_id}", 404, await (await http.GetAsync("v1/labels/external_shipment_id/none", cancel)).Content.ReadAsStringAsync(cancel)).ShouldBeEmpty();
        var asked = new StringContent(ShipEngineOutbound.Estimate(box.Session, ShipEngineTests.Parcel), System.Text.Encoding.UTF8, "application/json");
        Contract.Answer("post", "/v1/rates/estimate", 200, await (await http.PostAsync("v1/rates/estimate", asked, cancel)).Content.ReadAsStringAsync(cancel)).ShouldBeEmpty();
        box.Twin<ShipEngineTwin>().LeftBehind.ShouldBe(0);
    }
}
