using System.CommandLine;
using System.Text.Json;
using Quartermaster.Core.Orders;
using Quartermaster.Dashboard.Shown;
using Quartermaster.Runtime.ReadModels;
using Quartermaster.SignIn;
using Spectre.Console;

namespace Quartermaster.CommandLine;

/// <summary>Lifts one kind of hold of all orders that a filter finds; shows first what it would do.</summary>
internal static class LiftAllCommand
{
    private const int Shown = 20;

    private static readonly Dictionary<string, HoldKind> Kinds = Enum.GetValues<HoldKind>().Where(k => k != HoldKind.Risk).ToDictionary(k => JsonNamingPolicy.SnakeCaseLower.ConvertName(k.ToString()));
    private static readonly Option<string> Kind = new("--kind") { Description = "Which hold; a risk is approved order by order", Required = true };
    private static readonly Option<string?> Rule = new("--rule") { Description = "Only what this rule of the brand holds" };
    private static readonly Option<string?> Channel = new("--channel") { Description = "Only orders of this channel" };
    private static readonly Option<bool> Yes = new("--yes", "-y") { Description = "Do it; without this it is only shown" };

    public static Command Create()
    {
        Kind.AcceptOnlyFromAmong([.. Kinds.Keys]);
        var command = new Command("lift-all", "Lifts one kind of hold of all orders that have it; if nothing else holds them, they go on") { Kind, Rule, Given.OnlyBrand, Channel, Yes };
        command.Does(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        await using var access = await Access.OpenAsync(parsed, cancel);
        var lifts = new HoldLifts(new(access.Database.General), new(access.Database.General), access.Desk);
        var found = await lifts.FindAsync(new(access.Among(parsed), Channel: parsed.GetValue(Channel)), Kinds[parsed.GetValue(Kind)!], parsed.GetValue(Rule), cancel);
        if (found.Holds.Count == 0)
        {
            Console.WriteLine("No order is held like that.");
            return ExitCode.Ok;
        }
        var table = new Table().Border(TableBorder.Rounded).AddColumn("Brand").AddColumn("Order").AddColumn("Why it is held");
        foreach (var hold in found.Holds.Take(Shown)) table.AddRow(new Text(hold.Brand), new Text(hold.Number), new Text(hold.Reason));
        AnsiConsole.Write(table);
        if (found.Holds.Count > Shown) Console.WriteLine($"The first {Shown} of {found.Holds.Count}.");
        if (found.More) Console.WriteLine($"More than {HoldLifts.Most} orders are held; these are of the newest.");
        if (!parsed.GetValue(Yes))
        {
            Console.WriteLine($"{Words.Count(found.Holds.Count, "hold")} would be lifted. Add --yes to do it.");
            return ExitCode.Ok;
        }
        Console.WriteLine($"{Words.Count(await lifts.LiftAsync(found.Holds, Access.Who, cancel), "hold")} lifted, as soon as a hub decides on it.");
        return ExitCode.Ok;
    }
}
