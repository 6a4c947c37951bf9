using Quartermaster.Runtime;
using static Quartermaster.Configuration.ConfigurationTestBed;

namespace Quartermaster.Configuration;

public sealed class PatienceTests
{
    private const string Written = """
        brands: { aurora: { title: Aurora } }
        connections:
          wms: { connector: depot, brand: aurora, settings: { base_url: "https://wms.example" }, patience: { accepted_within: 0s, shipped_within: 36h } }
          slow: { connector: depot, brand: aurora, settings: { base_url: "https://slow.example" } }
          books: { connector: ledger, brand: aurora }
        """;

    [Fact]
    public void A_warehouse_is_waited_for_as_long_as_is_written_and_reads_back_as_the_same()
    {
        var read = Read(Written);
        read.Plan.Connections["wms"].Patience.ShouldBe(new HandoffPatience(TimeSpan.Zero, TimeSpan.FromHours(36)));
        read.Plan.Connections["slow"].Patience.ShouldBe(HandoffPatience.Usual);
        var shown = EffectiveConfiguration.Write(read);
        EffectiveConfiguration.Write(Read(shown)).ShouldBe(shown);
    }

    [Theory]
    [InlineData("shipped_within: 36h", "shipped_within: soon", "'soon' is not a length of time")]
    [InlineData("shipped_within: 36h", "shiped_within: 36h", "shiped_within")]
    [InlineData("ledger, brand: aurora", "ledger, brand: aurora, patience: { shipped_within: 1d }", "is handed no orders")]
    public void What_cannot_be_is_said_with_what_would_be_right(string written, string instead, string complaint) =>
        Mistakes(Written.Replace(written, instead, StringComparison.Ordinal)).ShouldContain(m => m.Contains(complaint));

    [Fact]
    public void Without_an_acceptance_the_shorter_of_both_counts_and_zero_is_for_ever()
    {
        var both = new HandoffPatience(TimeSpan.FromDays(2), TimeSpan.FromDays(4));
        (both.Of(isTakenOn: false), both.Of(isTakenOn: true), both.Shortest).ShouldBe((TimeSpan.FromDays(2), TimeSpan.FromDays(4), TimeSpan.FromDays(2)));
        var parcels = both with { AcceptedWithin = TimeSpan.Zero };
        (parcels.Of(isTakenOn: false), parcels.Of(isTakenOn: true)).ShouldBe((TimeSpan.FromDays(4), TimeSpan.FromDays(4)));
        var yes = both with { ShippedWithin = TimeSpan.Zero };
        (yes.Of(isTakenOn: false), yes.Of(isTakenOn: true)).ShouldBe((TimeSpan.FromDays(2), (TimeSpan?)null));
        new HandoffPatience(TimeSpan.Zero, TimeSpan.Zero).Shortest.ShouldBeNull();
    }
}
