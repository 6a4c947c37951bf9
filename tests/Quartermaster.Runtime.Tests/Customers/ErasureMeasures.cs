using System.Diagnostics;
using Quartermaster.Runtime.Tests.Machine;
using Shouldly;
using static Quartermaster.Runtime.Tests.Customers.ErasureBed;

namespace Quartermaster.Runtime.Tests.Customers;

/// <summary>How long it takes to erase somebody from a database that many others are in: a figure, not a check; run with <c>QM_MEASURE=1</c>.</summary>
public sealed class ErasureMeasures
{
    private const int Orders = 200_000;

    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_two_hundred_thousand_orders_one_customers_are_found_and_erased_in_minutes()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable("QM_MEASURE") is null, "a measurement, not a check: set QM_MEASURE=1");
        await using var test = await ShopAsync();
        await PlaceAsync(test, "1");
        await EndAsync(test, "1");
        await test.PlaceAsync("other", ("A", 1));
        await EndAsync(test, "other");
        await test.QuietAsync();
        var person = await LinkAsync(test);
        await GrowAsync(test);

        var clock = Stopwatch.StartNew();
        var proof = await EraseAsync(test, person);
        clock.Stop();
        TestContext.Current.TestOutputHelper?.WriteLine($"Erased one customer of {Orders:N0} orders, the search of the whole database included, in {clock.Elapsed.TotalSeconds:0.0} s.");
        proof.State.ShouldBe("proven");
        (await FindAsync(test)).ShouldBeEmpty();
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromMinutes(5));
    }

    /// <summary>Other people's orders, each with a signal, a decision, and what it is found by.</summary>
    private static async Task GrowAsync(TestHub test)
    {
        foreach (var sql in (string[])
        [
            """
            INSERT INTO stream(brand, stream, version, updated_at, state, ended, placed_at, number, status, channel, currency, total, buyer_name, email, phone, country, units)
            SELECT s.brand, 'order/m' || n, s.version, s.updated_at, convert_to(replace(convert_from(s.state, 'UTF8'), 'ada@example.test', 'ada' || n || '@example.test'), 'UTF8'), s.ended, s.placed_at - n * interval '1 second', '#m' || n, s.status, s.channel, s.currency, s.total,
              s.buyer_name, 'ada' || n || '@example.test', s.phone, s.country, s.units FROM stream s, generate_series(1, {0}) n WHERE s.stream = 'order/other'
            """,
            """
            WITH o AS (SELECT * FROM signal WHERE stream = 'order/other' AND NOT raw ORDER BY seq LIMIT 1), d AS (SELECT * FROM decision WHERE stream = 'order/other' AND events IS NOT NULL ORDER BY seq LIMIT 1),
            s AS (INSERT INTO signal(seq, at, brand, stream, raw, kind, source, body) SELECT nextval('signal_seq'), o.at, o.brand, 'order/m' || n, o.raw, o.kind, o.source, convert_to(replace(convert_from(o.body, 'UTF8'), 'ada@example.test', 'ada' || n || '@example.test'), 'UTF8')
              FROM o, generate_series(1, {0}) n RETURNING seq, stream)
            INSERT INTO decision(brand, stream, seq, version, at, events) SELECT d.brand, s.stream, s.seq, 1, d.at, d.events FROM s, d
            """,
            "INSERT INTO lookup(brand, term, stream) SELECT brand, 'ada' || n || '@example.test', 'order/m' || n FROM stream, generate_series(1, {0}) n WHERE stream = 'order/other'",
            "INSERT INTO person_order(brand, stream, realm, person) SELECT brand, 'order/m' || n, brand, NULL FROM stream, generate_series(1, {0}) n WHERE stream = 'order/other'",
            "ANALYZE",
        ])
        {
            await using var grow = test.Postgres.Source.CreateCommand(sql.Replace("{0}", $"{Orders}", StringComparison.Ordinal));
            grow.CommandTimeout = 0;
            await grow.ExecuteNonQueryAsync(Cancel);
        }
    }
}
