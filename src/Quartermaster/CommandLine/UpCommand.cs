using System.CommandLine;
using Quartermaster.Configuration;
using Quartermaster.Hosting;

namespace Quartermaster.CommandLine;

/// <summary>Runs the hub: <c>up</c> for a person, <c>serve</c> for a service manager.</summary>
internal static class UpCommand
{
    private static readonly Option<string?> RolesOption = new("--roles") { Description = "What this process takes part in: intake,decide,act,web (all)" };

    public static Command Up() => Create("up", "Starts the hub and says where it is; makes a private database when none is configured", screen: true);

    public static Command Serve() => Create("serve", "Starts the hub without a start screen, for service managers and containers", screen: false);

    private static Command Create(string name, string description, bool screen)
    {
        var command = new Command(name, description) { RolesOption };
        command.Does(async (parsed, cancel) =>
        {
            var configuration = Access.Read(parsed);
            if (parsed.GetValue(RolesOption) is { } roles)
                configuration = configuration with { Roles = RolesFrom(roles) };
            return await RunAsync(configuration, screen, cancel);
        });
        return command;
    }

    public static async Task<int> RunAsync(HubConfiguration configuration, bool screen, CancellationToken cancel)
    {
        await using var hub = await HubHost.StartAsync(configuration, cancel);
        if (screen)
            await StartScreen.ShowAsync(configuration, hub, cancel);
        else
            await StartScreen.SayWhoMayComeInAsync(configuration, hub, cancel);
        await hub.WaitAsync(cancel);
        if (screen)
            Console.WriteLine("Draining …");
        return ExitCode.Ok;
    }

    private static string[] RolesFrom(string text)
    {
        var roles = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        foreach (var role in roles)
            if (!HubConfiguration.AllRoles.Contains(role))
                throw new CommandRefusedException($"'{role}' is not a role. {NearestWord.Hint(role, [.. HubConfiguration.AllRoles], "")}");
        return roles;
    }
}
