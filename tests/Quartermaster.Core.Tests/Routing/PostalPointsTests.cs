using Quartermaster.Core.Kernel;
using Quartermaster.Core.Routing;

namespace Quartermaster.Core.Tests.Routing;

/// <summary>Tariffs by distance, where the carrier has no zones.</summary>
public sealed class PostalPointsTests
{
    private static readonly PostalPoints.Point Bengaluru = new(12.9716f, 77.5946f), Delhi = new(28.6139f, 77.2090f), Chennai = new(13.0827f, 80.2707f);

    private static readonly PostalPoints Points = new([("IN", "560001", Bengaluru), ("IN", "110001", Delhi), ("IN", "600001", Chennai), ("GB", "SW1A", new(51.501f, -0.142f)), ("GB", "E1", new(51.516f, -0.058f)), ("GB", "E11", new(51.568f, 0.014f)), ("NL", "1011", new(52.37f, 4.90f)), ("LV", "5101", new(56.6f, 25.25f))]);

    private static readonly BrandTerms Terms = Sample.Terms with
    {
        Locations = [new("BLR", "", "w", "IN") { PostalCode = "560001" }, new("DEL", "", "w", "IN") { PostalCode = "110001" }, new("NOP", "", "w", "IN")],
        Routing = new()
        {
            Rates = [new("Surface", [], "IN", 60m) { WithinKm = 500 }, new("Surface", [], "IN", 45m) { WithinKm = 50 }, new("Surface", [], "IN", 90m) { WithinKm = 3000 }, new("Surface", [], "IN", 120m)],
        },
    };

    private static Route Choose(string? postalCode, BrandTerms? terms = null, string country = "IN") =>
        Router.Choose(new([new("A", 1)], country, postalCode, [], Sample.Monday) { Known = new() { Points = Points } }, terms ?? Terms, (_, _) => 1);

    [Fact]
    public void Ways_are_as_long_as_the_map_says()
    {
        // Great-circle distances of the cities, to the kilometre.
        PostalPoints.Kilometres(Bengaluru, Delhi).ShouldBe(1740, 3);
        PostalPoints.Kilometres(Bengaluru, Chennai).ShouldBe(290, 2);
        PostalPoints.Kilometres(Bengaluru, Bengaluru).ShouldBe(0);
        // Half around the earth, and over the date line.
        PostalPoints.Kilometres(new(0, 0), new(0, 180)).ShouldBe(Math.PI * 6371.0088, 0.1);
        PostalPoints.Kilometres(new(0, 179.5f), new(0, -179.5f)).ShouldBe(111.19, 0.1);
    }

    [Theory]
    [InlineData("IN", "560 001", 12.9716)]
    [InlineData("GB", "SW1A 1AA", 51.501)]
    [InlineData("GB", "sw1a1aa", 51.501)]
    [InlineData("GB", "E1 1AA", 51.516)]
    [InlineData("GB", "E111AA", 51.568)]
    [InlineData("NL", "1011 AB", 52.37)]
    [InlineData("LV", "LV-5101", 56.6)]
    [InlineData("IN", "560009", 12.9716)] // Not known: its neighbour begins alike.
    [InlineData("IN", "600999", 13.0827)]
    public void A_code_is_found_however_it_is_written(string country, string written, double latitude) => ((double)Points.Find(country, written)!.Value.Latitude).ShouldBe(latitude, 0.001);

    [Theory]
    [InlineData("IN", "999999")]
    [InlineData("IN", null)]
    [InlineData("IN", "  ")]
    [InlineData("IN", "a code that is far too long")]
    [InlineData("US", "94105")]
    [InlineData("", "560001")]
    public void What_is_not_on_the_map_has_no_place(string country, string? written) => Points.Find(country, written).ShouldBeNull();

    [Fact]
    public void The_nearest_band_that_reaches_prices_the_parcel_and_says_how_far_it_is()
    {
        var route = Choose("600001");
        route.Options.Select(o => o.Cost).ShouldBe([60m, 90m, 120m]);
        route.Options[0].Terms[0].ShouldBe("Surface to IN within 500 km (290 km), 0 kg 60");
        route.Options[1].Terms[0].ShouldStartWith("Surface to IN within 3000 km (17");
        route.Options[2].Terms[0].ShouldBe("Surface to IN (distance not known), 0 kg 120");
        Choose("560009").Options[0].Cost.ShouldBe(45m);
        Choose(null).Options.Select(o => o.Cost).ShouldBe([120m, 120m, 120m]);
    }

    [Fact]
    public void Bands_of_two_carriers_compete_whatever_their_widths()
    {
        ShippingRate[] rates = [new("Surface", [], "IN", 90m) { Carrier = "A", WithinKm = 500 }, new("Surface", [], "IN", 150m) { Carrier = "A" }, new("Surface", [], "IN", 50m) { Carrier = "B", WithinKm = 3000 }, new("Surface", [], "IN", 70m) { Carrier = "C" }];
        Choose("600001", Terms with { Routing = Terms.Routing with { Rates = rates } }).Options[0].Cost.ShouldBe(50m);
        Choose("600001", Terms with { Routing = Terms.Routing with { Rates = [.. rates[..2], rates[3]] } }).Options[0].Cost.ShouldBe(70m);
        Choose("600001", Terms with { Routing = Terms.Routing with { Rates = rates[..2] } }).Options[0].Cost.ShouldBe(90m, "its own wider rate is no competitor");
    }

    [Fact]
    public void A_location_beyond_every_band_is_not_the_cheapest_for_it()
    {
        ShippingRate[] rates = [new("Surface", [], "IN", 60m) { WithinKm = 200 }, new("Surface", [], "IN", 80m) { WithinKm = 400 }];
        var far = Choose("600001", Terms with { Routing = Terms.Routing with { Rates = rates } });
        far.Options.Select(o => o.Cost).ShouldBe([80m, 80m, 80m]);
        far.Options[1].Terms[0].ShouldContain("within 400 km, which is the farthest there is (17");
    }

    [Fact]
    public void A_zone_that_is_named_stands_before_any_distance()
    {
        var terms = Terms with { Routing = Terms.Routing with { Rates = [.. Terms.Routing.Rates, new("Zone", [], "IN:60", 75m)] } };
        Choose("600001", terms).Options[0].Terms[0].ShouldBe("Zone to IN:60 (290 km), 0 kg 75");
    }

    [Fact]
    public void Areas_are_towns_and_districts()
    {
        PostalCode.Area("IN", "560 001").ShouldBe("560");
        PostalCode.Area("GB", "SW1A 1AA").ShouldBe("SW");
        PostalCode.Area("NL", "1011").ShouldBe("10");
        PostalCode.Area("AE", null).ShouldBe("");
    }
}
