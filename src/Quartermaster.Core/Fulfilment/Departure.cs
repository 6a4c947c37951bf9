using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Fulfilment;

/// <summary>Parcels that leave and units that cannot be found: matches a warehouse's SKUs with the lines it was given.</summary>
internal static class Departure
{
    /// <summary>The parcel's key within the order. A warehouse without tracking numbers gets one parcel per location and instant.</summary>
    public static string ParcelId(FulfilmentSignal.Shipped p)
    {
        var tracking = p.Tracking.Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant();
        return tracking.Length > 0 ? tracking : $"{p.Location}-{p.At.ToUnixTimeSeconds()}";
    }

    public static Decision Shipped(Handoff state, FulfilmentSignal.Shipped p, Situation s)
    {
        var id = ParcelId(p);
        if (state.Find(id) is { } known) return Again(state, known, p);
        List<HandoffLine> taken = [];
        List<SkuQuantity> surplus = [];
        foreach (var line in p.Lines)
            if (Match(state, p.Location, line, taken) is > 0 and var left) surplus.Add(line with { Quantity = left });

        var decision = Decision.Nothing;
        if (taken.Count > 0)
        {
            var parcel = new Parcel(id, p.Location, p.Carrier, p.Tracking, p.TrackingUrl, taken, p.At);
            var after = Take(state, parcel);
            decision = new Decision
            {
                Events = [new FulfilmentEvent.ParcelLeft(parcel, !after.IsOpen), .. CaughtUp(state, after)],
                Note = $"Parcel {id} left {p.Location} with {p.Carrier}.",
            };
        }
        return surplus.Count == 0 ? decision : NotExpected(decision, id, p, surplus);
    }

    // Said again it is the same parcel. Said of another time, and of what is still to be sent, it may be another consignment under one number, or a correction of the first: its units
    // are off the shelf or not, and no number of the carrier tells.
    private static Decision Again(Handoff state, SentParcel known, FulfilmentSignal.Shipped p)
    {
        List<HandoffLine> open = [];
        foreach (var line in p.Lines) Match(state, p.Location, line, open);
        if (known.Confirmed is not { } times || open.Count == 0 || (p.Undated ? IsSaid(known, open, p) : times.Contains(p.At))) return Decision.Ignore($"Parcel {known.Id} is known.");
        return Decision.Of(new FulfilmentEvent.ConfirmedAgain(known.Id, p.Location, p.Lines, p.At))
            .Tell(new CaseChange.Opened(SentParcel.AgainCase(known.Id), "fulfilment.confirmed_again", $"{p.Location} confirms more under the number of parcel {known.Id}",
                $"That parcel had left already. Now: {string.Join(", ", p.Lines.Select(u => $"{u.Quantity} × {u.Sku}"))}, which the order still waits for. Nothing was booked. Find out whether another parcel left; if so, have it confirmed under a number of its own."))
            .Because($"Under the number of parcel {known.Id} {p.Location} confirms more; a person finds out what it means.");
    }

    // Without a time only other units are other news: neither the parcel's own, nor what a person was told of.
    private static bool IsSaid(SentParcel known, List<HandoffLine> open, FulfilmentSignal.Shipped p) =>
        open.TrueForAll(o => known.Lines.Any(l => l.LineId == o.LineId && l.Quantity >= o.Quantity)) || (known.More is { } more && p.Lines.All(more.Contains));

    /// <summary>Tells the channel what left, in the lines that it sold.</summary>
    public static Decision TellChannel(Handoff state, Parcel sold, Situation s)
    {
        if (state.Find(sold.ParcelId) is not { WriteBack: WriteBack.Planned } parcel) return Decision.Ignore($"Parcel {sold.ParcelId} needs no telling.");
        List<SentLine> told = [.. sold.Lines.Select(l => new SentLine(l.LineId, l.Quantity))];
        var decision = told.SequenceEqual(parcel.Lines) ? Decision.Nothing : Decision.Of(new FulfilmentEvent.ToldAsSold(parcel.Id, told));
        return told.Count == 0
            ? decision.Because("Its kits are not whole yet; the channel is told with the parcel that brings the rest.")
            : decision.Do(new PlannedEffect(EffectKey.Of(s.Stream, "fulfil", parcel.Id), state.Channel!, new FulfilmentEffect.WriteFulfilment(state.ExternalId!, sold)));
    }

    public static Decision ShortPicked(Handoff state, FulfilmentSignal.ShortPicked p, Situation s)
    {
        var there = Answers.Meant(state, p.Meant, s).Tries.FindAll(t => t.Location == p.Location);
        if (there.Exists(t => t.ShortAt >= p.At)) return Decision.Ignore("This shortage was acted on.");
        foreach (var t in there)
        {
            if (!t.IsOpen) continue;
            List<HandoffLine> missing = [];
            foreach (var sku in p.Missing) MatchIn(t.Lines, sku.Sku, sku.Quantity, missing);
            if (missing.Count == 0) continue;
            return Decision.Of(new FulfilmentEvent.CameUpShort(t.Attempt, t.Location, missing, p.At))
                .Because($"{t.Location} cannot find {Words(missing)}; the rest goes on.");
        }
        return Decision.Ignore($"{p.Location} has nothing of this order to send.");
    }

