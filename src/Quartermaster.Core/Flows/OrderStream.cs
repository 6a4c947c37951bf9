using Quartermaster.Core.Books;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Labels;
using Quartermaster.Core.Messages;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Shipping;
using Quartermaster.Core.Stock;

namespace Quartermaster.Core.Flows;

/// <summary>An order from first word to last: hands each signal to its capability and each event to the flows, until nothing is left to say.</summary>
public sealed class OrderStream : IStreamKind
{
    public string Kind => "order";

    public bool HearsOfSettledCases => true;

    public object Empty => OrderFile.Empty;

    public object Load(ReadOnlySpan<byte> state) => CoreJson.ReadState<OrderFile>(state);

    public byte[] Save(object state) => CoreJson.WriteState((OrderFile)state);

    public Turn Decide(object state, Signal signal, Situation situation)
    {
        var file = (OrderFile)state;
        return new OrderTurn(file, situation).Take(file.Erased ? Anonymous.Of(signal) : signal);
    }

    public StreamRow? Row(StreamId id, object state) => OrderRow.Of((OrderFile)state);
}

/// <summary>One signal's way through the capabilities of one order.</summary>
internal sealed class OrderTurn(OrderFile file, Situation s)
{
    /// <summary>No signal sets off more than this many others; beyond it flows chase each other and a person must look.</summary>
    private const int Most = 100;

    private static readonly string CancelKind = Wire.KindOf(typeof(OrderEffect.CancelAtChannel));

    private readonly Reactions next = new();
    private readonly List<Event> events = [];
    private readonly List<PlannedEffect> effects = [];
    private readonly List<Request> requests = [];
    private readonly List<Timer> timers = [];
    private readonly List<CaseChange> cases = [];
    private string? note;

    /// <summary>As the brand is, except that an order in shadow stays there while its brand is live.</summary>
    private Situation Now => file.Order.Shadow == Shadowing.InShadow && !s.Shadow ? s with { Shadow = true } : s;

    public Turn Take(Signal signal)
    {
        next.Send(signal);
        var taken = 0;
        // Asked again when the last asking led to something: an invoice that goes to review has no outcome to wait for.
        var asked = 0;
        while (next.TryTake(out var one) || (events.Count > asked && (asked = events.Count) > 0 && Closing(out one)))
        {
            if (++taken > Most) throw new InvalidOperationException($"{signal.GetType().Name} set off more than {Most} signals in {s.Stream}; the last was {one!.GetType().Name}.");
            Take(Decide(one!));
            if (one is OrderSignal.Reported reported) WhenChannelCountsMoreFetchIt.React(file, reported, next);
        }
        cases.AddRange(next.Cases);
        if (file.Order.DealtWith is { Count: > 0 } dealt) foreach (var again in cases) if (again is CaseChange.Opened && dealt.Contains(again.Key)) Happened(new OrderEvent.CameBack(again.Key));
        effects.AddRange(next.Effects);
        requests.AddRange(next.Requests);
        // The channel has been heard: a fetch that failed before is made good.
        if (signal is OrderSignal.Reported && file.Order.Fetches > 0) cases.Add(new CaseChange.Closed("fetch"));
        // What began in shadow, or misses something that was only recorded, is not half an order of ours later.
        if (s.Shadow && file.Order.Shadow != Shadowing.InShadow && (effects.Count > 0 || events.Exists(e => e is OrderEvent.Placed))) Happened(new OrderEvent.WentIntoShadow());
        return new(file, events, effects, requests, timers, cases, next.Forwarded, note, Now.Shadow);
    }

    private bool Closing(out Signal? signal)
    {
        WhenNothingIsLeftCloseTheOrder.React(file, Now, next);
        return next.TryTake(out signal);
    }

