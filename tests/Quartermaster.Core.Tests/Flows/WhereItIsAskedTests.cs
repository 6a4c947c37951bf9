using Quartermaster.Core.Flows;

namespace Quartermaster.Core.Tests.Flows;

public sealed class WhereItIsAskedTests
{
    [Theory]
    [InlineData("Where is my order?")]
    [InlineData("hi, where's my parcel??")]
    [InlineData("Where’s my order #1001")]
    [InlineData("When will my order arrive")]
    [InlineData("order status pls")]
    [InlineData("I have not received my package yet")]
    [InlineData("My order hasn't arrived")]
    [InlineData("मेरा ऑर्डर कहाँ है?")]
    [InlineData("मेरा पार्सल कब आएगा")]
    [InlineData("mera order kahan hai")]
    [InlineData("order kab aayega")]
    [InlineData("Pesanan saya di mana ya?")]
    [InlineData("paket saya belum sampai")]
    [InlineData("Kapan pesanan saya datang?")]
    public void Somebody_asks(string text) => WhereItIsAsked.By(text).ShouldBeTrue();

    [Theory]
    [InlineData("")]
    [InlineData("Thank you!")]
    [InlineData("Where is my refund? The order was cancelled.")]
    [InlineData("Where is my order, I want to cancel it")]
    [InlineData("My parcel has arrived and is broken")]
    [InlineData("My order is great")]
    [InlineData("When will the blue jacket be back in stock?")]
    [InlineData("मेरा ऑर्डर कहाँ है, पैसे वापस करो")]
    [InlineData("Pesanan saya di mana? Saya mau batalkan")]
    [InlineData("Do you deliver to Pune?")]
    public void Somebody_asks_something_else(string text) => WhereItIsAsked.By(text).ShouldBeFalse();

    [Fact]
    public void A_long_text_is_a_persons() => WhereItIsAsked.By("Where is my order? " + new string('a', 300)).ShouldBeFalse();
}
