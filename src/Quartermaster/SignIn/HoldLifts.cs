using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Runtime.Operations;
using Quartermaster.Runtime.ReadModels;

namespace Quartermaster.SignIn;

/// <summary>One hold of one order.</summary>
/// <param name="MayLift">The least role that may lift it.</param>
public sealed record HeldOrder(string Brand, string Id, string Number, HoldKind Kind, string? Rule, string Reason, Role MayLift);

/// <summary>What a filter finds of held orders.</summary>
/// <param name="More">It finds more orders than are looked at in one turn; these are the newest.</param>
public sealed record HeldOrders(IReadOnlyList<HeldOrder> Holds, bool More);

/// <summary>Lifts one kind of hold of many orders at once, for the page, the API and the command line: what it would do is shown first.</summary>
/// <remarks>Each order gets its own signal and its own line in the audit log, as if it had been lifted alone. A risk is not among them: each is approved by who has looked at it.</remarks>
public sealed class HoldLifts(OrderList list, StreamHistory history, Desk desk)
{
    /// <summary>Orders of one turn.</summary>
    public const int Most = 500;

    private static readonly OrderStream Orders = new();

    /// <summary>The holds of the newest held orders that a filter finds.</summary>
    public async Task<HeldOrders> FindAsync(OrderQuery query, HoldKind? kind, string? rule, CancellationToken cancel)
    {
        var page = await list.PageAsync(query with { Status = "held", After = null, Size = Most }, cancel);
        return new(await OfAsync([.. page.Rows.Select(r => (r.Brand, r.Stream))], kind, rule, cancel), page.Next is not null || page.Truncated);
    }

    /// <summary>The holds that these orders have now.</summary>
    public async Task<IReadOnlyList<HeldOrder>> OfAsync(IReadOnlyList<(string Brand, string Stream)> orders, HoldKind? kind, string? rule, CancellationToken cancel)
    {
        List<HeldOrder> held = [];
        foreach (var state in await history.StatesAsync(orders, cancel))
        {
            var order = ((OrderFile)Orders.Load(state.State)).Order;
            foreach (var hold in order.Holds ?? [])
                if (hold.Kind != HoldKind.Risk && (kind is null || hold.Kind == kind) && (rule is null || hold.Rule == rule))
                    held.Add(new(state.Brand, StreamId.Parse(state.Brand, state.Stream).Id, order.Facts?.Number ?? state.Stream, hold.Kind, hold.Rule, hold.Reason, OrderPowers.ToLift(hold)));
        }
        return held;
    }

    /// <returns>How many were asked for.</returns>
    public async Task<int> LiftAsync(IEnumerable<HeldOrder> holds, string who, CancellationToken cancel)
    {
        var count = 0;
        foreach (var hold in holds)
        {
            await desk.SendAsync(new(hold.Brand, "order", hold.Id), new OrderSignal.HoldLiftAsked(hold.Kind, who, hold.Rule), who, cancel);
            count++;
        }
        return count;
    }
}
