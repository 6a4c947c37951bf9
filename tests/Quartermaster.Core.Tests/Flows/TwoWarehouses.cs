using Quartermaster.Core.Connecting;
using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;
using Quartermaster.Core.Orders;

namespace Quartermaster.Core.Tests.Flows;

/// <summary>One order between two warehouses of different companies. Lanes lose answers, warehouses change their minds, their mail comes late, twice and out of order.</summary>
internal sealed class TwoWarehouses
{
    private static readonly BrandTerms Terms = Sample.Terms with { Locations = [new("BLR", "Bengaluru", "wms-a", "IN", "5", 40m), new("DEL", "Delhi", "wms-b", "IN", "1", 40m)] };

    private readonly OrderStory story = new OrderStory(Terms, ("SKU-A", "BLR", 9), ("SKU-B", "BLR", 9), ("SKU-A", "DEL", 9), ("SKU-B", "DEL", 9)).Reported();
    private readonly Dictionary<string, Box> boxes = [];
    private readonly HashSet<string> cancelledUnseen = [];
    private readonly List<Signal> mail = [];
    private readonly List<string> moves = [];
    private int minute;

    private enum BoxState { There, Withdrawn, Shipped, Rejected }

    private sealed class Box(string key, HandoffOrder order)
    {
        public string Key { get; } = key;
        public HandoffOrder Order { get; } = order;
        public List<SkuQuantity> Lines { get; set; } = [.. order.Lines.Select(l => new SkuQuantity(l.Sku, l.Quantity))];
        public BoxState State { get; set; }
        public bool Deciding { get; set; }
    }

    public void Play(int[] sequence)
    {
        foreach (var n in sequence)
        {
            Move(n % 16, n / 16);
            CheckNothingImpossible();
        }
        ComeToRest();
        CheckTheEnd();
    }

    private void Move(int what, int which)
    {
        switch (what)
        {
            case 0 when which % 3 == 0: Hear(new OrderSignal.CancelAsked("changed her mind", "ann")); break;
            case 1 when which % 3 == 0: Hear(new OrderSignal.HoldAsked("look at it", "ann", null)); break;
            case 2: Hear(new OrderSignal.HoldLiftAsked(HoldKind.ByPerson, "ann")); break;
            case 3 when which % 3 == 0: Hear(new OrderSignal.AddressCorrected(Sample.Home with { Line2 = $"floor {which % 5}" }, "ann")); break;
            case 4 or 5 or 6: Take(Pick(Effects(EffectPlace.Waiting, EffectPlace.Tried), which)); break;
            case 7 or 8: Call(Pick(Effects(EffectPlace.UnderWay), which), answered: true, which); break;
            case 9: Call(Pick(Effects(EffectPlace.UnderWay), which), answered: false, which); break;
            case 10: if (Pick(Effects(EffectPlace.UnderWay), which) is { } failed) Put(failed, EffectPlace.Tried); break;
            case 11: Look(which); break;
            case 12: if (Pick(There(), which) is { } box) Decide(box, which / 7); break;
            case 13 or 14: Deliver(which); break;
            case 15: Ship(Pick(There(), which)); break;
        }
    }

    private void Hear(Signal signal)
    {
        moves.Add(signal.ToString());
        story.Hear(signal);
    }

    private List<PlannedEffect> Effects(params EffectPlace[] places) =>
        [.. story.Effects.Where(e => e.Effect is FulfilmentEffect.SubmitToWarehouse or FulfilmentEffect.WithdrawFromWarehouse && places.Contains(story.Places.GetValueOrDefault(e.Key)))];

    private List<Box> There() => [.. boxes.Values.Where(b => b.State == BoxState.There && b.Lines.Count > 0)];

    private static T? Pick<T>(List<T> from, int which) where T : class => from.Count == 0 ? null : from[which % from.Count];

    private void Take(PlannedEffect? effect)
    {
        if (effect is not null) Put(effect, EffectPlace.UnderWay);
    }

    private void Put(PlannedEffect effect, EffectPlace place)
    {
        moves.Add($"{effect.Key} is {place}");
        story.Places[effect.Key] = place;
    }

    private void Call(PlannedEffect? effect, bool answered, int how)
    {
        if (effect is null) return;
        var outcome = effect.Effect is FulfilmentEffect.SubmitToWarehouse submit ? Submit(effect.Key, submit.Order, how) : Withdraw(((FulfilmentEffect.WithdrawFromWarehouse)effect.Effect).HandoffKey, how);
        moves.Add($"{effect.Key} called: {outcome}{(answered ? "" : ", answer lost")}");
        Put(effect, answered && outcome is not Outcome.TryLater ? EffectPlace.Ended : EffectPlace.Tried);
        if (answered && outcome is not Outcome.TryLater) Hear(new EffectSettled(effect.Key, Wire.KindOf(effect.Effect.GetType()), outcome));
    }

    private Outcome Submit(string key, HandoffOrder order, int how)
    {
        if (boxes.TryGetValue(key, out var known)) return known.State == BoxState.Rejected ? new Outcome.Refused("rejected", "no") : new Outcome.AlreadyDone("W");
        if (cancelledUnseen.Contains(key)) return new Outcome.Refused("withdrawn", "It was cancelled before it came.");
        boxes[key] = new(key, order) { State = how % 9 == 0 ? BoxState.Rejected : BoxState.There };
        return how % 9 == 0 ? new Outcome.Refused("rejected", "no") : new Outcome.Done("W");
    }

