using Quartermaster.Core.Connecting;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;
using Quartermaster.Core.Purchasing;
using Quartermaster.Core.Stock;

namespace Quartermaster.Core.Tests.Purchasing;

public sealed class PurchaseTests
{
    private static readonly DateTimeOffset T = Sample.Monday;
    internal static readonly SupplierTerms Mill = new("mill", "Surat Mill", "orders@mill.example", 14, 5000m, "INR");
    internal static readonly PurchaseSignal.Proposed Proposed = new(Mill, "BLR", [new("A", 24, 12, 110m), new("B", 10, 1, 40m, "M-B", 20)], "replenishment");
    internal static readonly PurchaseSignal.ApproveAsked Approve = new(null, "lea");

    private readonly PurchaseStream _kind = new();
    private object _state = PurchaseOrder.Unknown;
    private BrandTerms _terms = Sample.Terms;

    private PurchaseOrder Order => (PurchaseOrder)_state;

    [Fact]
    public void An_approved_order_is_expected_after_the_longest_lead_time_and_goes_to_the_supplier()
    {
        Say(Proposed).Effects.ShouldBeEmpty();
        var approved = Say(Approve);

        Order.ExpectedAt.ShouldBe(T.AddDays(20));
        Order.Total.ShouldBe(24 * 110m + 10 * 40m);
        approved.Requests.OfType<StockRequest.Expect>().Single().Units.ShouldBe([new ExpectedUnits("A", "BLR", 24), new("B", "BLR", 10)]);
        approved.Timers.Single().DueAt.ShouldBe(T.AddDays(21));
        var letter = approved.Effects.Single();
        letter.Connection.ShouldBe("mail");
        var text = letter.Effect.ShouldBeOfType<MessageEffect.Letter>();
        (text.To, text.Subject).ShouldBe(("orders@mill.example", "Purchase order PO-1 from Aurora"));
        text.Text.ShouldContain("10 x B (yours: M-B) at 40.00 INR");
        text.Text.ShouldContain("Bengaluru by 22 March 2026");
    }

    // Midnight in Kolkata is half past six of the evening before in UTC.
    [Fact]
    public void The_day_is_that_of_the_brand_for_the_supplier_and_for_the_operator()
    {
        _terms = Sample.Terms with { TimeZone = "Asia/Kolkata" };
        Say(Proposed);
        var approved = Say(new PurchaseSignal.ApproveAsked(new(2026, 3, 19, 18, 30, 0, TimeSpan.Zero), "lea"));
        ((MessageEffect.Letter)approved.Effects.Single().Effect).Text.ShouldContain("Bengaluru by 20 March 2026");
        approved.Note.ShouldEndWith("expected on 2026-03-20.");
    }

    [Fact]
    public void A_draft_takes_more_skus_and_a_decided_order_takes_none()
    {
        Say(Proposed);
        Say(Proposed with { Lines = [new("B", 99, 1, 40m), new("C", 5, 1, 10m)] });
        Order.Lines!.Select(l => (l.Sku, l.Quantity)).ShouldBe([("A", 24), ("B", 10), ("C", 5)]);
        Say(new PurchaseSignal.RejectAsked("enough for now", "lea"));

        var late = Say(Proposed with { Lines = [new("D", 5, 1, 10m)] });

        late.Events.ShouldBeEmpty();
        late.Requests.Single().ShouldBeOfType<PurchaseRequest.Keep>("its claims are given free");
        Say(Approve).Events.ShouldBeEmpty();
    }

    [Fact]
    public void A_person_changes_quantities_before_the_approval_and_not_after()
    {
        Say(Proposed);
        Say(new PurchaseSignal.QuantitiesSet([new("A", 36), new("B", 0), new("Z", 1)], "lea"));
        Say(Approve).Requests.OfType<StockRequest.Expect>().Single().Units.ShouldBe([new ExpectedUnits("A", "BLR", 36)]);
        Order.ExpectedAt.ShouldBe(T.AddDays(14), "the slow one was left out");
        Say(new PurchaseSignal.QuantitiesSet([new("A", 1)], "lea")).Events.ShouldBeEmpty();
    }

