using System.Globalization;
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

    /// <summary>Examples of CLDR's own tables.</summary>
    [Theory]
    [InlineData("en", 2, "0:1 1:0 2:1 21:1 101:1")]
    [InlineData("hi", 2, "0:0 1:0 2:1")]
    [InlineData("fr-ca", 2, "0:0 1:0 2:1")]
    [InlineData("pt-br", 2, "0:0 1:0 2:1")]
    [InlineData("pt-pt", 2, "0:1 1:0 2:1")]
    [InlineData("ja", 1, "0:0 1:0 5:0")]
    [InlineData("ru", 3, "0:2 1:0 2:1 4:1 5:2 11:2 12:2 14:2 21:0 22:1 25:2 111:2 121:0")]
    [InlineData("uk", 3, "1:0 3:1 5:2 11:2 31:0")]
    [InlineData("hr", 3, "1:0 3:1 5:2 11:2 21:0")]
    [InlineData("pl", 3, "0:2 1:0 2:1 4:1 5:2 12:2 21:2 22:1 101:2 102:1")]
    [InlineData("cs", 3, "0:2 1:0 2:1 4:1 5:2 22:2")]
    [InlineData("sl", 4, "0:3 1:0 2:1 3:2 4:2 5:3 101:0 102:1")]
    [InlineData("lt", 3, "0:2 1:0 2:1 9:1 10:2 11:2 19:2 21:0 22:1 112:2")]
    [InlineData("lv", 3, "0:0 1:1 2:2 10:0 11:0 19:0 20:0 21:1 22:2 111:0")]
    [InlineData("ro", 3, "0:1 1:0 2:1 19:1 20:2 101:1 119:1 120:2")]
    [InlineData("he", 3, "0:2 1:0 2:1 3:2 20:2")]
    [InlineData("ar", 6, "0:0 1:1 2:2 3:3 10:3 11:4 99:4 100:5 101:5 102:5 103:3 111:4")]
    [InlineData("ga", 5, "0:4 1:0 2:1 3:2 6:2 7:3 10:3 11:4")]
    [InlineData("cy", 6, "0:0 1:1 2:2 3:3 4:5 6:4 7:5")]
    [InlineData("is", 2, "1:0 2:1 11:1 21:0")]
    [InlineData("fil", 2, "1:0 3:0 4:1 5:0 6:1 9:1 10:0 14:1")]
    [InlineData("xx", 2, "0:1 1:0 2:1")]
    public void A_noun_has_the_form_of_its_number(string language, int forms, string expected)
    {
        Wording.Of(language).Forms.ShouldBe(forms);
        foreach (var pair in expected.Split(' ').Select(pair => pair.Split(':')))
            Wording.Of(language).FormOf(int.Parse(pair[0], CultureInfo.InvariantCulture)).ShouldBe(int.Parse(pair[1], CultureInfo.InvariantCulture), $"{pair[0]} in {language}");
    }
}
