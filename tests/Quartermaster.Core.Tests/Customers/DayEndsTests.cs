using System.Globalization;
using Quartermaster.Core.Customers;

namespace Quartermaster.Core.Tests.Customers;

public sealed class DayEndsTests
{
    [Theory]
    [InlineData("IN", "2026-11-22T10:00:00Z", "2026-11-22T18:30:00Z")]
    [InlineData("IN", "2026-11-22T18:30:00Z", "2026-11-23T18:30:00Z")]
    [InlineData("US", "2026-11-22T20:00:00Z", "2026-11-23T08:00:00Z")]
    [InlineData(null, "2026-11-22T10:00:00Z", "2026-11-22T23:00:00Z")]
    public void A_day_is_over_when_it_is_over_everywhere_they_may_be(string? country, string at, string ends) =>
        CountryZones.DayEnds(DateTimeOffset.Parse(at, CultureInfo.InvariantCulture), CountryZones.Of(country, "Europe/Berlin")).ShouldBe(DateTimeOffset.Parse(ends, CultureInfo.InvariantCulture));
}