    [Fact]
    public void An_order_of_nothing_is_not_approved()
    {
        Say(Proposed);
        Say(new PurchaseSignal.QuantitiesSet([new("A", 0), new("B", 0)], "lea"));
        var turn = Say(Approve);
        turn.Events.ShouldBeEmpty();
        turn.Note.ShouldBe("Nothing is left on it; reject it instead.");
    }

    [Fact]
    public void Partial_short_damaged_and_over_receipts_add_up()
    {
        Say(Proposed);
        Say(Approve);
        var first = Say(Receipt("r1", new ReceivedLine("A", 20, 1)));
        first.Forwarded.ShouldBe([new(new("aurora", "stock", "A"), new StockSignal.Received("A", "BLR", 20, "PO-1/r1", T)), new(new("aurora", "stock", "A"), new StockSignal.DamageTold("A", "BLR", 1, Damage.Came, "came damaged: r1", "PO-1", "PO-1/r1/damaged"))]);
        first.Requests.OfType<StockRequest.Expect>().Single().Units.ShouldBe([new ExpectedUnits("A", "BLR", -21)]);
        Say(Receipt("r1", new ReceivedLine("A", 20, 1))).Events.ShouldBeEmpty("it was booked before");

        var over = Say(Receipt("r2", new ReceivedLine("A", 10), new ReceivedLine("B", 10)));

        over.Requests.OfType<StockRequest.Expect>().Single().Units.ShouldBe([new ExpectedUnits("A", "BLR", -3), new("B", "BLR", -10)]);
        over.Timers.Single().Signal.ShouldBeNull("nothing is due any more");
        Order.State.ShouldBe(PurchaseState.Received);
        Order.Line("A")!.Received.ShouldBe(30);
    }

    [Fact]
    public void What_never_comes_is_closed_by_a_person_and_comes_after_all()
    {
        Say(Proposed);
        Say(Approve);
        Say(Receipt("r1", new ReceivedLine("A", 24)));
        var closed = Say(new PurchaseSignal.CloseAsked("discontinued", "lea"));
        closed.Events.Single().ShouldBeOfType<PurchaseEvent.ClosedShort>().Missing.ShouldBe([new LineQuantity("B", 10)]);
        closed.Requests.OfType<StockRequest.Expect>().Single().Units.ShouldBe([new ExpectedUnits("B", "BLR", -10)]);

        var after = Say(Receipt("r2", new ReceivedLine("B", 4)));

        after.Forwarded.Count.ShouldBe(1, "the goods are there, whatever was said");
        after.Requests.OfType<StockRequest.Expect>().ShouldBeEmpty();
        Order.State.ShouldBe(PurchaseState.ClosedShort);
    }

    [Fact]
    public void Goods_that_nobody_ordered_are_a_case_and_go_on_no_shelf()
    {
        Say(Proposed);
        var early = Say(Receipt("r0", new ReceivedLine("A", 5)));
        (early.Events.Count, early.Forwarded.Count).ShouldBe((0, 0));
        early.Cases.Single().ShouldBeOfType<CaseChange.Opened>().Kind.ShouldBe("purchase.not_ordered");
        Say(Approve);

        var strange = Say(Receipt("r1", new ReceivedLine("A", 24), new ReceivedLine("Z", 2)));

        strange.Forwarded.Select(f => f.To.Id).ShouldBe(["A"]);
        strange.Cases.OfType<CaseChange.Opened>().Single().Detail.ShouldContain("2 × Z");
    }

    [Fact]
    public void A_late_order_is_a_case_until_it_comes_or_gets_another_day()
    {
        Say(Proposed);
        Say(Approve);
        Say(new PurchaseSignal.FellDue()).Events.ShouldBeEmpty("it is not due yet");
        var late = Say(new PurchaseSignal.FellDue(), T.AddDays(21));
        late.Cases.Single().ShouldBeOfType<CaseChange.Opened>().Detail.ShouldContain("24 × A, 10 × B");
        Say(new PurchaseSignal.FellDue(), T.AddDays(22)).Events.ShouldBeEmpty();

        var moved = Say(new PurchaseSignal.DateSet(T.AddDays(30), "lea"), T.AddDays(22));
        moved.Cases.ShouldBe([new CaseChange.Closed("late")]);
        moved.Timers.Single().DueAt.ShouldBe(T.AddDays(31));
        Order.Late.ShouldBeFalse();
        Say(new PurchaseSignal.FellDue(), T.AddDays(31)).Cases.Count.ShouldBe(1);
        Say(Receipt("r1", new ReceivedLine("A", 24), new ReceivedLine("B", 10)), T.AddDays(32)).Cases.ShouldBe([new CaseChange.Closed("late")]);
    }

