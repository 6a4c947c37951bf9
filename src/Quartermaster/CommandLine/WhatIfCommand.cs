using System.CommandLine;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;
using Quartermaster.Dashboard.Shown;
using Quartermaster.Runtime.ReadModels;
using Quartermaster.Runtime.Routing;
using Spectre.Console;

namespace Quartermaster.CommandLine;

/// <summary>Runs the orders of the last days through other terms and compares; nothing is touched.</summary>
internal static class WhatIfCommand
{
    private static readonly Option<string?> Brand = new("--brand") { Description = "The brand; not needed when there is one" };
    private static readonly Option<string?> With = new("--with") { Description = "A configuration whose terms are tried. Without it and without a change below, --config is that one, and the hub's own is the usual file" };
    private static readonly Option<int> Days = new("--days") { Description = "How many days back, at most 92", DefaultValueFactory = _ => 7 };
    private static readonly Option<int> Most = new("--most") { Description = "No more orders than these, the newest", DefaultValueFactory = _ => 100_000 };
    private static readonly Option<string[]> Pause = new("--pause") { Description = "A location that would take no orders; may be repeated" };
    private static readonly Option<string[]> Resume = new("--resume") { Description = "A paused location that would take orders; may be repeated" };
    private static readonly Option<int?> MaxParcels = new("--max-parcels") { Description = "routing.max_parcels" };
    private static readonly Option<int?> PromiseDays = new("--promise-days") { Description = "routing.promise_days" };
    private static readonly Option<decimal?> SplitCost = new("--split-cost") { Description = "routing.split_cost" };
    private static readonly Option<decimal?> LateCost = new("--late-cost") { Description = "routing.late_cost" };
    private static readonly Option<decimal?> DamageCost = new("--damage-cost") { Description = "routing.damage_cost" };
    private static readonly Option<decimal?> RedeliveryCost = new("--redelivery-cost") { Description = "routing.redelivery_cost" };
    private static readonly Option<decimal?> ReturnCost = new("--return-cost") { Description = "routing.return_cost" };
    private static readonly Option<decimal?> BusyCost = new("--busy-cost") { Description = "routing.busy_cost" };

