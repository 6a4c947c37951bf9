using Quartermaster.Core.Books;
using Quartermaster.Core.Codes;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Stock;

namespace Quartermaster.Core.Tests.Flows;

/// <summary>Codes that mean other SKUs, several of them, or nothing that anybody knows.</summary>
public sealed class KitTests
{
    private static readonly Part Mug = new("MUG", 1), Tea = new("TEA", 2);

    /// <summary>Sets of one mug and two teas, at 300 each, and 50 for shipping.</summary>
    private static OrderFacts Sets(int quantity, params OrderLine[] more) => Sample.Facts([Sample.Line("1", "GIFT-SET", quantity, 300m), .. more]);

    private static OrderStory Shop(BrandTerms? terms = null, params (string Sku, string Location, int OnHand)[] stock)
    {
        var story = new OrderStory(terms, stock.Length > 0 ? stock : [("MUG", "BLR", 10), ("TEA", "BLR", 20), ("MUG", "DEL", 10), ("TEA", "DEL", 20)]);
        story.Codes["GIFT-SET"] = [Mug, Tea];
        return story;
    }

    [Fact]
    public void A_kit_is_taken_apart_and_one_warehouse_gets_its_parts()
    {
        var story = Shop().Reported(Sets(2));
        story.Status.ShouldBe("allocated");
        story.Planned<FulfilmentEffect.SubmitToWarehouse>().Single().Order.Lines.Select(l => (l.Sku, l.Quantity, l.Title)).ShouldBe([("MUG", 2, "MUG of Item GIFT-SET"), ("TEA", 4, "TEA of Item GIFT-SET")]);
        story.Desk.Find("TEA", "BLR").Reserved.ShouldBe(4);
    }

    [Fact]
    public void Units_of_one_sku_are_added_up_over_lines_and_kits_before_they_are_looked_for()
    {
        var story = Shop(null, ("MUG", "BLR", 9), ("TEA", "BLR", 5)).Reported(Sets(2, Sample.Line("2", "TEA", 2)));
        story.Status.ShouldBe("backordered", "4 for the sets and 2 more are one more than there are");
        story.Happened<StockEvent.Backordered>().Single().Lines.Where(l => l.Sku == "TEA").Sum(l => l.Quantity).ShouldBe(6);
        story.Desk.Find("MUG", "BLR").Reserved.ShouldBe(0);
    }

    [Fact]
    public void A_removed_line_is_waited_for_no_more()
    {
        var story = Shop();
        story.Codes["X"] = story.Codes["Y"] = [];
        story.Reported(Sample.Facts(Sample.Line("1", "X", 1), Sample.Line("2", "Y", 1)));
        OrderRow.UnknownCodes(story.File).Select(c => c.Code).ShouldBe(["X", "Y"]);
        story.Reported(Sample.Facts(Sample.Line("1", "X", 0), Sample.Line("2", "Y", 1)) with { UpdatedAt = Sample.Monday.AddMinutes(1) }, "orders/edited");
        OrderRow.UnknownCodes(story.File).Select(c => c.Code).ShouldBe(["Y"], "nothing would ever answer for the other, and it would be asked about at every sweep");
    }

    [Fact]
    public void A_line_that_a_person_reads_while_the_warehouse_gives_the_order_back_is_sent_with_the_rest()
    {
        var story = Shop().Reported(Sets(1, Sample.Line("2", "TEA", 1))).AllDone();
        story.Reported(Sets(1, Sample.Line("2", "NEW", 1)) with { UpdatedAt = Sample.Monday.AddMinutes(1) }, "orders/edited");
        story.Hear(new OrderSignal.LineMapped("2", "MUG", "ann")).AllDone().Hear(new FulfilmentSignal.WithdrawalAnswered(Sample.Stream.Id, true, null)).AllDone();
        story.Desk.Find("MUG", "BLR").Reserved.ShouldBe(2, story.Told());
    }

