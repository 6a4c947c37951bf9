using Npgsql;
using Quartermaster.Core.Orders;
using Quartermaster.Runtime.Hosting;
using Quartermaster.Runtime.Replenishment;
using Quartermaster.Runtime.Tests.Machine;
using Shouldly;

namespace Quartermaster.Runtime.Tests.Replenishment;

public sealed class SalesCountTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_orders_take_and_keep_is_counted_once()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        await test.StartAsync();
        await test.CountAsync("A", "AMS", 10);
        await test.PlaceAsync("1", ("A", 3));
        await test.PlaceAsync("2", ("A", 2));
        await test.UntilAsync("SELECT count(*) FROM stream WHERE status = 'submitted'", 2L);
        await test.SendAsync(TestHub.Order("2"), new OrderSignal.CancelAsked("changed my mind", "ann"));
        await test.UntilAsync("SELECT reserved FROM position", 3);
        await test.QuietAsync();
        await using var connection = await test.Postgres.Source.OpenConnectionAsync(Cancel);
        await CountAllAsync(connection, test);

        (await test.ScalarAsync("SELECT string_agg(sku || location || units, ',') FROM sold")).ShouldBe("AAMS3");
        (await test.ScalarAsync("SELECT day = (now() AT TIME ZONE 'Etc/UTC')::date FROM sold")).ShouldBe(true);
        await CountAllAsync(connection, test);
        (await test.ScalarAsync("SELECT sum(units) FROM sold")).ShouldBe(3L);
    }

    // The second movement commits first. A reader that goes by what it can see would step over the first for good.
    [Fact]
    public async Task A_movement_that_commits_late_is_not_stepped_over()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        var hub = test.Build(Roles.None);
        await using var slow = await test.Postgres.Source.OpenConnectionAsync(Cancel);
        await using var late = await slow.BeginTransactionAsync(Cancel);
        await MoveAsync(slow, "A", 4);
        await using var quick = await test.Postgres.Source.OpenConnectionAsync(Cancel);
        await MoveAsync(quick, "B", 5);
        await using var connection = await test.Postgres.Source.OpenConnectionAsync(Cancel);
        var sales = new SalesCount(hub.Plan, TimeSpan.Zero);

        await sales.AddAsync(connection, Cancel);
        (await test.ScalarAsync("SELECT count(*) FROM sold")).ShouldBe(0L, "somebody who began before may still write");
        await late.CommitAsync(Cancel);
        await CountAllAsync(connection, test);

        (await test.ScalarAsync("SELECT string_agg(sku || units, ',' ORDER BY sku) FROM sold")).ShouldBe("A4,B5");
    }

    [Fact]
    public async Task Days_are_those_of_the_brand_and_what_came_back_is_taken_off()
    {
        await using var test = await TestHub.NewAsync(Cancel);
        var hub = test.Build(Roles.None);
        var plan = hub.Plan with { Brands = hub.Plan.Brands.ToDictionary(b => b.Key, b => b.Value with { Terms = b.Value.Terms with { TimeZone = "Asia/Kolkata" } }) };
        // Half past seven in the evening is one in the morning over there.
        await test.ScalarAsync("""
            INSERT INTO movement(brand, sku, location, seq, stream, at, kind, on_hand, reserved) VALUES
              ('acme', 'A', 'AMS', 1, 'order/1', '2026-03-02T19:30:00Z', 'reserved', 0, 5), ('acme', 'A', 'AMS', 2, 'order/1', '2026-03-03T09:00:00Z', 'shipped', -5, -5),
              ('acme', 'A', 'AMS', 3, 'order/1', '2026-03-03T10:00:00Z', 'returned', 2, 0), ('acme', 'A', 'AMS', 4, 'order/2', '2026-03-03T11:00:00Z', 'adjusted', -1, -1),
              ('acme', 'A', 'AMS', 5, 'stock/A', '2026-03-03T12:00:00Z', 'received', 50, 0)
            """);
        await using var connection = await test.Postgres.Source.OpenConnectionAsync(Cancel);
        await new SalesCount(plan, TimeSpan.Zero).AddAsync(connection, Cancel);

        (await test.ScalarAsync("SELECT string_agg(day || ' ' || units, ',') FROM sold")).ShouldBe("2026-03-03 2");
    }

    /// <summary>Counts until nothing that is committed now is left over; a transaction of the hub may be open at any moment.</summary>
    private static async Task CountAllAsync(NpgsqlConnection connection, TestHub test)
    {
        var until = DateTimeOffset.UtcNow;
        for (var i = 0; i < 200; i++)
        {
            await new SalesCount(test.Plan(), TimeSpan.Zero).AddAsync(connection, Cancel);
            if ((bool)(await test.ScalarAsync($"SELECT coalesce(max(value::timestamptz), '-infinity') >= '{until:O}' FROM hub_value WHERE key = 'sales.counted_to'"))!) return;
            await Task.Delay(25, Cancel);
        }
        throw new ShouldAssertException("The ledger does not settle.");
    }

    private static async Task MoveAsync(NpgsqlConnection connection, string sku, int units)
    {
        await using var move = new NpgsqlCommand("INSERT INTO movement(brand, sku, location, seq, stream, at, kind, on_hand, reserved) VALUES ('acme', $1, 'AMS', 1, 'order/1', clock_timestamp(), 'reserved', 0, $2)", connection) { Parameters = { new() { Value = sku }, new() { Value = units } } };
        await move.ExecuteNonQueryAsync(Cancel);
    }
}
