using Quartermaster.Configuration;
using Quartermaster.Core.Connecting;
using Quartermaster.Runtime;
using Quartermaster.SignIn;
using Spectre.Console;

namespace Quartermaster.Hosting;

/// <summary>What a person sees when the hub has started: where it is, what it runs, what to do next.</summary>
internal static class StartScreen
{
    public static async Task ShowAsync(HubConfiguration configuration, HubHost host, CancellationToken cancel)
    {
        var screen = AnsiConsole.Console;
        var address = configuration.Address.ToString().TrimEnd('/');
        var setUp = await SetUpAsync(configuration, host, cancel);

        screen.WriteLine();
        screen.MarkupLineInterpolated($"  [bold]Quartermaster[/] {ProgramVersion.Text}");
        if (configuration.IsSandbox)
            screen.MarkupLine("  [black on yellow] SANDBOX [/] Nothing is configured: two demo brands, and every system around them is simulated. Nothing leaves this machine.");
        screen.WriteLine();
        if (configuration.Roles.Contains("web"))
            Line(screen, "Dashboard", address);
        if (setUp is not null)
            Line(screen, "Set-up", $"{setUp}   (once, within a day: whoever opens it becomes the first admin)");
        if (configuration.Roles.Contains("intake"))
            Line(screen, "Webhooks", $"{address}/webhooks/CONNECTION/…");
        Line(screen, "Database", host.Database.Where);
        Line(screen, "Brands", string.Join(", ", configuration.Plan.Brands.Select(b => $"{b.Value.Terms.Title} ({b.Key})")));
        if (!configuration.IsSandbox && configuration.Plan.Connections.Values.Where(c => c.Sandboxed).ToList() is { Count: > 0 } played)
            Line(screen, "Sandboxed", Played(played));
        if (configuration.Roles.Count < HubConfiguration.AllRoles.Count)
            Line(screen, "Roles", string.Join(", ", configuration.Roles));
        Line(screen, "Next", Next(configuration, setUp is not null));
        screen.WriteLine();
        screen.MarkupLine("  [grey]Ctrl-C drains and stops.[/]");
        screen.WriteLine();
    }

    /// <summary>Without a screen, the one line that somebody has to see: it goes where the log goes.</summary>
    public static async Task SayWhoMayComeInAsync(HubConfiguration configuration, HubHost host, CancellationToken cancel)
    {
        if (await SetUpAsync(configuration, host, cancel) is { } link) Console.WriteLine($"Nobody can sign in yet. Open {link} once, within a day: whoever opens it becomes the first admin. Or: quartermaster operators add NAME --role admin");
    }

    private static async Task<string?> SetUpAsync(HubConfiguration configuration, HubHost host, CancellationToken cancel) =>
        !configuration.IsSandbox && configuration.Roles.Contains("web") && await SetupLink.CreateAsync(host.Database.Database.General, TimeProvider.System, cancel) is { } path
            ? configuration.Address.ToString().TrimEnd('/') + path : null;

    // Nobody shops at a twin and it has no shelves of its own, which a newcomer would wait for.
    private static string Played(List<ConnectionPlan> connections) =>
        string.Join(", ", connections.Select(c => c.Key).Order(StringComparer.Ordinal)) + ": played on this machine"
        + (connections.FirstOrDefault(c => c.Connector.Manifest.Capabilities.Contains(Capability.Storefront)) is { } shop
            ? $"; stock and orders come from files: quartermaster import stock FILE, then import orders FILE --channel {shop.Key} --as live" : "");

    private static string Next(HubConfiguration configuration, bool first) =>
        configuration.IsSandbox ? "open the dashboard and watch orders come in; copy quartermaster.example.yaml to quartermaster.yaml for your own brands"
        : first ? "open the set-up link, then point your storefront's webhooks here (docs/configuration.md)"
        : configuration.Plan.Brands.Values.Any(b => b.Mode == BrandMode.Shadow) ? "compare what shadow brands would have done, then: quartermaster mode BRAND live"
        : "quartermaster doctor says whether everything is well";

    // Written without markup or wrapping, so that an address can be copied and clicked.
    private static void Line(IAnsiConsole screen, string label, string text)
    {
        screen.Markup($"  [grey]{label,-11}[/]");
        screen.Profile.Out.Writer.WriteLine(text);
    }
}
