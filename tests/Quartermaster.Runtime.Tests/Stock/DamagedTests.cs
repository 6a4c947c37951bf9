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

    private static Task TellAsync(TestHub test, Damage what, int units, string id) =>
        test.SendAsync(new(TestHub.Brand, "stock", "A"), new StockSignal.DamageTold("A", "AMS", units, what, "it fell", "ann", id));
}
