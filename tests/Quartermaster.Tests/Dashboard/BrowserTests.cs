using Quartermaster.SignIn;
using Quartermaster.Tests.Browser;

namespace Quartermaster.Tests.Dashboard;

/// <summary>The way an operator goes most: search an order, open it, lift its hold.</summary>
public sealed class BrowserTests(Chromium chromium)
{
    [Fact]
    public async Task An_operator_finds_a_held_order_and_lifts_the_hold()
    {
        var page = await chromium.NewPageAsync();
        var complaints = new List<string>();
        page.Console += (_, message) => { if (message.Type == "error") complaints.Add(message.Text); };
        page.PageError += (_, error) => complaints.Add(error);
        await using var host = await DashboardHost.StartAsync();
        await host.Seed.PlaceAsync(Seed.Facts("#1001", paid: false));
        await host.Seed.PlaceAsync(Seed.Facts("#1002"));
        await host.Get<Operators>().CreateAsync("mara", "correct horse battery", Role.Agent, null, "test", TestContext.Current.CancellationToken);

        await page.GotoAsync(host.Address + "orders");
        await page.GetByLabel("Name").FillAsync("mara");
        await page.GetByLabel("Password").FillAsync("correct horse battery");
        await page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();

        await page.Locator("#livedot[data-on=true]").WaitForAsync();
        await page.Keyboard.PressAsync("Control+k");
        await page.Locator("#palette input").FillAsync("1001");
        await page.Locator("#palette li", new() { HasText = "#1001" }).First.ClickAsync();
        await page.Locator("h1", new() { HasText = "#1001" }).WaitForAsync();

        await page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Lift hold" }).ClickAsync();
        await page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Lift the hold" }).ClickAsync();
        await page.GetByText("The hold is lifted.", new() { Exact = true }).WaitForAsync();

        complaints.ShouldBeEmpty();
        await using var command = host.Source.CreateCommand("SELECT count(*) FROM signal WHERE kind = 'order.hold_lift_asked.v1' AND source = 'operator/mara'");
        (await command.ExecuteScalarAsync(TestContext.Current.CancellationToken)).ShouldBe(1L);
    }
}
