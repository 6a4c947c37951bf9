using FsCheck;
using FsCheck.Fluent;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Labels;
using Quartermaster.Core.Messages;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Shipping;
using Quartermaster.Core.Stock;
using Outcome = Quartermaster.Core.Connecting.Outcome;

namespace Quartermaster.Core.Tests.Flows;

/// <summary>What holds for every order, whatever comes, however often and in whatever order.</summary>
public sealed class OrderLaws
{
    private static readonly DateTimeOffset T = Sample.Monday;

    /// <summary>Stands for the print of what the order is when the signal comes.</summary>
    private const string Newest = "now";

    /// <summary>What a reviewer is asked about an order that nobody has changed.</summary>
    private static readonly string OpinionOf = SecondOpinion.PrintOf(Order.Unknown with { Facts = Sample.Facts() });

    /// <summary>What the world may say about one order. Numbers beyond the end settle one of the effects that were planned.</summary>
    private static readonly Signal[] World =
    [
        new OrderSignal.Reported(Unpaid(), "orders/create"),
        new OrderSignal.Reported(Sample.Facts() with { UpdatedAt = T.AddMinutes(1) }, "orders/paid"),
        new OrderSignal.Reported(Edited(), "orders/edited"),
        new OrderSignal.Reported(Sample.Facts() with { UpdatedAt = T.AddMinutes(3), ShipTo = Sample.Home with { Line1 = "7 Park St" } }, "orders/updated"),
        new OrderSignal.Reported(Sample.Facts() with { UpdatedAt = T.AddMinutes(4), CancelledAt = T.AddMinutes(4) }, "orders/cancelled"),
        new OrderSignal.Reported(Sample.Facts() with { UpdatedAt = T.AddMinutes(2), ShipTo = null }, "orders/updated"),
        new OrderSignal.Reported(Sample.Facts() with { UpdatedAt = T.AddMinutes(3), Payment = new(PaymentState.Voided, PaymentMethod.Prepaid, "razorpay") }, "orders/updated"),
        new OrderSignal.HoldLiftAsked(HoldKind.PaymentMissing, "ann"),
        new OrderSignal.ChangeAnnounced("shop", "5600000001", "orders/edited"),
        new OrderSignal.RefundReported("R1", 500m, "INR", T.AddMinutes(5), [new("1", 1, true, null, 500m, 0m)], null),
        new OrderSignal.RefundReported("R2", 20m, "INR", T.AddMinutes(6), [], "goodwill"),
        new OrderSignal.Reported(Sample.Facts(Sample.Line("1", "SKU-A", 2) with { Fulfilled = 2 }, Sample.Line("2", "SKU-B", 1)) with { UpdatedAt = T.AddMinutes(7), Payment = new(PaymentState.PartiallyRefunded, PaymentMethod.Prepaid, "razorpay", 1550m, 520m) }, "orders/updated", CountsOnly: true),
        new OrderSignal.FulfilmentReported("F9", "Other", "OTHER1", [new("2", "SKU-B", 1)], T.AddMinutes(7), "success"),
        new OrderSignal.FulfilmentReported("F1", "Delhivery", "T1", [new("1", "SKU-A", 2)], T.AddMinutes(7), "success"),
        new OrderSignal.HoldAsked("look at it", "ann", null),
        new OrderSignal.HoldLiftAsked(HoldKind.ByPerson, "ann"),
        new OrderSignal.HoldLiftAsked(HoldKind.AwaitingPayment, "ann"),
        new OrderSignal.HoldLapsed(HoldKind.AwaitingPayment),
        new OrderSignal.HoldLiftAsked(HoldKind.Approval, "lea", "Two"), new OrderSignal.HoldLiftAsked(HoldKind.ByRule, "ann", "Small"), new OrderSignal.HoldLapsed(HoldKind.ByRule),
        new OrderSignal.HoldLiftAsked(HoldKind.PlacedBeforeUs, "ann"),
        new OrderSignal.TakeOverAsked("ann"),
        new OrderSignal.CancelAsked("changed her mind", "ann"),
        new OrderSignal.AddressCorrected(Sample.Home with { Line2 = "2nd floor" }, "ann"),
        new OrderSignal.LineMapped("2", "SKU-C", "ann"),
        new OrderSignal.StorefrontRiskTold(StorefrontRisk.High), new OrderSignal.StorefrontRiskTold(StorefrontRisk.Low), new OrderSignal.DeclineAsked("stolen card", "lea"),
        new OrderSignal.TraitsTold([new(TraitKind.Device, "d1"), new(TraitKind.Card, "c1")]), new OrderSignal.TraitsTold([new(TraitKind.Card, "c2")]),
        Opinion(Verdict.Approved), Opinion(Verdict.Declined), Opinion(Verdict.Waiting), new OrderSignal.HoldLiftAsked(HoldKind.SecondOpinion, "lea"), new OrderSignal.HoldLapsed(HoldKind.SecondOpinion), new OrderSignal.OpinionOverdue(OpinionOf),
        new OrderSignal.HoldLiftAsked(HoldKind.Risk, "lea"), new OrderSignal.HoldLapsed(HoldKind.Risk), new OrderSignal.HoldLiftAsked(HoldKind.Confirmation, "ann"), new OrderSignal.HoldLapsed(HoldKind.Confirmation),
        new OrderSignal.ShopperAnswered(Confirmation.Confirmed, "whatsapp", Newest), new OrderSignal.ShopperAnswered(Confirmation.Prepay, "link", Newest), new OrderSignal.ShopperAnswered(Confirmation.Declined, "link", Newest),
        new OrderSignal.ShopperAnswered(Confirmation.Corrected, "link", Newest, Sample.Home with { Line1 = "9 Brigade Rd" }), new OrderSignal.ShopperAnswered(Confirmation.Confirmed, "whatsapp", "0ld"),
        new StockSignal.Arrived("SKU-A"),
        new StockSignal.Arrived("SKU-B"),
        new FulfilmentSignal.Accepted("5600000001", "W1", T.AddMinutes(8)),
        new FulfilmentSignal.Rejected("5600000001", "closed", "We are closed.", T.AddMinutes(8)),
        new FulfilmentSignal.ShortPicked("5600000001", "BLR", [new("SKU-A", 1)], T.AddMinutes(9)),
        Parcel("T1", "BLR", new SkuQuantity("SKU-A", 2)),
        Parcel("T2", "BLR", new SkuQuantity("SKU-B", 1)),
        Parcel("T3", "DEL", new("SKU-A", 1), new("SKU-B", 1)),
        new FulfilmentSignal.WithdrawalAnswered("5600000001", true, null),
        new FulfilmentSignal.WithdrawalAnswered("5600000001", false, "packed"),
        new FulfilmentSignal.Accepted("5600000001", "W2", T.AddMinutes(9), new("wms", "DEL")),
        new FulfilmentSignal.Rejected("5600000001", "closed", "We are closed.", T.AddMinutes(10), new("wms", "DEL")),
        new FulfilmentSignal.ShortPicked("5600000001", "DEL", [new("SKU-A", 1)], T.AddMinutes(9), new("wms", "DEL")),
        new FulfilmentSignal.WithdrawalAnswered("5600000001", true, null, new("wms", "BLR")),
        new FulfilmentSignal.CallOffDue(1), new FulfilmentSignal.CallOffDue(2),
        Scan("T1", ScanStatus.PickedUp, 20), Scan("T1", ScanStatus.OutForDelivery, 21), Scan("T1", ScanStatus.Delivered, 22),
        Scan("T2", ScanStatus.Delivered, 23), Scan("T3", ScanStatus.Delivered, 24), Scan("T3", ScanStatus.ReturnedToOrigin, 25),
        Scan("T2", ScanStatus.Unmapped, 26), Scan("T1", ScanStatus.FailedAttempt, 21),
        new ShippingSignal.DelayFound("T1", Delay.Silence, T.AddMinutes(20), new(2026, 3, 9), 50m), new ShippingSignal.DelayFound("T2", Delay.PastPromise, T.AddMinutes(20), null, 50m), Scan("T1", ScanStatus.HeldAtCustoms, 21),
        new OrderSignal.ShopperAsked("q1", "Where is it?"), new OrderSignal.ShopperAsked("q2", "too small", ["1 × SKU-A"]),
        Label(1, "T1"), Label(2, "T2"), Label(3, "T3"), new LabelSignal.AgainAsked("ann"), new LabelSignal.SkipAsked("ann"), new LabelSignal.CallOffDue(1), new LabelSignal.CallOffDue(2),
        new MessageSignal.NotDelivered("order/5600000001/msg/confirmed/whatsapp", "whatsapp", "131026", "No WhatsApp."), new MessageSignal.NotDelivered("order/5600000001/msg/confirmed/email", "email", "5.1.1", "No such mailbox."),
        new OrderSignal.Reported(Sample.Facts() with { UpdatedAt = T.AddMinutes(3).AddSeconds(30), ShippingMethod = new("Express") }, "orders/updated"), new LabelSignal.AgainAsked("ann", 2, "ups", "07"),
    ];

