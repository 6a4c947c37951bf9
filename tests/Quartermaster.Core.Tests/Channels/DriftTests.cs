using Quartermaster.Core.Channels;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Core.Tests.Channels;

/// <summary>Why two sides had different numbers, and when a person is asked which is right.</summary>
public sealed class DriftTests
{
    private static readonly StockTerms Asking = new(0, []) { AskFrom = 20 };

    [Theory]
    [InlineData(10, 50, true, false, false, "manual_edit")]
    [InlineData(10, 50, false, false, false, "manual_edit")]
    [InlineData(10, 7, false, false, false, "missed_webhook")]
    [InlineData(10, 7, true, false, false, "unknown")]
    [InlineData(10, 7, true, false, true, "double_count")]
    [InlineData(10, 7, false, true, true, "mapping")]
    public void What_a_channel_had_is_named_by_what_is_known_of_it(int ours, int theirs, bool told, bool meansAnother, bool takenBefore, string cause) =>
        Drift.NameOf(Drift.Of(new ChannelDrift(ours, theirs, told, meansAnother, takenBefore)).Cause).ShouldBe(cause);

    [Theory]
    [InlineData(true, true, true, true, "mapping")]
    [InlineData(false, true, true, true, "double_count")]
    [InlineData(false, false, true, true, "manual_edit")]
    [InlineData(false, false, false, true, "missed_webhook")]
    [InlineData(false, false, false, false, "unknown")]
    public void What_a_warehouse_has_is_named_by_the_first_that_explains_it(bool isCode, bool twice, bool edited, bool toldLong, string cause) =>
        Drift.NameOf(Drift.Of(new ShelfDrift(10, 7, isCode, twice, edited, toldLong)).Cause).ShouldBe(cause);

    [Fact]
    public void Every_cause_has_a_name_of_its_own() =>
        Enum.GetValues<DriftCause>().Select(Drift.NameOf).Distinct().Count().ShouldBe(Enum.GetValues<DriftCause>().Length);

    [Fact]
    public void A_number_that_is_far_off_stays_until_a_person_says_that_it_is_overwritten()
    {
        var listing = new DueListing(new("i", ""), "A", Sent: 10, Known: 50, Told: true, 1, 0, null, 10);
        Publishing.Before(listing, 10, Asking, false, default).ShouldBe(new Published(50, false, null, "has 50 instead of 10: a person is asked", Asks: true));
        Publishing.Before(listing, 10, new(0, []), false, default).ShouldBeNull("nobody wants to be asked");
        Publishing.Before(listing with { Known = 29 }, 10, Asking, false, default).ShouldBeNull("a slip");
        Publishing.Before(listing with { Overwrites = 50 }, 10, Asking, false, default).ShouldBeNull();
        Publishing.Before(listing with { Overwrites = 50, Known = 60 }, 10, Asking, false, default)!.Asks.ShouldBeTrue("that is another number than the one that was seen");
        Publishing.Before(listing with { Sent = 100, Known = 60 }, 55, Asking, false, default).ShouldBeNull("much was sold here and there: it is not far from what is true");
        Publishing.Before(listing with { Sent = null }, 10, Asking, false, default).ShouldBeNull("it took nothing from us yet");
        Publishing.Before(listing with { Known = 10 }, 10, Asking, false, default)!.Word.ShouldBe("has it");
    }
}
