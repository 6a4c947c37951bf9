using System.CommandLine;
using System.Globalization;
using Quartermaster.Api;
using Quartermaster.Configuration;
using Quartermaster.Core.Purchasing;
using Quartermaster.Dashboard.Shown;
using Quartermaster.Runtime.Purchasing;
using Quartermaster.Runtime.ReadModels;

namespace Quartermaster.CommandLine;

/// <summary>Purchase orders and what is low: lists, shows and decides. Receipts, suppliers and terms come in by <c>import</c>.</summary>
internal static class PurchasesCommand
{
    private static readonly Argument<string> Number = new("number") { Description = "Its number, as list has it" };
    private static readonly Option<string> Reason = Given.Reason();

    public static Command Create()
    {
        var state = new Option<string?>("--state") { Description = "draft, ordered, received, closed_short, rejected or all; without it those that are open" };
        state.AcceptOnlyFromAmong([.. PurchaseWords.Filters.Select(f => f.Value).Where(v => v.Length > 0)]);
        var supplier = new Option<string?>("--supplier") { Description = "Only of this supplier, by its code" };
        var list = new Command("list", "Purchase orders, drafts first") { state, supplier, Given.OnlyBrand, Given.Json };
        list.Does((parsed, cancel) => ListAsync(parsed, parsed.GetValue(state), parsed.GetValue(supplier), cancel));
        var low = new Command("low", "SKUs that run low, and on which drafts and orders they stand") { Given.OnlyBrand, Given.Json };
        low.Does(LowAsync);
        var show = new Command("show", "One purchase order with its lines") { Number, Given.Brand, Given.Json };
        show.Does(ShowAsync);
        var (sku, location, units) = (new Argument<string>("sku") { Description = "A SKU with a supplier" }, new Argument<string>("location") { Description = "Code of the location that gets it" }, new Argument<int>("units") { Description = "How many, up to 1,000,000" });
        var propose = new Command("propose", "Puts units of a SKU on a draft") { sku, location, units, Given.Brand };
        propose.Does((parsed, cancel) => ProposeAsync(parsed, parsed.GetValue(sku)!, parsed.GetValue(location)!, parsed.GetValue(units), cancel));
        var (expected, day) = (new Option<DateOnly?>("--expected") { Description = "The day on which it comes (2026-12-24); without it after the supplier's lead time" }, new Argument<DateOnly>("day") { Description = "2026-12-24" });
        var lines = new Argument<string[]>("lines") { Description = "SKUs of the draft with their new units: TEA=40 MUG=0", Arity = ArgumentArity.OneOrMore };
        return new Command("purchases", "Purchase orders and what is low")
        {
            list, low, show, propose,
            Ask("approve", "Approves a draft: its units are on their way", (parsed, days) => new PurchaseSignal.ApproveAsked(parsed.GetValue(expected) is { } at ? days(at) : null, Access.Who), expected),
            Ask("reject", "Rejects a draft; its SKUs are left alone until the next review", (parsed, _) => new PurchaseSignal.RejectAsked(parsed.GetValue(Reason)!, Access.Who), Reason),
            Ask("date", "Sets another day on which it is expected", (parsed, days) => new PurchaseSignal.DateSet(days(parsed.GetValue(day)), Access.Who), day),
            Ask("quantities", "Changes quantities of a draft", (parsed, _) => new PurchaseSignal.QuantitiesSet([.. parsed.GetValue(lines)!.Select(Line)], Access.Who), lines),
            Ask("close", "Closes an order short: nothing more of it is waited for", (parsed, _) => new PurchaseSignal.CloseAsked(parsed.GetValue(Reason)!, Access.Who), Reason),
        };
    }

    /// <param name="signal">Given how a day is read at the brand.</param>
    private static Command Ask(string name, string description, Func<ParseResult, Func<DateOnly, DateTimeOffset>, PurchaseSignal> signal, Symbol more)
    {
        var command = new Command(name, description) { Number };
        if (more is Argument argument) command.Add(argument);
        if (more is Option option) command.Add(option);
        command.Add(Given.Brand);
        command.Does(async (parsed, cancel) =>
        {
            await using var access = await Access.OpenAsync(parsed, cancel);
            var (brand, number, times) = (access.Brand(parsed.GetValue(Given.Brand)), parsed.GetValue(Number)!, new TimeText(access.Configuration.Plan, TimeProvider.System));
            var seq = await Desk(access).SendAsync(brand, number, signal(parsed, day => day > times.Today(brand) && day.Year < 2200 ? times.StartOf(day, brand) : throw new CommandRefusedException("The day is one after today and before the year 2200.")), Access.Who, cancel);
            Console.WriteLine($"{number} hears it, as soon as a hub decides on signal {seq}; `purchases show {number}` tells what comes of it.");
            return ExitCode.Ok;
        });
        return command;
    }

