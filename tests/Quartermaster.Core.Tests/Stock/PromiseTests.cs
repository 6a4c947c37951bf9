using FsCheck;
using FsCheck.Fluent;
using Quartermaster.Core.Stock;

namespace Quartermaster.Core.Tests.Stock;

/// <summary>Goods on their way are given to who came first, and each unit once.</summary>
public sealed class PromiseTests
{
    private static readonly DateTimeOffset First = new(2026, 12, 1, 9, 0, 0, TimeSpan.Zero), Second = First.AddDays(14);
    private static readonly Coming[] OnTheWay = [new(10, First), new(5, Second)];

    [Theory]
    [InlineData(0, 0, 10, 1)]
    [InlineData(0, 1, 10, 2)]
    [InlineData(0, 5, 10, 2)]
    [InlineData(0, 6, 10, 0)]
    [InlineData(3, 2, 4, 1)]
    public void The_next_units_after_those_of_everybody_before(int free, int before, int units, int shipment) =>
        Promise.When(free, OnTheWay, before, units).ShouldBe(shipment switch { 1 => First, 2 => Second, _ => null });

    [Fact]
    public void What_is_there_is_not_waited_for() => Promise.When(5, OnTheWay, 2, 3).ShouldBe(DateTimeOffset.MinValue);

    /// <summary>Whoever queues, the units promised by a day are no more than are there by that day.</summary>
    [Fact]
    public void Nobody_is_promised_a_unit_of_somebody_else() =>
        Prop.ForAll(Gen.Choose(0, 5).Two().SelectMany(f => Gen.Choose(1, 4).ListOf(12).SelectMany(queue => Gen.Choose(1, 9).ListOf(f.Item1).Select(coming => (Free: f.Item2, Queue: queue, Coming: coming)))).ToArbitrary(), story =>
        {
            Coming[] coming = [.. story.Coming.Select((units, i) => new Coming(units, First.AddDays(i)))];
            Dictionary<DateTimeOffset, int> promised = [];
            var before = 0;
            foreach (var units in story.Queue)
            {
                if (Promise.When(story.Free, coming, before, units) is { } at) promised[at] = promised.GetValueOrDefault(at) + units;
                before += units;
            }
            foreach (var by in promised.Keys)
                if (promised.Where(p => p.Key <= by).Sum(p => p.Value) > story.Free + coming.Where(c => c.At <= by).Sum(c => c.Units)) return false;
            return true;
        }).QuickCheckThrowOnFailure();
}