    private Decision Decide(Signal signal) => signal switch
    {
        OrderSignal.FulfilmentReported f when WhenGoodsLeaveElsewhereStepBack.IsEcho(file, f) => Decision.Ignore("The channel confirms the fulfilment that we wrote there."),
        OrderSignal.CodeExplained e when WhenCodesAreReadPlanAgain.Keeps(file, e.Code) => Decision.Ignore($"A warehouse has it, or it has left: it keeps what {e.Code} meant when it was handed off."),
        OrderSignal.LineMapped m when file.Order.MeantOf(m.LineId) is { IsKit: true } && file.HasBegun(m.LineId) => Decision.Ignore("Part of the kit has left; the line stays what it is."),
        OrderSignal.LineMapped m when file.Order.MeantOf(m.LineId) is { IsKit: true } && file.IsAtWarehouse(m.LineId) => Decision.Ignore("A warehouse has the kit. Hold the order, which takes it back, and map the line then."),
        OrderSignal.OpinionTold o when file.HasSent && file.StillWanted().Count == 0 => SecondOpinion.Hear(file.Order, o, s, hasLeft: true),
        OrderSignal.HistoryRead when file.HasSent && file.StillWanted().Count == 0 => Decision.Ignore("Everything has left; its risk is not looked at again."),
        OrderSignal.CodesRead r => OrderDecider.Decide(file.Order, WhenCodesAreReadPlanAgain.AsFarAsItCanChange(file, r), s),
        OrderSignal x => OrderDecider.Decide(file.Order, x, s),
        StockSignal.Allocate { KeepUntil: null } when file.Order.Phase != OrderPhase.Released => Decision.Ignore("It was stopped meanwhile."),
        StockSignal x => StockDecider.Decide(file.Stock, x, Now),
        FulfilmentSignal.HandOff h when !file.MayHandOff(h.Order) => Decision.Ignore("It was stopped, or is planned anew, before it was handed off."),
        FulfilmentSignal x => FulfilmentDecider.Decide(file.Fulfilment, x, Now),
        ShippingSignal.CreditDecided { Answer: CreditAnswer.Issue } c => DelayCredit.Order(file.Shipping, c, file.Order.Facts is { } f && s.Terms.CreditGivers.Contains(f.Channel) ? (f.Channel, f.ExternalId) : null, Now),
        ShippingSignal x => ShippingDecider.Decide(file.Shipping, x, Now),
        LabelSignal.Wanted w when file.Fulfilment.TryOf(w.Attempt) is null => Decision.Ignore("It was not handed off."),
        LabelSignal x => LabelDecider.Decide(file.Labels ?? LabelBook.Empty, x, Now),
        BooksSignal x => BooksDecider.Decide(file.Books, x, Now),
        MessageSignal x => MessageDecider.Decide(file.Messages, x, Now),
        EffectSettled x => Settle(x),
        CaseSettled x when file.Order.DealtWith?.Contains(x.Key) == true => Decision.Ignore("It was dealt with before."),
        CaseSettled x => Decision.Of(new OrderEvent.DealtWith(x.Key)),
        CalledOff x when Wire.CapabilityOf(x.EffectKind) == "fulfilment" => Withdrawal.CalledOff(file.Fulfilment, x, s),
        CalledOff x when Wire.CapabilityOf(x.EffectKind) == "label" => LabelDecider.CalledOff(file.Labels ?? LabelBook.Empty, x, s),
        _ => throw new InvalidOperationException($"{signal.GetType().Name} is not for an order."),
    };

    private Decision Settle(EffectSettled settled) => Wire.CapabilityOf(settled.EffectKind) switch
    {
        "fulfilment" => FulfilmentOutcomes.Settle(file.Fulfilment, settled, s),
        "order" when settled.EffectKind == CancelKind => AfterTheEnd.Settle(file.Order, settled, s),
        "order" => SecondOpinion.Settle(file.Order, settled, s),
        "shipping" => DelayCredit.Settle(file.Shipping, settled, s),
        "label" => LabelOutcomes.Settle(file.Labels ?? LabelBook.Empty, settled, s),
        "books" => BooksDecider.Settle(file.Books, settled, s),
        "message" => MessageDecider.Settle(file.Messages, settled, s),
        var other => throw new InvalidOperationException($"An order plans no '{other}' effects."),
    };

    private void Take(Decision decision)
    {
        effects.AddRange(decision.Effects);
        requests.AddRange(decision.Requests);
        timers.AddRange(decision.Timers);
        cases.AddRange(decision.Cases);
        if (decision.Note is { } why) note = note is null ? why : $"{note} {why}";
        foreach (var e in decision.Events) Happened(e);
        // Flows see the order as it is after all events of a decision.
        foreach (var e in decision.Events) OrderFlows.React(file, e, Now, next);
    }

    private void Happened(Event e)
    {
        events.Add(e);
        file = Evolve(file, e);
    }

    internal static OrderFile Evolve(OrderFile file, Event e) => e switch
    {
        OrderEvent x => file with { Order = OrderDecider.Evolve(file.Order, x) },
        StockEvent x => file with { Stock = StockDecider.Evolve(file.Stock, x) },
        FulfilmentEvent x => file with { Fulfilment = FulfilmentDecider.Evolve(file.Fulfilment, x) },
        ShippingEvent x => file with { Shipping = ShippingDecider.Evolve(file.Shipping, x) },
        LabelEvent x => file with { Labels = LabelDecider.Evolve(file.Labels ?? LabelBook.Empty, x) },
        BooksEvent x => file with { Books = BooksDecider.Evolve(file.Books, x) },
        MessageEvent x => file with { Messages = MessageDecider.Evolve(file.Messages, x) },
        _ => throw new InvalidOperationException($"{e.GetType().Name} is not an event of an order."),
    };
}
