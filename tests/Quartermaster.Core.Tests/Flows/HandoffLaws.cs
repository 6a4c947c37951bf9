using FsCheck;
using FsCheck.Fluent;

namespace Quartermaster.Core.Tests.Flows;

/// <summary>An order, its effects and two warehouses, each going on at its own time: what may never happen, however their steps interleave.</summary>
public sealed class HandoffLaws
{
    /// <summary>A few in every run; <c>QM_LAW_RUNS=5000</c> for a long look after a change of the hand-off.</summary>
    private static readonly int Runs = int.TryParse(Environment.GetEnvironmentVariable("QM_LAW_RUNS"), out var runs) ? runs : 60;

    [Fact]
    public void A_cancelled_order_is_never_shipped_and_no_unit_is_sent_twice()
    {
        var steps = Gen.ArrayOf(Gen.Choose(0, 9_999)).Resize(80).ToArbitrary();
        Prop.ForAll(steps, sequence => new TwoWarehouses().Play(sequence)).Check(Config.QuickThrowOnFailure.WithMaxTest(Runs));
    }
}
