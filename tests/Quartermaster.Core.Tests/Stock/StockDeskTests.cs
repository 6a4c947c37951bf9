using FsCheck;
using FsCheck.Fluent;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Stock;

namespace Quartermaster.Core.Tests.Stock;

public sealed class StockDeskTests
{
    private static StockDesk Desk(params (string Sku, string Location, int OnHand, int Reserved)[] positions)
    {
        var desk = ChooseLocation.Desk(Sample.Terms);
        foreach (var (sku, location, onHand, reserved) in positions) desk.Load(new(sku, location, onHand, reserved));
        return desk;
    }

    private static StockRequest.Reserve Ask(params (string Sku, int Quantity)[] lines) =>
        new([.. lines.Select((l, i) => new Wanted($"{i}", l.Sku, l.Quantity))], "IN", "560001", [], new(2026, 11, 20, 6, 30, 0, TimeSpan.Zero));

    [Fact]
    public void One_last_unit_goes_to_the_first_who_asks()
    {
        var desk = Desk(("A", "BLR", 1, 0));
        desk.Answer(Ask(("A", 1)), "order/1").ShouldBeOfType<StockSignal.ReserveGranted>();
        desk.Answer(Ask(("A", 1)), "order/2").ShouldBeOfType<StockSignal.ReserveDenied>().Short.ShouldBe(["A"]);
        desk.Movements.Single().ShouldBe(new Movement("A", "BLR", MovementKind.Reserved, 0, 1, "order/1"));
    }

    [Fact]
    public void What_a_pre_order_was_promised_is_given_to_nobody_who_comes_after_it()
    {
        var desk = Desk(("A", "BLR", 1, 0), ("A", "DEL", 3, 0));
        desk.Join(new("A", "order/elder", 1, false));
        desk.Join(new("A", "order/pre", 3, true));
        desk.Answer(Ask(("A", 2)), "order/new").ShouldBeOfType<StockSignal.ReserveDenied>("3 of the 4 are kept");
        desk.Answer(Ask(("A", 1)), "order/new").ShouldBeOfType<StockSignal.ReserveGranted>();
        desk.Answer(Ask(("A", 1)), "order/elder").ShouldBeOfType<StockSignal.ReserveGranted>("it stood before");
        desk.Leave("A", "order/pre");
        desk.Answer(Ask(("A", 2)), "order/newer").ShouldBeOfType<StockSignal.ReserveGranted>("nobody waits any more");
    }

    [Fact]
    public void What_was_kept_for_a_pre_order_that_leaves_wakes_those_behind_it()
    {
        var desk = Desk(("A", "BLR", 2, 0), ("B", "BLR", 0, 0));
        foreach (var sku in (string[])["A", "B"]) desk.Join(new(sku, "order/pre", 3, true));
        desk.Join(new("A", "order/next", 1, false));
        desk.Leave("A", "order/next");
        desk.Risen.ShouldBeEmpty("nothing was kept for it");
        desk.Leave("A", "order/pre");
        desk.Leave("B", "order/pre");
        desk.Risen.ShouldBe(["A"], "of B there is nothing that somebody could have");
    }

    [Fact]
    public void What_will_not_come_any_more_keeps_nothing_from_others_and_what_will_come_does()
    {
        var desk = Desk(("A", "BLR", 2, 0), ("B", "BLR", 2, 0));
        desk.Join(new("A", "order/pre", 3, true));
        desk.Answer(Ask(("A", 2)), "order/new").ShouldBeOfType<StockSignal.ReserveGranted>();
        desk.Join(new("B", "order/pre", 3, true));
        desk.LoadComing("B", 1);
        desk.Answer(Ask(("B", 1)), "order/new").ShouldBeOfType<StockSignal.ReserveDenied>();
        desk.Answer(new StockRequest.Receive("B", "BLR", 1, "received", new(2026, 11, 20, 6, 30, 0, TimeSpan.Zero)), "stock/B");
        desk.Answer(Ask(("B", 3)), "order/pre").ShouldBeOfType<StockSignal.ReserveGranted>();
    }

