using FsCheck;
using FsCheck.Fluent;

namespace Quartermaster.Core.Tests.Flows;

/// <summary>An order, its lanes, a warehouse and a carrier, each going on at its own time: what may never happen to a label that costs money.</summary>
public sealed class LabelLaws
{
    /// <summary>A few in every run; <c>QM_LAW_RUNS=5000</c> for a long look after a change of the labels.</summary>
    private static readonly int Runs = int.TryParse(Environment.GetEnvironmentVariable("QM_LAW_RUNS"), out var runs) ? runs : 60;

    [Fact]
    public void No_label_is_bought_twice_for_a_hand_off_and_every_one_is_used_or_void_in_the_end()
    {
        var steps = Gen.ArrayOf(Gen.Choose(0, 9_999)).Resize(80).ToArbitrary();
        Prop.ForAll(steps, sequence => new LabelCounter().Play(sequence)).Check(Config.QuickThrowOnFailure.WithMaxTest(Runs));
    }
}