    [Fact]
    public void A_letter_that_does_not_get_through_is_a_case_and_the_order_stands()
    {
        Say(Proposed);
        var letter = Say(Approve).Effects.Single();
        var refused = Say(new EffectSettled(letter.Key, "message.letter.v1", new Outcome.Refused("550", "no such mailbox")));
        refused.Cases.Single().ShouldBeOfType<CaseChange.Opened>().Kind.ShouldBe("purchase.not_sent");
        Order.State.ShouldBe(PurchaseState.Ordered);
        Say(new EffectSettled(letter.Key, "message.letter.v1", new Outcome.Done("m1"))).Cases.ShouldBe([new CaseChange.Closed("not_sent")]);
        Order.Sent.ShouldBeTrue();
    }

    [Fact]
    public void Without_an_address_nobody_is_written_to()
    {
        Say(Proposed with { Supplier = Mill with { Email = null } });
        Say(Approve).Effects.ShouldBeEmpty();
    }

    internal static PurchaseSignal.GoodsReceived Receipt(string id, params ReceivedLine[] lines) => new(id, lines, T, "ann");

    private Turn Say(Signal signal, DateTimeOffset? at = null)
    {
        var turn = _kind.Decide(_state, signal, Sample.At(at ?? T, _terms) with { Stream = new("aurora", "purchase", "PO-1") });
        _state = _kind.Load(_kind.Save(turn.State));
        return turn;
    }

    [Fact]
    public void Approved_it_goes_to_the_books_where_the_brand_wants_that_and_what_came_of_it_is_told()
    {
        var terms = Sample.Terms with { PurchaseOrdersTo = "xero", PurchasePrefix = "AT-" };
        Turn Hear(Signal signal)
        {
            var turn = _kind.Decide(_state, signal, Sample.At(T, terms) with { Stream = new("aurora", "purchase", "PO-1") });
            _state = turn.State;
            return turn;
        }
        Hear(Proposed);
        var planned = Hear(Approve).Effects.Single(e => e.Effect is PurchaseEffect.Draft);
        (planned.Key, planned.Connection).ShouldBe(("purchase/PO-1/books", "xero"));
        var draft = ((PurchaseEffect.Draft)planned.Effect).Order;
        (draft.Number, draft.Reference, draft.SupplierKey, draft.DeliverTo, draft.Total()).ShouldBe(("AT-PO-1", "aurora/PO-1", "supplier-mill", "Bengaluru", 3040m));
        draft.Lines.Select(l => (l.Sku, l.TheirSku, l.Quantity)).ShouldBe([("A", null, 24), ("B", "M-B", 10)]);

        var refused = Hear(new EffectSettled(planned.Key, Wire.KindOf(typeof(PurchaseEffect.Draft)), new Outcome.Refused("number_taken", "PO-1 is somebody else's.")));
        refused.Cases.Single().ShouldBeOfType<CaseChange.Opened>().Kind.ShouldBe("purchase.not_booked");
        Order.BookedAs.ShouldBeNull();
        var booked = Hear(new EffectSettled(planned.Key, Wire.KindOf(typeof(PurchaseEffect.Draft)), new Outcome.Done("po-id")));
        booked.Cases.Single().ShouldBeOfType<CaseChange.Closed>();
        (Order.BookedAs, Order.Sent).ShouldBe(("po-id", false));
        Hear(new EffectSettled(planned.Key, Wire.KindOf(typeof(PurchaseEffect.Draft)), new Outcome.AlreadyDone("po-id"))).Events.ShouldBeEmpty();
    }
}