    [Fact]
    public void Goods_that_came_are_in_the_ledger_as_received_and_what_is_on_its_way_promises_nothing()
    {
        var desk = Desk(("A", "BLR", 1, 1));
        var at = new DateTimeOffset(2026, 11, 20, 6, 30, 0, TimeSpan.Zero);
        desk.Answer(new StockRequest.Expect([new("A", "BLR", 6), new("A", "BLR", -2)]), "purchase/PO-1").ShouldBeNull();
        (desk.Expected[("A", "BLR")], desk.Movements.Count, desk.Find("A", "BLR").Available).ShouldBe((4, 0, 0));
        desk.Answer(new StockRequest.Receive("A", "BLR", 4, "received: PO-1/r1", at), "stock/A").ShouldBe(new StockSignal.PositionSet("A", "BLR", 1, 5, 1, 0));
        desk.Movements.Single().ShouldBe(new Movement("A", "BLR", MovementKind.Received, 4, 0, "received: PO-1/r1", at));
        desk.Risen.ShouldBe(["A"]);
        // A count of before the goods came, told after: they are added to it.
        desk.Answer(new StockRequest.SetCount("A", "BLR", 3, "counted", at.AddHours(-1), "wms"), "stock/A").ShouldBe(new StockSignal.PositionSet("A", "BLR", 5, 7, 1, 0, new(3, "wms", at.AddHours(-1))));
        desk.Answer(new StockRequest.SetCount("A", "BLR", 6, "counted", at.AddHours(1), "wms"), "stock/A").ShouldBe(new StockSignal.PositionSet("A", "BLR", 7, 6, 1, 0, new(6, "wms", at.AddHours(1))));
    }

    [Fact]
    public void What_is_kept_back_is_never_promised_and_its_end_wakes_who_waits()
    {
        var desk = Desk(("A", "BLR", 3, 0));
        desk.Answer(new StockRequest.SetSafety("A", "BLR", 2), "stock/A").ShouldBeNull();
        (desk.Shifted.Single(), desk.Risen.Count, desk.Movements.Count).ShouldBe(("A", 0, 0));
        desk.Answer(Ask(("A", 2)), "order/1").ShouldBeOfType<StockSignal.ReserveDenied>();
        desk.Answer(Ask(("A", 1)), "order/2").ShouldBeOfType<StockSignal.ReserveGranted>();
        desk.Answer(new StockRequest.SetSafety("A", "BLR", 5), "stock/A");
        desk.Find("A", "BLR").ShouldSatisfyAllConditions(p => p.Reserved.ShouldBe(1), p => p.Available.ShouldBe(-3));
        desk = ChooseLocation.Desk(Sample.Terms);
        desk.Load(new("A", "BLR", 3, 1, Safety: 5));
        desk.Answer(new StockRequest.SetSafety("A", "BLR", 0), "stock/A");
        desk.Risen.ShouldBe(["A"]);
        desk.Answer(Ask(("A", 2)), "order/1").ShouldBeOfType<StockSignal.ReserveGranted>();
    }

    [Fact]
    public void What_is_given_back_and_taken_again_wakes_nobody_and_tells_no_channel()
    {
        var desk = Desk(("A", "BLR", 1, 1));
        desk.Answer(new StockRequest.Release([new("1", "A", 1, "BLR")], "chosen anew"), "order/1");
        desk.Risen.ShouldBe(["A"]);
        desk.Answer(Ask(("A", 1)), "order/1").ShouldBeOfType<StockSignal.ReserveGranted>();
        (desk.Risen.Count, desk.Shifted.Count, desk.Movements.Count).ShouldBe((0, 0, 2));
    }

    [Fact]
    public void Two_lines_of_one_sku_are_counted_together()
    {
        var desk = Desk(("A", "BLR", 3, 0), ("A", "DEL", 4, 0));
        desk.Answer(Ask(("A", 2), ("A", 2)), "o").ShouldBeOfType<StockSignal.ReserveGranted>().Units.ShouldAllBe(u => u.Location == "DEL");
    }

