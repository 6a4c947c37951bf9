using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Stock;

/// <summary>Decides what an order asks of the stock. The database answers in the same transaction.</summary>
public static class StockDecider
{
    /// <summary>Timer of units that are only kept.</summary>
    private const string Kept = "stock/kept";

    public static Decision Decide(Allocation state, StockSignal signal, Situation s) => signal switch
    {
        StockSignal.Allocate a => Allocate(state, a, s),
        StockSignal.LetGo l => LetGo(state, l.Why),
        StockSignal.KeepingLapsed l => state.KeptUntil == l.At ? LetGo(state, "kept long enough for an order that is not released") : Decision.Ignore("It is not only kept any more."),
        StockSignal.ReserveGranted or StockSignal.ReserveDenied when state.Open is null => Decision.Ignore("No stock was asked for."),
        StockSignal.ReserveGranted g => Granted(state, g),
        StockSignal.ReserveDenied d => Denied(state, d),
        StockSignal.Arrived a => Arrived(state, a.Sku, s),
        StockSignal.Left l => Counted(state, l.CauseId) ? Again(l.CauseId) : Left(state, l),
        StockSignal.NotFound n => Counted(state, n.CauseId) ? Again(n.CauseId) : NotFound(state, n),
        StockSignal.GoneElsewhere g => Counted(state, g.CauseId) ? Again(g.CauseId) : GoneElsewhere(state, g),
        StockSignal.NotGone n => state.Away?.Any(a => a.CauseId == n.CauseId) == true ? Decision.Of(new StockEvent.CameToNothing(n.CauseId)) : Decision.Nothing,
        StockSignal.NotSent n => Counted(state, n.CauseId) ? Again(n.CauseId) : NotSent(state, n),
        StockSignal.CameBack c => Counted(state, c.CauseId) ? Again(c.CauseId) : CameBack(c),
        _ => Decision.Ignore("This is for a stock item, not for an order."),
    };

    public static Allocation Evolve(Allocation state, StockEvent e) => e switch
    {
        StockEvent.Asked a => state with { Open = new(a.Lines, a.Country, a.PostalCode, a.NotFrom, a.KeepUntil, a.Wish, a.Instead, a.Missed), Short = null, Expected = null, Offered = null, KeptUntil = null },
        StockEvent.Allocated a when state.Open?.KeepUntil is { } until => state with { Held = With(state.Held, a.Units), Open = null, KeptUntil = until },
        StockEvent.Allocated a => state with { Held = With(state.Held, a.Units), Open = null, Short = null, Expected = null, Offered = null, Times = state.Times + a.Parcels().Count, Places = a.Places is null ? state.Places : [.. state.Places ?? [], .. a.Places] },
        StockEvent.Backordered b => state with { Short = b.Short, Expected = b.Expected, Offered = b.Offers },
        StockEvent.StoppedWaiting => state with { Open = null, Short = null, Expected = null, Offered = null },
        StockEvent.Released r => state with { Held = Without(state.Held, r.Units), Places = state.PlacesAfter(r.Units), KeptUntil = null, Causes = r.CauseId is null ? state.Causes : [.. state.Causes ?? [], r.CauseId] },
        StockEvent.Shipped x => state with { Held = Without(state.Held, x.Units), Places = state.PlacesAfter(x.Units, packed: true), Away = Away.Settle(state.Away, x.Units, taken: false), Causes = [.. state.Causes ?? [], x.CauseId] },
        StockEvent.WrittenOff w => state with { Held = Without(state.Held, w.Units), Places = state.PlacesAfter(w.Units), Away = Away.Settle(state.Away, w.Units, taken: false), Causes = [.. state.Causes ?? [], w.CauseId] },
        StockEvent.WentElsewhere g => state with { Away = [.. state.Away ?? [], .. g.Units.Select(u => new Away(g.CauseId, u, g.At))], Causes = [.. state.Causes ?? [], g.CauseId] },
        StockEvent.TakenElsewhere t => state with { Held = Without(state.Held, t.Units), Places = state.PlacesAfter(t.Units), KeptUntil = null, Away = Away.Settle(state.Away, t.Units, taken: true), Causes = [.. state.Causes ?? [], t.CauseId] },
        StockEvent.CameToNothing n => state with { Away = Away.Without(state.Away, n.CauseId) },
        StockEvent.Returned r => state with { Causes = [.. state.Causes ?? [], r.CauseId], Back = [.. state.Back ?? [], .. r.Units] },
        _ => state,
    };

