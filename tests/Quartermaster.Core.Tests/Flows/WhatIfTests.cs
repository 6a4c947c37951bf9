using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Rules;

namespace Quartermaster.Core.Tests.Flows;

/// <summary>Last week's orders under other terms.</summary>
public sealed class WhatIfTests
{
    private static readonly BrandTerms Now = Sample.Terms with
    {
        Locations = [new("BLR", "", "wms", "IN", "5", 0m), new("DEL", "", "wms", "IN", "1", 0m)],
        Routing = new() { Rates = [new("Near", ["BLR"], "IN:56", 40m, Days: 1), new("Far", [], "IN", 70m, Days: 4)], PromiseDays = 2, LateCost = 5m },
    };

    private static BrandTerms Closed(string location) => Now with { Locations = [.. Now.Locations.Select(l => l.Code == location ? l with { Paused = true } : l)] };

    private static RerunOrder Order(int number, string sku = "A", int units = 1, string? from = null) =>
        new($"order/{number}", $"#{number}", new() { Facts = Sample.Facts(Sample.Line("1", sku, units)) with { Tags = number % 2 == 0 ? ["even"] : [] } }, Sample.Monday.AddHours(number), from);

    private static PastDays Past(IReadOnlyList<RerunOrder> orders, ShelfUnits[]? opening = null, params ShelfChange[] changes) =>
        new(orders, opening ?? [new("A", "BLR", 100), new("A", "DEL", 100)], changes, [], 7);

    [Fact]
    public void A_closed_warehouse_costs_more_and_breaks_the_promise()
    {
        var days = Past([.. Enumerable.Range(1, 4).Select(i => Order(i, from: "BLR"))]);
        var compared = WhatIfComparison.Of(days, Now, Closed("BLR"));
        (compared.Now.Cost, compared.Now.Late, compared.Now.Parcels).ShouldBe((160m, 0, 4));
        (compared.Then.Cost, compared.Then.Late, compared.Then.DaysLate).ShouldBe((280m, 4, 8));
        compared.Then.ByLocation.ShouldBe(new Dictionary<string, int> { ["DEL"] = 4 });
        compared.AsItWas.ShouldBe((4, 4));
        compared.Different.Count.ShouldBe(4);
    }

    [Fact]
    public void The_price_of_lateness_weighs_and_is_not_paid()
    {
        var days = Past([Order(1)], [new("A", "DEL", 9)]);
        WhatIf.Run(days, Now).Cost.ShouldBe(70m);
        WhatIf.Run(days, Now with { Routing = Now.Routing with { LateCost = 500m } }).Cost.ShouldBe(70m);
    }

    [Fact]
    public void Orders_compete_for_what_lies_there_and_the_oldest_is_served_first_when_more_comes()
    {
        var days = Past([Order(1, units: 2), Order(2, units: 2), Order(3)], [new("A", "BLR", 3)],
            new ShelfChange(Sample.Monday.AddHours(10), new("A", "DEL", 1)), new ShelfChange(Sample.Monday.AddHours(11), new("A", "DEL", 1)));
        var run = WhatIf.Run(days, Now);
        run.Orders.Select(o => (o.From, o.Waited)).ShouldBe([("BLR", false), ("DEL", true), ("BLR", false)]);
        (run.Waited, run.Unserved).ShouldBe((1, 0));
        WhatIf.Run(days, Closed("DEL")).Unserved.ShouldBe(1);
    }

    [Fact]
    public void A_split_is_counted_with_its_parcels()
    {
        var two = new RerunOrder("order/1", "#1", new() { Facts = Sample.Facts(Sample.Line("1", "A", 1), Sample.Line("2", "B", 1)) }, Sample.Monday, null);
        var days = Past([two], [new("A", "BLR", 1), new("B", "DEL", 1)]);
        WhatIf.Run(days, Now).ShouldSatisfyAllConditions(r => r.Unserved.ShouldBe(1), r => r.Split.ShouldBe(0));
        WhatIf.Run(days, Now with { Routing = Now.Routing with { MaxParcels = 2 } }).ShouldSatisfyAllConditions(r => (r.Split, r.Parcels, r.Cost).ShouldBe((1, 2, 110m)), r => r.ByLocation.Count.ShouldBe(2));
    }