    public static Command Create()
    {
        var command = new Command("whatif", "Runs the orders of the last days through other terms and compares cost, speed, splits and stock-outs; touches nothing") { Brand, With, Days, Most, Pause, Resume, MaxParcels, PromiseDays, SplitCost, LateCost, BusyCost, DamageCost, RedeliveryCost, ReturnCost };
        command.Does(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var (days, most) = (parsed.GetValue(Days), parsed.GetValue(Most));
        if (days is < 1 or > 92) throw new CommandRefusedException("--days is a number from 1 to 92.");
        if (most is < 1 or > 1_000_000) throw new CommandRefusedException("--most is a number from 1 to 1000000.");
        var change = Change(parsed);
        var other = parsed.GetValue(With) ?? (change.IsNothing ? parsed.GetValue(Access.Config) : null);
        if (other is null && change.IsNothing) throw new CommandRefusedException("Say what would be otherwise: --with FILE, --pause LOCATION, --max-parcels, --split-cost, --promise-days, --late-cost, --busy-cost, --damage-cost, --redelivery-cost or --return-cost.");
        await using var access = await OpenAsync(parsed, other, cancel);
        var brand = access.Brand(parsed.GetValue(Brand));
        var now = await access.TermsInForceAsync(brand, cancel);
        var then = change.Of(other is null ? now : await TermsOfAsync(access, other, brand, cancel));

        var began = TimeProvider.System.GetTimestamp();
        var at = TimeProvider.System.GetUtcNow();
        var past = await new WhatIfReads(access.Database.General).ReadAsync(brand, at.AddDays(-days), at, most, cancel) with { Known = await new KnowledgeReads(access.Database.General).ReadAsync([now, then], at, cancel) };
        var read = TimeProvider.System.GetElapsedTime(began);
        Show(WhatIfComparison.Of(past, now, then), now.Currency, days);
        Console.WriteLine($"Read in {read.TotalSeconds:0.0} s, run twice in {(TimeProvider.System.GetElapsedTime(began) - read).TotalSeconds:0.0} s. Nothing was changed.");
        return ExitCode.Ok;
    }

    // The hub's own configuration opens the database; where --config names the other one, the hub's own is the usual file.
    private static Task<Access> OpenAsync(ParseResult parsed, string? other, CancellationToken cancel) =>
        other is not null && other == parsed.GetValue(Access.Config) ? Access.OpenAsync(parsed, null, cancel) : Access.OpenAsync(parsed, cancel);

    private static async Task<BrandTerms> TermsOfAsync(Access access, string file, string brand, CancellationToken cancel)
    {
        var other = Access.ReadFile(file);
        if (!other.Plan.Brands.ContainsKey(brand)) throw new CommandRefusedException($"{file} has no brand '{brand}'.");
        return await access.TermsInForceAsync(brand, cancel, other.Plan);
    }

    private static OtherTerms Change(ParseResult parsed) => new()
    {
        Pause = parsed.GetValue(Pause) ?? [], Resume = parsed.GetValue(Resume) ?? [], MaxParcels = Within(parsed.GetValue(MaxParcels), "--max-parcels", 1, 5), PromiseDays = Within(parsed.GetValue(PromiseDays), "--promise-days", 0, 90),
        SplitCost = NotBelowNothing(parsed.GetValue(SplitCost), "--split-cost"), LateCost = NotBelowNothing(parsed.GetValue(LateCost), "--late-cost"), BusyCost = NotBelowNothing(parsed.GetValue(BusyCost), "--busy-cost"),
        DamageCost = NotBelowNothing(parsed.GetValue(DamageCost), "--damage-cost"), RedeliveryCost = NotBelowNothing(parsed.GetValue(RedeliveryCost), "--redelivery-cost"), ReturnCost = NotBelowNothing(parsed.GetValue(ReturnCost), "--return-cost"),
    };

    private static int? Within(int? value, string option, int least, int most) => value is null || (value >= least && value <= most) ? value : throw new CommandRefusedException($"{option} is a number from {least} to {most}.");

    private static decimal? NotBelowNothing(decimal? value, string option) => value is null or >= 0 ? value : throw new CommandRefusedException($"{option} is a number of 0 or more.");

    private static void Show(WhatIfComparison compared, string currency, int days)
    {
        Console.WriteLine($"{Words.Count(compared.Past.Orders.Count, "order")} of the last {Words.Count(days, "day")}. {WhatIfWords.Trust(compared)}");
        var figures = new Table().Border(TableBorder.Rounded).AddColumn("").AddColumn(new TableColumn("As it is").RightAligned()).AddColumn(new TableColumn("As it would be").RightAligned()).AddColumn(new TableColumn("Difference").RightAligned());
        foreach (var figure in WhatIfWords.Figures(compared, currency))
            figures.AddRow(new Text(figure.What), new Text(figure.Now), new Text(figure.Then), new Text(figure.Difference, figure.Better switch { true => new Style(Color.Green), false => new Style(Color.Red), _ => Style.Plain }));
        AnsiConsole.Write(figures);
        Console.WriteLine(WhatIfWords.Limits);
        if (compared.Different.Count == 0) return;
        var orders = new Table().Border(TableBorder.Rounded).AddColumns("Order", "As it is", "As it would be").AddColumn(new TableColumn("Cost").RightAligned());
        foreach (var (order, now, then) in compared.Different.Take(10))
            orders.AddRow(new Text(order.Number), new Text(WhatIfWords.Way(now)), new Text(WhatIfWords.Way(then)), new Text($"{now.Cost:0.00} → {then.Cost:0.00}"));
        AnsiConsole.Write(orders);
        Console.WriteLine($"{Words.Count(compared.Different.Count, "order")} would go another way{(compared.Different.Count > 10 ? "; the ten whose cost changes most are shown" : "")}.");
    }
}