    /// <summary>The SKUs a warehouse could not find, each once.</summary>
    public static List<string> With(IReadOnlyList<string>? shortOf, IReadOnlyList<HandoffLine> missing)
    {
        List<string> all = [.. shortOf ?? []];
        foreach (var line in missing)
            if (!all.Contains(line.Sku)) all.Add(line.Sku);
        return all;
    }

    /// <summary>The state after a parcel: what it carries is no longer to be sent.</summary>
    public static Handoff Take(Handoff state, Parcel parcel)
    {
        List<HandoffLine> left = [.. parcel.Lines];
        var tries = new List<Try>(state.Tries!.Count);
        foreach (var t in InOrder(state.Tries, parcel.Location))
        {
            if (!t.IsOpen || left.Count == 0)
            {
                tries.Add(t);
                continue;
            }
            var rest = Less(t.Lines, left);
            left = Remaining(left, t.Lines);
            tries.Add(t with { Lines = rest });
        }
        tries.Sort(static (a, b) => a.Attempt.CompareTo(b.Attempt));
        var lines = new List<SentLine>(parcel.Lines.Count);
        foreach (var line in parcel.Lines) lines.Add(new(line.LineId, line.Quantity));
        return state with { Tries = tries, Parcels = [.. state.Parcels ?? [], new(parcel.ParcelId, parcel.Location, WriteBack.Planned, lines, Confirmed: [parcel.ShippedAt])] };
    }

    public static List<HandoffLine> Less(IReadOnlyList<HandoffLine> lines, IReadOnlyList<HandoffLine> gone)
    {
        List<HandoffLine> rest = [];
        foreach (var line in lines)
        {
            var left = line.Quantity;
            foreach (var less in gone)
                if (less.LineId == line.LineId && less.Sku == line.Sku) left -= less.Quantity;
            if (left > 0) rest.Add(line with { Quantity = left });
        }
        return rest;
    }

    private static List<HandoffLine> Remaining(List<HandoffLine> wanted, IReadOnlyList<HandoffLine> had) => Less(wanted, had);

    /// <summary>Takes units of one SKU from the lines warehouses were given, first from the one that says it sent them. Returns how many nobody was given.</summary>
    private static int Match(Handoff state, string location, SkuQuantity shipped, List<HandoffLine> taken)
    {
        var left = shipped.Quantity;
        foreach (var t in InOrder(state.Tries ?? [], location))
            if (t.IsOpen && left > 0) left = MatchIn(t.Lines, shipped.Sku, left, taken);
        return left;
    }

    private static int MatchIn(IReadOnlyList<HandoffLine> lines, string sku, int quantity, List<HandoffLine> taken)
    {
        foreach (var line in lines)
        {
            if (line.Sku != sku || quantity == 0) continue;
            var already = 0;
            var at = -1;
            for (var i = 0; i < taken.Count; i++)
                if (taken[i].LineId == line.LineId && taken[i].Sku == sku) (already, at) = (taken[i].Quantity, i);
            var take = int.Min(line.Quantity - already, quantity);
            if (take <= 0) continue;
            if (at < 0) taken.Add(line with { Quantity = take });
            else taken[at] = line with { Quantity = already + take };
            quantity -= take;
        }
        return quantity;
    }

    // The warehouse that says it sent the parcel comes first; only what it was not given is looked for elsewhere.
    private static IEnumerable<Try> InOrder(IReadOnlyList<Try> tries, string location)
    {
        foreach (var t in tries)
            if (t.Location == location) yield return t;
        foreach (var t in tries)
            if (t.Location != location) yield return t;
    }

    /// <summary>A parcel that leaves while its order is asked back answers the question: too late.</summary>
    private static List<Event> CaughtUp(Handoff before, Handoff after)
    {
        List<Event> events = [];
        for (var i = 0; i < after.Tries!.Count; i++)
            if (after.Tries[i] is { Phase: TryPhase.Withdrawing, IsOpen: false } t && before.Tries![i].IsOpen)
                events.Add(new FulfilmentEvent.WithdrawalRefused(t.Attempt, t.Location, "The parcel had left."));
        return events;
    }

    private static Decision NotExpected(Decision decision, string id, FulfilmentSignal.Shipped p, List<SkuQuantity> surplus)
    {
        var what = string.Join(", ", surplus.Select(u => $"{u.Quantity} × {u.Sku}"));
        return (decision with { Events = [.. decision.Events, new FulfilmentEvent.UnitsNotExpected(id, p.Location, p.Carrier, p.Tracking, surplus, p.At)] })
            .Tell(new CaseChange.Opened(SentParcel.SurplusCase(id), "fulfilment.units_not_expected", $"{p.Location} sent {what} that we had not handed off",
                $"Parcel {id} with {p.Carrier}. Find out with the warehouse what was sent, then correct the stock and tell the shopper."))
            .Because($"{p.Location} sent {what} that it was not given.");
    }

    private static string Words(List<HandoffLine> lines) => string.Join(", ", lines.Select(l => $"{l.Quantity} × {l.Sku}"));
}
