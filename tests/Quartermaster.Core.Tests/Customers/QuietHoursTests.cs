using Quartermaster.Core.Customers;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Tests.Customers;

public sealed class QuietHoursTests
{
    private static readonly QuietHours Night = new(new(21, 0), new(8, 0));

    [Theory]
    [InlineData("IN", "2026-03-02T12:00:00Z", null)] // 17:30
    [InlineData("IN", "2026-03-02T15:29:00Z", null)] // 20:59
    [InlineData("IN", "2026-03-02T15:30:00Z", "2026-03-03T02:30:00Z")] // 21:00
    [InlineData("IN", "2026-03-03T02:30:00Z", null)] // 08:00
    [InlineData("NL", "2026-03-02T23:30:00Z", "2026-03-03T07:00:00Z")] // 00:30
    [InlineData("US", "2026-03-02T14:30:00Z", "2026-03-02T16:00:00Z")] // 09:30 in New York, 06:30 in Los Angeles
    [InlineData("US", "2026-03-02T17:00:00Z", null)]
    [InlineData("XX", "2026-03-02T22:00:00Z", "2026-03-03T08:00:00Z")] // the brand's zone
    public void Nobody_is_disturbed_at_night_wherever_in_the_country_they_live(string country, string now, string? until) =>
        Night.EndsAt(Instant(now), CountryZones.Of(country, "Etc/UTC")).ShouldBe(until is null ? null : Instant(until));

    [Fact]
    public void A_morning_that_a_change_of_clocks_leaves_out_comes_an_hour_later() =>
        // In Berlin 02:00 to 03:00 does not come on 29 March 2026.
        new QuietHours(new(0, 0), new(2, 30)).EndsAt(Instant("2026-03-29T00:30:00Z"), CountryZones.Of("DE", "Etc/UTC")).ShouldBe(Instant("2026-03-29T01:00:00Z"));

    [Fact]
    public void Hours_within_one_day_are_quiet_too() => new QuietHours(new(12, 0), new(14, 0)).EndsAt(Instant("2026-03-02T12:30:00Z"), [TimeZoneInfo.Utc]).ShouldBe(Instant("2026-03-02T14:00:00Z"));

    private static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
