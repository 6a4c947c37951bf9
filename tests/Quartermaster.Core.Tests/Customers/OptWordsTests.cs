using Quartermaster.Core.Customers;

namespace Quartermaster.Core.Tests.Customers;

public sealed class OptWordsTests
{
    [Theory]
    [InlineData("STOP")]
    [InlineData(" stop. ")]
    [InlineData("Stop!!!")]
    [InlineData("\"STOP\"")]
    [InlineData("stop  all")]
    [InlineData("ＳＴＯＰ")]
    [InlineData("Unsubscribe")]
    [InlineData("opt-out")]
    [InlineData("BERHENTI")]
    [InlineData("Berhenti langganan")]
    [InlineData("बंद करें")]
    [InlineData("बंद करें।")]
    [InlineData("रोको")]
    public void A_word_of_leaving_is_read_in_three_languages(string text) => OptWords.Read(text).ShouldBe(false);

    [Theory]
    [InlineData("START")]
    [InlineData("unstop")]
    [InlineData("Mulai")]
    [InlineData("शुरू करें")]
    public void A_word_of_coming_back_is_read_in_three_languages(string text) => OptWords.Read(text).ShouldBe(true);

    [Theory]
    [InlineData("")]
    [InlineData("👍")]
    [InlineData("please stop at the gate")]
    [InlineData("nonstop")]
    [InlineData("stopped")]
    [InlineData("cancel")] // means the order
    [InlineData("yes")]
    [InlineData("where is my order?")]
    [InlineData("बद करें")] // without its mark it is another word
    public void Anything_else_is_for_a_person(string text) => OptWords.Read(text).ShouldBeNull();

    [Fact]
    public void A_long_text_is_none_however_it_begins() => OptWords.Read("stop" + new string('.', 100_000)).ShouldBeNull();
}
