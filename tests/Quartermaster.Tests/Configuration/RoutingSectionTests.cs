using Quartermaster.Core.Kernel;
using static Quartermaster.Configuration.ConfigurationTestBed;

namespace Quartermaster.Configuration;

public sealed class RoutingSectionTests
{
    private const string Written = """
        brands:
          aurora:
            time_zone: Asia/Kolkata
            locations:
              BLR: { country: IN, warehouse: depot, packs_until: "17:30", closed: [sat, sun], holidays: [2026-12-25, 2027-01-26], handling_days: 1, capacity: 400 }
            routing:
              max_parcels: 2
              split_cost: 30
              promise_days: 3
              late_cost: 12.5
              busy_cost: 9
              cover_days: 10
              cover_cost: 7.5
              rates:
                - { service: Surface, to: IN, first: 58, first_grams: 1000, each: 22, step_grams: 250, days: 4 }
                - { service: Metro, from: [BLR], to: "IN:56", first: 34, max_grams: 10000, days: 1 }
        connections:
          depot: { connector: depot, brand: aurora, settings: { base_url: "https://depot.example" } }
        """;

    [Fact]
    public void What_is_written_is_what_is_weighed()
    {
        var terms = Read(Written).Plan.Brands["aurora"].Terms;
        terms.Routing.ShouldSatisfyAllConditions(r => r.MaxParcels.ShouldBe(2), r => r.SplitCost.ShouldBe(30m), r => r.PromiseDays.ShouldBe(3), r => r.LateCost.ShouldBe(12.5m), r => (r.BusyCost, r.CoverDays, r.CoverCost).ShouldBe((9m, 10, 7.5m)));
        terms.Locations[0].Capacity.ShouldBe(400);
        terms.Routing.Rates[0].Price(1251).ShouldBe(58m + 2 * 22m);
        terms.Routing.Rates[1].ShouldSatisfyAllConditions(r => r.From.ShouldBe(["BLR"]), r => r.Price(10_001).ShouldBeNull(), r => r.Days.ShouldBe(1));
        // Thursday 24 December, 18:00 in Bengaluru: too late for today, then a holiday and a weekend, and a day to pack.
        terms.Locations[0].Calendar.Leaves(new(2026, 12, 24, 12, 30, 0, TimeSpan.Zero)).ShouldBe(new(2026, 12, 29));
    }

    [Fact]
    public void What_is_shown_reads_back_as_the_same()
    {
        var shown = EffectiveConfiguration.Write(Read(Written));
        shown.ShouldContain("packs_until: \"17:30\"");
        EffectiveConfiguration.Write(Read(shown)).ShouldBe(shown);
    }

    [Theory]
    [InlineData("to: IN,", "to: Narnia,", "is not a destination")]
    [InlineData("from: [BLR]", "from: [BRL]", "is not a location of this brand")]
    [InlineData("\"17:30\"", "\"5 pm\"", "is not a time of day")]
    [InlineData("[sat, sun]", "[caturday]", "is not a day of the week")]
    [InlineData("2026-12-25", "Christmas", "is not a day")]
    [InlineData("[sat, sun]", "[mon, tue, wed, thu, fri, sat, sun]", "it is closed on every day of the week")]
    [InlineData("capacity: 400", "capacity: none", "is not a whole number")]
    [InlineData("max_parcels: 2", "max_parcels: 0", "is not a whole number")]
    [InlineData("late_cost", "late_kost", "late_kost")]
    public void What_is_wrong_is_told_with_its_place(string right, string wrong, string said) =>
        Mistakes(Written.Replace(right, wrong, StringComparison.Ordinal)).ShouldContain(m => m.Contains(said));
}
