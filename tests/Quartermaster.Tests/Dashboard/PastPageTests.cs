using Quartermaster.SignIn;

namespace Quartermaster.Tests.Dashboard;

/// <summary>A part of a brand's past is decided again from a page.</summary>
public sealed class PastPageTests
{
    [Fact]
    public async Task What_it_would_do_is_shown_first_by_the_brands_clock_and_done_on_a_press()
    {
        await using var host = await DashboardHost.StartAsync();
        await host.Seed.PlaceAsync(Seed.Facts("#1001", at: new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero)));
        using var lead = await host.SignedInAsync("lea", Role.Lead);
        using var agent = await host.SignedInAsync("ann", Role.Agent);

        // In Berlin it was ten o'clock.
        (await lead.GetStringAsync(At("08:30", "09:30"), Cancel)).ShouldContain("Nothing would be decided again");
        (await lead.GetStringAsync(At("09:30", "10:30"), Cancel)).ShouldSatisfyAllConditions(page => page.ShouldContain("1 signal would be decided again"), page => page.ShouldContain("#1001"));
        (await lead.GetStringAsync(At("10:30", "09:30"), Cancel)).ShouldContain("The end has to be later than the beginning.");
        (await lead.GetStringAsync("/failures/past?brand=banana&from=2026-03-02T09:30&until=2026-03-02T10:30", Cancel)).ShouldContain("Choose one of your brands.");

        await PostAsync(agent, "/orders");
        (await host.ScalarAsync("SELECT count(*) FROM signal")).ShouldBe(1L, "a lead's to do");
        await PostAsync(lead, At("09:30", "10:30"));
        (await host.ScalarAsync("SELECT count(*) FROM signal")).ShouldBe(2L);
        (await host.ScalarAsync("SELECT detail FROM audit WHERE action = 'replay' AND who = 'lea'")).ShouldBe("1 signals of 2026-03-02 08:30 to 2026-03-02 09:30 UTC");
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static string At(string from, string until) => $"/failures/past?brand=aurora&from=2026-03-02T{from}&until=2026-03-02T{until}&source=aurora-shopify";

    private static Task PostAsync(HttpClient client, string page) =>
        DashboardHost.PostAsync(client, page, "/do/replay-past", ("brand", "aurora"), ("from", "2026-03-02T09:30"), ("until", "2026-03-02T10:30"), ("source", "aurora-shopify"));
}
