using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Shipping;
using Quartermaster.Runtime.ReadModels;
using Quartermaster.Runtime.Tests.Machine;
using Shouldly;

namespace Quartermaster.Runtime.Tests.ReadModels;

/// <summary>How carriers did, read from what the machine kept of each parcel.</summary>
public sealed class CarrierReadsTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_parcel_that_ended_counts_once_on_its_lane()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        await test.StartAsync();
        await test.CountAsync("A", "AMS", 100);
        await test.UntilAsync("SELECT count(*) FROM position WHERE on_hand = 100", 1L);
        var left = DateTimeOffset.UtcNow.AddHours(-30);
        foreach (var id in new[] { "1", "2", "3", "4" })
        {
            await test.PlaceAsync(id, ("A", 1));
            await test.UntilAsync($"SELECT status FROM stream WHERE stream = 'order/{id}'", "submitted");
            await test.SendAsync(TestHub.Order(id), new FulfilmentSignal.Shipped(id, "AMS", "PostNL", $"T{id}", [new("A", 1)], left, null));
        }
        await ScanAsync("1", ScanStatus.Delivered, 24);
        await ScanAsync("2", ScanStatus.FailedAttempt, 20);
        await ScanAsync("2", ScanStatus.Delivered, 30);
        await ScanAsync("3", ScanStatus.ReturnedToOrigin, 28);
        await ScanAsync("3", ScanStatus.ReturnedToOrigin, 29);
        await test.UntilAsync("SELECT count(*) FROM journey", 3L);
        await test.QuietAsync();

        var today = DateOnly.FromDateTime(DateTime.UtcNow);
        var lane = (await new CarrierReads(test.Postgres.Source).LanesAsync([TestHub.Brand], today.AddDays(-1), today.AddDays(1), Cancel)).ShouldHaveSingleItem();
        lane.ShouldBe(new(TestHub.Brand, new("PostNL", "", "AMS", "NL", "1"), Ended: 3, Delivered: 2, Promised: 0, OnTime: 0, FirstTry: 1, Returned: 1, Lost: 0, Damaged: 0, Hours: 54));
        lane.Days.ShouldBe(1.1m);
        (await new CarrierReads(test.Postgres.Source).LanesAsync([TestHub.Brand], today.AddDays(-9), today.AddDays(-2), Cancel)).ShouldBeEmpty();

        Task ScanAsync(string id, ScanStatus status, int hours) => test.SendAsync(TestHub.Order(id), new ShippingSignal.Scanned("postnl", $"T{id}", status, status.ToString(), left.AddHours(hours), null));
    }
}
