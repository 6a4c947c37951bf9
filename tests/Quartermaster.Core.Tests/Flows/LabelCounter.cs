using Quartermaster.Core.Connecting;
using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Labels;
using Quartermaster.Core.Orders;

namespace Quartermaster.Core.Tests.Flows;

/// <summary>A carrier's counter that sells the labels of one order. Lanes lose its answers, people stop purchases, and the warehouse packs meanwhile.</summary>
internal sealed class LabelCounter
{
    private readonly OrderStory story = new OrderStory(LabelTests.Terms, ("SKU-A", "BLR", 9), ("SKU-B", "BLR", 9), ("SKU-A", "DEL", 9), ("SKU-B", "DEL", 9)).Reported();
    private readonly Dictionary<string, Sold> sold = [];
    private readonly HashSet<string> packed = [];
    private readonly List<string> moves = [];
    private readonly List<Signal> heard = [];
    private int minute;

    private sealed class Sold(string reference)
    {
        public string Reference { get; } = reference;
        public bool IsVoid { get; set; }
        public bool Kept { get; set; }
        public IssuedLabel Label { get; } = new($"id-{reference}", "post", "surface", $"T-{reference}", null, null, 60m, "INR");
    }

    public void Play(int[] sequence)
    {
        foreach (var n in sequence)
        {
            Move(n % 16, n / 16);
            Check(CheckOnePerHandoff);
        }
        ComeToRest();
        Check(CheckOnePerHandoff);
        Check(CheckTheEnd);
    }

    private void Move(int what, int which)
    {
        switch (what)
        {
            case 0 when which % 3 == 0: Hear(new OrderSignal.CancelAsked("changed her mind", "ann")); break;
            case 1 when which % 3 == 0: Hear(new OrderSignal.HoldAsked("look at it", "ann", null)); break;
            case 2: Hear(new OrderSignal.HoldLiftAsked(HoldKind.ByPerson, "ann")); break;
            case 3 when which % 2 == 0: Hear(new OrderSignal.AddressCorrected(Sample.Home with { Line2 = $"floor {which % 5}" }, "ann")); break;
            case 4 or 5 or 6: Take(Pick(Effects(EffectPlace.Waiting, EffectPlace.Tried), which)); break;
            case 7 or 8: Call(Pick(Effects(EffectPlace.UnderWay), which), answered: true, which); break;
            case 9: Call(Pick(Effects(EffectPlace.UnderWay), which), answered: false, which); break;
            case 10: Stop(Pick(Effects(EffectPlace.Waiting, EffectPlace.Tried), which)); break;
            case 11: Due(which); break;
            case 12: Hear(new LabelSignal.AgainAsked("ann")); break;
            case 13 when which % 3 == 0: Hear(new LabelSignal.SkipAsked("ann")); break;
            case 14: if (Pick(heard, which) is { } again) Hear(again); break;
            case 15: Ship(which); break;
        }
    }

    private void Hear(Signal signal)
    {
        moves.Add(signal.ToString());
        story.Hear(signal);
    }

    private List<PlannedEffect> Effects(params EffectPlace[] places) =>
        [.. story.Effects.Where(e => e.Effect is LabelEffect or FulfilmentEffect.SubmitToWarehouse or FulfilmentEffect.WithdrawFromWarehouse).Where(e => places.Contains(story.Places.GetValueOrDefault(e.Key)))];

    private static T? Pick<T>(List<T> from, int which) where T : class => from.Count == 0 ? null : from[which % from.Count];

    private void Take(PlannedEffect? effect)
    {
        if (effect is null) return;
        moves.Add($"{effect.Key} is under way");
        story.Places[effect.Key] = EffectPlace.UnderWay;
    }

    /// <summary>A person cancels an effect by hand. Who stops a cancellation decides that the label is paid, and has a case that says so.</summary>
    private void Stop(PlannedEffect? effect)
    {
        if (effect is null) return;
        if (effect.Effect is LabelEffect.Void { Reference: var reference } && sold.TryGetValue(reference, out var label)) label.Kept = true;
        Settle(effect, new Outcome.Refused(Outcome.Refused.ByPerson, "ann: enough"));
    }

    private void Settle(PlannedEffect effect, Outcome outcome)
    {
        story.Places[effect.Key] = EffectPlace.Ended;
        Hear(new EffectSettled(effect.Key, Wire.KindOf(effect.Effect.GetType()), outcome));
    }

