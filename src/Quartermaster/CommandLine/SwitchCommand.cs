using System.CommandLine;
using Quartermaster.Configuration;
using Quartermaster.Core.Kernel;
using Quartermaster.Dashboard.Shown;
using Quartermaster.Runtime;
using Quartermaster.Runtime.ReadModels;
using Spectre.Console;

namespace Quartermaster.CommandLine;

/// <summary>Stops and resumes what is sent, and sets how much of the hub a brand uses.</summary>
internal static class SwitchCommand
{
    private static readonly Option<string> Scope = new("--scope") { Description = "all, brand/NAME, connection/NAME, effect/KIND or flow/BRAND/NAME or location/BRAND/CODE (takes no new orders)", Required = true };

    public static Command Switches()
    {
        var list = new Command("list", "Shows what is switched off and in which mode brands run") { Given.Json };
        list.Does(async (parsed, cancel) =>
        {
            await using var access = await Access.OpenAsync(parsed, cancel);
            await ShowAsync(access, parsed.GetValue(Given.Json), cancel);
            return ExitCode.Ok;
        });
        var reason = new Option<string>("--reason") { Description = "Why; shown to everybody who wonders", Required = true };
        var off = new Command("off", "Stops what is sent in a scope, within a second; intake and deciding go on") { Scope, reason };
        off.Does((parsed, cancel) => TurnAsync(parsed, on: false, parsed.GetValue(reason)!, cancel));
        var why = new Option<string?>("--reason") { Description = "Why, for the audit log" };
        var on = new Command("on", "Lets a scope send again") { Scope, why };
        on.Does((parsed, cancel) => TurnAsync(parsed, on: true, parsed.GetValue(why) ?? "", cancel));
        return new Command("switch", "Stops and resumes what is sent") { list, off, on };
    }

    public static Command Mode()
    {
        var brand = new Argument<string>("brand") { Description = "Its name in the configuration" };
        var mode = new Argument<BrandMode>("mode") { Description = "off: only store. shadow: decide, record, send nothing. live." };
        var command = new Command("mode", "Sets how much of the hub a brand uses; acts within a second") { brand, mode };
        command.Does(async (parsed, cancel) =>
        {
            await using var access = await Access.OpenAsync(parsed, cancel);
            var name = access.Brand(parsed.GetValue(brand));
            await access.Desk.SetModeAsync(name, parsed.GetValue(mode), Access.Who, cancel);
            Console.WriteLine($"{name} is {parsed.GetValue(mode).ToString().ToLowerInvariant()}.");
            return ExitCode.Ok;
        });
        return command;
    }

    private static async Task<int> TurnAsync(ParseResult parsed, bool on, string reason, CancellationToken cancel)
    {
        await using var access = await Access.OpenAsync(parsed, cancel);
        var scope = parsed.GetValue(Scope)!;
        CheckScope(access, scope);
        await access.Desk.SwitchAsync(scope, on, reason, Access.Who, cancel);
        Console.WriteLine(on ? $"{scope} is on again." : $"{scope} is off: {SwitchWords.OffMeans(scope)}.");
        return ExitCode.Ok;
    }

    // A switch on a name that does not exist would stop nothing while somebody believes that it does.
    private static void CheckScope(Access access, string scope)
    {
        if (scope.Split('/', 2) is not [var kind, var name])
            return;
        IReadOnlyCollection<string> known = kind switch
        {
            "brand" => [.. access.Brands],
            "connection" => [.. access.Configuration.Plan.Connections.Keys],
            "location" => [.. access.Configuration.Plan.Brands.Values.SelectMany(b => b.Terms.Locations.Select(l => $"{b.Terms.Brand}/{l.Code}"))],
            "effect" => [.. Wire.All.Where(t => t.IsAssignableTo(typeof(Effect))).Select(Wire.KindOf)],
            _ => [],
        };
        if (known.Count > 0 && !known.Contains(name))
            throw new CommandRefusedException($"There is no {kind} '{name}'. {NearestWord.Hint(name, known, "")}");
    }

    private static async Task ShowAsync(Access access, bool json, CancellationToken cancel)
    {
        var reads = new HubReads(access.Database.General);
        var (modes, off) = (await reads.BrandsAsync(cancel), await reads.SwitchesAsync(cancel));
        if (json)
        {
            Printed.Object(new { Brands = modes, Off = off });
            return;
        }
        var brands = new Table().Border(TableBorder.Rounded).AddColumns("Brand", "Mode", "Since (UTC)", "By");
        foreach (var row in modes)
            brands.AddRow(new Text(row.Brand), new Text(row.Mode), new Text($"{row.ChangedAt:yyyy-MM-dd HH:mm}"), new Text(row.ChangedBy));
        AnsiConsole.Write(brands);
        if (off.Count == 0)
        {
            Console.WriteLine("Nothing is switched off.");
            return;
        }
        var switches = new Table().Border(TableBorder.Rounded).AddColumns("Stopped", "Reason", "By", "Since (UTC)");
        foreach (var row in off)
            switches.AddRow(new Text(row.Scope), new Text(row.Reason), new Text(row.ByWhom), new Text($"{row.At:yyyy-MM-dd HH:mm}"));
        AnsiConsole.Write(switches);
    }
}
