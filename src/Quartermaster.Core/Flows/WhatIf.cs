using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Routing;
using Quartermaster.Core.Stock;

namespace Quartermaster.Core.Flows;

/// <summary>A real order that is routed again.</summary>
/// <param name="At">When it first asked for stock, which may be days after it was placed; cut-offs and promises count from there, and the shelves were what they were then.</param>
/// <param name="From">The locations it really left or is to leave from, in order of their codes; null = none yet.</param>
public sealed record RerunOrder(string Stream, string Number, Order Order, DateTimeOffset At, string? From)
{
    /// <summary>Locations that turned it down.</summary>
    public IReadOnlyList<string> NotFrom { get; init; } = [];

    /// <summary>It never asked for stock: a hold or a missing payment has stopped it so far. Only the rules are asked about it.</summary>
    public bool Stopped { get; init; }
}

/// <summary>What may be promised of a SKU at a location, or how it changed.</summary>
public readonly record struct ShelfUnits(string Sku, string Location, int Units);

/// <summary>A change of a shelf that no order of the time made: a count, a delivery, a return, an older order.</summary>
public readonly record struct ShelfChange(DateTimeOffset At, ShelfUnits What);

/// <summary>Some days of a brand as they were: its orders, what lay on the shelves when they began, and what changed meanwhile without these orders.</summary>
/// <param name="Days">How many days these are.</param>
/// <param name="Sold">Units of these days' orders by shelf, for how fast it sells.</param>
public sealed record PastDays(IReadOnlyList<RerunOrder> Orders, IReadOnlyList<ShelfUnits> Opening, IReadOnlyList<ShelfChange> Changes, IReadOnlyList<ShelfUnits> Sold, int Days)
{
    /// <summary>What the past and the map say today; what they said then is not kept.</summary>
    public RoutingKnowledge Known { get; init; } = RoutingKnowledge.Nothing;
}

/// <summary>How one order fared in a rerun.</summary>
/// <param name="From">The locations it would leave from; null = it was still waiting at the end.</param>
/// <param name="Cost">Base costs and postage of its parcels: what is paid, without the prices that only weigh (lateness, splits, busy days, empty shelves).</param>
/// <param name="DaysLate">Days after the promise, of its latest parcel.</param>
/// <param name="Arrives">When its latest parcel would be at the door, where a rate says so.</param>
/// <param name="Waited">No location had it when it was placed.</param>
/// <param name="Held">A rule would have held it or asked for approval; it is routed all the same.</param>
public readonly record struct Fared(string? From, decimal Cost, int Parcels, int DaysLate, DateOnly? Arrives, bool Waited, bool Held);

/// <summary>Runs past days through a brand's terms. Touches nothing: it has no shelf but its own.</summary>
/// <remarks>
/// Orders are routed in the order in which they asked for stock, by the router and the rules that decide live, against shelves that they empty themselves. An order that
/// nobody can serve waits, and is tried again, oldest first, when something it wants comes. What shipped changes no availability, so only reservations and
/// the changes of others move the shelves. Orders are taken as they ended: edits are in, and whoever turned an order down would do so again.
/// </remarks>
public static class WhatIf
{
    public static WhatIfRun Run(PastDays past, BrandTerms terms)
    {
        var run = new Rerun(past, terms);
        var change = 0;
        for (var i = 0; i < past.Orders.Count; i++)
        {
            for (; change < past.Changes.Count && past.Changes[change].At <= past.Orders[i].At; change++) run.Take(past.Changes[change]);
            run.Place(i);
        }
        for (; change < past.Changes.Count; change++) run.Take(past.Changes[change]);
        return new(run.Fared);
    }

    private sealed class Rerun
    {
        private readonly PastDays past;
        private readonly BrandTerms terms;
        private readonly Dictionary<(string Sku, string Location), int> shelves;
        private readonly SortedSet<int> waiting = [];
        private readonly RoutingLoad load;

        public Rerun(PastDays past, BrandTerms terms)
        {
            (this.past, this.terms) = (past, terms);
            shelves = past.Opening.ToDictionary(o => (o.Sku, o.Location), o => o.Units);
            load = new(past.Known);
            foreach (var sold in past.Sold) load.Sells(sold.Sku, sold.Location, (decimal)sold.Units / int.Max(1, past.Days));
            Fared = new Fared[past.Orders.Count];
        }

        public Fared[] Fared { get; }

        public void Place(int at)
        {
            if (Try(at, past.Orders[at].At)) return;
            Fared[at] = Fared[at] with { Waited = true };
            waiting.Add(at);
        }

        public void Take(ShelfChange change)
        {
            var key = (change.What.Sku, change.What.Location);
            shelves[key] = shelves.GetValueOrDefault(key) + change.What.Units;
            if (change.What.Units <= 0 || waiting.Count == 0) return;
            foreach (var at in waiting.Where(w => past.Orders[w].Order.Facts!.Lines.Any(l => LineUnits.Of(past.Orders[w].Order, l.LineId, 1).Any(p => p.Sku == change.What.Sku))).ToList())
                if (Try(at, change.At)) waiting.Remove(at);
        }

        private bool Try(int at, DateTimeOffset now)
        {
            var order = past.Orders[at].Order;
            order = order with { Ruled = terms.Rules?.Invoke(RuleView.Of(order, past.Known.Skus)) };
            var held = order.Ruled is { Hold: not null } or { Approval: not null };
            var wanted = past.Orders[at].Stopped ? [] : Wanted(order);
            if (wanted.Count == 0)
            {
                Fared[at] = new("", 0m, 0, 0, null, false, held);
                return true;
            }
            var ask = new StockRequest.Reserve(wanted, order.ShipTo?.Country ?? "", order.ShipTo?.PostalCode, past.Orders[at].NotFrom, now, PlanAgain.Wish(order, terms.Routing));
            var (route, _) = ChooseLocation.RouteOf(ask, terms, (sku, location) => shelves.GetValueOrDefault((sku, location)), load);
            if (!route.Found)
            {
                Fared[at] = Fared[at] with { Held = held };
                return false;
            }
            ChooseLocation.Take(route, ask, terms, load);
            foreach (var share in route.Shares) shelves[(share.Sku, share.Location)] -= share.Quantity;
            var sent = route.Options.Where(o => o.Chosen).ToList();
            Fared[at] = new(string.Join(" + ", sent.Select(c => c.Location).Order(StringComparer.Ordinal)), sent.Sum(c => c.Parcel!.Price), sent.Count,
                sent.Max(c => c.Parcel!.DaysLate), sent.Max(c => c.Parcel!.Arrives), Fared[at].Waited, held);
            return true;
        }

        private static List<Wanted> Wanted(Order order)
        {
            List<Wanted> wanted = [];
            foreach (var line in order.Facts!.Lines)
                if (line.RequiresShipping && order.Promised(line) - order.CountedBefore(line.LineId) is > 0 and var sold)
                    foreach (var (id, sku, units) in LineUnits.Of(order, line.LineId, sold)) wanted.Add(new(id, sku, units, line.Grams / order.UnitsEach(line.LineId)));
            return wanted;
        }
    }
}