    [Fact]
    public void Other_rules_hold_and_send_elsewhere()
    {
        var book = new RuleBook([new("Even", new Condition.Text(RuleField.Find("tag")!, TextTest.Is, ["even"]), new() { Pool = "north", Hold = new("Look", "agent", null) })]);
        var then = Now with { Rules = book.Judge, Routing = Now.Routing with { Pools = [new("north", ["DEL"], [])] } };
        var compared = WhatIfComparison.Of(Past([Order(1), Order(2), Order(3)]), Now, then);
        compared.Then.Orders.Select(o => o.From).ShouldBe(["BLR", "DEL", "BLR"]);
        (compared.Now.Held, compared.Then.Held, compared.Different.Count).ShouldBe((0, 1, 1));
    }

    [Fact]
    public void Whoever_turned_an_order_down_would_do_so_again_and_one_that_is_stopped_takes_nothing()
    {
        var run = WhatIf.Run(Past([Order(1) with { Stopped = true }, Order(2) with { NotFrom = ["BLR"] }, Order(3)], [new("A", "BLR", 1), new("A", "DEL", 1)]), Now);
        run.Orders.Select(o => o.From).ShouldBe(["", "DEL", "BLR"]);
    }

    [Fact]
    public void Other_rates_are_tried()
    {
        var then = new OtherTerms { Rates = [new("Flat", [], "*", 30m)] };
        then.IsNothing.ShouldBeFalse();
        var compared = WhatIfComparison.Of(Past([Order(1), Order(2)]), Now, then.Of(Now));
        (compared.Now.Cost, compared.Then.Cost).ShouldBe((80m, 60m));
    }

    [Fact]
    public void A_day_that_is_full_is_empty_again_tomorrow()
    {
        var then = Now with { Locations = [Now.Locations[0] with { Capacity = 1 }, Now.Locations[1]] };
        var orders = new[] { Order(1), Order(2), Order(30) };
        WhatIf.Run(Past(orders), then).Orders.Select(o => o.From).ShouldBe(["BLR", "DEL", "BLR"]);
    }

    [Fact]
    public void Ten_thousand_orders_are_rerun_within_ten_seconds()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("QM_MEASURE") == "1", "a measurement, not a check: set QM_MEASURE=1");
        var chance = new System.Random(3);
        var terms = Now with
        {
            Locations = [.. Enumerable.Range(0, 8).Select(i => new LocationTerms($"L{i}", "", "wms", "IN", $"{i}", 10m + i))],
            Routing = Now.Routing with { MaxParcels = 3, SplitCost = 10m, Rates = [new("Surface", [], "IN", 60m, Days: 4), .. Enumerable.Range(0, 8).Select(i => new ShippingRate("Near", [$"L{i}"], $"IN:{i}", 35m, Days: 2))] },
        };
        var orders = Enumerable.Range(0, 10_000).Select(i => new RerunOrder($"order/{i}", $"#{i}",
            new() { Facts = Sample.Facts([.. Enumerable.Range(0, 1 + chance.Next(4)).Select(l => Sample.Line($"{l}", $"S{chance.Next(300)}", 1 + chance.Next(2)))]) with { ShipTo = Sample.Home with { PostalCode = $"{chance.Next(8)}00001" } } },
            Sample.Monday.AddMinutes(i), null)).ToList();
        var opening = (from s in Enumerable.Range(0, 300) from l in Enumerable.Range(0, 8) select new ShelfUnits($"S{s}", $"L{l}", 12)).ToArray();
        var changes = Enumerable.Range(0, 2000).Select(i => new ShelfChange(Sample.Monday.AddMinutes(5 * i), new($"S{chance.Next(300)}", $"L{chance.Next(8)}", 1 + chance.Next(9)))).ToArray();
        var began = System.Diagnostics.Stopwatch.GetTimestamp();
        var compared = WhatIfComparison.Of(Past(orders, opening, changes), terms, terms with { Locations = [terms.Locations[0] with { Paused = true }, .. terms.Locations.Skip(1)] });
        var took = System.Diagnostics.Stopwatch.GetElapsedTime(began);
        Console.Error.WriteLine($"{took.TotalSeconds:0.0} s for both runs; {compared.Different.Count} orders differ, {compared.Then.Waited} waited");
        compared.Then.ByLocation.Keys.ShouldNotContain("L0");
        took.TotalSeconds.ShouldBeLessThan(10);
    }
}
