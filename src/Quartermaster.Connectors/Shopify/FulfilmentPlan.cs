using Quartermaster.Core.Connecting;
using Quartermaster.Core.Fulfilment;

namespace Quartermaster.Connectors.Shopify;

/// <summary>Fulfillment orders of one assigned location that a parcel fulfils, each whole (no lines) or in part.</summary>
internal sealed record FulfilmentGroup(string? Location, IReadOnlyList<(string Id, IReadOnlyList<(string Id, int Quantity)>? Lines)> Orders);

/// <summary>What has to be written for a parcel: groups to send, or an outcome that needs no call.</summary>
/// <param name="Written">Fulfilments of this parcel that the shop has already: what follows them is another call.</param>
/// <param name="More">One call does not take them all: when these are written, the rest is planned anew.</param>
internal sealed record FulfilmentPlan(IReadOnlyList<FulfilmentGroup> Groups, Outcome? Instead, int Written = 0, bool More = false)
{
    private static readonly string[] Open = ["OPEN", "IN_PROGRESS", "INCOMPLETE"];

    /// <summary>Match a parcel's lines with what the channel still wants fulfilled.</summary>
    /// <param name="order">The order as the channel answered it now; null when it has none of that id.</param>
    /// <param name="here">The channel's id of the location the parcel left from: its fulfillment orders are taken first.</param>
    public static FulfilmentPlan For(GraphOrder? order, Parcel parcel, string? here)
    {
        if (order is null) return new([], new Outcome.Refused("not_found", "The shop has no such order any more."));
        var written = (order.Fulfillments ?? []).Where(f => f.Status is not ("CANCELLED" or "ERROR" or "FAILURE") && f.TrackingInfo?.Any(t => t.Number == parcel.Tracking) == true).ToList();
        var units = parcel.Lines.Sum(l => l.Quantity) - written.Sum(f => f.TotalQuantity ?? int.MaxValue / 64);
        if (written.Count > 0 && units <= 0) return new([], new Outcome.AlreadyDone(ShopifyGraph.Number(written[0].Id)));

        var all = order.FulfillmentOrders?.Nodes ?? [];
        var open = all.Where(f => Open.Contains(f.Status)).OrderByDescending(f => here is not null && f.AssignedLocation?.Location?.Id is { } at && IdText.Bare(at) == here).ToList();
        var taken = new Dictionary<GraphFulfilmentOrder, List<(string Id, int Quantity)>>(ReferenceEqualityComparer.Instance);
        foreach (var line in parcel.Lines) units -= Take(line, open, taken, units);
        if (units > 0 && open.Exists(f => f.LineItems?.PageInfo is { HasNextPage: true }))
            return new([], new Outcome.Refused("too_many_lines", "The order has more lines than can be read at once, and some of this parcel's are not among them. Enter the tracking number in the shop."));
        if (taken.Count == 0)
            return new([], written.Count > 0 ? new Outcome.AlreadyDone(ShopifyGraph.Number(written[0].Id)) : Nothing(all));
        List<FulfilmentGroup> groups = [.. taken.GroupBy(t => t.Key.AssignedLocation?.Location?.Id)
            .Select(g => new FulfilmentGroup(g.Key, [.. g.Select(t => (t.Key.Id!, IsWhole(t.Key, t.Value) ? null : (IReadOnlyList<(string, int)>)t.Value))]))];
        return new([.. groups.Take(ShopifyOutbound.MostGroups)], null, written.Count, groups.Count > ShopifyOutbound.MostGroups);
    }

    private static int Take(HandoffLine line, List<GraphFulfilmentOrder> open, Dictionary<GraphFulfilmentOrder, List<(string Id, int Quantity)>> taken, int most)
    {
        var left = Math.Min(line.Quantity, most);
        var got = 0;
        // The line's own id first; a SKU is only believed where the warehouse knows no line ids.
        foreach (var byLine in (bool[])[true, false])
            foreach (var order in open)
                foreach (var item in order.LineItems?.Nodes ?? [])
                {
                    if (left == 0) return got;
                    if (item.Id is null || !(byLine ? item.LineItem?.Id is { } id && IdText.Bare(id) == line.LineId : got == 0 && line.Sku.Length > 0 && item.Sku == line.Sku)) continue;
                    var already = taken.TryGetValue(order, out var parts) ? parts.Where(p => p.Id == item.Id).Sum(p => p.Quantity) : 0;
                    var now = Math.Min(left, item.RemainingQuantity - already);
                    if (now <= 0) continue;
                    if (parts is null) taken[order] = parts = [];
                    var at = parts.FindIndex(p => p.Id == item.Id);
                    if (at < 0) parts.Add((item.Id, now));
                    else parts[at] = (item.Id, parts[at].Quantity + now);
                    left -= now;
                    got += now;
                }
        return got;
    }

    // Lines that were not read may hold what this parcel does not.
    private static bool IsWhole(GraphFulfilmentOrder order, List<(string Id, int Quantity)> taken) =>
        order.LineItems?.PageInfo is not { HasNextPage: true } && (order.LineItems?.Nodes ?? []).All(item => item.RemainingQuantity <= 0 || taken.Any(t => t.Id == item.Id && t.Quantity == item.RemainingQuantity));

    /// <summary>For the timeline: what the shop said of the order.</summary>
    public static string Describe(GraphOrder? order) => order is null ? "no such order"
        : string.Join("; ", (order.FulfillmentOrders?.Nodes ?? []).Select(f => $"{f.Id} {f.Status}: {string.Join(", ", (f.LineItems?.Nodes ?? []).Select(l => $"{l.RemainingQuantity} of {l.TotalQuantity} {l.Sku} left"))}")
            .Concat((order.Fulfillments ?? []).Select(f => $"{f.Id} {f.Status}, tracking {string.Join(", ", (f.TrackingInfo ?? []).Select(t => t.Number))}")));

    private static Outcome.Refused Nothing(GraphFulfilmentOrder[] all) =>
        all.Any(f => f.Status is "ON_HOLD") ? new("on_hold", "The shop holds the fulfilment of this order. Release it there, then replay.")
        : all.Any(f => f.Status is "SCHEDULED") ? new("scheduled", "The shop schedules the fulfilment of these lines for later. Open it there, then replay.")
        : all.Length > 0 && all.All(f => f.Status is "CLOSED") ? new("fulfilled_elsewhere", "The shop has nothing left to fulfil: what the parcel holds was taken off the order there, or fulfilled with another tracking number.")
        : new("nothing_open", "Nothing of this parcel is open for fulfilment in the shop: the lines were removed, cancelled or fulfilled there.");
}
