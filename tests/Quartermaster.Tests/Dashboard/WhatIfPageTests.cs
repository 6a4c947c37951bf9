using Quartermaster.SignIn;

namespace Quartermaster.Tests.Dashboard;

public sealed class WhatIfPageTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_closed_warehouse_is_compared_with_the_days_as_they_were()
    {
        await using var host = await DashboardHost.StartAsync();
        await host.Seed.SqlAsync("INSERT INTO position(brand, sku, location, on_hand, reserved, updated_at) VALUES ('aurora', 'JKT-BLUE-M', 'BER', 10, 2, now()), ('aurora', 'JKT-BLUE-M', 'ROT', 10, 0, now())");
        await host.Seed.PlaceAsync(Seed.Facts("#1001"));
        await host.Seed.PlaceAsync(Seed.Facts("#1002"));
        using var client = await host.SignedInAsync("ann", Role.Agent);

        var page = await client.GetStringAsync("/routing/whatif?brand=aurora&days=7&pause=BER", Cancel);
        page.ShouldContain("2 orders of the last 7 days");
        page.ShouldContain("the rerun sends 2 of 2 orders (100 %) from where they really went");
        page.ShouldContain("2 orders would go another way");
        page.ShouldContain("/orders/aurora/100100000000001");

        page = await client.GetStringAsync("/routing/whatif?brand=aurora&rates=" + Uri.EscapeDataString("- { service: Flat, to: \"*\", first: 1000 }"), Cancel);
        page.ShouldContain("2 orders of the last 7 days");
        page.ShouldContain("What it cannot know");
        (await client.GetStringAsync("/routing/whatif?brand=aurora&rates=" + Uri.EscapeDataString("- { service: Flat, to: Narnia, first: 1 }"), Cancel)).ShouldContain("is not a destination");
        (await client.GetStringAsync("/routing/whatif?brand=aurora&rules=" + Uri.EscapeDataString("- { name: All, when: { all: [] }, then: { hold: Look } }"), Cancel)).ShouldContain("Held by a rule");
        (await client.GetStringAsync("/routing/whatif?brand=aurora&pause=NOWHERE", Cancel)).ShouldContain("is not a location of aurora");
        (await client.GetStringAsync("/routing/whatif?brand=aurora&late=much", Cancel)).ShouldContain("is a number of 0 or more");
        (await client.GetStringAsync("/routing/whatif?brand=aurora", Cancel)).ShouldContain("Say what would be otherwise");
    }
}
