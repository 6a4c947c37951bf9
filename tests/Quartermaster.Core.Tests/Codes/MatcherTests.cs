using Quartermaster.Core.Codes;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Tests.Codes;

/// <summary>Titles of a real gift shop, whose products differ in one word.</summary>
public sealed class MatcherTests
{
    private static readonly Matcher Shop = new(
    [
        new("85123A", "WHITE HANGING HEART T-LIGHT HOLDER"), new("21733", "RED HANGING HEART T-LIGHT HOLDER"), new("71053", "WHITE METAL LANTERN"),
        new("84406B", "CREAM CUPID HEARTS COAT HANGER"), new("84029G", "KNITTED UNION FLAG HOT WATER BOTTLE"), new("84029E", "RED WOOLLY HOTTIE WHITE HEART."),
        new("22752", "SET 7 BABUSHKA NESTING BOXES"), new("21730", "GLASS STAR FROSTED T-LIGHT HOLDER"), new("22633", "HAND WARMER UNION JACK"), new("22632", "HAND WARMER RED POLKA DOT"),
        new("84879", "ASSORTED COLOUR BIRD ORNAMENT"), new("22745", "POPPY'S PLAYHOUSE BEDROOM"), new("22748", "POPPY'S PLAYHOUSE KITCHEN"), new("TEA", "Assam tea 100 g"), new("TS-RED-M", "T-shirt red M"), new("TS-RED-L", "T-shirt red L"),
    ]);

    [Theory]
    [InlineData("ts red m", "", "TS-RED-M", "capitals and punctuation")]
    [InlineData("085123A", "", "85123A", "leading zeros")]
    [InlineData("WOO-TS-RED-M", "", "TS-RED-M", "behind 'WOO'")]
    [InlineData("84029G_DE", "", "84029G", "before 'DE'")]
    [InlineData("W-17", "White hanging heart T-light holder", "85123A", "called the same")]
    [InlineData("W-18", "Hand warmers, union jack", "22633", "called the same")]
    public void The_code_or_the_title_tells(string code, string title, string sku, string why)
    {
        var first = Shop.For(code, title)[0];
        first.Parts.ShouldBe([new Part(sku, 1)]);
        first.Why.ShouldContain(why);
        first.Confidence.ShouldBeGreaterThan(0.75);
    }

    [Theory]
    [InlineData("TEA-6PACK", 6)]
    [InlineData("tea_x12", 12)]
    [InlineData("TEA-3ER", 3)]
    public void A_pack_is_read_as_several(string code, int units) => Shop.For(code, "")[0].Parts.ShouldBe([new Part("TEA", units)]);

    [Fact]
    public void One_word_that_differs_makes_it_doubtful()
    {
        var found = Shop.For("W-19", "BLUE HANGING HEART T-LIGHT HOLDER");
        found.ShouldAllBe(s => s.Confidence < 0.75, string.Join("; ", found));
    }

    [Fact]
    public void Two_reasons_that_agree_are_better_than_one() =>
        Shop.For("ts.red.m", "T-shirt red M")[0].Confidence.ShouldBeGreaterThan(Shop.For("ts.red.m", "")[0].Confidence);

    [Theory]
    [InlineData("MYSTERY-1", "Something else entirely")]
    [InlineData("", "")]
    [InlineData("-", "T")]
    public void Nothing_is_suggested_where_nothing_is_alike(string code, string title) => Shop.For(code, title).ShouldBeEmpty();

    [Fact]
    public void Three_are_enough_and_they_come_in_order()
    {
        var found = new Matcher([.. Enumerable.Range(0, 20).Select(i => new NamedSku($"S{i}", $"Mug number {i}"))]).For("x", "Mug number");
        found.Count.ShouldBeLessThanOrEqualTo(3);
        found.ShouldBe(found.OrderByDescending(f => f.Confidence));
    }
}