    private static readonly int TakeOver = Array.FindIndex(World, signal => signal is OrderSignal.HoldLiftAsked { Kind: HoldKind.PlacedBeforeUs });

    private static readonly Outcome[] Answers =
        [new Outcome.Done("r1"), new Outcome.Done("r2"), new Outcome.AlreadyDone("r3"), new Outcome.Refused("no", "It cannot be."), new Outcome.NotConnected("key revoked"), new Outcome.Unsure("timeout")];

    /// <summary>A few hundred in every run; <c>QM_LAW_RUNS=20000</c> for a long look after a change of the flows.</summary>
    private static readonly int Runs = int.TryParse(Environment.GetEnvironmentVariable("QM_LAW_RUNS"), out var runs) ? runs : 50;

    [Fact]
    public void Saying_it_again_changes_nothing()
    {
        var steps = Gen.ArrayOf(Gen.Choose(0, World.Length * 2)).Resize(40).ToArbitrary();
        Prop.ForAll(steps, sequence => Play(sequence)).Check(Config.QuickThrowOnFailure.WithMaxTest(Runs));
    }

    [Fact]
    public void Saying_it_again_changes_nothing_on_the_usual_way()
    {
        // Biased to orders that get far: the create comes early and the effects succeed.
        var steps = (from tail in Gen.ArrayOf(Gen.Choose(6, World.Length * 2)) select (int[])[1, World.Length, .. tail]).Resize(60).ToArbitrary();
        Prop.ForAll(steps, sequence => Play(sequence)).Check(Config.QuickThrowOnFailure.WithMaxTest(Runs));
    }