    private static Decision Allocate(Allocation state, StockSignal.Allocate a, Situation s)
    {
        var needed = a.Keep ? LessHeld(state, a.Lines) : a.Lines;
        if (needed.Count == 0) return a.Keep ? StopWaiting(state, "nothing more is needed") : LetGo(state, "nothing more is needed");
        if (state.Open is { } open && SameDemand(open, needed, a) && (a.Keep || state.Held is null)) return Decision.Ignore("These units are looked for already.");
        // What was only kept is chosen anew: since then a location may have closed, or a better one have got stock.
        var firm = state.KeptUntil is not null && a.KeepUntil is null;
        if (!a.Keep && !firm && state.Open is null && Holds(state, a.Lines)) return Decision.Ignore("These units are reserved already.");

        var decision = Decision.Nothing;
        if (!a.Keep && state.Held is { } held) decision = GiveBack(state, held, firm ? "chosen anew" : "the order changed");
        return LeaveQueues(state, decision).And(Decision.Of(new StockEvent.Asked(needed, a.Country, a.PostalCode, a.NotFrom, a.KeepUntil, a.Wish, a.Instead, a.Missed))
            .Ask(new StockRequest.Reserve(needed, a.Country, a.PostalCode, a.NotFrom, s.At, a.Wish, Kept: a.KeepUntil is not null, a.Instead, a.Missed)));
    }

    private static Decision LetGo(Allocation state, string why)
    {
        var decision = state.Held is { } held ? GiveBack(state, held, why) : Decision.Nothing;
        if (state.Open is not null) decision = decision.And(Decision.Of(new StockEvent.StoppedWaiting(why)));
        decision = LeaveQueues(state, decision);
        return decision.Events.Count == 0 ? Decision.Nothing : decision.Because($"Stock let go: {why}.");
    }

    private static Decision StopWaiting(Allocation state, string why)
    {
        if (state.Open is null) return Decision.Nothing;
        return LeaveQueues(state, Decision.Of(new StockEvent.StoppedWaiting(why)));
    }

    private static Decision LeaveQueues(Allocation state, Decision decision) =>
        state.Short is { } lacking ? decision.Ask(new StockRequest.Wait([.. lacking, .. state.InsteadOf(lacking)], false)) : decision;

    private static Decision Granted(Allocation state, StockSignal.ReserveGranted g)
    {
        var decision = Decision.Of(new StockEvent.Allocated(g.Units, g.Candidates, g.Places)).Because(StockWords.Reserved(g));
        if (state.Open!.KeepUntil is { } until)
            return decision.At(new Timer(Kept, until, new StockSignal.KeepingLapsed(until))).Because(StockWords.Kept(until));
        return LeaveQueues(state, decision);
    }

    private static Decision Denied(Allocation state, StockSignal.ReserveDenied d)
    {
        if (state.Open!.KeepUntil is not null) return Decision.Of(new StockEvent.StoppedWaiting("not all of it is there to be kept")).Because(StockWords.NotKept(d));
        if (state.Short is { } before && Same(before, d.Short))
        {
            if ((state.Offered ?? []).SequenceEqual(d.Offers ?? [])) return Decision.Ignore("Still not enough at any location.");
            // Only what could be sent instead has changed. Its places in the queues stay, and so does the day it was told: reckoned anew, among those who came
            // after it, or past the last day for pre-orders, its goods would be anybody's.
            return Decision.Of(new StockEvent.Backordered(state.Open!.Lines, d.Short, d.Candidates, state.Expected, d.Offers, Again: true)).Because(StockWords.Short(d with { Expected = state.Expected }));
        }
        var decision = Decision.Of(new StockEvent.Backordered(state.Open!.Lines, d.Short, d.Candidates, d.Expected, d.Offers)).Because(StockWords.Short(d));
        // What could be sent instead is waited for as well, as nobody's unit: whoever lacks it comes first.
        string[] queues = [.. d.Short, .. state.InsteadOf(d.Short)];
        return LeaveQueues(state, decision).Ask(new StockRequest.Wait(queues, true, [.. queues.Select(sku => d.Short.Contains(sku) ? state.Open.Lines.Where(l => l.Sku == sku).Sum(l => l.Quantity) : 0)]));
    }

