using Microsoft.Extensions.Logging.Abstractions;
using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Stock;
using Quartermaster.Runtime.Hosting;
using Quartermaster.Runtime.Stock;
using Quartermaster.Runtime.Tests.Machine;
using Shouldly;

namespace Quartermaster.Runtime.Tests.Stock;

public sealed class LateCountTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_count_that_comes_late_does_not_put_back_what_left_after_it()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        await test.StartAsync();
        await test.CountAsync("A", "AMS", 10);
        await test.UntilAsync("SELECT on_hand FROM position", 10);
        await test.PlaceAsync("1", ("A", 1));
        await test.UntilAsync("SELECT status FROM stream WHERE stream = 'order/1'", "submitted");
        var (counted, left) = (DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddSeconds(1));
        await test.SendAsync(TestHub.Order("1"), new FulfilmentSignal.Shipped("1", "AMS", "PostNL", "T1", [new("A", 1)], left, null));
        await test.UntilAsync("SELECT on_hand FROM position", 9);

        await test.SendAsync(new(TestHub.Brand, "stock", "A"), new StockSignal.Counted("A", "AMS", 10, "wms", counted));
        await test.QuietAsync();
        (await test.ScalarAsync("SELECT on_hand FROM position")).ShouldBe(9);

        await test.SendAsync(new(TestHub.Brand, "stock", "A"), new StockSignal.Counted("A", "AMS", 8, "wms", left.AddSeconds(1)));
        await test.UntilAsync("SELECT on_hand FROM position", 8);
        (await test.ScalarAsync("SELECT sum(on_hand) FROM movement")).ShouldBe(8L);
    }

    [Theory]
    [InlineData(true), InlineData(false)]
    public async Task Units_that_were_looked_for_in_vain_are_sent_once_they_were_seen(bool counted)
    {
        await using var test = await TestHub.NewAsync(Cancel);
        await test.StartAsync();
        await test.CountAsync("A", "AMS", 5);
        await test.UntilAsync("SELECT on_hand FROM position", 5);
        await test.PlaceAsync("1", ("A", 1));
        await test.UntilAsync("SELECT status FROM stream WHERE stream = 'order/1'", "submitted");
        await test.QuietAsync();
        await test.SendAsync(TestHub.Order("1"), new FulfilmentSignal.ShortPicked("1", "AMS", [new("A", 1)], DateTimeOffset.UtcNow));
        await test.UntilAsync("SELECT count(*) FROM waiting", 1L);
        await SweepAsync();
        await test.QuietAsync();
        (await test.ScalarAsync("SELECT count(*) FROM waiting")).ShouldBe(1L, "the four that the books have are those that nobody found");

        var seen = DateTimeOffset.UtcNow.AddSeconds(1);
        await test.SendAsync(new(TestHub.Brand, "stock", "A"), counted ? new StockSignal.Counted("A", "AMS", 4, "wms", seen) : new StockSignal.Received("A", "AMS", 1, "DN-1", seen));
        await test.QuietAsync();
        await SweepAsync();
        await test.UntilAsync("SELECT count(*) FROM waiting", 0L);
        (await test.ScalarAsync("SELECT reserved FROM position")).ShouldBe(1);

        Task SweepAsync() => new Housekeeping(test.Hub, new HubOptions(), TimeProvider.System, NullLogger.Instance).WakeWaitingAsync(Cancel);
    }

    [Fact]
    public async Task A_first_count_that_orders_wait_for_comes_as_signals_that_wake_them()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        await test.StartAsync();
        await test.PlaceAsync("1", ("A", 1));
        await test.UntilAsync("SELECT status FROM stream WHERE stream = 'order/1'", "held");
        await using var database = new Database(test.Postgres.ConnectionString);
        (await FirstCount.TakeAsync(database, TestHub.Brand, [new("A", "AMS", 5)], TimeProvider.System, Cancel)).ShouldBeFalse();
        (await FirstCount.TakeAsync(database, "other", [new("A", "AMS", 5)], TimeProvider.System, Cancel)).ShouldBeTrue();
    }
}
