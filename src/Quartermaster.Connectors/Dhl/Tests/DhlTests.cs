using Quartermaster.Connectors.Tests;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Shipping;
using Quartermaster.Sandbox.Twins;

namespace Quartermaster.Connectors.Dhl.Tests;

public sealed class DhlTests
{
    private static readonly DhlConnector Connector = new();
    private static readonly ParcelToFind[] One = [new("77 7777 7770", DateTimeOffset.UnixEpoch)];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static (string, string)[] Settings => [("api_key", "key-4711"), ("service", "express")];

    [Fact]
    public async Task The_way_of_a_parcel_is_told_scan_by_scan()
    {
        var remote = new RemoteScript().Answer(200, Fixture.Text("Dhl", "track.json"));
        var at = (await Connector.TrackAsync(remote.Session("dhl", Settings), One, Cancel)).Single();
        remote.Requests.Single().Line.ShouldBe("GET https://api-eu.dhl.com/track/shipments?trackingNumber=7777777770&service=express");
        remote.Requests.Single().Headers["DHL-API-Key"].ShouldBe("key-4711");
        at.Nearness.ShouldBe(Nearness.Troubled);
        at.Scans.Cast<ShippingSignal.Scanned>().Select(s => (s.Status, s.Raw, s.At, s.Place)).ShouldBe(
        [
            (ScanStatus.PickedUp, "transit PU Shipment pick up", new(2026, 11, 20, 14, 0, 0, TimeSpan.Zero), "BERLIN"),
            (ScanStatus.Unmapped, "unknown QQ Something new", new(2026, 11, 20, 17, 0, 0, TimeSpan.Zero), "LEIPZIG"),
            (ScanStatus.OutForDelivery, "transit WC With delivering courier", new(2026, 11, 21, 6, 30, 0, TimeSpan.Zero), "AMSTERDAM"),
            (ScanStatus.FailedAttempt, "failure NH Not home", new(2026, 11, 21, 8, 10, 0, TimeSpan.Zero), "AMSTERDAM"),
        ]);
    }

    [Theory]
    [InlineData(404, "{}", null)]
    [InlineData(503, "", "TryLater")]
    [InlineData(401, "", "NotConnected")]
    [InlineData(400, """{"title":"Bad","detail":"no such service"}""", "Refused")]
    [InlineData(200, "?", "Unsure")]
    public async Task A_question_without_an_answer_says_why(int status, string body, string? trouble) =>
        (await Connector.TrackAsync(new RemoteScript().Answer(status, body).Session("dhl", Settings), One, Cancel)).Single().Trouble?.GetType().Name.ShouldBe(trouble);

    [Fact]
    public void Every_code_of_Express_is_in_the_table()
    {
        string[] codes = [.. File.ReadLines(ContractFolder.Require("dhl/mydhl-status-codes.csv")).Where(l => l.StartsWith("express;", StringComparison.Ordinal)).Select(l => l.Split(';')[1]).Where(c => c.Length == 2)];
        codes.Length.ShouldBeGreaterThan(35);
        // Without the table a code that nobody knows would be what its division says roughly.
        codes.Where(c => DhlStatus.Of("express", "unknown", c) == ScanStatus.Unmapped).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_parcel_is_asked_for_until_it_is_over()
    {
        await using var hub = await LabelRoundTrip.StartAsync(Connector, [.. Settings, ("sandbox_step_ms", "1"), ("sandbox_missed", "0")], Cancel);
        await LabelRoundTrip.FollowAsync<DhlTwin>(hub, Connector, "7777777770", "DHL Express", Cancel);
    }
}
