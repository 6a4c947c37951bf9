using Quartermaster.Core.Kernel;
using Quartermaster.Core.Stock;

namespace Quartermaster.Core.Tests.Stock;

/// <summary>A number that a machine tells is believed, unless it jumps: then a person says whether it is true, or a second count does.</summary>
public sealed class OddCountTests
{
    private static readonly DateTimeOffset T = Sample.Monday;

    [Theory]
    [InlineData(320, 320, 0, true)]
    [InlineData(320, 320, 200, false)]
    [InlineData(90, 90, 0, false)]
    [InlineData(320, 320, 3200, true)]
    [InlineData(0, 320, 320, false)]
    [InlineData(0, 320, 3200, true)]
    [InlineData(20, 320, 400, false)]
    [InlineData(0, 0, 5000, false)]
    [InlineData(100, null, 5000, false)]
    [InlineData(320, null, 0, true)]
    public void A_fall_is_measured_by_what_was_there_and_a_rise_by_the_most_that_ever_was(int before, int? highest, int counted, bool odd) =>
        CountTerms.Usual.IsJump(before, highest, counted).ShouldBe(odd);

    [Fact]
    public void A_count_that_jumps_changes_nothing_and_the_second_that_says_the_same_does()
    {
        var shelf = new Shelf(320);
        shelf.Count(0, 0).ShouldBeOfType<StockSignal.CountDoubted>().Before.ShouldBe(320);
        shelf.OnHand.ShouldBe(320);
        shelf.Cases.Single().ShouldBeOfType<CaseChange.Opened>().Kind.ShouldBe("stock.odd_count");
        shelf.Count(0, 0).ShouldBeNull("the same word again");
        shelf.Count(0, 5).ShouldBeOfType<StockSignal.CountDoubted>().Again.ShouldBeTrue("read twice is not counted twice");
        shelf.Count(0, 16).ShouldBeOfType<StockSignal.PositionSet>();
        (shelf.OnHand, shelf.Item.Asked).ShouldBe((0, null));
        shelf.Cases.ShouldContain(new CaseChange.Closed("count/BLR"));
        shelf.Desk.Odd.Settled.ShouldBe([("A", "BLR")]);
    }

    [Fact]
    public void What_a_person_denied_is_no_truer_for_being_said_again()
    {
        var shelf = new Shelf(320);
        shelf.Count(0, 0);
        shelf.Deny();
        shelf.Cases.ShouldContain(new CaseChange.Closed("count/BLR"));
        shelf.Count(0, 60).ShouldBeOfType<StockSignal.CountDoubted>().Again.ShouldBeTrue();
        shelf.OnHand.ShouldBe(320);
        shelf.Deny().ShouldBe(0, "it was denied before");
        shelf.Count(317, 61).ShouldBeOfType<StockSignal.PositionSet>();
    }

    [Fact]
    public void What_was_denied_is_asked_about_again_when_it_is_said_still_a_day_later()
    {
        var shelf = new Shelf(320);
        shelf.Count(0, 0);
        shelf.Wait(TimeSpan.FromHours(3));
        shelf.Deny();
        shelf.Wait(TimeSpan.FromHours(23));
        shelf.Count(0, 0).ShouldBeNull("it should be counted again by now, and may not be yet");
        shelf.Count(0, 26 * 60).ShouldBeOfType<StockSignal.CountDoubted>().Again.ShouldBeTrue();
        shelf.Wait(TimeSpan.FromHours(1));
        // Whether it was counted once more or is the same count still.
        shelf.Count(0, 0).ShouldBeOfType<StockSignal.CountDoubted>().Again.ShouldBeFalse();
        shelf.OnHand.ShouldBe(320);
        shelf.Cases.OfType<CaseChange.Opened>().Count().ShouldBe(2);
        shelf.Item.Asked!.Single().Denied.ShouldBeFalse();
        shelf.Count(0, 0).ShouldBeNull("it is asked about already");
        shelf.Deny().ShouldBe(1);
        shelf.Count(0, 27 * 60).ShouldBeOfType<StockSignal.CountDoubted>().Again.ShouldBeTrue("another day");
    }

    [Fact]
    public void What_was_denied_of_many_is_asked_about_as_one_of_many_again()
    {
        var shelf = new Shelf(40);
        shelf.Desk.Odd.Load("BLR", OddCounts.Least - 1, 30);
        shelf.Count(0, 0);
        shelf.Deny();
        shelf.Wait(TimeSpan.FromDays(1));
        shelf.Desk.Odd.Load("BLR", 0, 30);
        shelf.Count(0, 24 * 60).ShouldBeOfType<StockSignal.CountDoubted>().ShouldSatisfyAllConditions(d => d.Many.ShouldBeTrue(), d => d.Again.ShouldBeFalse());
        shelf.OnHand.ShouldBe(40, "of one alone it would be no news");
        shelf.Desk.Odd.Found.Single().ShouldSatisfyAllConditions(o => o.Waits.ShouldBeTrue(), o => o.Many.ShouldBeTrue());
    }

