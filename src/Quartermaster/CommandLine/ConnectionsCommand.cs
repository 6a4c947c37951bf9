using System.CommandLine;
using Quartermaster.Api;
using Quartermaster.Configuration;
using Quartermaster.Dashboard.Actions;
using Quartermaster.Dashboard.Shown;
using Quartermaster.Runtime.Operations;
using Quartermaster.Runtime.ReadModels;

namespace Quartermaster.CommandLine;

/// <summary>How connections do, and the test button of one.</summary>
internal static class ConnectionsCommand
{
    private static readonly Listing Listed = new(
        ["Connection", "Brand", "Speaks with", "State", "Under way", "In trouble", "Last good call (UTC)", "Last error (UTC)", "Why"], "Last error (UTC)", "Speaks with", "Last good call (UTC)");

    public static Command Create()
    {
        var list = new Command("list", "Connections with their health and what waits at them") { Given.OnlyBrand, Given.Json };
        list.Does(ListAsync);
        var name = new Argument<string>("connection") { Description = "Its name in the configuration" };
        var test = new Command("test", "Makes one harmless call that proves address and credentials; 1 when it does not work") { name };
        test.Does((parsed, cancel) => TestAsync(parsed, parsed.GetValue(name)!, cancel));
        return new Command("connections", "How connections do") { list, test };
    }

    private static async Task<int> ListAsync(ParseResult parsed, CancellationToken cancel)
    {
        await using var access = await Access.OpenAsync(parsed, cancel);
        var rows = await ApiConnection.ReadAsync(new(access.Database.General), access.Configuration.Plan, access.Among(parsed), TimeProvider.System.GetUtcNow(), cancel);
        return Printed.Rows(parsed, rows, "No connection is configured.", Listed,
            c => [c.Connection, c.Brand, c.Connector, c.Health.Badge.Label, c.Queue?.UnderWay ?? 0, c.Queue?.Trouble ?? 0, c.Lane?.LastOkAt, c.Health.ErrorAt, c.Health.Why]);
    }

    private static async Task<int> TestAsync(ParseResult parsed, string name, CancellationToken cancel)
    {
        await using var access = await Access.OpenAsync(parsed, cancel);
        var plan = access.Configuration.Plan;
        if (!plan.Connections.TryGetValue(name, out var connection)) throw new CommandRefusedException($"There is no connection '{name}'. {NearestWord.Hint(name, [.. plan.Connections.Keys], "None is configured.")}");
        // A stand-in lives inside the hub's own process, at an address that only the hub knows.
        if (connection.Sandboxed) throw new CommandRefusedException($"{name} is played by the sandbox inside the hub; its page tests it.");
        var (works, said) = ConnectionTest.Words(name, await new ConnectionDesk(plan, access.Database, access.Desk, TimeProvider.System).TestAsync(name, Access.Who, cancel));
        if (!works) throw new CommandRefusedException(said);
        Console.WriteLine(said);
        return ExitCode.Ok;
    }
}