    [Fact]
    public void Saying_it_again_changes_nothing_where_labels_are_bought()
    {
        var steps = (from tail in Gen.ArrayOf(Gen.Choose(3, World.Length * 2)) select (int[])[1, .. tail]).Resize(60).ToArbitrary();
        Prop.ForAll(steps, sequence => Play(sequence, LabelTests.Terms with { Trackers = [new("post", ["Delhivery"])] })).Check(Config.QuickThrowOnFailure.WithMaxTest(Runs));
    }

    [Fact]
    public void Saying_it_again_changes_nothing_where_orders_travel_as_they_were_paid_for()
    {
        var steps = (from tail in Gen.ArrayOf(Gen.Choose(0, World.Length * 2)) select (int[])[1, .. tail, World.Length - 2, .. tail]).Resize(30).ToArbitrary();
        Prop.ForAll(steps, sequence => Play(sequence, HowItTravelsTests.Terms)).Check(Config.QuickThrowOnFailure.WithMaxTest(Runs));
        Prop.ForAll(steps, sequence => Play(sequence, HowItTravelsTests.Buying)).Check(Config.QuickThrowOnFailure.WithMaxTest(Runs));
    }

    [Fact]
    public void Saying_it_again_changes_nothing_where_shoppers_hear_of_delays()
    {
        var terms = Sample.Terms with { Delays = new() { Credit = new(50m, 50m, 500m) } };
        var steps = (from tail in Gen.ArrayOf(Gen.Choose(6, World.Length * 2)) select (int[])[1, World.Length, .. tail]).Resize(60).ToArbitrary();
        Prop.ForAll(steps, sequence => Play(sequence, terms)).Check(Config.QuickThrowOnFailure.WithMaxTest(Runs));
    }