    [Fact]
    public void A_code_that_means_six_of_one_sku_takes_six()
    {
        var story = Shop();
        story.Codes["TEA-6PACK"] = [new("TEA", 6)];
        story.Reported(Sample.Facts(Sample.Line("1", "TEA-6PACK", 2)));
        story.Desk.Find("TEA", "BLR").Reserved.ShouldBe(12);
        story.Shipped("T1", "BLR", ("TEA", 12));
        story.Planned<FulfilmentEffect.WriteFulfilment>().Single().Parcel.Lines.Select(l => (l.LineId, l.Sku, l.Quantity)).ShouldBe([("1", "TEA-6PACK", 2)]);
    }

    [Fact]
    public void A_mapped_code_is_sent_and_billed_as_the_sku_it_means()
    {
        var story = Shop();
        story.Codes["WOO-77"] = [new("MUG", 1)];
        story.Reported(Sample.Facts(Sample.Line("1", "WOO-77", 3))).Shipped("T1", "BLR", ("MUG", 3));
        story.Planned<FulfilmentEffect.WriteFulfilment>().Single().Parcel.Lines.Select(l => (l.LineId, l.Quantity)).ShouldBe([("1", 3)]);
        story.Planned<BooksEffect.DraftInvoice>().Single().Draft.Lines[0].Sku.ShouldBe("MUG");
        story.Happened<FulfilmentEvent.ToldAsSold>().ShouldBeEmpty();
    }

    [Fact]
    public void A_shopper_reads_the_set_and_not_its_parts_and_nothing_of_half_a_set()
    {
        var story = Shop().Reported(Sets(2)).AllDone().Shipped("T1", "BLR", ("MUG", 1), ("TEA", 2)).Shipped("T2", "BLR", ("MUG", 1));
        Items("T1").ShouldBe([("Item GIFT-SET", 1)]);
        Items("T2").ShouldBeEmpty("its teas are still to come");
        Items("").ShouldBe([("Item GIFT-SET", 2)], "what is about the order is about all of it");

        (string, int)[] Items(string parcel) => [.. PriceOfOrder.Shopper(story.File, "1001", "en", parcel).Order.Items.Select(i => (i.Title, i.Quantity))];
    }

    [Fact]
    public void The_channel_and_the_books_hear_of_whole_kits_only_when_their_last_part_leaves()
    {
        var story = Shop().Reported(Sets(2)).AllDone();
        story.Shipped("T1", "BLR", ("MUG", 2), ("TEA", 1));
        story.Planned<FulfilmentEffect.WriteFulfilment>().ShouldBeEmpty();
        story.Planned<BooksEffect.DraftInvoice>().ShouldBeEmpty();
        story.Status.ShouldBe("partly_shipped");

        story.Shipped("T2", "BLR", ("TEA", 1));
        story.Planned<FulfilmentEffect.WriteFulfilment>().Single().Parcel.ShouldSatisfyAllConditions(p => p.ParcelId.ShouldBe("T2"), p => p.Lines.Select(l => (l.LineId, l.Sku, l.Quantity)).ShouldBe([("1", "GIFT-SET", 1)]));
        story.Shipped("T3", "BLR", ("TEA", 2));
        var invoices = story.Planned<BooksEffect.DraftInvoice>().Select(i => i.Draft).ToList();
        invoices.Select(i => i.Total).ShouldBe([350m, 300m], "a set of 300 each, the postage with the first");
        invoices[0].Lines[0].Sku.ShouldBe("GIFT-SET");

        story.AllDone().Scanned("T1", Shipping.ScanStatus.Delivered).Scanned("T2", Shipping.ScanStatus.Delivered).Scanned("T3", Shipping.ScanStatus.Delivered);
        story.Status.ShouldBe("closed", story.Told());
        story.Desk.Find("TEA", "BLR").ShouldBe(new("TEA", "BLR", 16, 0));
    }

    [Fact]
    public void The_channels_echo_of_a_kit_is_known_as_ours()
    {
        var story = Shop().Reported(Sets(1)).Shipped("T1", "BLR", ("MUG", 1), ("TEA", 2));
        story.Hear(new OrderSignal.FulfilmentReported("F1", "Delhivery", null, [new("1", "GIFT-SET", 1)], story.Now, "success"));
        story.Notes[^1].ShouldContain("confirms");
    }

