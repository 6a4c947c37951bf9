using System.Diagnostics;
using System.Globalization;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Runtime.ReadModels;
using Quartermaster.Runtime.Tests.Machine;
using Shouldly;

namespace Quartermaster.Runtime.Tests.ReadModels;

/// <summary>Yesterday's orders, run through a day with one warehouse less.</summary>
public sealed class WhatIfReadsTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    private static BrandTerms Terms(TestHub test) => test.Plan().Brands[TestHub.Brand].Terms;

    private static BrandTerms Without(BrandTerms terms, string location) => new OtherTerms { Pause = [location] }.Of(terms);

    private static async Task<TestHub> BeginAsync(int units)
    {
        var test = await TestHub.NewAsync(Cancel);
        await test.StartAsync();
        foreach (var location in new[] { "AMS", "BER" })
            foreach (var sku in new[] { "A", "B" }) await test.CountAsync(sku, location, units);
        await test.UntilAsync($"SELECT count(*) FROM position WHERE on_hand = {units}", 4L);
        return test;
    }

    private static OrderFacts Now(string id, params (string Sku, int Quantity)[] lines) => TestHub.Facts(id, lines) with { PlacedAt = DateTimeOffset.UtcNow, UpdatedAt = DateTimeOffset.UtcNow };

    private static Task<PastDays> ReadAsync(TestHub test, DateTimeOffset since) => new WhatIfReads(test.Hub.Database.General).ReadAsync(TestHub.Brand, since, DateTimeOffset.UtcNow, 20_000, Cancel);

    [Fact]
    public async Task The_shelves_are_what_they_were_before_and_the_rerun_does_what_was_done()
    {
        await using var test = await BeginAsync(6);
        await Task.Delay(20, Cancel);
        var since = DateTimeOffset.UtcNow;
        for (var i = 1; i <= 4; i++)
        {
            await test.SendAsync(TestHub.Order($"{i}"), new OrderSignal.Reported(Now($"{i}", ("A", 2)), "orders/create"));
            await test.UntilAsync($"SELECT status FROM stream WHERE stream = 'order/{i}'", "submitted");
        }
        await test.SendAsync(TestHub.Order("5"), new OrderSignal.Reported(Now("5", ("B", 1)), "orders/create"));
        await test.UntilAsync("SELECT status FROM stream WHERE stream = 'order/5'", "submitted");
        await test.SendAsync(TestHub.Order("5"), new OrderSignal.CancelAsked("no longer wanted", "ann"));
        await test.CountAsync("A", "BER", 9);
        await test.UntilAsync("SELECT on_hand FROM position WHERE sku = 'A' AND location = 'BER'", 9);
        await test.QuietAsync();
        var before = await test.ScalarAsync("SELECT count(*) FROM signal");

        var past = await ReadAsync(test, since);
        past.Orders.Select(o => o.Number).ShouldBe(["#1", "#2", "#3", "#4"], "a cancelled order is not sent again");
        past.Opening.OrderBy(o => o.Sku, StringComparer.Ordinal).ThenBy(o => o.Location, StringComparer.Ordinal).ShouldBe([new("A", "AMS", 6), new("A", "BER", 6), new("B", "AMS", 6), new("B", "BER", 6)]);
        past.Changes.Select(c => c.What).ShouldContain(new ShelfUnits("A", "BER", 3), "what was counted is counted again");

        var compared = WhatIfComparison.Of(past, Terms(test), Without(Terms(test), "AMS"));
        compared.AsItWas.ShouldBe((4, 4));
        compared.Now.ByLocation.ShouldBe(new Dictionary<string, int> { ["AMS"] = 3, ["BER"] = 1 });
        compared.Then.ByLocation.ShouldBe(new Dictionary<string, int> { ["BER"] = 4 });
        compared.Then.Waited.ShouldBe(1, "three orders empty Berlin, the fourth waits for the count");
        compared.Then.Unserved.ShouldBe(0);
        (await test.ScalarAsync("SELECT count(*) FROM signal")).ShouldBe(before);
    }

    [Fact]
    public async Task Orders_take_their_turn_when_they_asked_for_stock_and_not_when_they_were_placed()
    {
        await using var test = await BeginAsync(1);
        await Task.Delay(20, Cancel);
        var since = DateTimeOffset.UtcNow;
        // The first and the third are not paid; the second takes what the cheaper location has.
        var first = Unpaid("1");
        await test.SendAsync(TestHub.Order("1"), new OrderSignal.Reported(first, "orders/create"));
        await test.UntilAsync("SELECT status FROM stream WHERE stream = 'order/1'", "held");
        await test.SendAsync(TestHub.Order("2"), new OrderSignal.Reported(Now("2", ("A", 1)), "orders/create"));
        await test.UntilAsync("SELECT status FROM stream WHERE stream = 'order/2'", "submitted");
        await test.SendAsync(TestHub.Order("3"), new OrderSignal.Reported(Unpaid("3"), "orders/create"));
        await test.UntilAsync("SELECT status FROM stream WHERE stream = 'order/3'", "held");
        await test.SendAsync(TestHub.Order("1"), new OrderSignal.Reported(Now("1", ("A", 1)) with { PlacedAt = first.PlacedAt }, "orders/paid"));
        await test.UntilAsync("SELECT status FROM stream WHERE stream = 'order/1'", "submitted");
        await test.QuietAsync();

        var past = await ReadAsync(test, since);
        past.Orders.Select(o => (o.Number, o.From, o.Stopped)).ShouldBe([("#2", "AMS", false), ("#3", null, true), ("#1", "BER", false)]);
        var compared = WhatIfComparison.Of(past, Terms(test), Without(Terms(test), "AMS"));
        compared.AsItWas.ShouldBe((2, 2));
        compared.Now.Unserved.ShouldBe(0, "what is not paid for takes nothing from the shelf");
    }

    private static OrderFacts Unpaid(string id) => Now(id, ("A", 1)) with { Payment = new(PaymentState.Pending, PaymentMethod.Prepaid, "card") };

    [Fact]
    public async Task Ten_thousand_orders_are_read_and_run_twice_within_ten_seconds()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("QM_MEASURE") == "1", "a measurement, not a check: set QM_MEASURE=1");
        const int Orders = 10_000;
        await using var test = await BeginAsync(8_000);
        await Task.Delay(20, Cancel);
        var since = DateTimeOffset.UtcNow;
        foreach (var chunk in Enumerable.Range(1, Orders).Chunk(500))
        {
            await test.Hub.Intake.WriteAsync([.. chunk.Select(i => TestHub.Canonical(TestHub.Order(i.ToString(CultureInfo.InvariantCulture)),
                new OrderSignal.Reported(Now(i.ToString(CultureInfo.InvariantCulture), (i % 3 == 0 ? "A" : "B", 1 + i % 2)), "orders/create")))], Cancel);
        }
        await test.UntilAsync("SELECT count(*) FROM stream WHERE placed_at IS NOT NULL", (long)Orders, 180);
        await test.QuietAsync(180);

        var began = Stopwatch.GetTimestamp();
        var past = await ReadAsync(test, since);
        var read = Stopwatch.GetElapsedTime(began);
        var compared = WhatIfComparison.Of(past, Terms(test), Without(Terms(test), "AMS"));
        var all = Stopwatch.GetElapsedTime(began);
        Console.Error.WriteLine($"{past.Orders.Count} orders: read in {read.TotalSeconds:0.00} s, run twice in {(all - read).TotalSeconds:0.00} s; as it was {compared.AsItWas}, {compared.Different.Count} differ, {compared.Then.Waited} wait");
        past.Orders.Count.ShouldBe(Orders);
        all.TotalSeconds.ShouldBeLessThan(10);
    }
}
