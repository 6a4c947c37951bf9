using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Orders;

/// <summary>Puts holds on, lifts them, and releases the order when none is left.</summary>
internal static class OrderHolds
{
    /// <summary>Compares the holds with what the facts ask for now; releases the order when nothing stops it any more and its codes were read.</summary>
    /// <param name="soFar">Decided before; its events are not yet in <paramref name="order"/>.</param>
    public static Decision Reconsider(Order order, Decision soFar, Situation s)
    {
        var now = OrderDecider.EvolveAll(order, soFar.Events);
        // What a code means is the database's to say: its answer comes in the same transaction, and only then is it known what the order waits for.
        if (!now.Ended && !now.Has(HoldKind.PlacedBeforeUs) && LineCodes.ToRead(now) is { Count: > 0 } lines)
            return (now.WasReleased ? Compare(order, soFar, s).Compared : soFar).Ask(new OrderRequest.ReadCodes(now.Facts!.Channel, lines));
        return Settle(order, soFar, s);
    }

    /// <summary>The same once the codes were read.</summary>
    public static Decision Settle(Order order, Decision soFar, Situation s)
    {
        var (compared, after) = Compare(order, soFar, s);
        if (after is not null && RiskHolds.ToAsk(after, s) is { } ask) return compared.Ask(ask);
        return after is { Phase: OrderPhase.Open, IsHeld: false } ? compared with { Events = [.. compared.Events, new OrderEvent.Released()] } : compared;
    }

    /// <returns>The order after it; null when it is not ours to move.</returns>
    private static (Decision Compared, Order? After) Compare(Order order, Decision soFar, Situation s)
    {
        var before = order;
        order = OrderDecider.EvolveAll(order, soFar.Events);
        // What is not ours to work on is not looked at: an old unpaid order must not be cancelled by our patience.
        if (order.Ended || order.Has(HoldKind.PlacedBeforeUs)) return (soFar, null);
        if (RuleHolds.Ask(before, order, s) is { } ruled)
        {
            soFar = (soFar with { Events = [.. soFar.Events, ruled] }).Because(RuleHolds.Words(ruled.Ruling));
            order = OrderDecider.Evolve(order, ruled);
        }
        var asked = HoldRules.Of(order, s);
        List<Event> events = [.. soFar.Events];
        List<CaseChange> cases = [.. soFar.Cases];
        List<Timer> timers = [.. soFar.Timers];
        var note = soFar.Note;

        foreach (var held in order.Holds ?? [])
            if (HoldRules.FollowsFacts(held.Kind) && !Contains(asked, held))
            {
                events.Add(new OrderEvent.HoldLifted(held.Kind, "facts"));
                Forget(held, cases, timers);
            }
        foreach (var hold in asked)
            if (!Contains(order.Holds, hold))
            {
                events.Add(new OrderEvent.Held(hold));
                Announce(hold, cases, timers);
                note = $"{note} Held: {hold.Reason}".Trim();
            }

        order = OrderDecider.EvolveAll(order, events[soFar.Events.Count..]);
        return (soFar with { Events = events, Cases = cases, Timers = timers, Note = note }, order);
    }

    public static Decision PutOn(Order order, OrderSignal.HoldAsked h)
    {
        if (order.Has(HoldKind.ByPerson)) return Decision.Ignore("The order is held already.");
        return PutOn(Decision.Nothing, new Hold(HoldKind.ByPerson, h.Reason, "agent", h.LapsesAt)) with { Note = $"Held by {h.By}: {h.Reason}." };
    }

    /// <summary>Puts a hold on an order that has none of its kind.</summary>
    public static Decision PutOn(Decision decision, Hold hold)
    {
        List<CaseChange> cases = [.. decision.Cases];
        List<Timer> timers = [.. decision.Timers];
        Announce(hold, cases, timers);
        return (decision with { Events = [.. decision.Events, new OrderEvent.Held(hold)], Cases = cases, Timers = timers }).Because($"Held: {hold.Reason}");
    }

    public static Decision Lift(Order order, OrderSignal.HoldLiftAsked asked, Situation s)
    {
        var (kind, by) = (asked.Kind, asked.By);
        if (!order.Has(kind)) return Decision.Ignore($"The order has no hold '{kind}'.");
        // Whoever may lift what one rule asked for need not be one who may lift what another asks for.
        foreach (var hold in order.Holds!)
            if (hold.Kind == kind && hold.Rule != asked.Rule) return Decision.Ignore($"Another rule holds the order now: '{hold.Rule}'. {by} did not mean its hold, and it stays.");
        if (kind == HoldKind.NoAddress && order.ShipTo is null) return Decision.Ignore("There is no address at all; a parcel needs one. Type the address instead.");
        return LiftNow(order, kind, by, s).Because($"Hold '{kind}' lifted by {by}.");
    }

