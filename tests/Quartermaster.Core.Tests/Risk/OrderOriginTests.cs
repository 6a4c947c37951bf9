using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;

namespace Quartermaster.Core.Tests.Risk;

public sealed class OrderOriginTests
{
    private static readonly PaidCard Card = new("411111", "•••• •••• •••• 1111", "1131", "Ann Lee");

    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7")]
    [InlineData(" 203.0.113.7 ", "203.0.113.7")]
    [InlineData("::ffff:203.0.113.7", "203.0.113.7")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    [InlineData("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64")]
    [InlineData("127.0.0.1", null)]
    [InlineData("10.1.2.3", null)]
    [InlineData("172.20.0.1", null)]
    [InlineData("192.168.1.1", null)]
    [InlineData("100.64.0.1", null)]
    [InlineData("0.0.0.0", null)]
    [InlineData("fe80::1", null)]
    [InlineData("::1", null)]
    [InlineData("shop.example", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void A_network_is_a_public_address_or_the_first_half_of_one(string? ip, string? network) => OrderOrigin.NetworkOf(ip).ShouldBe(network);

    [Fact]
    public void One_browser_at_one_address_is_a_device_and_neither_alone_is()
    {
        var device = Of(new("203.0.113.7", "Mozilla", "en"));
        Of(new("203.0.113.7", "Mozilla", "en")).ShouldBe(device);
        foreach (var other in new OrderOrigin[] { new("203.0.113.8", "Mozilla", "en"), new("203.0.113.7", "Opera", "en"), new("203.0.113.7", "Mozilla", "de") }) Of(other).ShouldNotBe(device);
        new OrderOrigin("203.0.113.7", "").Traits(Same).Select(t => t.Kind).ShouldBe([TraitKind.Network]);
        new OrderOrigin("10.0.0.1", "Mozilla", "en").Traits(Same).ShouldBeEmpty("a proxy's address is every shopper's");
        new OrderOrigin(null, null, Session: "s1").Traits(Same).Select(t => t.Kind).ShouldBe([TraitKind.Device]);

        static string Of(OrderOrigin origin) => origin.Traits(Same).Single(t => t.Kind == TraitKind.Device).Hash;
    }

    [Fact]
    public void A_card_is_known_again_whatever_name_is_typed_with_it()
    {
        var card = Hash(Card);
        Hash(Card with { Holder = "Bob Ray" }).ShouldBe(card);
        Hash(Card with { Bin = "41111111", LastFour = "1111", Expiry = "11/31" }).ShouldBe(card, "in another notation");
        foreach (var other in new[] { Card with { LastFour = "1112" }, Card with { Bin = "411112" }, Card with { Expiry = "1231" } }) Hash(other).ShouldNotBe(card);
    }

    [Fact]
    public void Four_digits_alone_are_nobodys_card()
    {
        Traits(Card with { Bin = null, Holder = null }).ShouldBeEmpty();
        Hash(Card with { Bin = null }).ShouldBe(Hash(Card with { Bin = "", Holder = "ann lee " }));
        Hash(Card with { Bin = null, Holder = "Bob Ray" }).ShouldNotBe(Hash(Card with { Bin = null }));
        Hash(new(null, null, null, null, "fp_1")).ShouldBe(Hash(Card with { Fingerprint = "fp_1" }));
        Traits(new(null, null, null, null)).ShouldBeEmpty();
    }

    private static string Same(string what) => what;

    private static IReadOnlyList<Trait> Traits(PaidCard card) => new OrderOrigin(null, null, Card: card).Traits(Same);

    private static string Hash(PaidCard card) => Traits(card).Single().Hash;
}