    [Fact]
    public void A_part_that_is_not_found_is_looked_for_elsewhere_and_the_kit_waits_for_it()
    {
        var story = Shop(Sample.Terms with { Routing = RoutingTerms.Plain with { MaxParcels = 2 } }).Reported(Sets(1)).AllDone();
        story.Hear(new FulfilmentSignal.ShortPicked(Sample.Stream.Id, "BLR", [new("TEA", 2)], story.Now));
        story.Happened<StockEvent.Allocated>().Last().Units.Select(u => (u.Sku, u.Quantity, u.Location)).ShouldBe([("TEA", 2, "DEL")]);
        story.AllDone().Shipped("T1", "BLR", ("MUG", 1));
        story.Planned<FulfilmentEffect.WriteFulfilment>().ShouldBeEmpty();
        story.Shipped("T2", "DEL", ("TEA", 2));
        story.Planned<FulfilmentEffect.WriteFulfilment>().Single().Parcel.Lines.Single().Quantity.ShouldBe(1);
    }

    [Fact]
    public void A_refunded_kit_is_wanted_no_more_in_all_its_parts()
    {
        var story = Shop(null, ("TEA", "BLR", 20)).Reported(Sets(2));
        story.Status.ShouldBe("backordered");
        story.Hear(new OrderSignal.RefundReported("R1", 300m, "INR", Sample.Monday.AddMinutes(5), [new("1", 1, false, null, 300m, 0m)], null));
        story.File.StillWanted().Select(w => (w.Sku, w.Quantity)).ShouldBe([("MUG", 1), ("TEA", 2)]);
    }

    [Fact]
    public void Kits_that_come_back_come_back_in_all_their_parts()
    {
        var story = Shop().Reported(Sets(2)).AllDone().Shipped("T1", "BLR", ("MUG", 2), ("TEA", 4));
        story.Hear(new OrderSignal.RefundReported("R1", 300m, "INR", Sample.Monday.AddMinutes(5), [new("1", 1, true, null, 300m, 0m)], null));
        story.Happened<StockEvent.Returned>().Single().Units.Select(u => (u.Sku, u.Quantity)).ShouldBe([("MUG", 1), ("TEA", 2)]);
    }

    [Fact]
    public void A_kit_that_was_fulfilled_elsewhere_takes_its_parts_off_the_shelf()
    {
        var story = Shop(null, ("MUG", "BLR", 5), ("TEA", "BLR", 9)).Reported(Sets(1)).AllDone();
        story.Hear(new OrderSignal.FulfilmentReported("F9", "Other", "OTHER1", [new("1", "GIFT-SET", 1)], story.Now, "success", "BLR"));
        story.Happened<StockEvent.WentElsewhere>().Single().Units.Select(u => (u.Sku, u.Quantity)).ShouldBe([("MUG", 1), ("TEA", 2)]);
        story.File.StillWanted().ShouldBeEmpty();
    }

    [Fact]
    public void An_order_with_a_code_that_nobody_knows_waits_and_goes_on_when_it_is_explained()
    {
        var story = Shop();
        story.Codes["MYSTERY"] = [];
        story.Reported(Sample.Facts(Sample.Line("1", "MYSTERY", 1)));
        story.Status.ShouldBe("held");
        story.Cases.ShouldBeEmpty("the case is the code's: a hundred orders would be a hundred");
        story.Forwarded.Single().ShouldSatisfyAllConditions(f => f.To.Key.ShouldBe("code/MYSTERY"), f => f.Signal.ShouldBe(new CodeSignal.Met("MYSTERY", "shop", "Item MYSTERY")));
        story.Row.Attention.ShouldBe("'Item MYSTERY' is sold as MYSTERY, and nobody has said which SKU that is.");

        story.Explained("MYSTERY", Mug, Tea).Status.ShouldBe("allocated");
        story.File.Stock.Held!.Select(u => (u.Sku, u.Quantity)).ShouldBe([("MUG", 1), ("TEA", 2)]);
    }

    [Fact]
    public void An_order_goes_on_without_the_line_when_a_person_lifts_the_hold()
    {
        var story = Shop();
        story.Codes["MYSTERY"] = [];
        story.Reported(Sample.Facts(Sample.Line("1", "MYSTERY", 1), Sample.Line("2", "MUG", 1))).Hear(new OrderSignal.HoldLiftAsked(HoldKind.UnknownCode, "ann"));
        story.File.Stock.Held!.Single().Sku.ShouldBe("MUG");
    }

