using System.Text;
using System.Text.Json.Nodes;
using Quartermaster.Connectors.Tests;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Shipping;

namespace Quartermaster.Connectors.Sendcloud.Tests;

/// <summary>Our requests, our table of statuses and our twin's answers against Sendcloud's published OpenAPI files.</summary>
public sealed class SendcloudContractTests
{
    private static OpenApiContract Shipments => OpenApiContract.Require("sendcloud/sendcloud-shipments.yml");

    private static OpenApiContract Events => OpenApiContract.Require("sendcloud/sendcloud-v3-event-subscriptions.yml");

    private static OpenApiContract Tracking => OpenApiContract.Require("sendcloud/sendcloud-v3-parcel-tracking.yml");

    private static Settings Settings => new RemoteScript().Session("post", SendcloudTests.Settings).Settings;

    [Fact]
    public void A_purchase_is_what_the_contract_allows() => Shipments.Request("post", "/shipments/announce", SendcloudOutbound.Announcement(Settings, SendcloudTests.Parcel)).ShouldBeEmpty();

    [Fact]
    public void A_purchase_with_a_declaration_is_what_the_contract_allows()
    {
        var body = SendcloudOutbound.Announcement(Settings, SampleParcel.AcrossCustoms("postnl:standard/signature"));
        Shipments.Request("post", "/shipments/announce", body).ShouldBeEmpty();
        body.ShouldContain("\"hs_code\":\"09023000\",\"origin_country\":\"IN\"");
        SendcloudOutbound.Announcement(Settings, SendcloudTests.Parcel).ShouldNotContain("parcel_items");
    }

    [Fact]
    public void A_subscription_is_what_the_contract_allows()
    {
        Events.Request("post", "/event-subscriptions/connections", SendcloudOutbound.Connection(Settings, new("https://hub.example/webhooks/post"))).ShouldBeEmpty();
        Events.Request("post", "/event-subscriptions/subscriptions", SendcloudOutbound.Subscription(7)).ShouldBeEmpty();
    }

    // Proves that the checker looks inside.
    [Theory]
    [InlineData("\"kg\"", "\"stone\"")]
    [InlineData("\"ship_with\"", "\"ship\"")]
    [InlineData("\"unit\":\"cm\"", "\"units\":\"cm\"")]
    public void The_contract_would_refuse_a_wrong_body(string right, string wrong) =>
        Shipments.Request("post", "/shipments/announce", SendcloudOutbound.Announcement(Settings, SendcloudTests.Parcel).Replace(right, wrong, StringComparison.Ordinal)).ShouldNotBeEmpty();

    [Fact]
    public void Every_phase_and_exception_of_the_contract_is_in_the_table()
    {
        string[] phases = [.. Events.Schema("parcel-event-phase")["enum"]!.AsArray().Select(c => (string)c!)];
        phases.Length.ShouldBeGreaterThan(15);
        phases.Where(p => p != "unknown" && SendcloudStatus.Of(p, "none") == ScanStatus.Unmapped).ShouldBeEmpty();
        Events.Schema("parcel-event-exception")["enum"]!.AsArray().Where(e => (string)e! != "unknown" && SendcloudStatus.Of("in_transit", (string)e!) == ScanStatus.Unmapped).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_twin_answers_as_the_contract_says()
    {
        await using var box = await TwinBox.StartAsync(new SendcloudConnector(), SendcloudTests.Settings);
        using var http = new HttpClient { BaseAddress = new(box.Session.Settings["base_url"] + "/") };
        http.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String("pub:sec-4711"u8));
        var cancel = TestContext.Current.CancellationToken;
        var made = await http.PostAsync("shipments/announce", new StringContent(SendcloudOutbound.Announcement(box.Session.Settings, SendcloudTests.Parcel), Encoding.UTF8, "application/json"), cancel);
        Shipments.Answer("post", "/shipments/announce", 201, await made.Content.ReadAsStringAsync(cancel)).ShouldBeEmpty();
        Shipments.Answer("get", "/shipments/{id}", 200, await http.GetStringAsync("shipments/sc-1", cancel)).ShouldBeEmpty();
        var number = (string)JsonNode.Parse(await made.Content.ReadAsStringAsync(cancel))!["data"]!["parcels"]![0]!["tracking_number"]!;
        Tracking.Answer("get", "/parcels/tracking/{tracking_number}", 200, await http.GetStringAsync("parcels/tracking/" + number, cancel)).ShouldBeEmpty();
        Shipments.Answer("post", "/shipments/{id}/cancel", 200, await (await http.PostAsync("shipments/sc-1/cancel", null, cancel)).Content.ReadAsStringAsync(cancel)).ShouldBeEmpty();
    }
}