    private void Call(PlannedEffect? effect, bool answered, int how)
    {
        if (effect is null) return;
        moves.Add($"{effect.Key} called{(answered ? "" : ", answer lost")}");
        if (!answered) story.Places[effect.Key] = EffectPlace.Tried;
        switch (effect.Effect)
        {
            case LabelEffect.Buy buy: Buy(effect, buy.Parcel.Reference, answered, how); break;
            case LabelEffect.Void taken: Void(effect, taken.Reference, answered, how); break;
            case FulfilmentEffect.SubmitToWarehouse submit:
                packed.Add(effect.Key);
                if (answered) Settle(effect, how % 7 == 0 && packed.Remove(effect.Key) ? new Outcome.Refused("rejected", $"no {submit.Order.Number}") : new Outcome.Done("W"));
                break;
            case FulfilmentEffect.WithdrawFromWarehouse withdraw:
                if (answered) Settle(effect, packed.Remove(withdraw.HandoffKey) || how % 2 == 0 ? new Outcome.Done() : new Outcome.Refused("too_late", "gone"));
                break;
        }
    }

    // As every connector does: the label that is there is found by its reference and not bought again.
    private void Buy(PlannedEffect effect, string reference, bool answered, int how)
    {
        if (!sold.TryGetValue(reference, out var label))
        {
            if (answered && how % 5 == 0)
            {
                Settle(effect, new Outcome.Refused("no_service", "Not there."));
                return;
            }
            sold[reference] = label = new(reference);
        }
        if (!answered) return;
        story.Places[effect.Key] = EffectPlace.Ended;
        var issued = new LabelSignal.Issued(reference, label.Label);
        heard.Add(issued);
        Hear(issued);
    }

    private void Void(PlannedEffect effect, string reference, bool answered, int how)
    {
        if (sold.TryGetValue(reference, out var label) && !label.IsVoid && answered && how % 6 == 0)
        {
            label.Kept = true;
            Settle(effect, new Outcome.Refused("too_old", "The period is over."));
            return;
        }
        if (label is not null) label.IsVoid = true;
        if (answered) Settle(effect, new Outcome.Done());
    }

    private void Due(int which)
    {
        if (Pick([.. story.Timers.Values.Where(t => t.Signal is LabelSignal.CallOffDue or FulfilmentSignal.CallOffDue)], which) is not { } timer) return;
        story.Timers.Remove(timer.Key);
        Hear(timer.Signal!);
    }

    private void Ship(int which)
    {
        var there = story.Effects.Where(e => packed.Contains(e.Key)).ToList();
        if (Pick(there, which) is not { } effect) return;
        var order = ((FulfilmentEffect.SubmitToWarehouse)effect.Effect).Order;
        packed.Remove(effect.Key);
        // Now and then the packer takes a label of his own.
        var tracking = order.Label is { } label && which % 4 != 0 ? label.Tracking : $"OWN-{effect.Key}";
        var shipped = new FulfilmentSignal.Shipped(order.OrderRef, order.Location, "post", tracking, [.. order.Lines.Select(l => new SkuQuantity(l.Sku, l.Quantity))], Sample.Monday.AddMinutes(++minute), null);
        heard.Add(shipped);
        Hear(shipped);
    }

    private void ComeToRest()
    {
        for (var round = 0; round < 60; round++)
        {
            var open = Effects(EffectPlace.Waiting, EffectPlace.Tried, EffectPlace.UnderWay);
            var due = story.Timers.Values.Any(t => t.Signal is LabelSignal.CallOffDue or FulfilmentSignal.CallOffDue);
            if (open.Count == 0 && !due && packed.Count == 0) return;
            foreach (var effect in open) Call(effect, answered: true, 1);
            Due(0);
            Ship(1);
        }
        throw new InvalidOperationException("It never came to rest.");
    }

    private void CheckOnePerHandoff()
    {
        foreach (var handoff in sold.Values.Where(l => !l.IsVoid && !l.Kept && !IsBeingTakenBack(l.Reference)).GroupBy(l => l.Reference.Split('.')[^1].Split('-')[0]))
            handoff.Count().ShouldBe(1, $"hand-off {handoff.Key}");
        story.Effects.Select(e => e.Key).ShouldBeUnique();
    }

    private bool IsBeingTakenBack(string reference) => story.Effects.Any(e => e.Effect is LabelEffect.Void v && v.Reference == reference && story.Places.GetValueOrDefault(e.Key) != EffectPlace.Ended);

    private void CheckTheEnd()
    {
        foreach (var label in sold.Values)
        {
            var ours = story.File.Labels!.All.FirstOrDefault(l => l.Reference == label.Reference);
            // A purchase that a person stopped waits for that person's next word.
            var waits = ours is { Phase: LabelPhase.Bought } or { MayExist: true } && story.File.Fulfilment.TryOf(ours.Attempt)!.IsOpen;
            if (ours is { Phase: LabelPhase.Refused }) story.Cases.ShouldContainKey($"label/{ours.Attempt}");
            (label.IsVoid || label.Kept || waits || ours?.Phase == LabelPhase.Used).ShouldBeTrue($"{label.Reference} was bought and is {ours?.Phase.ToString() ?? "forgotten"}");
        }
    }

    private void Check(Action what)
    {
        try
        {
            what();
        }
        catch (ShouldAssertException e)
        {
            throw new ShouldAssertException($"{e.Message}\n{string.Join("\n", moves)}\n---\n{story.Told()}");
        }
    }
}