    // No event: the demand stands as it is, and a refusal would change nothing.
    private static Decision Arrived(Allocation state, string sku, Situation s)
    {
        if (state is { Short: { } lacking, Open: { } open } && (open.Lines.Any(l => l.Sku == sku) || state.InsteadOf(lacking).Contains(sku)))
            return new Decision { Requests = [new StockRequest.Reserve(open.Lines, open.Country, open.PostalCode, open.NotFrom, s.At, open.Wish, Instead: open.Instead, Missed: open.Missed)], Note = $"{sku} arrived." };
        return Decision.Ignore($"The order does not wait for {sku}.");
    }

    private static Decision Left(Allocation state, StockSignal.Left l)
    {
        var units = OfHeld(state, l.Units);
        return units.Count == 0
            ? Decision.Ignore("None of these units was reserved for the order.")
            : new Decision { Events = [new StockEvent.Shipped(l.CauseId, units)], Requests = [new StockRequest.Ship(units, l.At)] };
    }

    private static Decision NotFound(Allocation state, StockSignal.NotFound n)
    {
        var units = OfHeld(state, n.Units);
        return units.Count == 0
            ? Decision.Ignore("None of these units was reserved for the order.")
            : Leave(state, units, new Decision { Events = [new StockEvent.WrittenOff(n.CauseId, units)], Requests = [new StockRequest.WriteOff(units, "not found by the warehouse")] });
    }

    private static Decision NotSent(Allocation state, StockSignal.NotSent n) => GiveBack(state, OfHeld(state, n.Units), n.Why, n.CauseId);

    /// <summary>Reserved units that this order does not need: free for others, except those that somebody else has sent.</summary>
    /// <param name="cause">What is counted once; null = the order asks for it itself.</param>
    private static Decision GiveBack(Allocation state, IReadOnlyList<Units> held, string why, string? cause = null)
    {
        var decision = state.KeptUntil is { } until ? Decision.Nothing.At(new Timer(Kept, until, null)) : Decision.Nothing;
        List<Units> free = [];
        List<Units> gone = [];
        foreach (var units in held)
        {
            var away = int.Min(units.Quantity, Away.DueOf(state.Away, units));
            if (away > 0) gone.Add(units with { Quantity = away });
            if (away < units.Quantity) free.Add(units with { Quantity = units.Quantity - away });
        }
        if (gone.Count > 0)
            decision = decision.And(Decision.Of(new StockEvent.TakenElsewhere(cause ?? why, gone)).Ask(new StockRequest.Ship(gone, Away.Since(state.Away, gone)))
                .Because($"{StockWords.Count(gone)} had left elsewhere and are taken off the stock."));
        if (free.Count > 0) decision = decision.And(Decision.Of(new StockEvent.Released(free, why, cause)).Ask(new StockRequest.Release(free, why)));
        return Leave(state, held, decision);
    }

    /// <summary>A location that has nothing of the order to pack any more may pack another in its place.</summary>
    private static Decision Leave(Allocation state, IReadOnlyList<Units> gone, Decision decision) =>
        state.PlacesWithout(gone) is { } places ? decision.Ask(new StockRequest.LeaveDays(places)) : decision;