    [Fact]
    public void Saying_it_again_changes_nothing_of_an_order_from_before_us()
    {
        var steps = Gen.ArrayOf(Gen.Choose(0, World.Length * 2)).Resize(40).ToArbitrary();
        Prop.ForAll(steps, sequence => Play([.. sequence.Take(20), TakeOver, .. sequence.Skip(20)], Sample.Terms with { OrdersFrom = T.AddDays(1) })).Check(Config.QuickThrowOnFailure.WithMaxTest(Runs));
    }

    [Fact]
    public void Saying_it_again_changes_nothing_where_unpaid_orders_keep_units()
    {
        var terms = Sample.Terms with { ReserveUnpaidFor = TimeSpan.FromMinutes(30) };
        var steps = (from tail in Gen.ArrayOf(Gen.Choose(0, World.Length * 2)) select (int[])[0, .. tail]).Resize(40).ToArbitrary();
        Prop.ForAll(steps, sequence => Play(sequence, terms)).Check(Config.QuickThrowOnFailure.WithMaxTest(Runs));
    }

    [Fact]
    public void Saying_it_again_changes_nothing_where_rules_have_a_say()
    {
        var total = Core.Rules.RuleField.Find("total")!;
        var line = Core.Rules.RuleField.Find("lines")!;
        var book = new Core.Rules.RuleBook(
        [
            new("Small", new Core.Rules.Condition.Number(total, Core.Rules.NumberTest.LessThan, 1300m), new() { Hold = new("Is that all?", "agent", TimeSpan.FromDays(1)), Notify = "A small one" }),
            new("Two", new Core.Rules.Condition.Number(line, Core.Rules.NumberTest.Is, 2m), new() { Pool = "north", Approve = "lead" }),
        ]);
        var terms = Sample.Terms with { Rules = book.Judge, Routing = new() { Pools = [new("north", ["DEL"], [])] } };
        var lift = Array.FindIndex(World, signal => signal is OrderSignal.HoldLiftAsked { Kind: HoldKind.Approval });
        var steps = Gen.ArrayOf(Gen.Choose(0, World.Length * 2)).Resize(40).ToArbitrary();
        Prop.ForAll(steps, sequence => Play([1, lift, .. sequence], terms)).Check(Config.QuickThrowOnFailure.WithMaxTest(Runs));
    }

    [Fact]
    public void Saying_it_again_changes_nothing_where_locations_can_pack_only_so_many()
    {
        var terms = Sample.Terms with { Locations = [.. Sample.Terms.Locations.Select(l => l with { Capacity = 2 })], ReserveUnpaidFor = TimeSpan.FromMinutes(30), Routing = new() { MaxParcels = 2 } };
        var steps = (from tail in Gen.ArrayOf(Gen.Choose(0, World.Length * 2)) select (int[])[1, World.Length, .. tail]).Resize(60).ToArbitrary();
        Prop.ForAll(steps, sequence => Play(sequence, terms)).Check(Config.QuickThrowOnFailure.WithMaxTest(Runs));
    }

    [Fact]
    public void Saying_it_again_changes_nothing_where_orders_are_scored()
    {
        var scorer = new Core.Risk.RiskScorer(new() { Postcodes = ["560"] });
        var terms = Sample.Terms with { Risk = new() { Assess = scorer.Score, Review = 60, Velocity = VelocityLine.Usual, Confirm = new() { From = 30 } } };
        var steps = Gen.ArrayOf(Gen.Choose(0, World.Length * 2)).Resize(40).ToArbitrary();
        Prop.ForAll(steps, sequence => Play([1, .. sequence], terms)).Check(Config.QuickThrowOnFailure.WithMaxTest(Runs));
        Prop.ForAll(steps, sequence => Play(sequence, terms, cash: true)).Check(Config.QuickThrowOnFailure.WithMaxTest(Runs));
    }

    [Fact]
    public void Saying_it_again_changes_nothing_where_a_reviewer_is_asked()
    {
        var scorer = new Core.Risk.RiskScorer(new() { Postcodes = ["560"] });
        var terms = Sample.Terms with { Risk = new() { Assess = scorer.Score, Review = 60, Opinion = new() { Connection = "fraud", Title = "Fraud Inc", From = 0 } } };
        var steps = Gen.ArrayOf(Gen.Choose(0, World.Length * 2)).Resize(40).ToArbitrary();
        Prop.ForAll(steps, sequence => Play([1, .. sequence], terms)).Check(Config.QuickThrowOnFailure.WithMaxTest(Runs));
    }

