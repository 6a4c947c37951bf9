using Quartermaster.Core.Flows;
using Quartermaster.Runtime.ReadModels;

namespace Quartermaster.CommandLine;

/// <summary>Orders by what a person calls them.</summary>
internal static class FoundOrder
{
    private static readonly OrderStream Orders = new();

    /// <param name="named">Its number, with or without #, or its id.</param>
    /// <param name="loosely">To look at: whatever else it is found by will do, as long as it is found alone. Never to act on: the beginning of a name is no order.</param>
    /// <exception cref="CommandRefusedException">There is none, or there are several.</exception>
    public static async Task<ListedOrder> OneAsync(Access access, string named, string? brand, CancellationToken cancel, bool loosely = false)
    {
        IReadOnlyList<string> brands = brand is null ? access.Brands : [access.Brand(brand)];
        var orders = new OrderList(access.Database.General);
        List<ListedOrder> found = [];
        foreach (var one in brands)
            if (await orders.FindAsync(one, "order/" + named, cancel) is { } exact) found.Add(exact);
        if (found.Count == 0)
        {
            var matches = (await orders.PageAsync(new(brands, named, Size: OrderList.SearchDepth), cancel)).Rows;
            found.AddRange(matches.Where(o => o.Number.TrimStart('#').Equals(named.TrimStart('#'), StringComparison.OrdinalIgnoreCase)));
            if (found.Count == 0 && loosely) found.AddRange(matches);
        }
        return found switch
        {
            [var one] => one,
            [] => throw new CommandRefusedException($"There is no order '{named}' in {string.Join(", ", brands)}."),
            _ => throw new CommandRefusedException($"{found.Count} orders match '{named}': {string.Join(", ", found.Take(8).Select(o => $"{o.Brand} {o.Number} (id {o.Id})"))}. Name one by its id or with --brand."),
        };
    }

    /// <exception cref="CommandRefusedException">Its state cannot be read.</exception>
    public static async Task<OrderFile> FileAsync(StreamHistory history, ListedOrder order, CancellationToken cancel) =>
        await history.StateAsync(order.Brand, order.Stream, cancel) is { } state ? (OrderFile)Orders.Load(state.State) : throw new CommandRefusedException($"Nothing is decided of {order.Number} yet.");
}