    private static Decision GoneElsewhere(Allocation state, StockSignal.GoneElsewhere g)
    {
        List<Units> gone = [];
        foreach (var units in OfHeld(state, g.Units))
            if (int.Min(units.Quantity, state.HeldAt(units) - Away.DueOf(state.Away, units)) is > 0 and var now) gone.Add(units with { Quantity = now });
        return gone.Count == 0 ? Decision.Nothing : Decision.Of(new StockEvent.WentElsewhere(g.CauseId, gone, g.At));
    }

    private static Decision CameBack(StockSignal.CameBack c) => c.Damaged
        ? Decision.Of(new StockEvent.Returned(c.CauseId, c.Units, true)).Because($"{StockWords.Count(c.Units)} came back damaged.")
        : new Decision { Events = [new StockEvent.Returned(c.CauseId, c.Units)], Requests = [new StockRequest.TakeBack(c.Units, $"came back: {c.CauseId}")] }
            .Because($"{StockWords.Count(c.Units)} back in stock at {c.Units[0].Location}.");

    private static Decision Again(string cause) => Decision.Ignore($"'{cause}' was counted before.");

    private static bool Counted(Allocation state, string cause) => state.Causes?.Contains(cause) == true;

    private static List<Wanted> LessHeld(Allocation state, IReadOnlyList<Wanted> lines)
    {
        List<Wanted> rest = [];
        foreach (var line in lines)
            if (line.Quantity - state.HeldOf(line.LineId) is > 0 and var missing) rest.Add(line with { Quantity = missing });
        return rest;
    }

    private static bool Holds(Allocation state, IReadOnlyList<Wanted> lines)
    {
        var wanted = 0;
        foreach (var line in lines)
        {
            if (state.HeldOf(line.LineId) != line.Quantity) return false;
            wanted += line.Quantity;
        }
        foreach (var units in state.Held ?? []) wanted -= units.Quantity;
        return wanted == 0;
    }

    private static bool SameDemand(Demand open, IReadOnlyList<Wanted> lines, StockSignal.Allocate a)
    {
        if (open.Lines.Count != lines.Count || open.Country != a.Country || open.PostalCode != a.PostalCode || open.Wish != a.Wish || !Same(open.NotFrom, a.NotFrom) || !(open.Missed ?? []).SequenceEqual(a.Missed ?? [])) return false;
        for (var i = 0; i < lines.Count; i++)
            if (open.Lines[i] != lines[i]) return false;
        return true;
    }

    private static bool Same(IReadOnlyList<string> left, IReadOnlyList<string> right)
    {
        if (left.Count != right.Count) return false;
        for (var i = 0; i < left.Count; i++)
            if (left[i] != right[i]) return false;
        return true;
    }

    /// <summary>Of these units, those that are reserved for the order.</summary>
    private static List<Units> OfHeld(Allocation state, IReadOnlyList<Units> units)
    {
        List<Units> found = [];
        foreach (var wanted in units)
            foreach (var held in state.Held ?? [])
                if (held.IsLike(wanted))
                {
                    found.Add(held with { Quantity = int.Min(held.Quantity, wanted.Quantity) });
                    break;
                }
        return found;
    }

    /// <summary>One entry per line, SKU and location, however often they were reserved.</summary>
    private static List<Units> With(IReadOnlyList<Units>? held, IReadOnlyList<Units> more)
    {
        List<Units> all = [.. held ?? []];
        foreach (var units in more)
        {
            var at = all.FindIndex(units.IsLike);
            if (at < 0) all.Add(units);
            else all[at] = units with { Quantity = all[at].Quantity + units.Quantity };
        }
        return all;
    }

    private static List<Units>? Without(IReadOnlyList<Units>? held, IReadOnlyList<Units> gone)
    {
        List<Units> rest = [];
        foreach (var units in held ?? [])
        {
            var left = units.Quantity;
            foreach (var less in gone)
                if (less.IsLike(units)) left -= less.Quantity;
            if (left > 0) rest.Add(units with { Quantity = left });
        }
        return rest.Count == 0 ? null : rest;
    }
}
