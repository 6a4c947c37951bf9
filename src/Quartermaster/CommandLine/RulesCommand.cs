using System.CommandLine;
using Quartermaster.Configuration;
using Quartermaster.Core.Rules;
using Quartermaster.Dashboard.Shown;
using Quartermaster.Runtime.Editions;
using Quartermaster.Runtime.ReadModels;
using Spectre.Console;

namespace Quartermaster.CommandLine;

/// <summary>Shows the rules of a brand, tries others on past orders, and saves them as the dashboard does.</summary>
internal static class RulesCommand
{
    private static readonly Option<string?> Brand = new("--brand") { Description = "The brand; not needed when there is one" };
    private static readonly Argument<string> File = new("file") { Description = "A YAML file that begins with rules:" };
    private static readonly Option<int> Last = new("--last") { Description = "How many of the newest orders, at most 100000", DefaultValueFactory = _ => 1000 };
    private static readonly Option<bool> Instead = new("--instead") { Description = "In place of all rules in force; without it they come after them" };
    private static readonly Option<string> Note = new("--note") { Description = "What changes and why", Required = true };

    public static Command Create()
    {
        var list = new Command("list", "The rules in force, in their order") { Brand, Given.Json };
        list.Does(ListAsync);
        var trial = new Command("try", "Runs rules over past orders and changes nothing") { File, Brand, Last, Instead };
        trial.Does(TryAsync);
        var save = new Command("save", "Makes a file the dashboard's rules, after those of the configuration") { File, Brand, Note };
        save.Does(SaveAsync);
        return new Command("rules", "Shows, tries and saves the rules of a brand") { list, trial, save };
    }

    private static async Task<int> ListAsync(ParseResult parsed, CancellationToken cancel)
    {
        await using var access = await Access.OpenAsync(parsed, cancel);
        var brand = access.Brand(parsed.GetValue(Brand));
        var book = await access.RulesInForceAsync(brand, access.Configuration.Plan, cancel);
        if (parsed.GetValue(Given.Json))
        {
            foreach (var rule in book.Rules) Printed.Object(new { rule.Name, When = rule.When.ToString(), Then = rule.Then.Words(), WrittenIn = rule.Origin });
            return ExitCode.Ok;
        }
        var table = new Table().Border(TableBorder.Rounded).AddColumns("#", "Rule", "When", "Then", "Written in");
        foreach (var (index, rule) in book.Rules.Index())
            table.AddRow(new Text($"{index + 1}"), new Text(rule.Name), new Text(rule.When.ToString()), new Text(string.Join(", ", rule.Then.Words())), new Text(rule.Origin));
        AnsiConsole.Write(table);
        Console.WriteLine(book.Rules.Count == 0 ? $"{brand} has no rules." : $"Version {book.Version}.");
        return ExitCode.Ok;
    }

    private static async Task<int> TryAsync(ParseResult parsed, CancellationToken cancel)
    {
        var (path, last) = (parsed.GetValue(File)!, parsed.GetValue(Last));
        if (last is < 1 or > 100_000) throw new CommandRefusedException("--last is a number from 1 to 100000.");
        var text = await ReadAsync(path, cancel);
        await using var access = await Access.OpenAsync(parsed, cancel);
        var brand = access.Brand(parsed.GetValue(Brand));
        var now = await access.RulesInForceAsync(brand, access.Configuration.Plan, cancel);
        var tried = DashboardRules.ReadAll(access.Configuration.Plan, brand, text, path);
        var instead = parsed.GetValue(Instead);
        if (!instead && tried.FirstOrDefault(t => now.Rules.Any(r => r.Name == t.Name)) is { } twice)
            throw new CommandRefusedException($"There is a rule '{twice.Name}' in force already. Give it another name, or use --instead to try the file in place of all rules.");
        Show(await new RuleReads(access.Database.General).TryAsync(brand, now, instead ? new(tried) : now.With(tried, now.Edition), last, cancel));
        return ExitCode.Ok;
    }

    private static void Show(Core.Flows.RuleTrial trial)
    {
        var rules = new Table().Border(TableBorder.Rounded).AddColumn("Rule").AddColumn(new TableColumn("Orders").RightAligned());
        foreach (var (rule, orders) in trial.Matches) rules.AddRow(new Text(rule), new Text($"{orders:N0}"));
        AnsiConsole.Write(rules);
        if (trial.Shown.Count > 0)
        {
            var orders = new Table().Border(TableBorder.Rounded).AddColumns("Order", "Would be", "Because");
            foreach (var order in trial.Shown)
                orders.AddRow(new Text(order.Number), new Text(string.Join(", ", order.Differs)), new Text(string.Join(" · ", order.Matches.Select(m => $"{m.Rule}: {string.Join("; ", m.Because)}"))));
            AnsiConsole.Write(orders);
        }
        Console.WriteLine($"Tried on {Words.Count(trial.Orders, "order")}: {trial.Matched:N0} match, {trial.Different:N0} would go another way{(trial.Different > trial.Shown.Count ? $" ({trial.Shown.Count} shown)" : "")}. Nothing was changed.");
    }

    private static async Task<int> SaveAsync(ParseResult parsed, CancellationToken cancel)
    {
        var text = await ReadAsync(parsed.GetValue(File)!, cancel);
        await using var access = await Access.OpenAsync(parsed, cancel);
        var brand = access.Brand(parsed.GetValue(Brand));
        DashboardRules.Read(access.Configuration.Plan, brand, text);
        // One that cannot be read any more is mended by a newer one, so only its number is asked for.
        var edition = await new EditionReads(access.Database.General).OfAsync(brand, Edition.Rules, 1, cancel) is [var newest] ? newest.Number : 0;
        var number = await new EditionDesk(access.Database, TimeProvider.System).SaveAsync(brand, Edition.Rules, text, parsed.GetValue(Note)!, edition, Access.Who, cancel);
        Console.WriteLine($"Edition {number} of {brand} is saved. Every process goes by it {EditionDesk.Begins.TotalSeconds:0} seconds from now.");
        return ExitCode.Ok;
    }

    private static async Task<string> ReadAsync(string path, CancellationToken cancel) =>
        System.IO.File.Exists(path) ? await System.IO.File.ReadAllTextAsync(path, cancel) : throw new CommandRefusedException($"There is no file '{path}'.");
}
