using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Dashboard.Shown;
using Quartermaster.Runtime.ReadModels;
using Spectre.Console;

namespace Quartermaster.CommandLine;

/// <summary>Lists, finds and shows orders, and takes those over that are in shadow.</summary>
internal static class OrdersCommand
{
    private static readonly Option<string?>
        Brand = new("--brand") { Description = "Only this brand" },
        Status = new("--status") { Description = "Only orders in this state: held, submitted, delivered …" };

    private static readonly Option<bool>
        Attention = new("--attention") { Description = "Only orders that need a person" },
        Shadow = new("--shadow") { Description = "Only orders in shadow: what is planned for them is recorded and not sent" },
        Json = new("--json") { Description = "One JSON object per line" };

    private static readonly Option<int> Limit = new("--limit") { Description = "At most this many", DefaultValueFactory = _ => 30 };

    private static readonly string[] Columns = ["Placed (UTC)", "Brand", "Number", "State", "Total", "Buyer", "From", "Attention"];

    public static Command Create()
    {
        var list = new Command("list", "Newest orders first") { Brand, Status, Attention, Shadow, Limit, Json };
        list.Does((parsed, cancel) => ListAsync(parsed, null, cancel));
        var text = new Argument<string>("text") { Description = "Number, e-mail, phone, SKU or tracking number, whole or its beginning" };
        var search = new Command("search", "Orders that something belongs to") { text, Brand, Status, Attention, Limit, Json };
        search.Does((parsed, cancel) => ListAsync(parsed, parsed.GetValue(text), cancel));
        var number = new Argument<string>("order") { Description = "Its number (#1001) or id" };
        var show = new Command("show", "One order: where it stands, what it went through, what waits") { number, Brand };
        show.Does((parsed, cancel) => ShowAsync(parsed, parsed.GetValue(number)!, cancel));
        var ids = new Argument<string[]>("ids") { Description = "Their ids, as `orders list --shadow --json` has them", Arity = ArgumentArity.OneOrMore };
        var takeOver = new Command("take-over", "Lets the hub finish orders that are in shadow; only for orders that nobody else finishes") { ids, Brand };
        takeOver.Does((parsed, cancel) => TakeOverAsync(parsed, parsed.GetValue(ids)!, cancel));
        var id = new Argument<string>("id") { Description = "Its id, as `orders list --json` has it" };
        var reason = new Option<string>("--reason") { Description = "Why", Required = true };
        var approve = new Command("approve", "Lets an order go on that is held for its risk") { id, Brand };
        approve.Does((parsed, cancel) => DecideAsync(parsed, parsed.GetValue(id)!, who => new OrderSignal.HoldLiftAsked(HoldKind.Risk, who), "approved", cancel));
        var decline = new Command("decline", "Declines an order that is held for its risk: it is cancelled, here and at its channel") { id, reason, Brand };
        decline.Does((parsed, cancel) => DecideAsync(parsed, parsed.GetValue(id)!, who => new OrderSignal.DeclineAsked(parsed.GetValue(reason)!, who), "declined", cancel));
        return new Command("orders", "Lists, finds and shows orders") { list, search, show, takeOver, approve, decline };
    }

