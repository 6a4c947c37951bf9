using System.Net;
using Quartermaster.Runtime.Risk;

namespace Quartermaster.Tests.Dashboard;

public sealed class UnsubscribePageTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_click_in_the_mail_program_is_enough_and_following_the_link_is_not()
    {
        await using var host = await DashboardHost.StartAsync();
        var links = host.Get<ShopperLinks>();
        var at = "/unsubscribe/" + links.TokenOf(new("banyan", "contact", "email:asha@example.com"), LinkKind.Unsubscribe);
        using var reader = host.Client();

        var page = await reader.GetStringAsync(at, Cancel);
        foreach (var said in new[] { "No more offers and news from Banyan Tea to a…@example.com?", "Messages about an order of yours still come." }) WebUtility.HtmlDecode(page).ShouldContain(said);
        page.ShouldNotContain("asha@example.com");
        (await Sent(host)).ShouldBe(0L);

        using var click = new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]);
        var answer = await reader.PostAsync(at, click, Cancel);
        (answer.StatusCode, (await answer.Content.ReadAsStringAsync(Cancel)).Length).ShouldBe((HttpStatusCode.OK, 0));
        (await host.ScalarAsync("SELECT convert_from(body, 'UTF8')::jsonb ->> 'how' FROM signal WHERE stream = 'contact/email:asha@example.com' AND brand = 'banyan'")).ShouldBe("unsubscribed with one click in the mail program");
    }

    [Fact]
    public async Task The_button_of_the_page_does_it_too_in_the_readers_language()
    {
        await using var host = await DashboardHost.StartAsync();
        var at = "/unsubscribe/" + host.Get<ShopperLinks>().TokenOf(new("banyan", "contact", "email:asha@example.com"), LinkKind.Unsubscribe);
        using var reader = host.Client();
        reader.DefaultRequestHeaders.AcceptLanguage.ParseAdd("fr, id;q=0.8, en;q=0.5");
        (await reader.GetStringAsync(at, Cancel)).ShouldContain("Berhenti berlangganan");
        using var nothing = new FormUrlEncodedContent([]);
        (await reader.PostAsync(at, nothing, Cancel)).Headers.Location!.ToString().ShouldEndWith("?done=1");
        (await reader.GetStringAsync(at + "?done=1", Cancel)).ShouldContain("Selesai.");
        (await Sent(host)).ShouldBe(1L);
    }

    [Fact]
    public async Task No_other_link_opens_it_and_it_opens_nothing_else()
    {
        await using var host = await DashboardHost.StartAsync();
        var links = host.Get<ShopperLinks>();
        var mine = links.TokenOf(new("banyan", "contact", "email:asha@example.com"), LinkKind.Unsubscribe);
        using var reader = host.Client();
        foreach (var forged in new[] { mine[..^1] + (mine[^1] == 'A' ? 'B' : 'A'), links.TokenOf(new("banyan", "order", "email:asha@example.com")), links.TokenOf(new("nobody", "contact", "email:asha@example.com"), LinkKind.Unsubscribe), "x" })
        {
            (await reader.GetAsync("/unsubscribe/" + forged, Cancel)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
            using var nothing = new FormUrlEncodedContent([]);
            (await reader.PostAsync("/unsubscribe/" + forged, nothing, Cancel)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        }
        (await reader.GetAsync("/confirm/" + mine, Cancel)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await Sent(host)).ShouldBe(0L);
    }

    private static async Task<long> Sent(DashboardHost host) => (long)(await host.ScalarAsync("SELECT count(*) FROM signal WHERE source = 'operator/the customer'"))!;
}
