using System.CommandLine;
using System.Globalization;
using Quartermaster.Api;
using Quartermaster.Core.Orders;
using Quartermaster.Dashboard.Shown;
using Quartermaster.Runtime.ReadModels;
using Spectre.Console;

namespace Quartermaster.CommandLine;

/// <summary>Lists, finds and shows orders; what is asked of one is in <see cref="OrderAsks"/>.</summary>
internal static class OrdersCommand
{
    private static readonly Option<string?> Status = new("--status") { Description = "Only orders in this state: held, submitted, delivered …" };

    private static readonly Option<bool>
        Attention = new("--attention") { Description = "Only orders that need a person" },
        Shadow = new("--shadow") { Description = "Only orders in shadow: what is planned for them is recorded and not sent" };

    private static readonly Option<int> Limit = Given.Limit(30, 1000);

    private static readonly Listing Listed = new(["Placed (UTC)", "Brand", "Number", "State", "Total", "Buyer", "From", "Attention"], "Buyer", "Placed (UTC)");

    public static Command Create()
    {
        var list = new Command("list", "Newest orders first") { Given.OnlyBrand, Status, Attention, Shadow, Limit, Given.Json };
        list.Does((parsed, cancel) => ListAsync(parsed, null, cancel));
        var text = new Argument<string>("text") { Description = "Number, e-mail, phone, SKU or tracking number, whole or its beginning" };
        var search = new Command("search", "Orders that something belongs to") { text, Given.OnlyBrand, Status, Attention, Limit, Given.Json };
        search.Does((parsed, cancel) => ListAsync(parsed, parsed.GetValue(text), cancel));
        var number = new Argument<string>("order") { Description = "Its number (#1001) or id, or whatever else only it is found by" };
        var show = new Command("show", "One order: where it stands, what it went through, what waits") { number, Given.OnlyBrand, Given.Json };
        show.Does((parsed, cancel) => ShowAsync(parsed, parsed.GetValue(number)!, cancel));
        var ids = new Argument<string[]>("orders") { Description = "Their numbers or ids", Arity = ArgumentArity.OneOrMore };
        var takeOver = new Command("take-over", "Lets the hub finish orders that are in shadow; only for orders that nobody else finishes") { ids, Given.OnlyBrand };
        takeOver.Does((parsed, cancel) => TakeOverAsync(parsed, parsed.GetValue(ids)!, cancel));
        var orders = new Command("orders", "Lists, finds and shows orders, and asks things of them") { list, search, show, takeOver, LiftAllCommand.Create() };
        foreach (var ask in OrderAsks.All()) orders.Add(ask);
        return orders;
    }

    private static async Task<int> ListAsync(ParseResult parsed, string? text, CancellationToken cancel)
    {
        if (OrderLinks.StatusComplaint(parsed.GetValue(Status)) is { } complaint)
            throw new CommandRefusedException(complaint);
        await using var access = await Access.OpenAsync(parsed, cancel);
        var page = await new OrderList(access.Database.General).PageAsync(
            new(access.Among(parsed), text, parsed.GetValue(Status), Attention: parsed.GetValue(Attention), Shadow: parsed.GetValue(Shadow), Size: parsed.GetValue(Limit)), cancel);
        if (parsed.GetValue(Given.Json))
        {
            foreach (var row in page.Rows)
                Printed.Object(ApiOrder.Of(row));
            return ExitCode.Ok;
        }
        Listed.Write(AnsiConsole.Console,
        [
            .. page.Rows.Select(row => (string[])[Printed.Minute(row.PlacedAt), row.Brand, row.Number, row.Status, string.Create(CultureInfo.InvariantCulture, $"{row.Total:0.00} {row.Currency}"),
                row.BuyerName ?? row.Email ?? "–", row.Location ?? "–", row.Attention ?? ""]),
        ]);
        Console.WriteLine(page.Rows.Count == 0 ? "No orders." : page.Next is null ? $"{Words.Count(page.Rows.Count, "order")}." : $"The newest {page.Rows.Count}; there are more (--limit, --status, or a search).");
        return ExitCode.Ok;
    }

    private static async Task<int> TakeOverAsync(ParseResult parsed, string[] named, CancellationToken cancel)
    {
        await using var access = await Access.OpenAsync(parsed, cancel);
        List<ListedOrder> orders = [];
        foreach (var one in named)
        {
            var order = await FoundOrder.OneAsync(access, one, parsed.GetValue(Given.OnlyBrand), cancel);
            orders.Add(order is { Shadow: true, Ended: false } ? order : throw new CommandRefusedException($"{order.Number} is not in shadow, or has ended; none was taken over."));
        }
        foreach (var order in orders)
            await access.Desk.SendAsync(new(order.Brand, "order", order.Id), new OrderSignal.TakeOverAsked(Access.Who), Access.Who, cancel);
        Console.WriteLine($"{Words.Count(orders.Count, "order")} taken over: what is planned for them from here on is sent.");
        return ExitCode.Ok;
    }

    private static async Task<int> ShowAsync(ParseResult parsed, string named, CancellationToken cancel)
    {
        await using var access = await Access.OpenAsync(parsed, cancel);
        var order = await FoundOrder.OneAsync(access, named, parsed.GetValue(Given.OnlyBrand), cancel, loosely: true);
        if (parsed.GetValue(Given.Json)) Printed.Object(await Timeline.ReadAsync(access, order, cancel));
        else await Timeline.ShowAsync(access.Database, order, cancel);
        return ExitCode.Ok;
    }
}
