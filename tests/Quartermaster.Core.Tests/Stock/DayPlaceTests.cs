using Quartermaster.Core.Kernel;
using Quartermaster.Core.Stock;

namespace Quartermaster.Core.Tests.Stock;

/// <summary>An order's place in the day of a location that can pack only so many.</summary>
public sealed class DayPlaceTests
{
    private static readonly Wanted[] Lines = [new("1", "A", 1), new("2", "B", 1)];
    private static readonly Units[] Both = [new("1", "A", 1, "BLR"), new("2", "B", 1, "BLR")];
    private static readonly DayPlace Place = new("BLR", new(2026, 3, 2));

    private static Allocation Given() => StockDecider.Evolve(StockDecider.Evolve(Allocation.Nothing, new StockEvent.Asked(Lines, "IN", null, [])), new StockEvent.Allocated(Both, [], [Place]));

    private static (Allocation After, IEnumerable<DayPlace> Left) Hear(Allocation state, StockSignal signal)
    {
        var decision = StockDecider.Decide(state, signal, Sample.At(Sample.Monday));
        return (decision.Events.Cast<StockEvent>().Aggregate(state, StockDecider.Evolve), decision.Requests.OfType<StockRequest.LeaveDays>().SelectMany(l => l.Places));
    }

    [Fact]
    public void It_is_given_up_when_nothing_is_left_to_pack_there_and_not_before()
    {
        var (one, none) = Hear(Given(), new StockSignal.NotSent("c1", [Both[0]], "turned down"));
        none.ShouldBeEmpty();
        one.Places.ShouldBe([Place]);
        var (nothing, left) = Hear(one, new StockSignal.NotFound("c2", [Both[1]]));
        left.ShouldBe([Place]);
        nothing.Places.ShouldBeNull();
        Hear(nothing, new StockSignal.LetGo("cancelled")).Left.ShouldBeEmpty();
    }

    [Fact]
    public void What_left_in_a_parcel_has_used_it()
    {
        var (rest, none) = Hear(Given(), new StockSignal.Left("p1", [Both[0]], Sample.Monday));
        none.ShouldBeEmpty();
        rest.Places.ShouldBeNull();
        Hear(rest, new StockSignal.NotSent("c1", [Both[1]], "short")).Left.ShouldBeEmpty();
    }

    [Fact]
    public void Units_that_are_only_kept_take_none()
    {
        var decision = StockDecider.Decide(Allocation.Nothing, new StockSignal.Allocate(Lines, "IN", null, [], KeepUntil: Sample.Monday.AddHours(1)), Sample.At(Sample.Monday));
        decision.Requests.OfType<StockRequest.Reserve>().ShouldHaveSingleItem().Kept.ShouldBeTrue();
    }

    [Fact]
    public void An_order_that_is_planned_afresh_leaves_its_place_before_it_takes_another()
    {
        var decision = StockDecider.Decide(Given(), new StockSignal.Allocate([new("1", "A", 1)], "IN", null, []), Sample.At(Sample.Monday));
        decision.Requests.Select(r => r.GetType().Name).ShouldBe(["Release", "LeaveDays", "Reserve"]);
    }
}