    private static async Task<int> ListAsync(ParseResult parsed, string? text, CancellationToken cancel)
    {
        if (OrderLinks.StatusComplaint(parsed.GetValue(Status)) is { } complaint)
            throw new CommandRefusedException(complaint);
        await using var access = await Access.OpenAsync(parsed, cancel);
        var brands = parsed.GetValue(Brand) is { } named ? [access.Brand(named)] : access.Brands;
        var page = await new OrderList(access.Database.General).PageAsync(
            new(brands, text, parsed.GetValue(Status), Attention: parsed.GetValue(Attention), Shadow: parsed.GetValue(Shadow), Size: Math.Clamp(parsed.GetValue(Limit), 1, 1000)), cancel);
        if (parsed.GetValue(Json))
        {
            foreach (var row in page.Rows)
                Console.WriteLine(JsonSerializer.Serialize(row, JsonSerializerOptions.Web));
            return ExitCode.Ok;
        }
        var table = new Table().Border(TableBorder.Rounded).AddColumns([.. Columns.Select(c => new TableColumn(c).NoWrap())]);
        foreach (var row in page.Rows)
            table.AddRow(
                new Text(string.Create(CultureInfo.InvariantCulture, $"{row.PlacedAt:yyyy-MM-dd HH:mm}")), new Text(row.Brand), new Text(row.Number), new Text(row.Status),
                new Text(string.Create(CultureInfo.InvariantCulture, $"{row.Total:0.00} {row.Currency}")), new Text(row.BuyerName ?? row.Email ?? "–"), new Text(row.Location ?? "–"), new Text(row.Attention ?? ""));
        AnsiConsole.Write(table);
        Console.WriteLine(page.Rows.Count == 0 ? "No orders." : page.Next is null ? $"{Words.Count(page.Rows.Count, "order")}." : $"The newest {page.Rows.Count}; there are more (--limit, --status, or a search).");
        return ExitCode.Ok;
    }

    private static async Task<int> TakeOverAsync(ParseResult parsed, string[] ids, CancellationToken cancel)
    {
        await using var access = await Access.OpenAsync(parsed, cancel);
        var brand = access.Brand(parsed.GetValue(Brand));
        var orders = new OrderList(access.Database.General);
        foreach (var id in ids)
            if (await orders.FindAsync(brand, "order/" + id, cancel) is not { Shadow: true, Ended: false })
                throw new CommandRefusedException($"There is no order with the id '{id}' in {brand} that is in shadow; none was taken over.");
        foreach (var id in ids)
            await access.Desk.SendAsync(new(brand, "order", id), new OrderSignal.TakeOverAsked(Access.Who), Access.Who, cancel);
        Console.WriteLine($"{Words.Count(ids.Length, "order")} taken over: what is planned for them from here on is sent.");
        return ExitCode.Ok;
    }

    private static async Task<int> DecideAsync(ParseResult parsed, string id, Func<string, Signal> signal, string done, CancellationToken cancel)
    {
        await using var access = await Access.OpenAsync(parsed, cancel);
        var brand = access.Brand(parsed.GetValue(Brand));
        var state = await new StreamHistory(access.Database.General).StateAsync(brand, "order/" + id, cancel);
        if (state is null || !((OrderFile)new OrderStream().Load(state.State)).Order.Has(HoldKind.Risk))
            throw new CommandRefusedException($"There is no order with the id '{id}' in {brand} that is held for its risk.");
        await access.Desk.SendAsync(new(brand, "order", id), signal(Access.Who), Access.Who, cancel);
        Console.WriteLine($"{id} is {done}; `orders show {id}` tells what comes of it.");
        return ExitCode.Ok;
    }

    private static async Task<int> ShowAsync(ParseResult parsed, string number, CancellationToken cancel)
    {
        await using var access = await Access.OpenAsync(parsed, cancel);
        var brands = parsed.GetValue(Brand) is { } named ? [access.Brand(named)] : access.Brands;
        var orders = new OrderList(access.Database.General);
        var found = new List<ListedOrder>();
        foreach (var brand in brands)
            if (await orders.FindAsync(brand, "order/" + number, cancel) is { } exact)
                found.Add(exact);
        if (found.Count == 0)
            found.AddRange((await orders.PageAsync(new(brands, number), cancel)).Rows);
        if (found.Count > 1 && found.Where(o => o.Number.TrimStart('#') == number.TrimStart('#')).ToList() is { Count: > 0 } named2)
            found = named2;
        if (found.Count == 1)
        {
            await Timeline.ShowAsync(access.Database, found[0], cancel);
            return ExitCode.Ok;
        }
        throw new CommandRefusedException(found.Count == 0
            ? $"There is no order '{number}' in {string.Join(", ", brands)}."
            : $"{found.Count} orders match '{number}': {string.Join(", ", found.Take(8).Select(o => $"{o.Brand} {o.Number} (id {o.Id})"))}. Name one by its id or with --brand.");
    }
}