    public static Decision Lapse(Order order, HoldKind kind, Situation s)
    {
        if (!order.Has(kind)) return Decision.Ignore($"The hold '{kind}' is gone already.");
        // Another rule may hold it by now, for longer or for good.
        if (RuleHolds.IsOne(kind) && order.Holds!.Any(h => h.Kind == kind && !(h.LapsesAt <= s.At))) return Decision.Ignore($"The hold '{kind}' ends later.");
        return kind switch
        {
            HoldKind.AwaitingPayment => OrderDecider.Cancel(order, $"the payment did not arrive within {s.Terms.PaymentPatience.TotalDays:0.#} days", OrderDecider.TheHub),
            HoldKind.Risk when s.Terms.Risk is not { LapseApproves: true } => OrderDecider.Cancel(order, "nobody approved it in time, and it is risky", "time", declined: true),
            HoldKind.Confirmation => ShopperAnswers.Lapse(order),
            HoldKind.SecondOpinion => SecondOpinion.Lapse(order, s),
            _ => LiftNow(order, kind, "time", s).Because($"Hold '{kind}' has reached its end."),
        };
    }

    /// <summary>Closes the cases and stops the timers of every hold, because the order ends.</summary>
    public static Decision ForgetAll(Order order, Decision decision)
    {
        if (!order.IsHeld) return decision;
        List<CaseChange> cases = [.. decision.Cases];
        List<Timer> timers = [.. decision.Timers];
        foreach (var hold in order.Holds!) Forget(hold, cases, timers);
        return decision with { Cases = cases, Timers = timers };
    }

    public static Order Without(Order order, OrderEvent.HoldLifted lifted)
    {
        List<Hold> left = [];
        foreach (var hold in order.Holds ?? [])
            if (hold.Kind != lifted.Kind) left.Add(hold);
        order = order with { Holds = left.Count == 0 ? null : left };
        if (!HoldRules.FollowsFacts(lifted.Kind) || lifted.By == "facts") return order;
        if (lifted.Kind == HoldKind.Risk) return order with { RiskApproved = order.Risk?.Score };
        return RuleHolds.IsOne(lifted.Kind) ? RuleHolds.Waive(order, lifted.Kind) : order with { Waived = [.. order.Waived ?? [], lifted.Kind] };
    }

    /// <param name="soFar">Decided before; its events are not yet in <paramref name="order"/>.</param>
    internal static Decision LiftNow(Order order, HoldKind kind, string by, Situation s, Decision? soFar = null)
    {
        List<CaseChange> cases = [];
        List<Timer> timers = [];
        foreach (var hold in order.Holds!)
            if (hold.Kind == kind) Forget(hold, cases, timers);
        var lifted = new Decision { Events = [new OrderEvent.HoldLifted(kind, by)], Cases = cases, Timers = timers };
        return Reconsider(order, soFar is null ? lifted : soFar.And(lifted), s);
    }

    private static void Announce(Hold hold, List<CaseChange> cases, List<Timer> timers)
    {
        // A hundred orders wait for one code: the case is the code's. And while the shopper or a reviewer has time to answer, there is nothing for a person to do.
        if (hold.Kind is not (HoldKind.UnknownCode or HoldKind.Confirmation or HoldKind.SecondOpinion)) cases.Add(new CaseChange.Opened(Key(hold), HoldRules.CaseKind(hold.Kind), hold.Reason, HoldRules.WhatToDo(hold.Kind)));
        if (hold.LapsesAt is { } at) timers.Add(new(Key(hold), at, new OrderSignal.HoldLapsed(hold.Kind)));
    }

    private static void Forget(Hold hold, List<CaseChange> cases, List<Timer> timers)
    {
        if (hold.Kind != HoldKind.UnknownCode) cases.Add(new CaseChange.Closed(Key(hold)));
        if (hold.LapsesAt is { } at) timers.Add(new(Key(hold), at, null));
    }

    internal static string Key(Hold hold) => $"hold/{hold.Kind}";

    private static bool Contains(IReadOnlyList<Hold>? holds, Hold like)
    {
        foreach (var hold in holds ?? [])
            if (hold.IsSame(like)) return true;
        return false;
    }
}
