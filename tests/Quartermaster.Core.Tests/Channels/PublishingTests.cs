using FsCheck;
using FsCheck.Fluent;
using Quartermaster.Core.Channels;
using Quartermaster.Core.Connecting;
using Shouldly;
using Outcome = Quartermaster.Core.Connecting.Outcome;

namespace Quartermaster.Core.Tests.Channels;

/// <summary>What a channel answers decides what it is told next: lowered at once, raised over a surprise only after a calm.</summary>
public sealed class PublishingTests
{
    private static readonly DateTimeOffset Now = Sample.Monday;
    private static readonly StockTerms Terms = new(0, []);

    [Fact]
    public void An_accepted_number_is_what_the_channel_has()
    {
        After(new Outcome.Done()).ShouldBe(new Published(4, true, null, "accepted"));
        After(new Outcome.AlreadyDone()).Sent.ShouldBeTrue();
    }

    [Fact]
    public void A_channel_that_has_more_is_lowered_at_once_and_one_that_has_less_is_raised_after_a_calm()
    {
        After(new Outcome.TryLater("stale"), found: 9).ShouldSatisfyAllConditions(p => p.Known.ShouldBe(9), p => p.Due.ShouldBe(Now), p => p.Sent.ShouldBeFalse());
        After(new Outcome.TryLater("stale"), found: 3).ShouldSatisfyAllConditions(p => p.Known.ShouldBe(3), p => p.Due.ShouldBe(Now + Terms.Calm));
        After(new Outcome.TryLater("stale"), found: 4).ShouldBe(new Published(4, true, null, "had it already"));
        After(new Outcome.TryLater("stale"), found: 9, attempts: 4).Due.ShouldNotBeNull().ShouldBeGreaterThan(Now, "a channel that never holds still is not hammered");
    }

    [Fact]
    public void A_number_that_was_only_looked_up_is_changed_at_once() =>
        Publishing.After(new(new("i1", ""), "SKU", 4, null, "k"), new(new Outcome.TryLater("looked"), 1), 1, Terms, Now).ShouldBe(new Published(1, false, Now, "has 1"));

    [Fact]
    public void Trouble_is_tried_again_and_a_refusal_is_not()
    {
        After(new Outcome.TryLater("busy", TimeSpan.FromSeconds(9))).Due.ShouldBe(Now.AddSeconds(9));
        After(new Outcome.Unsure("timeout")).ShouldSatisfyAllConditions(p => p.Known.ShouldBe(5), p => p.Due.ShouldNotBeNull());
        After(new Outcome.Unsure("timeout"), attempts: 40).Due.ShouldBe(Now.AddMinutes(10));
        After(new Outcome.NotConnected("revoked")).Due.ShouldBe(Now.AddMinutes(1));
        After(new Outcome.Refused("not_stocked", "The item is not stocked there.")).ShouldBe(new Published(5, false, null, "The item is not stocked there. (not_stocked)"));
    }

    [Theory]
    [InlineData(10, 0, 10)]
    [InlineData(10, 3, 7)]
    [InlineData(2, 3, 0)]
    [InlineData(-5, 0, 0)]
    public void A_buffer_is_kept_back_and_nothing_sells_below_nothing(int available, int buffer, int sellable) => new StockTerms(buffer, []).Sellable(available).ShouldBe(sellable);

    [Theory]
    [InlineData(100, 10, 40, 0, 36)]
    [InlineData(100, 10, 40, 20, 20)]
    [InlineData(11, 10, 50, 0, 0)]
    [InlineData(int.MaxValue, 0, 100, 0, int.MaxValue)]
    [InlineData(-3, 0, 50, 5, 0)]
    public void A_channel_gets_its_share_and_never_more_than_the_most(int available, int buffer, int share, int most, int sellable) =>
        new StockTerms(buffer, []) { Share = share, Most = most }.Sellable(available).ShouldBe(sellable);

    [Fact]
    public void Shares_that_come_to_the_whole_never_sell_a_unit_twice() => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), Gen.Choose(1, 99).ToArbitrary(), (available, share) =>
        (long)new StockTerms(0, []) { Share = share }.Sellable(available) + new StockTerms(0, []) { Share = 100 - share }.Sellable(available) <= available).QuickCheckThrowOnFailure();

    private static Published After(Outcome outcome, int? found = null, int attempts = 1) => Publishing.After(new(new("i1", ""), "SKU", 4, 5, "k"), new(outcome, found), attempts, Terms, Now);
}
