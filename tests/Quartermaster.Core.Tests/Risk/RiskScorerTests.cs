using Quartermaster.Core.Kernel;
using Quartermaster.Core.Risk;

namespace Quartermaster.Core.Tests.Risk;

public sealed class RiskScorerTests
{
    private static readonly RiskFacts Plain = new(1500m, "INR", false, "asha@example.com", "+919800000001", "IN", "560001", "12 MG Road", "IN", "560001", null);

    private static readonly RiskScorer Usual = new(new RiskPoints { Postcodes = ["8482", "DE:10"] });

    [Fact]
    public void An_ordinary_order_has_no_points() => Usual.Score(Plain, new(2, 0, 0, 0, 1500m)).ShouldSatisfyAllConditions(a => a.Score.ShouldBe(0), a => a.Reasons.ShouldBeEmpty(), a => a.Words.ShouldBe("nothing speaks against it"));

    [Fact]
    public void Each_reason_says_its_figures()
    {
        var risky = Plain with { Total = 9900m, Cash = true, Email = "x@Mailinator.com", Phone = "", PostalCode = "848201", BillCountry = "US", Storefront = StorefrontRisk.High };
        var scored = Usual.Score(risky, new(0, 3, 0, 2, 2400m));
        scored.Score.ShouldBe(Assessment.Most);
        scored.Reasons.Select(r => (r.Term, r.Points)).ShouldBe([
            ("amount", 20), ("billed_abroad", 20), ("postcode", 20), ("disposable_email", 30), ("velocity", 25), ("returned_before", 30), ("first_cash_order", 15), ("no_phone", 10), ("storefront_high", 60)]);
        scored.Words.ShouldContain("9900 INR is 4.13 times what an order usually comes to (2400)");
        scored.Words.ShouldContain("billed to US, sent to IN");
        scored.Words.ShouldContain("4 orders by this buyer within a day");
        scored.Words.ShouldContain("2 earlier orders went back to the sender");
        scored.Cash.ShouldBeTrue();
    }

    [Theory]
    [InlineData(2999, 1000, 0)]
    [InlineData(3000, 1000, 20)]
    [InlineData(3000, null, 0)]
    public void An_amount_is_unusual_from_three_times_the_usual_on(int total, int? usual, int points) =>
        Usual.Score(Plain with { Total = total }, new(1, 0, 0, 0, usual)).Score.ShouldBe(points);

    [Theory]
    [InlineData(4000, 1000, 3, 20)]
    [InlineData(4000, 2000, 3, 0)]
    [InlineData(4000, 1000, 2, 20)]
    [InlineData(900, 100, 3, 0)]
    public void A_buyer_is_compared_with_the_own_orders_before_the_brands(int total, int own, int orders, int points) =>
        Usual.Score(Plain with { Total = total }, new(5, 0, 0, 0, 1200m, Own: new(own, orders))).Score.ShouldBe(points);

    [Fact]
    public void What_is_unusual_of_a_buyer_says_so() =>
        Usual.Score(Plain with { Total = 4000m }, new(5, 0, 0, 0, 1200m, Own: new(900m, 4))).Reasons.Single().Words.ShouldBe("4000 INR is 4.44 times what this buyer's own 4 orders came to (900)");

    [Fact]
    public void A_place_from_which_more_comes_back_than_usual_counts_by_the_difference()
    {
        var there = BuyerHistory.None with { There = new("848", 0.4m, 0.15m, 57) };
        var reason = Usual.Score(Plain, there).Reasons.Single();
        reason.ShouldSatisfyAllConditions(r => r.Term.ShouldBe("area_returns"), r => r.Points.ShouldBe(15),
            r => r.Words.ShouldBe("of parcels to IN 848… 40.0 % are to be expected back when paid before (15.0 % is usual; 57 were seen there)"));
        Usual.Score(Plain, there with { There = there.There! with { Share = 0.1m } }).Reasons.ShouldBeEmpty("less than usual is no merit of the buyer");
        Usual.Score(Plain, there with { There = there.There! with { Share = 0.155m } }).Reasons.ShouldBeEmpty("not worth a point");
        new RiskScorer(new RiskPoints { AreaReturns = 0 }).Score(Plain, there).Reasons.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("IN", "848201", 20)]
    [InlineData("IN", "100001", 0)]
    [InlineData("DE", "10115", 20)]
    public void A_listed_postcode_counts_where_it_is_meant(string country, string code, int points) =>
        Usual.Score(Plain with { Country = country, BillCountry = country, PostalCode = code, BillPostalCode = code }, BuyerHistory.None).Score.ShouldBe(points);

    [Fact]
    public void A_buyer_whose_orders_stayed_is_trusted_and_one_return_ends_that()
    {
        var cash = Plain with { Cash = true, PostalCode = "848201", BillPostalCode = "848201" };
        Usual.Score(cash, BuyerHistory.None).Score.ShouldBe(35);
        Usual.Score(cash, new(3, 0, 3, 0)).Score.ShouldBe(0, "20 for the place, 20 taken off");
        Usual.Score(cash, new(3, 0, 2, 1)).Score.ShouldBe(50);
    }

    [Fact]
    public void No_points_no_reason() =>
        new RiskScorer(new RiskPoints { FirstCashOrder = 0, NoPhone = 0 }).Score(Plain with { Cash = true, Phone = "" }, BuyerHistory.None).Reasons.ShouldBeEmpty();

    [Fact]
    public void Facts_that_a_score_stands_on_change_its_print_and_nothing_else_does()
    {
        (Plain with { }).Print.ShouldBe(Plain.Print);
        RiskFacts[] others = [Plain with { Total = 1501m }, Plain with { Cash = true }, Plain with { Email = "b@example.com" }, Plain with { Storefront = StorefrontRisk.Low }, Plain with { PostalCode = "560002" }];
        others.ShouldAllBe(other => other.Print != Plain.Print);
    }

    [Fact]
    public void A_share_of_orders_is_left_out_and_always_the_same_ones()
    {
        var terms = new ConfirmTerms { From = 30, HoldOut = 0.1m };
        var left = Enumerable.Range(0, 10_000).Select(n => $"{10_000_000_000_000_000 + n}").Where(terms.HoldsOut).ToList();
        left.Count.ShouldBeInRange(900, 1100);
        left.ShouldAllBe(id => terms.HoldsOut(id));
        var nobody = terms with { HoldOut = 0m };
        Enumerable.Range(0, 1000).ShouldAllBe(n => !nobody.HoldsOut($"{n}"));
    }
}
