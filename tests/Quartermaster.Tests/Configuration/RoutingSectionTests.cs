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
              BLR: { country: IN, warehouse: depot, postal_code: "560001", packs_until: "17:30", closed: [sat, sun], holidays: [2026-12-25, 2027-01-26], handling_days: 1, capacity: 400 }
            routing:
              max_parcels: 2
              split_cost: 30
              promise_days: 3
              late_cost: 12.5
              damage_cost: 300
              redelivery_cost: 40
              return_cost: 140
              history_days: 60
              busy_cost: 9
              cover_days: 10
              cover_cost: 7.5
              rates:
                - { service: Surface, to: IN, first: 58, first_grams: 1000, each: 22, step_grams: 250, volumetric_divisor: 5000, days: 4 }
                - { service: Metro, from: [BLR], to: "IN:56", first: 34, max_grams: 10000, days: 1, carrier: BlueDart, within_km: 40 }
              methods: { Express: Metro, "flat_rate:3": Surface }
        connections:
          depot: { connector: depot, brand: aurora, settings: { base_url: "https://depot.example" } }
        """;

    [Fact]
    public void What_is_written_is_what_is_weighed()
    {
        var terms = Read(Written).Plan.Brands["aurora"].Terms;
        terms.Routing.ShouldSatisfyAllConditions(r => r.MaxParcels.ShouldBe(2), r => r.SplitCost.ShouldBe(30m), r => r.PromiseDays.ShouldBe(3), r => r.LateCost.ShouldBe(12.5m), r => (r.BusyCost, r.CoverDays, r.CoverCost).ShouldBe((9m, 10, 7.5m)));
        (terms.Routing.DamageCost, terms.Routing.RedeliveryCost, terms.Routing.ReturnCost, terms.Routing.HistoryDays).ShouldBe((300m, 40m, 140m, 60));
        (terms.Locations[0].Capacity, terms.Locations[0].PostalCode).ShouldBe((400, "560001"));
        (terms.Routing.Rates[1].Carrier, terms.Routing.Rates[1].WithinKm, terms.Routing.WeighsDistance, terms.Routing.WeighsReturns).ShouldBe(("BlueDart", 40, true, true));
        (terms.Routing.ServiceOf("EXPRESS", null), terms.Routing.ServiceOf("Post", "flat_rate:3"), terms.Routing.ServiceOf("Post", null), terms.Routing.ServiceOf(null, null)).ShouldBe(("Metro", "Surface", null, null));
        (terms.Routing.WeighsVolume, terms.Routing.Rates[0].Price(100, 12_000)).ShouldBe((true, 58m + 6 * 22m), "12,000 cm3 count as 2.4 kg");
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

    [Fact]
    public void Rates_are_written_one_on_a_line_and_read_back_as_the_same()
    {
        var terms = Read(Written).Plan.Brands["aurora"].Terms;
        var text = RateText.Write(terms.Routing.Rates);
        text.Split('\n')[2].ShouldBe("""- {service: Metro, carrier: BlueDart, from: [BLR], to: "IN:56", within_km: 40, first: 34, max_grams: 10000, days: 1}""");
        RateText.Write(RateText.Read(text, terms)).ShouldBe(text);
        var wrong = Should.Throw<ConfigurationException>(() => RateText.Read("- { service: A, to: Narnia, first: 1 }", terms));
        (wrong.Problems[0].Place.Line, wrong.Problems[0].Wrong).ShouldSatisfyAllConditions(p => p.Item1.ShouldBe(1), p => p.Item2.ShouldContain("is not a destination"));
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
    [InlineData("within_km: 40", "within_km: 0", "is not a whole number")]
    [InlineData("Express: Metro", "Express: Subway", "is not a service of this brand's rates")]
    [InlineData("Express: Metro", "Express:", "it means no service")]
    [InlineData("Express: Metro", "Express: Metro, EXPRESS: Surface", "the method is named twice")]
    [InlineData("volumetric_divisor: 5000", "volumetric_divisor: 5", "is not a whole number")]
    [InlineData("postal_code: \"560001\", ", "", "no location says where it is")]
    public void What_is_wrong_is_told_with_its_place(string right, string wrong, string said) =>
        Mistakes(Written.Replace(right, wrong, StringComparison.Ordinal)).ShouldContain(m => m.Contains(said));
}
