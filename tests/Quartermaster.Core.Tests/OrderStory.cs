using Quartermaster.Core.Connecting;
using Quartermaster.Core.Dispatching;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Shipping;
using Quartermaster.Core.Stock;

namespace Quartermaster.Core.Tests;

/// <summary>Plays signals to one order as the machine does: saves and loads it between signals and answers its requests at a stock desk.</summary>
internal sealed class OrderStory
{
    private static readonly OrderStream Kind = new();

    public OrderStory(BrandTerms? terms = null, params (string Sku, string Location, int OnHand)[] stock)
    {
        Terms = terms ?? Sample.Terms;
        Desk = ChooseLocation.Desk(Terms, () => Load);
        if (stock.Length == 0) stock = [("SKU-A", "BLR", 10), ("SKU-B", "BLR", 10), ("SKU-A", "DEL", 10), ("SKU-B", "DEL", 10)];
        foreach (var (sku, location, onHand) in stock) Desk.Load(new(sku, location, onHand, 0));
    }

    public BrandTerms Terms { get; }
    public StockDesk Desk { get; private set; }
    public RoutingLoad Load { get; init; } = new();
    public OrderFile File { get; private set; } = OrderFile.Empty;
    public IReadOnlyDictionary<string, DateTimeOffset>? TakesFrom { get; init; }

    public DateTimeOffset? OnSince { get; init; }
    public DateTimeOffset Now { get; set; } = Sample.Monday;
    public List<Event> Events { get; } = [];
    public List<PlannedEffect> Effects { get; } = [];

    /// <summary>Those of <see cref="Effects"/> that go out; the others are recorded.</summary>
    public List<PlannedEffect> Sent { get; } = [];

    /// <summary>What codes mean, where it is not the SKU of that name; without parts nobody knows.</summary>
    public Dictionary<string, IReadOnlyList<Part>> Codes { get; } = [];

    /// <summary>What is known of SKUs; null = nothing.</summary>
    public AboutSku? Skus { get; init; }

    /// <summary>What the database knows of the buyer.</summary>
    public BuyerHistory History { get; set; } = BuyerHistory.None;

    /// <summary>What messages are written with; null = the words of the program.</summary>
    public IVoice? Voice { get; init; }

    /// <summary>By which channel the shopper asked to be written to.</summary>
    public Func<string?, string?, string?>? PreferenceOf { get; init; }

    /// <summary>The brand is in shadow.</summary>
    public bool Shadow { get; set; }
    public List<Request> Requests { get; } = [];

    /// <summary>What other streams were sent.</summary>
    public List<Forwarded> Forwarded { get; } = [];
    public Dictionary<string, CaseChange.Opened> Cases { get; } = [];
    public Dictionary<string, Kernel.Timer> Timers { get; } = [];
    public List<string> Notes { get; } = [];

    /// <summary>Parcels that a carrier is asked for, with the connection it is done at.</summary>
    public Dictionary<string, string> AskedFor { get; } = [];
    public string Status => OrderRow.Status(File);
    public StreamRow Row => Kind.Row(Sample.Stream, File)!;

    /// <summary>Where each effect is: what is not named lies in the table and was never sent.</summary>
    public Dictionary<string, EffectPlace> Places { get; } = [];

    /// <summary>What the last signal led to, its requests' answers included.</summary>
    public (int Events, int Effects, int Requests) Last { get; private set; }

    public OrderStory Hear(params Signal[] signals)
    {
        foreach (var signal in signals)
        {
            var before = (Events.Count, Effects.Count, Requests.Count);
            Now = Now.AddSeconds(10);
            One(signal);
            Last = (Events.Count - before.Item1, Effects.Count - before.Item2, Requests.Count - before.Item3);
        }
        return this;
    }

    /// <summary>From now on the code means this; without parts it is the SKU of that name.</summary>
    public OrderStory Explained(string code, params Part[] parts)
    {
        if (parts.Length == 0) Codes.Remove(code);
        else Codes[code] = parts;
        return Hear(new OrderSignal.CodeExplained(code));
    }

    public OrderStory Reported(OrderFacts? facts = null, string topic = "orders/create") => Hear(new OrderSignal.Reported(facts ?? Sample.Facts(), topic));

    /// <summary>The shopper answers what the order is now.</summary>
    public OrderStory Answered(Confirmation answer, string via, Address? shipTo = null) => Hear(new OrderSignal.ShopperAnswered(answer, via, AskedAbout.Of(File.Order).Print, shipTo));

    public OrderStory Shipped(string tracking, string location, params (string Sku, int Quantity)[] units) =>
        Hear(new FulfilmentSignal.Shipped(Sample.Stream.Id, location, "Delhivery", tracking, [.. units.Select(u => new SkuQuantity(u.Sku, u.Quantity))], Now, null));

    public OrderStory Scanned(string tracking, ScanStatus status, string raw = "x") => Hear(new ShippingSignal.Scanned("delhivery", tracking, status, raw, Now, "Bengaluru"));

