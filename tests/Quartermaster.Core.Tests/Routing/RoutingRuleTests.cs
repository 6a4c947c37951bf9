using Quartermaster.Core.Kernel;
using Quartermaster.Core.Routing;

namespace Quartermaster.Core.Tests.Routing;

public sealed class RoutingRuleTests
{
    private static readonly BrandTerms Terms = Sample.Terms with
    {
        Locations = [new("BLR", "", "w", "IN", "5", 40m), new("DEL", "", "w", "IN", "1", 40m), new("SIN", "", "w", "SG", "", 10m)],
    };

    private static Route Choose(string country, string? postalCode, BrandTerms? terms = null, Func<string, string, int>? available = null, params string[] notFrom) =>
        RoutingRule.Choose([new("A", 1)], country, postalCode, notFrom, terms ?? Terms, available ?? ((_, _) => 1));

    [Theory]
    [InlineData("IN", "560001", "BLR")]
    [InlineData("IN", "110001", "DEL")]
    [InlineData("SG", "018956", "SIN")]
    [InlineData("IN", null, "BLR")] // A tie goes to the lower code.
    public void The_cheapest_that_has_it_wins(string country, string? postalCode, string expected) =>
        Choose(country, postalCode).Location.ShouldBe(expected);

    [Fact]
    public void Every_candidate_says_what_speaks_for_and_against_it()
    {
        var route = Choose("IN", "560001", Terms with { Locations = [.. Terms.Locations, new("PAU", "", "w", "IN", Paused: true)] }, (_, location) => location == "SIN" ? 0 : 1);
        route.Options.Select(o => o.Cost).ShouldBe([40m, 60m, null, null]);
        route.Options[1].Terms.ShouldBe(["base 40", "zone 20"]);
        route.Options[2].Missing.ShouldBe(["A: 0 of 1"]);
        route.Options[3].Missing.ShouldBe(["paused"]);
        Choose("IN", "560001", available: (_, l) => l == "SIN" ? 1 : 0).Options[2].Terms.ShouldBe(["base 10", "border 100"]);
    }

    [Fact]
    public void A_location_that_turned_it_down_is_not_asked_again() => Choose("IN", "560001", notFrom: "BLR").Location.ShouldBe("DEL");
}
