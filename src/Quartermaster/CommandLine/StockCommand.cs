using System.CommandLine;
using Quartermaster.Core.Channels;
using Quartermaster.Runtime.Channels;

namespace Quartermaster.CommandLine;

/// <summary>What is done when a SKU has sold out: shown, or changed in what is named. Shelves are in <see cref="ShelfAsks"/>.</summary>
internal static class StockCommand
{
    private static readonly Argument<string> Sku = new("sku") { Description = "A SKU of ours" };
    private static readonly Option<string?> Brand = new("--brand") { Description = "The brand; not needed when there is one" };
    private static readonly Option<bool?> KeepShown = new("--keep-shown") { Description = "true: its products stay in sight where sold-out ones are hidden" };
    private static readonly Option<bool?> Preorder = new("--preorder") { Description = "true: it may be sold against what is on its way, at channels that take pre-orders; false: no more" };
    private static readonly Option<DateOnly?> Until = new("--until") { Description = "The last day on which it may be pre-ordered, and by which goods have to be expected (2026-12-24)" };
    private static readonly Option<int?> Most = new("--most") { Description = "Most units that may wait at a time" };

    public static Command Create()
    {
        var terms = new Command("terms", "Shows what is done when a SKU has sold out, or changes it: what is not named stays") { Sku, Brand, KeepShown, Preorder, Until, Most };
        terms.Does(RunAsync);
        var stock = new Command("stock", "Positions, what may be sold of a SKU, and what it is to carriers and customs") { terms, SkuCommand.Facts(), CountsCommand.Create(), DamagedCommand.Create(), DriftCommand.Create() };
        foreach (var ask in ShelfAsks.All()) stock.Add(ask);
        return stock;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        await using var access = await Access.OpenAsync(parsed, cancel);
        var (brand, sku) = (access.Brand(parsed.GetValue(Brand)), parsed.GetValue(Sku)!);
        if (sku.Length > 100 || string.IsNullOrWhiteSpace(sku)) throw new CommandRefusedException("A SKU of at most 100 characters is needed.");
        var desk = new SoldOutDesk(access.Database, access.Configuration.Plan, TimeProvider.System);
        var before = await desk.OfAsync(brand, sku, cancel);
        var after = new SoldOutTerms(parsed.GetValue(KeepShown) ?? before.KeepShown, PreorderOf(parsed, before.Preorder));
        if (after != before)
        {
            try { await desk.SaveAsync(brand, sku, after, Access.Who, cancel); }
            catch (InvalidOperationException e) { throw new CommandRefusedException(e.Message); }
        }
        Console.WriteLine($"{sku} {SoldOutDesk.Words(after)}.");
        return ExitCode.Ok;
    }

    /// <exception cref="CommandRefusedException">A limit is given to what may not be pre-ordered.</exception>
    private static PreorderTerms? PreorderOf(ParseResult parsed, PreorderTerms? before)
    {
        var (until, most) = (parsed.GetValue(Until), parsed.GetValue(Most));
        var limited = until is not null || most is not null;
        return parsed.GetValue(Preorder) switch
        {
            false => limited ? throw new CommandRefusedException("What may not be pre-ordered has no last day and no limit: leave --until and --most out.") : null,
            null when !limited && before is null => null,
            _ => new(until ?? before?.By, most ?? before?.Most),
        };
    }
}
