using Quartermaster.Core.Channels;
using Quartermaster.Core.Connecting;
using Shouldly;

namespace Quartermaster.Core.Tests.Channels;

/// <summary>A product that sold out is hidden and shown again, and what a person did to it stands.</summary>
public sealed class ShowingTests
{
    private static readonly Hiding How = new("UNLISTED", ["ACTIVE"], 50);

    [Theory]
    [InlineData(true, null, false, "ACTIVE", "UNLISTED", "ACTIVE", "sold out: hidden")]
    [InlineData(true, null, false, "DRAFT", null, null, "sold out, and DRAFT already: somebody else decided that")]
    [InlineData(true, null, false, "UNLISTED", null, null, "sold out, and UNLISTED already: somebody else decided that")]
    [InlineData(true, "ACTIVE", true, "UNLISTED", null, "ACTIVE", "hidden until there is something to sell")]
    [InlineData(true, "ACTIVE", false, "ACTIVE", "UNLISTED", "ACTIVE", "sold out: hidden")]
    [InlineData(true, "ACTIVE", true, "ACTIVE", null, null, "sold out, and made ACTIVE by somebody else: left so")]
    [InlineData(false, "ACTIVE", true, "UNLISTED", "ACTIVE", "ACTIVE", "to be sold again: shown")]
    [InlineData(false, "ACTIVE", true, "ARCHIVED", null, null, "to be sold again, and made ARCHIVED by somebody else: left so")]
    [InlineData(false, "ACTIVE", true, "ACTIVE", null, null, "for sale")]
    [InlineData(true, null, false, null, null, null, "the channel has no such product any more")]
    public void What_follows_depends_on_who_did_what(bool soldOut, string? was, bool hidden, string? shown, string? becomes, string? kept, string word)
    {
        var step = Showing.Next(new("21", was, hidden, soldOut, 0, 0), shown, How);
        (step.As, step.Was, step.Word).ShouldBe((becomes, kept, word));
    }

    [Fact]
    public void What_was_never_hidden_and_is_for_sale_needs_no_look() => Showing.Before(new("21", null, false, SoldOut: false, 0, 0)).ShouldNotBeNull();

    /// <summary>However sales, goods, people and lost answers meet: once all is quiet, a product that a person took out of sight is out of sight, and one that nobody touched is in sight exactly when it is for sale.</summary>
    [Theory, MemberData(nameof(Seeds))]
    public void A_person_stands_and_nothing_stays_hidden_for_ever(int seed)
    {
        var random = new Random(seed);
        var (shop, product) = ("ACTIVE", new DueProduct("21", null, false, false, 0, 0));
        string? person = null;
        for (var step = 0; step < 60; step++)
        {
            switch (random.Next(5))
            {
                case 0: product = product with { SoldOut = !product.SoldOut }; break;
                case 1 when random.Next(4) == 0: shop = person = random.Next(2) == 0 ? "DRAFT" : "ARCHIVED"; break;
                case 2 when person is not null: (shop, person) = ("ACTIVE", null); break;
                default: Look(lost: random.Next(3) == 0, crash: random.Next(6) == 0); break;
            }
        }
        // Whoever shows a product again by hand while it is sold out wants it so: the next sale decides anew.
        product = product with { SoldOut = false };
        Look(false, false);
        Look(false, false);
        (shop, product.Was).ShouldBe((person ?? "ACTIVE", null));
        product = product with { SoldOut = true };
        Look(false, false);
        shop.ShouldBe(person ?? "UNLISTED");

        void Look(bool lost, bool crash)
        {
            if (Showing.Before(product) is not null) return;
            var next = Showing.Next(product, shop, How);
            if (next.As is null)
            {
                product = product with { Was = next.Was, Hidden = next.Hidden };
                return;
            }
            if (product.SoldOut) product = product with { Was = next.Was };
            if (crash && lost) return;
            shop = next.As;
            if (!lost) product = product.SoldOut ? product with { Hidden = true } : product with { Was = null, Hidden = false };
        }
    }

    public static TheoryData<int> Seeds() => [.. Enumerable.Range(1, 200)];
}
