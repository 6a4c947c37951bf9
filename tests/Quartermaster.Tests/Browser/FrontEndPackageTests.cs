using Microsoft.Playwright;

namespace Quartermaster.Tests.Browser;

/// <summary>What the build copies to wwwroot/vendor works in a browser, before any page is blamed for it.</summary>
public sealed class FrontEndPackageTests(Chromium chromium)
{
    private static readonly string Vendor = Path.Combine(Chromium.Repository, "src/Quartermaster/wwwroot/vendor");

    [Fact]
    public async Task The_pinned_packages_load_together_without_a_complaint()
    {
        var page = await chromium.NewPageAsync();
        var complaints = new List<string>();
        page.Console += (_, message) => { if (message.Type is "error" or "warning") complaints.Add(message.Text); };
        page.PageError += (_, error) => complaints.Add(error);

        await page.SetContentAsync("<button class='btn btn-primary'>Release</button>");
        await page.AddStyleTagAsync(new() { Path = Path.Combine(Vendor, "tabler.min.css") });
        foreach (var script in (string[])["tabler.min.js", "htmx.min.js", "htmx-sse.min.js", "echarts.min.js"])
            await page.AddScriptTagAsync(new() { Path = Path.Combine(Vendor, script) });

        (await page.EvaluateAsync<string>("htmx.version")).ShouldStartWith("2.");
        (await page.EvaluateAsync<string>("echarts.version")).ShouldStartWith("6.");
        (await page.EvaluateAsync<string>("getComputedStyle(document.querySelector('.btn')).cursor")).ShouldBe("pointer");
        complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_icon_on_the_list_is_drawn()
    {
        var sprite = await File.ReadAllTextAsync(Path.Combine(Vendor, "icons.svg"), TestContext.Current.CancellationToken);
        var listed = await File.ReadAllLinesAsync(Path.Combine(Vendor, "../../FrontEnd/icons.txt"), TestContext.Current.CancellationToken);
        var page = await chromium.NewPageAsync();
        await page.SetContentAsync($"{sprite}<svg id='shown' width='24' height='24'><use /></svg>");

        foreach (var name in listed.Where(name => name.Length > 0))
        {
            var width = await page.EvaluateAsync<double>(
                "name => { const use = document.querySelector('#shown use'); use.setAttribute('href', '#' + name); return use.getBBox().width; }", name);
            width.ShouldBeGreaterThan(0, name);
        }
    }
}