    private static OrderSignal.OpinionTold Opinion(Verdict verdict) => new(verdict, verdict.ToString(), null, 500m, "R1", null, T.AddDays(1));

    [Fact]
    public void Saying_it_again_changes_nothing_where_something_else_is_sent_and_rules_have_a_say_in_it()
    {
        var sku = Core.Rules.RuleField.Find("sku")!;
        var book = new Core.Rules.RuleBook(
        [
            new("Small", new Core.Rules.Condition.Text(sku, Core.Rules.TextTest.Is, ["SKU-C"]), new() { Hold = new("Is that right?", "agent", TimeSpan.FromDays(1)) }),
            new("Two", new Core.Rules.Condition.Text(sku, Core.Rules.TextTest.Is, ["SKU-D"]), new() { Pool = "north", Approve = "lead" }),
            new("Far", new Core.Rules.Condition.Text(sku, Core.Rules.TextTest.Is, ["SKU-B"]), new() { Pool = "south" }),
        ]);
        var terms = Sample.Terms with
        {
            Rules = book.Judge,
            Routing = new() { Pools = [new("north", ["DEL"], []), new("south", ["BLR"], [])] },
            Substitutions = new Dictionary<string, SubstitutionTerms> { ["SKU-A"] = new("SKU-A", [new("SKU-C"), new("SKU-D")], null, false), ["SKU-B"] = new("SKU-B", [new("SKU-D"), new("SKU-C")], null, false) },
        };
        var steps = Gen.ArrayOf(Gen.Choose(0, World.Length * 2)).Resize(40).ToArbitrary();
        Prop.ForAll(steps, sequence => Play([1, .. sequence], terms, false, ("SKU-A", "BLR", 1), ("SKU-B", "BLR", 0), ("SKU-A", "DEL", 1), ("SKU-B", "DEL", 1), ("SKU-C", "DEL", 2), ("SKU-D", "DEL", 2), ("SKU-C", "BLR", 3), ("SKU-D", "BLR", 3))).Check(Config.QuickThrowOnFailure.WithMaxTest(Runs));
    }

    private static void Play(int[] sequence, BrandTerms? terms = null, bool cash = false, params (string Sku, string Location, int OnHand)[] stock)
    {
        var story = new OrderStory(terms, stock.Length > 0 ? stock : [("SKU-A", "BLR", 3), ("SKU-B", "BLR", 1), ("SKU-A", "DEL", 2), ("SKU-B", "DEL", 2), ("SKU-C", "DEL", 1)]);
        if (cash) story.Reported(Unpaid() with { Payment = new(PaymentState.Pending, PaymentMethod.CashOnDelivery, "cod"), UpdatedAt = T.AddMinutes(-1) });
        foreach (var step in sequence)
        {
            if (step % 3 == 0) Move(story, step);
            var signal = step < World.Length ? World[step] : step % 7 == 0 && story.Timers.GetValueOrDefault("stock/kept") is { } kept ? kept.Signal : Settled(story, step - World.Length);
            if (signal is null) continue;
            if (signal is OrderSignal.ShopperAnswered { Of: Newest } answer && story.File.Order.Facts is not null) signal = answer with { Of = AskedAbout.Of(story.File.Order).Print };
            story.Hear(signal);
            var at = story.Now;
            story.Now = at.AddSeconds(-10);
            story.Hear(signal);
            var allowed = signal is StockSignal.Arrived or FulfilmentSignal.CallOffDue or LabelSignal.CallOffDue ? story.Last.Requests : 0;
            story.Last.ShouldBe((0, 0, allowed), $"after {signal}\n{story.Told()}");
            CheckWhole(story);
        }
    }

