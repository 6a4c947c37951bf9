namespace Quartermaster.Connectors.Twilio.Tests;

public sealed class SmsTextTests
{
    [Theory]
    [InlineData('a', 160, true, 1)]
    [InlineData('a', 161, true, 2)]
    [InlineData('a', 306, true, 2)]
    [InlineData('a', 307, true, 3)]
    [InlineData('€', 80, true, 1)]
    [InlineData('€', 81, true, 2)]
    // 76 euro signs fill 152 of 153 places; the 77th does not straddle the border.
    [InlineData('€', 152, true, 2)]
    [InlineData('€', 153, true, 3)]
    [InlineData('न', 70, false, 1)]
    [InlineData('न', 71, false, 2)]
    [InlineData('न', 134, false, 2)]
    [InlineData('न', 135, false, 3)]
    public void Segments_are_counted_as_they_are_paid_for(char letter, int times, bool gsm, int segments)
    {
        var sms = SmsText.Of(new string(letter, times));
        (sms.IsGsm, sms.Segments).ShouldBe((gsm, segments));
    }

    [Fact]
    public void An_emoji_takes_two_places_and_is_never_cut_in_half()
    {
        SmsText.Of(string.Concat(Enumerable.Repeat("👋", 35))).Segments.ShouldBe(1);
        SmsText.Of(string.Concat(Enumerable.Repeat("👋", 36))).Segments.ShouldBe(2);
        SmsText.Of(string.Concat(Enumerable.Repeat("👋", 66))).Segments.ShouldBe(2);
        SmsText.Of(string.Concat(Enumerable.Repeat("👋", 67))).Segments.ShouldBe(3);
    }

    [Fact]
    public void Typographic_marks_do_not_double_the_price() =>
        SmsText.Of("“Aurora” – it’s on its way…\r\nSee you ").ShouldBe(new SmsText("\"Aurora\" - it's on its way...\nSee you", true, 1));

    [Fact]
    public void Where_the_cheap_alphabet_is_lost_anyway_the_words_stay_as_they_were() =>
        SmsText.Of("“नमस्ते”").ShouldBe(new SmsText("“नमस्ते”", false, 1));

    [Theory]
    [InlineData("1", 1)]
    [InlineData("10", 10)]
    [InlineData("0", null)]
    [InlineData("11", null)]
    [InlineData("-1", null)]
    [InlineData("many", null)]
    public void The_limit_is_a_small_number(string written, int? most) => SmsText.Most(written).ShouldBe(most);
}
