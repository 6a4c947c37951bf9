using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;

namespace Quartermaster.Core.Tests.Messages;

public sealed class WordingTests
{
    [Theory]
    [InlineData("en", "INR", 155000.5, "₹1,55,000.50")]
    [InlineData("en", "EUR", 1234.5, "€1,234.50")]
    [InlineData("en", "CHF", 45.9, "45.90 CHF")]
    [InlineData("en", "JPY", 4500, "¥4,500")]
    [InlineData("en", "KWD", 12.3456, "12.346 KWD")]
    [InlineData("hi", "EUR", 1234567, "€12,34,567.00")]
    [InlineData("id", "IDR", 1550000, "Rp1.550.000")]
    [InlineData("id", "EUR", 1234.5, "€1.234,50")]
    [InlineData("pt", "EUR", 1234.5, "1234.50 EUR")]
    public void An_amount_is_written_in_the_languages_way_and_with_its_currency(string language, string currency, double amount, string expected) =>
        Wording.Of(language).Amount(new((decimal)amount, currency)).ShouldBe(expected);

    [Theory]
    [InlineData("en", "Tuesday, 24 November")]
    [InlineData("en-in", "Tuesday, 24 November")]
    [InlineData("hi", "मंगलवार, 24 नवंबर")]
    [InlineData("id", "Selasa, 24 November")]
    [InlineData("pt", "2026-11-24")]
    public void A_day_is_written_in_the_languages_way(string language, string expected) => Wording.Of(language).Day(new(2026, 11, 24)).ShouldBe(expected);

    [Fact]
    public void Nothing_of_a_thing_is_one_of_it_in_hindi()
    {
        Wording.Of("hi").FormOf(0).ShouldBe(0);
        Wording.Of("en").FormOf(0).ShouldBe(1);
    }
}