    [Fact]
    public void All_lines_come_from_one_location_or_none()
    {
        var desk = Desk(("A", "BLR", 1, 0), ("B", "DEL", 1, 0));
        var denied = desk.Answer(Ask(("A", 1), ("B", 1)), "o").ShouldBeOfType<StockSignal.ReserveDenied>();
        denied.Short.ShouldBe(["A", "B"]);
        denied.Candidates[0].Missing.ShouldBe(["B: 0 of 1"]);
        desk.Movements.ShouldBeEmpty();
    }

    [Fact]
    public void Where_the_brand_allows_it_an_order_is_reserved_at_several_locations_and_each_line_takes_what_is_its()
    {
        var desk = ChooseLocation.Desk(Sample.Terms with { Routing = new() { MaxParcels = 2 } });
        foreach (var position in new Position[] { new("A", "BLR", 3, 0), new("B", "DEL", 1, 0), new("A", "DEL", 1, 0) }) desk.Load(position);
        var granted = desk.Answer(Ask(("A", 2), ("A", 1), ("B", 1)), "o").ShouldBeOfType<StockSignal.ReserveGranted>();
        granted.Units.ShouldBe([new("0", "A", 2, "BLR"), new("1", "A", 1, "BLR"), new("2", "B", 1, "DEL")]);
        granted.Candidates.Where(c => c.Chosen).Select(c => c.Location).ShouldBe(["BLR", "DEL"]);
        desk.Find("A", "BLR").Reserved.ShouldBe(3);
        desk.Find("B", "DEL").Reserved.ShouldBe(1);
    }

    [Fact]
    public void Safety_stock_is_never_promised()
    {
        var desk = Desk();
        desk.Load(new("A", "BLR", 5, 0, 5));
        desk.Answer(Ask(("A", 1)), "o").ShouldBeOfType<StockSignal.ReserveDenied>();
    }

    [Fact]
    public void A_count_below_what_is_promised_leaves_the_promise_and_tells_the_difference()
    {
        var desk = Desk(("A", "BLR", 10, 7));
        desk.Answer(new StockRequest.SetCount("A", "BLR", 4, "count", Sample.Monday, "ann"), "s").ShouldBe(new StockSignal.PositionSet("A", "BLR", 10, 7, 7, 3, new(4, "ann", Sample.Monday)));
        desk.Find("A", "BLR").ShouldBe(new Position("A", "BLR", 7, 7, Short: 3));
        desk.Risen.ShouldBeEmpty();
    }

    [Fact]
    public void What_comes_is_first_of_all_what_was_promised_and_not_found()
    {
        var desk = Desk(("A", "BLR", 10, 7));
        desk.Load(new("A", "BLR", 10, 7, Damaged: 5));
        desk.Answer(new StockRequest.SetCount("A", "BLR", 1, "count", Sample.Monday, "ann"), "s");
        desk.Answer(new StockRequest.MoveDamaged("A", "BLR", 2, Damage.Repaired, "it was only dirty"), "s").ShouldBe(new StockSignal.PositionSet("A", "BLR", 7, 7, 7, 4));
        desk.Answer(new StockRequest.Receive("A", "BLR", 3, "received", Sample.Monday.AddHours(1)), "s").ShouldBe(new StockSignal.PositionSet("A", "BLR", 7, 7, 7, 1));
        desk.Answer(new StockRequest.TakeBack([new("1", "A", 1, "BLR")], "came back"), "order/1");
        desk.Find("A", "BLR").ShouldBe(new Position("A", "BLR", 7, 7, Damaged: 3));
        desk.Risen.ShouldBeEmpty("nobody can be promised what was promised before");
        desk.Answer(new StockRequest.Adjust("A", "BLR", 2, "found"), "s").ShouldBe(new StockSignal.PositionSet("A", "BLR", 7, 9, 7, 0));
        desk.Movements.Sum(m => m.OnHand).ShouldBe(9 - 10);
        // Told late, a count of before all that: what came since is added to it, and what it had not found is not taken off once more.
        desk.Answer(new StockRequest.SetCount("A", "BLR", 1, "count", Sample.Monday.AddMinutes(1), "ann"), "s").ShouldBeOfType<StockSignal.PositionSet>().After.ShouldBe(9);
    }