    private Outcome Withdraw(string key, int how)
    {
        if (!boxes.TryGetValue(key, out var box))
        {
            cancelledUnseen.Add(key);
            return new Outcome.Done();
        }
        if (box.State == BoxState.There && how % 3 == 0)
        {
            box.Deciding = true;
            return new Outcome.TryLater("pending");
        }
        if (box.State == BoxState.There) box.State = BoxState.Withdrawn;
        return box.State == BoxState.Shipped ? new Outcome.Refused("too_late", "gone") : new Outcome.Done();
    }

    /// <summary>A warehouse does something with a box by itself, and writes to us about it.</summary>
    private void Decide(Box box, int how)
    {
        var at = Sample.Monday.AddHours(1).AddMinutes(++minute);
        var meant = new Meant(box.Order.Connection, how % 2 == 0 ? box.Order.Location : null, how % 3 == 0 ? box.Key : null);
        if (box.Deciding)
        {
            box.Deciding = false;
            box.State = BoxState.Withdrawn;
            mail.Add(new FulfilmentSignal.WithdrawalAnswered(Sample.Stream.Id, true, null, meant));
        }
        else if (how % 4 == 0)
        {
            box.State = BoxState.Rejected;
            mail.Add(new FulfilmentSignal.Rejected(Sample.Stream.Id, "damaged", "It fell.", at, meant));
        }
        else if (how % 4 == 1)
        {
            var sku = box.Lines[0].Sku;
            box.Lines = [.. box.Lines.Select((l, i) => i == 0 ? l with { Quantity = l.Quantity - 1 } : l).Where(l => l.Quantity > 0)];
            mail.Add(new FulfilmentSignal.ShortPicked(Sample.Stream.Id, box.Order.Location, [new(sku, 1)], at, meant with { HandoffKey = box.Key }));
        }
        else mail.Add(new FulfilmentSignal.Accepted(Sample.Stream.Id, "W", at, meant));
        moves.Add($"{box.Key} at the warehouse: {mail[^1].GetType().Name}");
    }

    private void Ship(Box? box)
    {
        if (box is null) return;
        box.State = BoxState.Shipped;
        moves.Add($"{box.Key} ships");
        mail.Add(new FulfilmentSignal.Shipped(Sample.Stream.Id, box.Order.Location, "Delhivery", $"T{boxes.Values.Count(b => b.State == BoxState.Shipped)}{box.Key[^1]}", box.Lines, Sample.Monday.AddHours(1).AddMinutes(++minute), null));
    }

    private void Deliver(int which)
    {
        if (Pick(mail, which) is not { } letter) return;
        if (which % 5 != 0) mail.Remove(letter); // Now and then it comes again.
        Hear(letter);
    }

    private void Look(int which)
    {
        if (Pick([.. story.Timers.Values.Where(t => t.Signal is FulfilmentSignal.CallOffDue)], which) is not { } timer) return;
        story.Timers.Remove(timer.Key);
        Hear(timer.Signal!);
    }

    private void ComeToRest()
    {
        for (var round = 0; round < 60; round++)
        {
            foreach (var effect in Effects(EffectPlace.Waiting, EffectPlace.Tried, EffectPlace.UnderWay)) Call(effect, answered: true, how: 1);
            while (mail.Count > 0)
            {
                var letter = mail[0];
                mail.RemoveAt(0);
                Hear(letter);
            }
            for (var i = story.Timers.Count; i > 0; i--) Look(0);
        }
        Effects(EffectPlace.Waiting, EffectPlace.Tried, EffectPlace.UnderWay).ShouldBeEmpty(Told());
    }

    private void CheckNothingImpossible()
    {
        foreach (var line in Sample.Facts().Lines)
            boxes.Values.Where(b => b.State is BoxState.There or BoxState.Shipped).Sum(b => b.Lines.Where(l => l.Sku == line.Sku).Sum(l => l.Quantity)).ShouldBeLessThanOrEqualTo(line.Quantity, $"of {line.Sku}\n{Told()}");
        foreach (var t in story.File.Fulfilment.Tries ?? [])
        {
            if (!t.Pending) story.Places.GetValueOrDefault($"order/5600000001/submit/{t.Attempt}").ShouldBe(EffectPlace.Ended, Told());
            if (t.Phase == TryPhase.Withdrawn) t.Pending.ShouldBeFalse(Told());
        }
        if (!IsTold) return;
        There().ShouldBeEmpty($"The shopper heard that it is cancelled.\n{Told()}");
        boxes.Values.ShouldNotContain(b => b.State == BoxState.Shipped, $"The shopper heard that it is cancelled.\n{Told()}");
        Effects(EffectPlace.Waiting, EffectPlace.Tried, EffectPlace.UnderWay).ShouldNotContain(e => e.Effect is FulfilmentEffect.SubmitToWarehouse && !cancelledUnseen.Contains(e.Key) && !boxes.ContainsKey(e.Key), $"It can still go out.\n{Told()}");
    }

    private void CheckTheEnd()
    {
        CheckNothingImpossible();
        if (story.File.Order.Phase != OrderPhase.Cancelled) return;
        story.Planned<MessageEffect.Send>().Count(m => m.Occasion == Occasion.Cancelled).ShouldBe(1, Told());
        story.File.Stock.Held.ShouldBeNull(Told());
        There().ShouldBeEmpty(Told());
    }

    private bool IsTold => story.Planned<MessageEffect.Send>().Any(m => m.Occasion == Occasion.Cancelled);

    private string Told() => $"{string.Join("\n", moves)}\n\n{story.Told()}";
}
