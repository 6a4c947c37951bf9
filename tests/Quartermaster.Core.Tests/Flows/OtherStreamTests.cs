using Quartermaster.Core.Connections;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Products;
using Quartermaster.Core.Stock;

namespace Quartermaster.Core.Tests.Flows;

/// <summary>Stock items, products and connections: each signal once, and once more, and late.</summary>
public sealed class OtherStreamTests
{
    private static readonly DateTimeOffset T = Sample.Monday;

    [Fact]
    public void A_count_is_taken_once_and_a_late_one_not_at_all()
    {
        var (first, again, late) = Play(new StockStream(), Counted(5, 1), Counted(5, 1), Counted(9, 0));
        first.Requests.ShouldBe([new StockRequest.SetCount("A", "BLR", 5, "counted by wms", T.AddMinutes(1), "wms", new(CountTerms.Usual, null, null))]);
        Nothing(again);
        Nothing(late);
    }

    [Fact]
    public void An_adjustment_is_made_once()
    {
        var adjusted = new StockSignal.Adjusted("A", "BLR", -1, "broken", "ann", "adj-1");
        var (first, again, _) = Play(new StockStream(), adjusted, adjusted, adjusted);
        first.Requests.ShouldBe([new StockRequest.Adjust("A", "BLR", -1, "ann: broken")]);
        Nothing(again);
    }