    private static async Task<int> ListAsync(ParseResult parsed, string? state, string? supplier, CancellationToken cancel)
    {
        await using var access = await Access.OpenAsync(parsed, cancel);
        var rows = await Reads(access).ListAsync(access.Among(parsed), state, supplier, 1000, cancel);
        return Printed.Rows(parsed, rows, "No purchase order matches.", ["Number", "Brand", "State", "Supplier", "Location", "Units", "Missing", "Total", "Drafted (UTC)", "Expected (UTC)", "Late"],
            p => [p.Number, p.Brand, p.State, p.Title, p.Location, p.Units, p.Missing, string.Create(CultureInfo.InvariantCulture, $"{p.Total:0.00} {p.Currency}"), p.DraftedAt, p.ExpectedAt, p.Late ? "late" : ""]);
    }

    private static async Task<int> LowAsync(ParseResult parsed, CancellationToken cancel)
    {
        await using var access = await Access.OpenAsync(parsed, cancel);
        return Printed.Rows(parsed, await ApiLow.ReadAsync(Reads(access), access.Among(parsed), cancel), "Nothing runs low.", ["Brand", "SKU", "Since (UTC)", "Why", "May be promised", "On its way", "A day", "Lasts (days)", "Supplier", "Stands on"],
            l => [l.Brand, l.Sku, l.Since, l.Why, l.Available, l.Incoming, l.PerDay, l.CoverDays, l.Supplier, string.Join(", ", l.Purchases)]);
    }

    private static async Task<int> ShowAsync(ParseResult parsed, CancellationToken cancel)
    {
        await using var access = await Access.OpenAsync(parsed, cancel);
        var (brand, number) = (access.Brand(parsed.GetValue(Given.Brand)), parsed.GetValue(Number)!);
        if (await Reads(access).FindAsync(brand, number, cancel) is not var (row, order)) throw new CommandRefusedException($"There is no purchase order {number} in {brand}.");
        var shown = ApiPurchase.Of(row, order);
        if (parsed.GetValue(Given.Json))
        {
            Printed.Object(shown);
            return ExitCode.Ok;
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{row.Number} of {row.Title} for {row.Location}: {row.State}{(row.Late ? ", late" : "")}, {row.Total:0.00} {row.Currency}{(row.ExpectedAt is { } at ? $", expected {at.UtcDateTime:yyyy-MM-dd HH:mm} UTC" : "")}"));
        return Printed.Rows(parsed, shown.Lines, "It has no lines.", ["SKU", "Theirs", "Ordered", "Came", "Damaged", "Missing", "Each", "Why"], l => [l.Sku, l.SupplierSku, l.Quantity, l.Received, l.Damaged, l.Missing, l.UnitCost, l.Why]);
    }

    private static async Task<int> ProposeAsync(ParseResult parsed, string sku, string location, int units, CancellationToken cancel)
    {
        if (units is < 1 or > Reorder.Most) throw new CommandRefusedException($"The units are a number from 1 to {Reorder.Most:N0}.");
        await using var access = await Access.OpenAsync(parsed, cancel);
        var brand = access.Brand(parsed.GetValue(Given.Brand));
        var locations = access.Configuration.Plan.Brands[brand].Terms.Locations;
        if (!locations.Any(l => l.Code == location)) throw new CommandRefusedException($"There is no location '{location}' in {brand}. {NearestWord.Hint(location, [.. locations.Select(l => l.Code)], "It has none.")}");
        Console.WriteLine($"It is on the draft {await Desk(access).ProposeAsync(brand, sku, location, units, Access.Who, cancel)}.");
        return ExitCode.Ok;
    }

    private static LineQuantity Line(string text) =>
        text.Split('=', 2) is [{ Length: > 0 and <= 100 } sku, var units] && int.TryParse(units, NumberStyles.None, CultureInfo.InvariantCulture, out var many) && many <= Reorder.Most
            ? new(sku, many) : throw new CommandRefusedException($"'{text}' is not a SKU with its units; write TEA=40.");

    private static PurchaseReads Reads(Access access) => new(access.Database.General, access.Configuration.Plan, TimeProvider.System);

    private static PurchaseDesk Desk(Access access) => new(access.Database, access.Configuration.Plan, access.Desk, TimeProvider.System);
}