    [Fact]
    public void What_left_in_between_is_no_other_number()
    {
        var shelf = new Shelf(100, reserved: 4);
        shelf.Count(1000, 0).ShouldBeOfType<StockSignal.CountDoubted>();
        shelf.Desk.Answer(new StockRequest.Ship([new("1", "A", 4, "BLR")], T.AddMinutes(10)), "o");
        shelf.Count(996, 20).ShouldBeOfType<StockSignal.PositionSet>();
        shelf.OnHand.ShouldBe(996);
    }

    [Fact]
    public void A_person_is_believed_and_so_is_a_count_that_is_as_usual_again()
    {
        var (taken, usual) = (new Shelf(320), new Shelf(320));
        taken.Count(0, 0);
        taken.Count(0, 0, "ann").ShouldBeOfType<StockSignal.PositionSet>();
        taken.OnHand.ShouldBe(0);
        usual.Count(0, 0);
        usual.Count(318, 2).ShouldBeOfType<StockSignal.PositionSet>();
        (usual.OnHand, usual.Item.Asked).ShouldBe((318, null));
    }

    [Fact]
    public void When_many_of_a_location_jump_at_once_none_of_the_rest_is_believed_however_often_it_is_said()
    {
        var shelf = new Shelf(40);
        shelf.Desk.Odd.Load("BLR", OddCounts.Least - 1, 30);
        shelf.Count(0, 0).ShouldBeOfType<StockSignal.CountDoubted>().Many.ShouldBeTrue();
        shelf.Cases.ShouldBeEmpty("there is one for the location");
        shelf.Count(0, 60).ShouldBeOfType<StockSignal.CountDoubted>().Again.ShouldBeTrue();
        shelf.OnHand.ShouldBe(40);
        shelf.Desk.Odd.Found.Single().Waits.ShouldBeTrue();
        shelf.Desk.Odd.Load("BLR", 0, 30);
        shelf.Count(0, 90).ShouldBeOfType<StockSignal.CountDoubted>("the others are long silent, and it is no truer for that");
        shelf.Count(39, 91).ShouldBeOfType<StockSignal.PositionSet>();
    }

    [Fact]
    public void A_dozen_slips_of_a_thousand_shelves_are_a_stocktake()
    {
        var shelf = new Shelf(40);
        shelf.Desk.Odd.Load("BLR", 11, 1000);
        shelf.Count(0, 0).ShouldBeOfType<StockSignal.PositionSet>();
        var few = new Shelf(40);
        few.Desk.Odd.Load("BLR", 3, 5);
        few.Count(0, 0).ShouldBeOfType<StockSignal.PositionSet>("three of five are still few");
    }

    [Fact]
    public void Where_nobody_asks_everything_is_believed()
    {
        var shelf = new Shelf(320, terms: null);
        shelf.Count(0, 0).ShouldBeOfType<StockSignal.PositionSet>();
    }

    /// <summary>A SKU's stream and its position, asked and answered as the runtime does it.</summary>
    private sealed class Shelf
    {
        private Situation situation;

        public Shelf(int onHand, int reserved = 0) : this(onHand, CountTerms.Usual, reserved) { }

        public Shelf(int onHand, CountTerms? terms, int reserved = 0)
        {
            var usual = Sample.At(T);
            situation = usual with { Terms = usual.Terms with { Locations = [.. usual.Terms.Locations.Select(l => l with { Counts = terms })] } };
            Desk.Load(new("A", "BLR", onHand, reserved));
            Item = StockItem.Unknown with { Counts = [new("BLR", onHand, T.AddDays(-1))] };
        }

        public StockDesk Desk { get; } = new((_, _) => throw new InvalidOperationException());
        public StockItem Item { get; private set; }
        public List<CaseChange> Cases { get; } = [];
        public int OnHand => Desk.Find("A", "BLR").OnHand;

        public void Wait(TimeSpan time) => situation = situation with { At = situation.At + time };

        /// <returns>How many events came of it.</returns>
        public int Deny()
        {
            var decision = StockItemDecider.Decide(Item, new StockSignal.CountDenied("A", "BLR", OnHand, "ann"), situation);
            foreach (var e in decision.Events) Item = StockItemDecider.Evolve(Item, (StockEvent)e);
            Cases.AddRange(decision.Cases);
            return decision.Events.Count;
        }

        /// <returns>The database's answer; null = it was not asked.</returns>
        public StockSignal? Count(int units, int minute, string who = "wms")
        {
            var decision = StockItemDecider.Decide(Item, new StockSignal.Counted("A", "BLR", units, who, T.AddMinutes(minute)), situation);
            if (decision.Requests.Count == 0) return null;
            var answer = Desk.Answer((StockRequest)decision.Requests[0], "stock/A")!;
            var after = StockItemDecider.Decide(Item, answer, situation);
            foreach (var e in after.Events) Item = StockItemDecider.Evolve(Item, (StockEvent)e);
            Cases.AddRange(after.Cases.Where(c => c.Key.StartsWith("count/", StringComparison.Ordinal)));
            return answer;
        }
    }
}
