using System.Text.RegularExpressions;
using Quartermaster.Dashboard.Shown;
using Quartermaster.Runtime.ReadModels;

namespace Quartermaster.Tests.Dashboard;

/// <summary>A list over several brands tells times in the hub's zone, a page of one brand in that brand's; either names it once.</summary>
public sealed partial class ZoneTests
{
    private static readonly DateTimeOffset At = new(DateTimeOffset.UtcNow.Year - 1, 3, 4, 10, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Orders_of_several_brands_stand_in_one_zone_and_those_of_one_in_its_own()
    {
        await using var host = await DashboardHost.StartAsync();
        var soon = DateTimeOffset.UtcNow.AddMinutes(-5);
        await host.Seed.PlaceAsync(Seed.Facts("#1001", at: soon));
        await host.Seed.PlaceAsync(Seed.Facts("#2001", channel: "banyan-shopify", at: soon), "banyan");
        using var client = await host.SignedInAsync("mara");

        var all = await client.GetStringAsync("/orders", Cancel);
        Times(all).Distinct().ShouldHaveSingleItem();
        all.ShouldContain("Placed, <span class=\"zone\">UTC</span>");
        var one = await client.GetStringAsync("/orders?brand=banyan", Cancel);
        one.ShouldContain("Placed, <span class=\"zone\">Asia/Kolkata</span>");
        Times(one).ShouldHaveSingleItem().ShouldNotBe(Times(all)[0]);
        (await client.GetStringAsync("/orders/aurora/100100000000001", Cancel)).ShouldContain("times in <span class=\"zone\">Europe/Berlin</span>");
    }

    [Fact]
    public async Task The_audit_log_stands_in_one_zone()
    {
        await using var host = await DashboardHost.StartAsync();
        foreach (var brand in new[] { "aurora", "banyan" }) await host.Seed.SqlAsync("INSERT INTO audit(at, who, action, brand) VALUES ($1, 'mara', 'mode.set', $2)", At, brand);
        using var client = await host.SignedInAsync("mara");

        var log = await client.GetStringAsync("/settings/audit?action=mode", Cancel);

        Times(log).Length.ShouldBe(2);
        Times(log).Distinct().ShouldHaveSingleItem();
        log.ShouldContain("When, <span class=\"zone\">UTC</span>");
    }

    [Fact]
    public async Task A_day_of_a_filter_is_a_day_of_the_list()
    {
        await using var host = await DashboardHost.StartAsync();
        // Half past eleven at night in UTC, the next morning in Kolkata.
        await host.Seed.PlaceAsync(Seed.Facts("#2001", channel: "banyan-shopify", at: At.Date.AddHours(23.5)), "banyan");
        using var mara = await host.SignedInAsync("mara");
        using var priya = await host.SignedInAsync("priya", Quartermaster.SignIn.Role.Lead, "banyan");

        var that = $"/orders?from={At:yyyy-MM-dd}&until={At:yyyy-MM-dd}";
        (await mara.GetStringAsync(that, Cancel)).ShouldContain("#2001");
        (await priya.GetStringAsync(that, Cancel)).ShouldNotContain(">#2001<");
    }

    [Fact]
    public void The_lines_of_a_day_say_what_they_count()
    {
        var day = DateOnly.FromDateTime(At.Date);
        TallyRow[] rows = [new("a", "placed", day, 2), new("a", "shipped", day, 3), new("a", "placed_total/EUR", day, 20), new("b", "placed_total/INR", day, 30)];

        DayWords.Lines(rows).Select(l => l.Name).ShouldBe(["Placed in EUR", "Placed in INR", "Orders placed", "Parcels shipped"]);
    }

    private static string[] Times(string html) => [.. TimePattern().Matches(html).Select(m => m.Groups[1].Value)];

    [GeneratedRegex("<time class=\"num\"[^>]*>([^<]+)</time>")]
    private static partial Regex TimePattern();
}
