using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Stock;
using Quartermaster.Runtime.Stock;
using Quartermaster.Runtime.Tests.Machine;
using Shouldly;

namespace Quartermaster.Runtime.Tests.Stock;

/// <summary>What cannot be sold, on the real machine: a position of its own, and a ledger that comes to it.</summary>
public sealed class DamagedTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Damaged_units_are_kept_apart_and_the_ledger_check_adds_them_up()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        await test.StartAsync();
        await test.CountAsync("A", "AMS", 10);
        await test.UntilAsync("SELECT on_hand FROM position", 10);
        await TellAsync(test, Damage.Found, 3, "d1");
        await TellAsync(test, Damage.Came, 2, "d2");
        await TellAsync(test, Damage.Discarded, 1, "d3");
        await test.UntilAsync("SELECT on_hand || ' ' || damaged FROM position", "7 4");
        await test.QuietAsync();
        (await test.ScalarAsync("SELECT string_agg(on_hand || '/' || coalesce(damaged, 0), ' ' ORDER BY n) FROM movement WHERE kind = 'damaged'")).ShouldBe("-3/3 0/2 0/-1");

        await using var connection = await test.Postgres.Source.OpenConnectionAsync(Cancel);
        var check = new LedgerCheck(connection, test.Hub.Cases, TimeProvider.System);
        await check.RunAsync(Cancel);
        (await test.ScalarAsync("SELECT count(*) FROM open_case WHERE closed_at IS NULL")).ShouldBe(0L);
        await test.ScalarAsync("UPDATE position SET damaged = 5, updated_at = now()");
        await check.RunAsync(Cancel);
        (await test.ScalarAsync("SELECT detail LIKE '%7 on hand, 0 reserved and 5 damaged; its movements come to 7, 0 and 4.%' FROM open_case WHERE kind = 'stock.ledger_differs' AND closed_at IS NULL")).ShouldBe(true);
    }

    [Fact]
    public async Task Units_that_can_be_sold_after_all_are_first_those_that_were_promised_and_not_found()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        await test.StartAsync();
        await test.CountAsync("A", "AMS", 5);
        await test.UntilAsync("SELECT on_hand FROM position", 5);
        await TellAsync(test, Damage.Came, 4, "d1");
        await test.PlaceAsync("1", ("A", 3));
        await test.UntilAsync("SELECT reserved FROM position", 3);
        await test.QuietAsync();
        await test.SendAsync(new(TestHub.Brand, "stock", "A"), new StockSignal.Counted("A", "AMS", 1, "ann", DateTimeOffset.UtcNow.AddSeconds(1)));
        await test.UntilAsync("SELECT on_hand || ' ' || short FROM position", "3 2");
        // The warehouse says what is known: nothing drifted.
        var compare = new ShelfCompare(test.Hub.Database, test.Hub.Plan.Connections["wms"]);
        for (var read = 0; read < 2; read++)
        {
            compare.Begin();
            (await compare.CompareAsync([new("A", "AMS", 1, DateTimeOffset.UtcNow.AddSeconds(2))], DateTimeOffset.UtcNow, DateTimeOffset.UtcNow, Cancel)).ShouldBeEmpty();
        }
        await TellAsync(test, Damage.Repaired, 1, "d2");
        await test.UntilAsync("SELECT on_hand || ' ' || short || ' ' || damaged FROM position", "3 1 3");
        await test.SendAsync(new(TestHub.Brand, "stock", "A"), new StockSignal.Received("A", "AMS", 4, "DN-1", DateTimeOffset.UtcNow.AddSeconds(3)));
        await test.UntilAsync("SELECT on_hand || ' ' || short FROM position", "6 0");
        await test.UntilAsync("SELECT count(*) FROM open_case WHERE kind = 'stock.promised_more_than_there' AND closed_at IS NULL", 0L);
        (await test.ScalarAsync("SELECT sum(on_hand) FROM movement")).ShouldBe(6L);
    }

    [Fact]
    public async Task What_an_order_gave_back_closes_the_case_of_its_shelf()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        await test.StartAsync();
        await test.CountAsync("A", "AMS", 2);
        await test.UntilAsync("SELECT on_hand FROM position", 2);
        await test.PlaceAsync("1", ("A", 2));
        await test.UntilAsync("SELECT status FROM stream WHERE stream = 'order/1'", "submitted");
        await test.QuietAsync();
        await test.SendAsync(new(TestHub.Brand, "stock", "A"), new StockSignal.Counted("A", "AMS", 1, "ann", DateTimeOffset.UtcNow.AddSeconds(1)));
        await test.UntilAsync("SELECT on_hand || ' ' || short FROM position", "2 1");
        await test.UntilAsync("SELECT count(*) FROM open_case WHERE kind = 'stock.promised_more_than_there' AND closed_at IS NULL", 1L);
        await test.SendAsync(TestHub.Order("1"), new FulfilmentSignal.ShortPicked("1", "AMS", [new("A", 1)], DateTimeOffset.UtcNow));
        await test.UntilAsync("SELECT on_hand || ' ' || reserved || ' ' || short FROM position", "1 1 0");
        await test.UntilAsync("SELECT count(*) FROM open_case WHERE kind = 'stock.promised_more_than_there' AND closed_at IS NULL", 0L);
    }

    private static Task TellAsync(TestHub test, Damage what, int units, string id) =>
        test.SendAsync(new(TestHub.Brand, "stock", "A"), new StockSignal.DamageTold("A", "AMS", units, what, "it fell", "ann", id));
}