    [Fact]
    public void A_line_can_be_mapped_for_one_order_only()
    {
        var story = Shop();
        story.Codes["MYSTERY"] = [];
        story.Reported(Sample.Facts(Sample.Line("1", "MYSTERY", 1))).Hear(new OrderSignal.LineMapped("1", "TEA", "ann"));
        story.Status.ShouldBe("allocated");
        story.Explained("MYSTERY", Mug);
        story.File.Stock.Held!.Single().Sku.ShouldBe("TEA", "what a person said of this line stands");
    }

    [Fact]
    public void A_new_meaning_changes_what_waits_and_not_what_a_warehouse_has()
    {
        var waits = Shop(null, ("MUG", "BLR", 0), ("TEA", "BLR", 9)).Reported(Sets(1));
        waits.Status.ShouldBe("backordered");
        waits.Explained("GIFT-SET", new Part("TEA", 3)).File.Stock.Held!.Select(u => (u.Sku, u.Quantity)).ShouldBe([("TEA", 3)]);

        var sent = Shop().Reported(Sets(1)).AllDone();
        var before = sent.Events.Count;
        sent.Explained("GIFT-SET", new Part("TEA", 3));
        sent.Events.Count.ShouldBe(before);
        sent.Notes[^1].ShouldContain("keeps what GIFT-SET meant");
    }

    [Fact]
    public void An_order_keeps_the_meaning_it_was_released_with_when_its_channel_only_repeats_it()
    {
        var story = Shop().Reported(Sample.Facts(Sample.Line("1", "MUG", 1)));
        story.Codes["MUG"] = [new("TEA", 1)];
        story.Reported(Sample.Facts(Sample.Line("1", "MUG", 1)) with { UpdatedAt = Sample.Monday.AddHours(1) }, "orders/updated");
        story.File.Stock.Held!.Single().Sku.ShouldBe("MUG");
    }

    [Fact]
    public void A_line_that_is_added_later_is_read_before_it_is_wanted()
    {
        var story = Shop(null, ("MUG", "BLR", 1), ("TEA", "BLR", 9)).Reported(Sample.Facts(Sample.Line("1", "MUG", 1)));
        story.Codes["MYSTERY"] = [];
        story.Reported(Sample.Facts(Sample.Line("1", "MUG", 1), Sample.Line("2", "MYSTERY", 1)) with { UpdatedAt = Sample.Monday.AddHours(1) }, "orders/edited");
        story.Status.ShouldBe("held");
        story.Happened<StockEvent.Backordered>().ShouldBeEmpty("nobody asked the stock for what nobody knows");
        story.Explained("MYSTERY", new Part("TEA", 1));
        story.File.StillWanted().Select(w => w.Sku).ShouldBe(["MUG", "TEA"]);
        story.File.Order.Unread.ShouldBeNull();
    }

    [Fact]
    public void An_edit_may_bring_a_kit_and_take_one_away()
    {
        var story = Shop().Reported(Sets(1)).Is<FulfilmentEffect.SubmitToWarehouse>(EffectPlace.Waiting);
        story.Reported(Sets(3) with { UpdatedAt = Sample.Monday.AddHours(1) }, "orders/edited");
        story.File.Stock.Held!.Select(u => (u.Sku, u.Quantity)).ShouldBe([("MUG", 3), ("TEA", 6)], story.Told());
        story.Desk.Find("TEA", "BLR").Reserved.ShouldBe(6);
    }

    [Fact]
    public void A_line_of_which_a_part_has_left_stays_what_it_is()
    {
        var story = Shop().Reported(Sets(1)).AllDone().Shipped("T1", "BLR", ("MUG", 1));
        story.Hear(new OrderSignal.LineMapped("1", "TEA", "ann"));
        story.Notes[^1].ShouldContain("Part of the kit has left");
        story.Reported(Sample.Facts(Sample.Line("1", "OTHER-SET", 1, 300m)) with { UpdatedAt = Sample.Monday.AddHours(1) }, "orders/edited");
        story.File.StillWanted().Select(w => (w.Sku, w.Quantity)).ShouldBe([("TEA", 2)], "the mug is not sent again under another name");
    }
}