    [Fact]
    public void Units_that_are_promised_no_more_and_were_not_found_are_nobodys()
    {
        var desk = Desk(("A", "BLR", 6, 6));
        desk.Answer(new StockRequest.SetCount("A", "BLR", 3, "count", Sample.Monday, "ann"), "s");
        desk.Answer(new StockRequest.Release([new("1", "A", 2, "BLR")], "cancelled"), "order/1");
        desk.Find("A", "BLR").ShouldBe(new Position("A", "BLR", 4, 4, Short: 1));
        desk.Risen.ShouldBeEmpty();
        desk.Answer(new StockRequest.WriteOff([new("1", "A", 1, "BLR")], "not found by the warehouse"), "order/2");
        desk.Find("A", "BLR").ShouldBe(new Position("A", "BLR", 3, 3));
        desk.Answer(new StockRequest.Release([new("1", "A", 1, "BLR")], "cancelled"), "order/3");
        desk.Find("A", "BLR").Available.ShouldBe(1, "these three were found");
    }

    [Fact]
    public void Units_that_left_although_nobody_had_found_them_were_there()
    {
        var desk = Desk(("A", "BLR", 3, 3));
        desk.Answer(new StockRequest.SetCount("A", "BLR", 1, "count", Sample.Monday, "ann"), "s");
        desk.Answer(new StockRequest.Ship([new("1", "A", 3, "BLR")], Sample.Monday.AddHours(1)), "order/1");
        desk.Find("A", "BLR").ShouldBe(new Position("A", "BLR", 0, 0));
        desk.Answer(new StockRequest.Receive("A", "BLR", 5, "received", Sample.Monday.AddHours(2)), "s").ShouldBe(new StockSignal.PositionSet("A", "BLR", 0, 5, 0, 0));
    }

    [Fact]
    public void What_is_gone_besides_is_short_besides()
    {
        var desk = Desk(("A", "BLR", 4, 4));
        desk.Answer(new StockRequest.SetCount("A", "BLR", 3, "count", Sample.Monday, "ann"), "s");
        desk.Answer(new StockRequest.MoveDamaged("A", "BLR", 1, Damage.Found, "it fell"), "s").ShouldBe(new StockSignal.PositionSet("A", "BLR", 4, 4, 4, 2));
        desk.Answer(new StockRequest.MoveDamaged("A", "BLR", 1, Damage.Came, "it came so"), "s").ShouldBeNull();
        desk.Find("A", "BLR").ShouldBe(new Position("A", "BLR", 4, 4, Damaged: 2, Short: 2));
    }

    [Fact]
    public void A_late_count_does_not_put_back_what_left_after_it()
    {
        var desk = Desk(("A", "BLR", 10, 1), ("A", "DEL", 5, 0));
        desk.Answer(new StockRequest.Ship([new("1", "A", 1, "BLR")], Sample.Monday.AddMinutes(3)), "o");
        desk.Answer(new StockRequest.SetCount("A", "BLR", 10, "count", Sample.Monday), "s");
        desk.Find("A", "BLR").OnHand.ShouldBe(9);
        desk.Answer(new StockRequest.SetCount("A", "BLR", 9, "count", Sample.Monday.AddMinutes(4)), "s");
        desk.Find("A", "BLR").OnHand.ShouldBe(9, "this one was taken after the parcel had left");
        desk.Answer(new StockRequest.SetCount("A", "DEL", 4, "count", Sample.Monday), "s");
        desk.Find("A", "DEL").OnHand.ShouldBe(4, "nothing left from there");
    }

    [Fact]
    public void What_was_written_before_counts_as_well()
    {
        var desk = Desk(("A", "BLR", 9, 0));
        desk.LoadMoved("A", "BLR", -1, Sample.Monday.AddMinutes(3));
        desk.LoadMoved("A", "BLR", -1, Sample.Monday.AddMinutes(-3));
        desk.Answer(new StockRequest.SetCount("A", "BLR", 10, "count", Sample.Monday), "s");
        desk.Find("A", "BLR").OnHand.ShouldBe(9);
    }

