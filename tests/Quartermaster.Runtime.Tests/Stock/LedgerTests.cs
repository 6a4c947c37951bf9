using Microsoft.Extensions.Logging.Abstractions;
using Quartermaster.Runtime.Hosting;
using Quartermaster.Runtime.Tests.Machine;
using Quartermaster.Testing;
using Shouldly;

namespace Quartermaster.Runtime.Tests.Stock;

/// <summary>Every position is the sum of its movements; what is not is found and told.</summary>
public sealed class LedgerTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_position_that_was_changed_behind_the_ledger_is_a_case_until_both_agree_again()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        await test.StartAsync(Roles.Intake | Roles.Decide);
        await test.CountAsync("A", "AMS", 5);
        await test.CountAsync("B", "BER", 0);
        await test.UntilAsync("SELECT count(*) FROM position", 2L);
        await test.PlaceAsync("o1", ("A", 2));
        await test.UntilAsync("SELECT reserved FROM position WHERE sku = 'A'", 2);
        await CompareAsync(test);
        (await test.ScalarAsync("SELECT string_agg(kind || ' ' || title, ',') FROM open_case")).ShouldBeNull();
        (await test.ScalarAsync("SELECT value FROM hub_value WHERE key = 'ledger.all'")).ShouldBe("2");

        await test.ScalarAsync("UPDATE position SET on_hand = 9, updated_at = updated_at - interval '1 hour' WHERE sku = 'A'");
        await CompareAsync(test);
        (await test.ScalarAsync("SELECT count(*) FROM open_case WHERE closed_at IS NULL")).ShouldBe(0L, "its time of change is old: the daily look at everything finds it");
        await test.ScalarAsync("DELETE FROM hub_value WHERE key = 'ledger.all'");
        await CompareAsync(test);
        (await test.ScalarAsync("SELECT stream || ': ' || title FROM open_case WHERE closed_at IS NULL")).ShouldBe("stock/A: A at AMS is not the sum of its movements");
        ((string)(await test.ScalarAsync("SELECT detail FROM open_case"))!).ShouldStartWith("It stands at 9 on hand, 2 reserved and 0 damaged; its movements come to 5, 2 and 0.");

        await test.CountAsync("A", "AMS", 7);
        await test.UntilAsync("SELECT on_hand FROM position WHERE sku = 'A'", 7);
        await CompareAsync(test);
        (await test.ScalarAsync("SELECT count(*) FROM open_case WHERE closed_at IS NULL")).ShouldBe(1L, "a count makes the shelf right, not the ledger");
        await test.ScalarAsync("INSERT INTO movement(brand, sku, location, seq, stream, at, kind, on_hand, reserved) SELECT brand, sku, location, 1, 'stock/A', now(), 'adjusted', 4, 0 FROM position WHERE sku = 'A'");
        await CompareAsync(test);
        (await test.ScalarAsync("SELECT count(*) FROM open_case WHERE closed_at IS NULL")).ShouldBe(0L);
    }

    [Fact]
    public async Task Safety_stock_keeps_the_last_units_back_until_it_is_lowered()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        await test.StartAsync(Roles.Intake | Roles.Decide);
        await test.SendAsync(new(TestHub.Brand, "stock", "A"), new Core.Stock.StockSignal.SafetyAsked("A", "AMS", 2, "ann"));
        await test.CountAsync("A", "AMS", 2);
        await test.UntilAsync("SELECT on_hand || ' ' || safety FROM position", "2 2");
        await test.PlaceAsync("o1", ("A", 1));
        await test.UntilAsync("SELECT status FROM stream WHERE stream = 'order/o1'", "backordered");
        await test.SendAsync(new(TestHub.Brand, "stock", "A"), new Core.Stock.StockSignal.SafetyAsked("A", "AMS", 1, "ann"));
        await test.UntilAsync("SELECT status FROM stream WHERE stream = 'order/o1'", "allocated");
        await CompareAsync(test);
        (await test.ScalarAsync("SELECT count(*) FROM open_case WHERE kind = 'stock.ledger_differs'")).ShouldBe(0L, "it is no movement");
    }

    [Fact]
    public async Task The_proof_from_the_ledger_sees_a_reservation_that_nothing_covered()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        await test.StartAsync(Roles.Intake | Roles.Decide);
        await test.CountAsync("A", "AMS", 1);
        await test.PlaceAsync("o1", ("A", 1));
        await test.UntilAsync("SELECT reserved FROM position", 1);
        (await StockLedger.UncoveredAsync(test.Postgres.Source, Cancel)).ShouldBeEmpty();
        await test.ScalarAsync("INSERT INTO movement(brand, sku, location, seq, stream, at, kind, on_hand, reserved) VALUES ('acme', 'A', 'AMS', 1, 'order/o2', now(), 'reserved', 0, 1)");
        await test.CountAsync("A", "AMS", 2);
        (await StockLedger.UncoveredAsync(test.Postgres.Source, Cancel)).ShouldHaveSingleItem().ShouldBe("acme A at AMS: reserved for order/o2 left 2 reserved of 1");
    }

    private static Task CompareAsync(TestHub test) => new Housekeeping(test.Hub, new HubOptions(), TimeProvider.System, NullLogger.Instance).CompareLedgerAsync(Cancel);
}
