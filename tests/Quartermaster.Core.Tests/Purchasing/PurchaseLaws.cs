using FsCheck;
using FsCheck.Fluent;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Purchasing;
using Quartermaster.Core.Stock;

namespace Quartermaster.Core.Tests.Purchasing;

/// <summary>What holds for every purchase order, whatever comes, however often and in whatever order.</summary>
public sealed class PurchaseLaws
{
    private static readonly Signal[] World =
    [
        PurchaseTests.Proposed, PurchaseTests.Proposed with { Lines = [new("C", 7, 1, 5m), new("A", 1, 1, 1m)] }, new PurchaseSignal.QuantitiesSet([new("A", 5), new("B", 0)], "lea"), new PurchaseSignal.QuantitiesSet([new("A", -1), new("C", 9)], "lea"),
        PurchaseTests.Approve, new PurchaseSignal.RejectAsked("no", "lea"), new PurchaseSignal.DateSet(Sample.Monday.AddDays(40), "lea"), new PurchaseSignal.CloseAsked("over", "lea"), new PurchaseSignal.FellDue(),
        PurchaseTests.Receipt("r1", new ReceivedLine("A", 3, 1)), PurchaseTests.Receipt("r2", new ReceivedLine("A", 400), new ReceivedLine("A", 1), new ReceivedLine("Z", 1)), PurchaseTests.Receipt("r3", new ReceivedLine("B", -5), new ReceivedLine("C", 0, 7)),
        PurchaseTests.Receipt("r4", new ReceivedLine("A", 24), new ReceivedLine("B", 10), new ReceivedLine("C", 7)),
    ];

    private static readonly Arbitrary<int[]> Days = (from list in Gen.Choose(0, World.Length - 1).ListOf() select list.ToArray()).ToArbitrary();

    [Fact]
    public void What_is_expected_is_never_less_than_nothing_and_always_what_open_orders_still_wait_for() => Prop.ForAll(Days, day =>
    {
        Dictionary<string, int> incoming = [];
        Play(day, (_, turn) =>
        {
            foreach (var units in turn.Requests.OfType<StockRequest.Expect>().SelectMany(e => e.Units))
                incoming[units.Sku] = incoming.GetValueOrDefault(units.Sku) + units.By;
            var order = (PurchaseOrder)turn.State;
            foreach (var line in order.Lines ?? [])
            {
                incoming.GetValueOrDefault(line.Sku).ShouldBe(order.Expected(line));
                order.Expected(line).ShouldBeInRange(0, line.Quantity);
            }
            if (order.State != PurchaseState.Ordered) incoming.Values.ShouldAllBe(units => units == 0);
        });
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Saying_it_again_adds_nothing() => Prop.ForAll(Days, day =>
    {
        Play(day, (signal, turn) =>
        {
            var again = Decide(turn.State, signal);
            again.Events.ShouldBeEmpty();
            again.Effects.ShouldBeEmpty();
            again.Forwarded.ShouldBeEmpty();
            again.Requests.OfType<StockRequest>().ShouldBeEmpty();
        });
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_unit_that_came_goes_on_a_shelf_once() => Prop.ForAll(Days, day =>
    {
        HashSet<string> receipts = [];
        Play(day, (_, turn) =>
        {
            foreach (var forwarded in turn.Forwarded) receipts.Add($"{(forwarded.Signal is StockSignal.DamageTold damaged ? damaged.DamageId : ((StockSignal.Received)forwarded.Signal).CauseId)}/{forwarded.To.Id}").ShouldBeTrue();
            foreach (var line in ((PurchaseOrder)turn.State).Lines ?? []) (line.Received, line.Damaged).ShouldSatisfyAllConditions(x => x.Received.ShouldBeGreaterThanOrEqualTo(0), x => x.Damaged.ShouldBeGreaterThanOrEqualTo(0));
        });
    }).QuickCheckThrowOnFailure();

    private static void Play(int[] day, Action<Signal, Turn> look)
    {
        object state = PurchaseOrder.Unknown;
        foreach (var i in day)
        {
            var turn = Decide(state, World[i]);
            state = turn.State;
            look(World[i], turn);
        }
    }

    private static Turn Decide(object state, Signal signal) => new PurchaseStream().Decide(state, signal, Sample.At(Sample.Monday.AddDays(30)) with { Stream = new("aurora", "purchase", "PO-1") });
}
