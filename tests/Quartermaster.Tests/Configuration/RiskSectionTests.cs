using Quartermaster.Core.Kernel;
using static Quartermaster.Configuration.ConfigurationTestBed;

namespace Quartermaster.Configuration;

public sealed class RiskSectionTests
{
    private const string Written = """
        public_address: https://hub.example.com
        brands:
          aurora:
            messages: [ {kind: email, connection: aurora-mail} ]
            risk:
              review: 60
              decline: 90
              owner: agent
              lapses: 2d
              when_lapsed: approve
              points: { first_cash_order: 25, velocity: 0 }
              amount_times: 2.5
              postcodes: [IN:8482, "110 0"]
              disposable_domains: [Mailinator.com]
              confirm: { from: 30, lapses: 12h, hold_out: 0.1, pay_link: "https://pay.example/{id}?amount={amount}" }
        connections:
          aurora-mail: { connector: mail, brand: aurora }
        """;

    [Fact]
    public void What_is_written_is_what_is_done_and_reads_back_as_the_same()
    {
        var read = Read(Written);
        var risk = read.Plan.Brands["aurora"].Terms.Risk.ShouldNotBeNull();
        (risk.Review, risk.Decline, risk.Owner, risk.Lapses, risk.LapseApproves, risk.HistoryDays).ShouldBe((60, 90, "agent", TimeSpan.FromDays(2), true, 365));
        risk.Confirm.ShouldBe(new ConfirmTerms { From = 30, Lapses = TimeSpan.FromHours(12), HoldOut = 0.1m, PayLink = "https://pay.example/{id}?amount={amount}" });
        risk.Confirm!.PayAddress("#1 2", "77", 12.50m, "EUR").ShouldBe("https://pay.example/77?amount=12.5");
        var points = read.Plan.Brands["aurora"].Scorer.ShouldNotBeNull().Points;
        (points.FirstCashOrder, points.Velocity, points.DisposableEmail, points.AmountTimes).ShouldBe((25, 0, 30, 2.5m));
        points.Postcodes.ShouldBe(["IN:8482", "1100"]);
        points.DisposableDomains.ShouldBe(["mailinator.com"]);
        var shown = EffectiveConfiguration.Write(read);
        EffectiveConfiguration.Write(Read(shown)).ShouldBe(shown);
    }

    [Fact]
    public void Shoppers_are_sent_a_link_only_to_where_somebody_said_they_reach_this_hub()
    {
        Read(Written).ShopperAddress.ShouldBe(new Uri("https://hub.example.com"));
        Read("brands: { aurora: { title: A } }").ShopperAddress.ShouldBeNull();
    }

    [Fact]
    public void A_brand_without_the_section_scores_nothing() => Read("brands: { aurora: { title: A } }").Plan.Brands["aurora"].Terms.Risk.ShouldBeNull();

    [Fact]
    public void A_list_may_stand_in_a_file_of_its_own()
    {
        var file = Path.Combine(Path.GetTempPath(), $"domains-{Guid.NewGuid():N}.txt");
        File.WriteAllText(file, "# seen in March\nyopmail.com\n\n@trash.example # again\n");
        try
        {
            Read($"brands: {{ aurora: {{ risk: {{ review: 50, disposable_domains_file: {file} }} }} }}").Plan.Brands["aurora"].Scorer!.Points.DisposableDomains.ShouldBe(["yopmail.com", "trash.example"], ignoreOrder: true);
        }
        finally { File.Delete(file); }
        Mistakes("brands: { aurora: { risk: { review: 50, disposable_domains_file: nowhere.txt } } }").ShouldContain(m => m.Contains("the file cannot be read"));
    }

    [Theory]
    [InlineData("decline: 90", "decline: 50", "declined before anybody is asked to look")]
    [InlineData("review: 60", "review: 160", "is not a whole number between 1 and 100")]
    [InlineData("owner: agent", "owner: viewer", "is not a role that may approve")]
    [InlineData("hold_out: 0.1", "hold_out: 0.9", "more orders would be left out than asked")]
    [InlineData("https://pay", "http://pay", "is not a place to pay at")]
    [InlineData("{amount}", "{total}", "is not a place to pay at")]
    [InlineData("IN:8482", "IN:84:82", "is not the beginning of a postal code")]
    [InlineData("first_cash_order", "first_cash", "first_cash")]
    [InlineData("messages: [ {kind: email, connection: aurora-mail} ]", "title: A", "no way to ask a shopper")]
    [InlineData("public_address: https://hub.example.com", "", "shoppers could not answer")]
    [InlineData("https://hub.example.com", "http://hub.example.com", "shoppers could not answer")]
    public void What_cannot_be_is_said_with_what_would_be_right(string written, string instead, string complaint) =>
        Mistakes(Written.Replace(written, instead, StringComparison.Ordinal)).ShouldContain(m => m.Contains(complaint));