    [Fact]
    public void Units_that_came_are_added_once_and_not_to_a_count_that_has_seen_them()
    {
        var came = new StockSignal.Received("A", "BLR", 6, "PO-1/r1", T.AddMinutes(1));
        var (early, receipt, again) = Play(new StockStream(), Counted(5, 0), came, came);
        early.Requests.Count.ShouldBe(1);
        receipt.Requests.ShouldBe([new StockRequest.Receive("A", "BLR", 6, "received: PO-1/r1", T.AddMinutes(1))]);
        Nothing(again);
        var (_, seen, repeated) = Play(new StockStream(), Counted(11, 1), came, came);
        seen.Requests.ShouldBeEmpty("the count was taken when they lay there");
        seen.Events.Single().ShouldBeOfType<StockEvent.ReceiptTaken>().Counted.ShouldBeTrue();
        Nothing(repeated);
        var (_, elsewhere, _) = Play(new StockStream(), Counted(11, 1) with { Location = "DEL" }, came, came);
        elsewhere.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public void A_look_at_the_shelves_is_told_once_with_all_that_it_found()
    {
        var low = new Core.Purchasing.ReplenishmentSignal.RanLow(T, [new("A", 0, 24, "none available"), new("B", 3, 0, "3 available, line at 5")]);
        var (first, again, older) = Play(new ReplenishmentStream(), low, low, low with { At = T.AddHours(-1) });
        var alert = first.Effects.Single().Effect.ShouldBeOfType<Core.Messages.MessageEffect.Alert>();
        alert.Title.ShouldBe("Aurora: 2 SKUs run low");
        alert.Text.ShouldBe("A: none available, 24 on the way\nB: 3 available, line at 5");
        first.Effects.Single().Connection.ShouldBe("slack");
        Nothing(again);
        Nothing(older);
    }

    [Fact]
    public void Units_that_are_promised_and_not_there_are_a_case()
    {
        var (short_, _, whole) = Play(new StockStream(), new StockSignal.PositionSet("A", "BLR", 10, 7, 7, 3), Counted(1, 1), new StockSignal.PositionSet("A", "BLR", 7, 9, 7, 0));
        short_.Cases.Single().ShouldBeOfType<CaseChange.Opened>().Kind.ShouldBe("stock.promised_more_than_there");
        whole.Cases.Single().ShouldBeOfType<CaseChange.Closed>();
    }

    [Fact]
    public void An_impossible_count_changes_nothing_and_is_a_case()
    {
        var (turn, _, _) = Play(new StockStream(), Counted(-4, 1), Counted(-4, 1), Counted(-4, 1));
        turn.Requests.ShouldBeEmpty();
        turn.Cases.Single().ShouldBeOfType<CaseChange.Opened>().Kind.ShouldBe("stock.impossible_count");
        var (_, _, better) = Play(new StockStream(), Counted(-4, 1), Counted(4, 2), Taken(Counted(5, 3)));
        better.Cases.ShouldContain(new CaseChange.Closed("count/BLR"));
    }

    [Fact]
    public void A_cut_connection_alerts_once_and_is_mended()
    {
        var cut = new ConnectionSignal.Disconnected("shop", "The app was uninstalled.", T);
        var (first, again, mended) = Play(new ConnectionStream(), cut, cut, new ConnectionSignal.Mended("shop", "ann", T.AddHours(1)));
        first.Effects.Single().Connection.ShouldBe("slack");
        first.Cases.Single().ShouldBeOfType<CaseChange.Opened>().Kind.ShouldBe("connection.cut");
        Nothing(again);
        mended.Cases.Single().ShouldBeOfType<CaseChange.Closed>();
    }

    [Fact]
    public void A_cut_that_comes_after_it_was_mended_is_old_news()
    {
        var cut = new ConnectionSignal.Disconnected("shop", "The app was uninstalled.", T);
        var (_, _, late) = Play(new ConnectionStream(), cut, new ConnectionSignal.Mended("shop", "ann", T.AddHours(1)), cut);
        Nothing(late);
    }

    [Fact]
    public void A_serious_notice_is_a_case_and_a_quiet_one_is_kept()
    {
        var (serious, again, quiet) = Play(new ConnectionStream(), Notice("rejected", true), Notice("rejected", true), Notice("approved", false));
        serious.Effects.Count.ShouldBe(1);
        Nothing(again);
        (quiet.Events.Count, quiet.Effects.Count, quiet.Cases.Count).ShouldBe((1, 0, 0));
    }

    [Fact]
    public void A_product_tells_which_item_is_which_sku()
    {
        var known = new ProductSignal.Reported("shop", "9", "Shirt", [new("v1", "A", "S", "i1"), new("v2", "", "M", "i2")], T);
        var (first, again, older) = Play(new ProductStream(), known, known, known with { Title = "Old", UpdatedAt = T.AddDays(-1) });
        first.Events.Single().ShouldBeOfType<ProductEvent.Known>().Variants[0].InventoryItemId.ShouldBe("i1");
        first.Cases.Single().ShouldBeOfType<CaseChange.Opened>().Kind.ShouldBe("product.no_sku");
        Nothing(again);
        Nothing(older);
    }

    private static StockSignal.Counted Counted(int onHand, int minute) => new("A", "BLR", onHand, "wms", T.AddMinutes(minute));

    /// <summary>What the database answers to a count that it takes.</summary>
    private static StockSignal.PositionSet Taken(StockSignal.Counted c) => new(c.Sku, c.Location, 0, c.OnHand, 0, 0, new(c.OnHand, c.Source, c.At));

    private static ConnectionSignal.Noticed Notice(string text, bool serious) => new("wa", serious ? "template" : "note", text, serious, T);

    private static (Turn, Turn, Turn) Play(IStreamKind kind, params Signal[] signals)
    {
        var state = kind.Empty;
        List<Turn> turns = [];
        foreach (var signal in signals)
        {
            turns.Add(kind.Decide(state, signal, Sample.At(T) with { Stream = new("aurora", kind.Kind, "x") }));
            state = kind.Load(kind.Save(turns[^1].State));
            if (signal is StockSignal.Counted counted && turns[^1].Requests.Count > 0) state = kind.Load(kind.Save(kind.Decide(state, Taken(counted), Sample.At(T)).State));
        }
        return (turns[0], turns[1], turns[2]);
    }

    private static void Nothing(Turn turn)
    {
        (turn.Events.Count, turn.Effects.Count, turn.Requests.Count, turn.Cases.Count).ShouldBe((0, 0, 0, 0));
        turn.Note.ShouldNotBeNullOrEmpty();
    }
}
