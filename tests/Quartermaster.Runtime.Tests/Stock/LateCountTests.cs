using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Stock;
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