    /// <summary>A shelf that parcels leave and that is counted now and then, told of in any order.</summary>
    [Fact]
    public void However_late_it_is_told_no_unit_is_believed_to_be_there_that_has_left()
    {
        var days = (from events in Gen.ArrayOf(Gen.Choose(0, 3)) from order in Gen.ArrayOf(Gen.Choose(0, 1_000_000), 60) select (events, order)).Resize(40).ToArbitrary();
        Prop.ForAll(days, day =>
        {
            const int Start = 100;
            var left = 0;
            List<(int Late, StockSignal Told)> news = [];
            for (var i = 0; i < day.events.Length; i++)
            {
                var at = Sample.Monday.AddMinutes(i);
                if (day.events[i] == 0) news.Add((day.order[i % 60], new StockSignal.Counted("A", "BLR", Start - left, "wms", at)));
                else { left++; news.Add((day.order[i % 60], new StockSignal.Left($"p{i}", [new("1", "A", 1, "BLR")], at))); }
            }
            var desk = Desk(("A", "BLR", Start, day.events.Length));
            var item = StockItem.Unknown;
            foreach (var (_, told) in news.OrderBy(n => n.Late))
            {
                if (told is StockSignal.Left l) desk.Answer(new StockRequest.Ship(l.Units, l.At), "o");
                else
                {
                    foreach (var request in StockItemDecider.Decide(item, told, Sample.At(Sample.Monday)).Requests)
                        foreach (var e in StockItemDecider.Decide(item, desk.Answer((StockRequest)request, "s")!, Sample.At(Sample.Monday)).Events) item = StockItemDecider.Evolve(item, (StockEvent)e);
                }
            }
            desk.Find("A", "BLR").OnHand.ShouldBeLessThanOrEqualTo(Start - left);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void More_to_promise_wakes_those_who_wait()
    {
        var desk = Desk(("A", "BLR", 2, 2));
        desk.Answer(new StockRequest.SetCount("A", "BLR", 2, "count", Sample.Monday), "s");
        desk.Risen.ShouldBeEmpty();
        desk.Answer(new StockRequest.Release([new("1", "A", 1, "BLR")], "cancelled"), "o");
        desk.Risen.ShouldBe(["A"]);
    }

    [Fact]
    public void More_than_is_reserved_cannot_leave() =>
        Should.Throw<InvalidOperationException>(() => Desk(("A", "BLR", 5, 1)).Answer(new StockRequest.Ship([new("1", "A", 2, "BLR")], Sample.Monday), "o"))
            .Message.ShouldContain("would leave -1 reserved of 3 on hand");

    [Fact]
    public void The_ledger_explains_every_position()
    {
        var step = from kind in Gen.Choose(0, 4) from quantity in Gen.Choose(1, 4) select (kind, quantity);
        Prop.ForAll(Gen.ArrayOf(step).Resize(30).ToArbitrary(), steps =>
        {
            var desk = Desk(("A", "BLR", 6, 0));
            List<Units> held = [];
            foreach (var (kind, quantity) in steps)
            {
                if (kind == 0 && desk.Answer(Ask(("A", quantity)), "o") is StockSignal.ReserveGranted granted) held.AddRange(granted.Units);
                else if (kind is 1 or 2 && held.Count > 0)
                {
                    desk.Answer(kind == 1 ? new StockRequest.Release([held[0]], "x") : new StockRequest.Ship([held[0]], Sample.Monday), "o");
                    held.RemoveAt(0);
                }
                else if (kind == 3) desk.Answer(new StockRequest.SetCount("A", "BLR", quantity * 2, "count", Sample.Monday), "s");
                else if (kind == 4) desk.Answer(new StockRequest.Adjust("A", "BLR", 2 - quantity, "broken"), "s");
                var position = desk.Find("A", "BLR");
                position.OnHand.ShouldBe(6 + desk.Movements.Sum(m => m.OnHand));
                position.Reserved.ShouldBe(desk.Movements.Sum(m => m.Reserved));
                position.Reserved.ShouldBe(held.Sum(u => u.Quantity));
                position.Reserved.ShouldBeInRange(0, position.OnHand);
            }
        }).QuickCheckThrowOnFailure();
    }
}
