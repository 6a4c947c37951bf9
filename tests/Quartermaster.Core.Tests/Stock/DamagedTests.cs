using FsCheck;
using FsCheck.Fluent;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Stock;

namespace Quartermaster.Core.Tests.Stock;

/// <summary>Units that are there and cannot be sold have a position of their own, and the ledger explains it.</summary>
public sealed class DamagedTests
{
    [Fact]
    public void What_is_found_damaged_leaves_the_shelf_and_what_came_so_was_never_on_it()
    {
        var shelf = new Shelf();
        shelf.Tell(Damage.Found, 3, "d1");
        shelf.Now.ShouldBe(new Position("A", "BLR", 7, 2, 0, 3));
        shelf.Tell(Damage.Found, 3, "d1");
        shelf.Now.Damaged.ShouldBe(3, "said twice, moved once");
        shelf.Tell(Damage.Came, 2, "d2");
        shelf.Now.ShouldBe(new Position("A", "BLR", 7, 2, 0, 5));
        shelf.Tell(Damage.Repaired, 1, "d3");
        shelf.Now.ShouldBe(new Position("A", "BLR", 8, 2, 0, 4));
        shelf.Tell(Damage.Discarded, 4, "d4");
        shelf.Now.ShouldBe(new Position("A", "BLR", 8, 2, 0, 0));
        shelf.Tell(Damage.Discarded, 1, "d5").ShouldBe("Only 0 damaged units of A lie at BLR.");
    }

    [Fact]
    public void Promised_units_that_broke_are_an_incident_and_nothing_is_cut_off_in_silence()
    {
        var shelf = new Shelf();
        shelf.Tell(Damage.Found, 9, "d1");
        shelf.Now.ShouldBe(new Position("A", "BLR", 2, 2, 0, 9, Short: 1));
        shelf.Cases.OfType<CaseChange.Opened>().ShouldContain(c => c.Kind == "stock.promised_more_than_there");
    }

    [Fact]
    public void However_it_goes_the_ledger_comes_to_the_position()
    {
        var step = from what in Gen.Choose(0, 3) from units in Gen.Choose(1, 4) select (what, units);
        Prop.ForAll(Gen.ArrayOf(step).Resize(30).ToArbitrary(), steps =>
        {
            var shelf = new Shelf();
            for (var i = 0; i < steps.Length; i++) shelf.Tell((Damage)steps[i].what, steps[i].units, $"d{i}");
            shelf.Now.OnHand.ShouldBe(10 + shelf.Desk.Movements.Sum(m => m.OnHand));
            shelf.Now.Damaged.ShouldBe(shelf.Desk.Movements.Sum(m => m.Damaged));
            shelf.Now.Damaged.ShouldBe(shelf.Item.Damaged?.Sum(d => d.Units) ?? 0, "the stream knows what the table has");
            shelf.Now.Reserved.ShouldBe(2);
        }).QuickCheckThrowOnFailure();
    }

    /// <summary>Ten of A on the shelf, two of them promised.</summary>
    private sealed class Shelf
    {
        public Shelf() => Desk.Load(new("A", "BLR", 10, 2));

        public StockDesk Desk { get; } = new((_, _) => throw new InvalidOperationException());
        public StockItem Item { get; private set; } = StockItem.Unknown;
        public List<CaseChange> Cases { get; } = [];
        public Position Now => Desk.Find("A", "BLR");

        public string? Tell(Damage what, int units, string id)
        {
            var decision = StockItemDecider.Decide(Item, new StockSignal.DamageTold("A", "BLR", units, what, "it fell", "ann", id), Sample.At(Sample.Monday));
            foreach (var e in decision.Events) Item = StockItemDecider.Evolve(Item, (StockEvent)e);
            foreach (var request in decision.Requests)
                if (Desk.Answer((StockRequest)request, "stock/A") is { } answer) Cases.AddRange(StockItemDecider.Decide(Item, answer, Sample.At(Sample.Monday)).Cases);
            return decision.Note;
        }
    }
}