    [Fact]
    public void Windows_are_read_shortest_first_and_read_back_as_the_same()
    {
        var read = Read("brands: { aurora: { risk: { review: 50, points: { same_card: 60 }, velocity: { 24h: { card: 4 }, 90m: { device: 3, card: 2 } } } } }");
        var risk = read.Plan.Brands["aurora"].Terms.Risk!;
        risk.Velocity.ShouldBe([new(TimeSpan.FromMinutes(90), 0, 3, 2, 0), new(TimeSpan.FromHours(24), 0, 0, 4, 0)]);
        risk.KeepTraits.ShouldBe(TimeSpan.FromHours(24));
        read.Plan.Brands["aurora"].Scorer!.Points.ShouldSatisfyAllConditions(p => p.Shared.ShouldBe(risk.Velocity), p => p.SameCard.ShouldBe(60));
        var shown = EffectiveConfiguration.Write(read);
        EffectiveConfiguration.Write(Read(shown)).ShouldBe(shown);
        Read("brands: { aurora: { risk: { review: 50, velocity: {} } } }").Plan.Brands["aurora"].Terms.Risk!.Velocity.ShouldBe(VelocityLine.Usual);
        Read("brands: { aurora: { risk: { review: 50 } } }").Plan.Brands["aurora"].Terms.Risk!.Velocity.ShouldBeEmpty();
    }

    private const string Asking = """
        brands: { aurora: { currency: EUR, risk: { opinion: { connection: aurora-detective, from: 20, total: 150.5, patience: 2h, when_silent: go_on } } } }
        connections: { aurora-detective: { connector: detective, brand: aurora }, aurora-mail: { connector: mail, brand: aurora } }
        """;

    [Fact]
    public void A_reviewer_is_read_and_reads_back_as_the_same()
    {
        var read = Read(Asking);
        read.Plan.Brands["aurora"].Terms.Risk!.Opinion.ShouldBe(new OpinionTerms { Connection = "aurora-detective", Title = "DETECTIVE", From = 20, Total = 150.5m, Patience = TimeSpan.FromHours(2), SilentGoesOn = true });
        var shown = EffectiveConfiguration.Write(read);
        EffectiveConfiguration.Write(Read(shown)).ShouldBe(shown);
    }

    [Theory]
    [InlineData("connection: aurora-detective, from", "connection: aurora-mail, from", "cannot be used for reviewer")]
    [InlineData("connection: aurora-detective, from", "connection: nobody, from", "there is no connection 'nobody'")]
    [InlineData("connection: aurora-detective, from", "from", "it is missing")]
    [InlineData("from: 20, total: 150.5, ", "", "no order would be asked about")]
    [InlineData("go_on", "wait", "is not what becomes of an order without an opinion")]
    [InlineData("2h", "0s", "it would end at once")]
    public void A_reviewer_that_cannot_be_asked(string written, string instead, string complaint) =>
        Mistakes(Asking.Replace(written, instead, StringComparison.Ordinal)).ShouldContain(m => m.Contains(complaint));

    [Theory]
    [InlineData("{ soon: { card: 2 } }", "'soon' is not a window of time")]
    [InlineData("{ 10s: { card: 2 } }", "'10s' is not a window of time")]
    [InlineData("{ 40d: { card: 2 } }", "'40d' is not a window of time")]
    [InlineData("{ 1h: { card: 1 } }", "every order would count")]
    [InlineData("{ 1h: { phone: 2 } }", "'phone' is not a known key")]
    [InlineData("{ 1h: { card: 2 }, 60m: { card: 3 } }", "this window is written twice")]
    [InlineData("{ 1h: {}, 2h: {}, 3h: {}, 4h: {}, 5h: {} }", "more than 4 windows")]
    public void Windows_that_cannot_be(string velocity, string complaint) =>
        Mistakes($"brands: {{ aurora: {{ risk: {{ review: 50, velocity: {velocity} }} }} }}").ShouldContain(m => m.Contains(complaint));

    [Fact]
    public void A_section_from_which_nothing_follows_is_a_mistake() =>
        Mistakes("brands: { aurora: { risk: { points: { velocity: 5 } } } }").ShouldContain(m => m.Contains("nothing follows from a score"));
}