    private static void CheckWhole(OrderStory story)
    {
        story.Effects.Select(e => e.Key).ShouldBeUnique(story.Told());
        story.Effects.ShouldAllBe(e => e.Key.Length <= EffectKey.Longest);
        var kind = new OrderStream();
        var saved = kind.Save(story.File);
        kind.Save(kind.Load(saved)).ShouldBe(saved);
        if (kind.Row(Sample.Stream, story.File) is { } row) OrderRow.Statuses.ShouldContain(row.Status);

        // Whatever is held has an end that comes by itself, or somebody whose work it is. A code that nobody knows is the code's case.
        foreach (var hold in story.File.Order.Holds ?? [])
        {
            var key = $"hold/{hold.Kind}";
            var waits = story.Timers.ContainsKey(key) && !(hold.Kind == HoldKind.Confirmation && story.File.Order.Question?.State == Confirmation.Unanswered);
            if (!story.File.Order.Ended && hold.Kind != HoldKind.UnknownCode) (waits || story.Cases.ContainsKey(key)).ShouldBeTrue($"{hold.Kind}\n{story.Told()}");
        }

        // What is reserved at the desk is exactly what the order believes to hold.
        foreach (var (sku, location) in (List<(string, string)>)[("SKU-A", "BLR"), ("SKU-B", "BLR"), ("SKU-A", "DEL"), ("SKU-B", "DEL"), ("SKU-C", "DEL"), ("SKU-D", "DEL"), ("SKU-C", "BLR"), ("SKU-D", "BLR")])
            story.Desk.Find(sku, location).Reserved.ShouldBe((story.File.Stock.Held ?? []).Where(u => u.Sku == sku && u.Location == location).Sum(u => u.Quantity));
        // A place in a location's day is given back once, by whoever has it, and not when it was used.
        var (places, taken) = (story.File.Stock.Places ?? [], story.Load.Changed.Values.Sum());
        story.Load.Changed.Values.ShouldAllBe(orders => orders >= 0, story.Told());
        places.ShouldAllBe(p => places.Count(like => like == p) <= story.Load.Handed(p.Location, p.Day), story.Told());
        places.Count.ShouldBe(story.Happened<StockEvent.Shipped>().Any() ? int.Min(taken, places.Count) : taken, story.Told());
        // What is reserved is with a warehouse, and the other way round; except what is only kept, of which no warehouse knows.
        var reserved = (story.File.Stock.Held ?? []).Sum(u => u.Quantity);
        var handedOff = (story.File.Fulfilment.Tries ?? []).Where(t => t.IsOpen).Sum(t => t.Lines.Sum(l => l.Quantity));
        reserved.ShouldBe(story.File.Stock.KeptUntil is null ? handedOff : reserved, story.Told());
        if (story.File.Stock.KeptUntil is { } until) (handedOff, story.File.Order.Phase, reserved > 0, story.Timers["stock/kept"].DueAt).ShouldBe((0, OrderPhase.Open, true, until), story.Told());
        else story.Timers.ShouldNotContainKey("stock/kept", story.Told());
    }

    /// <summary>A lane takes an effect, or puts it back after a call.</summary>
    private static void Move(OrderStory story, int step)
    {
        if (story.Effects.Count == 0) return;
        var key = story.Effects[step % story.Effects.Count].Key;
        if (story.Places.GetValueOrDefault(key) != EffectPlace.Ended) story.Places[key] = step % 2 == 0 ? EffectPlace.UnderWay : EffectPlace.Tried;
    }

    private static EffectSettled? Settled(OrderStory story, int step)
    {
        if (story.Effects.Count == 0) return null;
        var effect = story.Effects[step % story.Effects.Count];
        return new(effect.Key, Wire.KindOf(effect.Effect.GetType()), Answers[step % Answers.Length]);
    }

    private static OrderFacts Unpaid() => Sample.Facts() with { Payment = new(PaymentState.Pending, PaymentMethod.Prepaid, "razorpay") };

    private static OrderFacts Edited() => Sample.Facts(Sample.Line("1", "SKU-A", 1), Sample.Line("2", "SKU-B", 1)) with { UpdatedAt = T.AddMinutes(2) };

    private static FulfilmentSignal.Shipped Parcel(string tracking, string location, params SkuQuantity[] lines) =>
        new("5600000001", location, "Delhivery", tracking, lines, T.AddMinutes(15), null);

    private static LabelSignal.Issued Label(int attempt, string tracking) =>
        new(LabelDecider.ReferenceOf(Sample.Stream, attempt, 1), new($"id-{attempt}", "post", "surface", tracking, null, null, 60m, "INR"));

    private static ShippingSignal.Scanned Scan(string tracking, ScanStatus status, int minute) => new("delhivery", tracking, status, status.ToString(), T.AddMinutes(minute), null);
}