    /// <summary>Every effect that waits is settled with success.</summary>
    public OrderStory AllDone()
    {
        foreach (var effect in Effects.ToList())
            if (Places.GetValueOrDefault(effect.Key) != EffectPlace.Ended && settled.Add(effect.Key)) Settle(effect, new Outcome.Done($"remote-{effect.Key.Length}"));
        return this;
    }

    public OrderStory Settle<T>(Outcome outcome) where T : Effect
    {
        var effect = Effects.Last(e => e.Effect is T);
        settled.Add(effect.Key);
        return Settle(effect, outcome);
    }

    /// <summary>The whole history, for the message of a test that fails.</summary>
    public string Told() => string.Join("\n", told);

    public IEnumerable<T> Planned<T>() where T : Effect => Effects.Select(e => e.Effect).OfType<T>();

    public IEnumerable<T> Happened<T>() where T : Event => Events.OfType<T>();

    private readonly HashSet<string> settled = [];
    private readonly List<string> told = [];

    /// <summary>A lane has taken the newest effect of this kind, or has tried it in vain and put it back.</summary>
    public OrderStory Is<T>(EffectPlace place) where T : Effect
    {
        Places[Effects.Last(e => e.Effect is T).Key] = place;
        return this;
    }

    private OrderStory Settle(PlannedEffect effect, Outcome outcome)
    {
        Places[effect.Key] = outcome is Outcome.Unsure or Outcome.NotConnected ? EffectPlace.Tried : EffectPlace.Ended;
        return Hear(Report(effect, outcome));
    }

    private static EffectSettled Report(PlannedEffect effect, Outcome outcome) => new(effect.Key, Wire.KindOf(effect.Effect.GetType()), outcome);

    // As the machine does it: what no lane holds is taken out of the table.
    private CalledOff Answer(CallOff ask)
    {
        var place = Places.GetValueOrDefault(ask.EffectKey);
        if (place != EffectPlace.UnderWay) Places[ask.EffectKey] = EffectPlace.Ended;
        return new(ask.EffectKey, ask.EffectKind, place switch { EffectPlace.UnderWay => CallOffAnswer.UnderWay, EffectPlace.Waiting => CallOffAnswer.NeverSent, _ => CallOffAnswer.MayHaveArrived });
    }

    private void One(Signal signal)
    {
        var turn = Kind.Decide(File, signal, Sample.At(Now, Terms) with { TakesFrom = TakesFrom, OnSince = OnSince, Shadow = Shadow, Voice = Voice, Skus = Skus, PreferenceOf = PreferenceOf, AnswerAt = order => $"https://hub.example/confirm/{order.Id}", UnsubscribeAt = (brand, address) => $"https://hub.example/unsubscribe/{brand}/{address}" });
        File = (OrderFile)Kind.Load(Kind.Save(turn.State));
        Events.AddRange(turn.Events);
        Effects.AddRange(turn.Effects);
        if (!Shadow && !turn.Shadow) Sent.AddRange(turn.Effects);
        Requests.AddRange(turn.Requests);
        Forwarded.AddRange(turn.Forwarded);
        foreach (var timer in turn.Timers)
            if (timer.Signal is null) Timers.Remove(timer.Key);
            else Timers[timer.Key] = timer;
        foreach (var change in turn.Cases)
            if (change is CaseChange.Opened opened) Cases[change.Key] = opened;
            else Cases.Remove(change.Key);
        told.Add($"{signal.GetType().Name} → {string.Join(", ", turn.Events.Select(e => e.GetType().Name))} | {turn.Note}");
        if (turn.Note is not null) Notes.Add(turn.Note);
        // As the machine does it: what the stock answers is heard first.
        foreach (var request in turn.Requests.OrderBy(r => r is OrderRequest))
            if (request is CallOff ask) One(Answer(ask));
            else if (request is OrderRequest.ReadCodes read) One(new OrderSignal.CodesRead(read.Lines, [.. read.Lines.Where(l => Codes.ContainsKey(l.Code)).Select(l => new MeantLine(l.LineId, Codes[l.Code]))]));
            else if (request is StockRequest.LeaveDays leave) Load.Leave(leave.Places);
            else if (request is ShippingRequest.AskAfter after) AskedFor[after.ParcelId] = after.Connection;
            else if (request is ShippingRequest.AskNoMore over) AskedFor.Remove(over.ParcelId);
            else if (request is DispatchRequest) continue; // Not answered.
            else if (request is OrderRequest.ReadHistory) One(new OrderSignal.HistoryRead(History));
            else if (Desk.Answer((StockRequest)request, Sample.Stream.Key) is { } answer) One(answer);
    }
}

/// <summary>Where an effect is in the machine.</summary>
internal enum EffectPlace
{
    Waiting,

    /// <summary>In the table again after a call that may have arrived.</summary>
    Tried,
    UnderWay,
    Ended,
}
