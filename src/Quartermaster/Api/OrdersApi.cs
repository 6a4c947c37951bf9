using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Labels;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Shipping;
using Quartermaster.Dashboard.Shopper;
using Quartermaster.Dashboard.Shown;
using Quartermaster.Runtime;
using Quartermaster.Runtime.Operations;
using Quartermaster.Runtime.ReadModels;
using Quartermaster.SignIn;

namespace Quartermaster.Api;

/// <summary>One order as programs see it.</summary>
/// <remarks>Lines, address, holds and payment are told of one order that is asked for, not in lists.</remarks>
public sealed record ApiOrder(
    string Brand, string Id, string Number, string Status, string Channel, string Currency, decimal Total, DateTimeOffset PlacedAt, string? Buyer, string? Email, string? Phone,
    string? Country, string? Location, int Units, string? Attention, bool Ended, DateTimeOffset UpdatedAt, bool Shadow)
{
    public IReadOnlyList<ApiLine>? Lines { get; init; }

    /// <summary>Where it goes: a person's correction before the channel's address.</summary>
    public Address? ShipTo { get; init; }

    /// <summary>How the shopper wants it sent; null when the channel does not say.</summary>
    public ShippingMethod? ShippingMethod { get; init; }

    public IReadOnlyList<ApiHold>? Holds { get; init; }

    public Payment? Payment { get; init; }

    /// <summary>Null when its brand scores no orders.</summary>
    public ApiRisk? Risk { get; init; }

    internal static ApiOrder Of(ListedOrder listed, Order order) => Of(listed) with
    {
        Lines = [.. (order.Facts?.Lines ?? []).Select(l => new ApiLine(l.LineId, order.SkuOf(l), l.Title, order.Promised(l), l.UnitPrice, l.RequiresShipping))],
        ShipTo = order.ShipTo,
        ShippingMethod = order.Facts?.ShippingMethod,
        Holds = [.. (order.Holds ?? []).Select(h => new ApiHold(h.Kind, h.Reason, h.LapsesAt, h.Rule))],
        Payment = order.Facts?.Payment,
        Risk = order.Risk is { } risk ? new(risk.Score, risk.Reasons, order.StorefrontRisk, order.Question?.State) : null,
    };

    internal static ApiOrder Of(ListedOrder o) => new(o.Brand, o.Id, o.Number, o.Status, o.Channel, o.Currency, o.Total, o.PlacedAt, o.BuyerName, o.Email, o.Phone, o.Country, o.Location, o.Units, o.Attention, o.Ended, o.UpdatedAt, o.Shadow);
}

/// <param name="Quantity">Units the shopper is still promised, those that left included.</param>
public sealed record ApiLine(string LineId, string Sku, string Title, int Quantity, decimal UnitPrice, bool RequiresShipping);

/// <param name="Kind">What <c>POST …/lift</c> takes.</param>
/// <param name="Rule">The rule that asks for it, likewise.</param>
public sealed record ApiHold(HoldKind Kind, string Reason, DateTimeOffset? LapsesAt, string? Rule = null);

/// <summary>One signal, what was concluded from it, and the effects it planned.</summary>
public sealed record ApiStep(long Seq, DateTimeOffset? ArrivedAt, string? Kind, string? Source, DateTimeOffset DecidedAt, string? Note, JsonElement? Events, IReadOnlyList<ApiEffect> Effects)
{
    internal static ApiStep[] Of(IReadOnlyList<TimelineStep> steps, IReadOnlyList<EffectRow> planned, Reader reader)
    {
        var effects = planned.ToDictionary(e => e.Id);
        return [.. steps.Select(s => new ApiStep(s.Seq, s.ArrivedAt, s.Kind, s.Source, s.DecidedAt, s.Note, s.Events is { Length: > 0 } e ? JsonSerializer.Deserialize<JsonElement>(e) : null,
            [.. s.Effects.Select(x => effects.GetValueOrDefault(x)).OfType<EffectRow>().Select(effect => ApiEffect.Of(effect, reader))]))];
    }
}

public sealed record ApiEffect(
    long Id, string Brand, string Stream, string Connection, string Kind, string Key, string State, string? Why, string? RemoteId, int Attempts, DateTimeOffset PlannedAt, string? Request, string? Answer)
{
    internal static ApiEffect Of(EffectRow e, Reader reader) => new(e.Id, e.Brand, e.Stream, e.Lane, e.Kind, e.Key, e.State, e.Why, e.RemoteId, e.Attempts, e.PlannedAt, reader.Shown(e.Request), reader.Shown(e.Answer));
}

public sealed record AskHold(string Reason, DateTimeOffset? LapsesAt = null);

/// <param name="Rule">The rule whose hold is meant; without it, the one that holds the order now.</param>
public sealed record AskLift(HoldKind Kind, string? Rule = null);

public sealed record AskCancel(string Reason);

/// <param name="Reason">Why; needed to decline.</param>
public sealed record AskRisk(bool Approve, string? Reason = null);

/// <summary>How risky the order is, and why.</summary>
/// <param name="Asked">How far the question to its shopper is; null when none is asked.</param>
public sealed record ApiRisk(int Score, IReadOnlyList<RiskReason> Reasons, StorefrontRisk? Storefront, Confirmation? Asked);

/// <summary>Which orders a list has; declared for the API's document.</summary>
internal sealed record AskOrders(
    [FromQuery(Name = "q")] string? Text, [FromQuery(Name = "brand")] string? Brand, [FromQuery(Name = "status")] string? Status, [FromQuery(Name = "channel")] string? Channel,
    [FromQuery(Name = "from")] string? From, [FromQuery(Name = "until")] string? Until, [FromQuery(Name = "attention")] bool? Attention, [FromQuery(Name = "open")] bool? Open,
    [FromQuery(Name = "shadow")] bool? Shadow, [FromQuery(Name = "after")] string? After, [FromQuery(Name = "limit")] int? Limit);

/// <summary>Of which held orders to lift a hold; what is not said narrows nothing.</summary>
/// <param name="Rule">The rule whose hold is meant; without it, all holds of the kind.</param>
/// <param name="Preview">Only say what would happen.</param>
public sealed record AskLifts(HoldKind Kind, string? Rule = null, string? Brand = null, string? Channel = null, bool Preview = true);

/// <param name="Holds">What is lifted, or would be.</param>
/// <param name="NotYours">Holds of that kind that take a higher role; they stay.</param>
/// <param name="More">More orders are held than are looked at in one turn; these are the newest.</param>
public sealed record ApiLifts(bool Preview, IReadOnlyList<HeldOrder> Holds, int NotYours, bool More);

/// <param name="Yes">Says that nobody else finishes the order.</param>
public sealed record AskTakeOver(bool Yes);

/// <param name="Again">True: buy it once more. False: whoever packs it sees to a label.</param>
/// <param name="Connection">Where it is bought, with the service that was picked there; without both, as usual.</param>
/// <param name="Service">As <c>quartermaster rates</c> names it.</param>
/// <param name="Attempt">The hand-off that is meant; without it, the first whose label was refused.</param>
public sealed record AskLabel(bool Again, string? Connection = null, string? Service = null, int? Attempt = null);

/// <param name="Restock">Its units are on the shelf of their location again; only for one that came back.</param>
/// <param name="Damaged">They are there and cannot be sold; likewise.</param>
public sealed record AskParcelEnd(string ParcelId, ParcelEnd End, string Reason, bool Restock = false, bool Damaged = false);

/// <param name="Answer">Approved: above the order's limit, it takes a lead. Issue: the hub gives it at the channel. Given: at the channel, by whoever asks. NotGiven: the room that it took of the month is free again.</param>
public sealed record AskCredit(string ParcelId, CreditAnswer Answer);

public sealed record AskMap(string LineId, string Sku);

/// <param name="Country">ISO 3166, two letters.</param>
public sealed record AskAddress(
    string Line1, string City, string Country, string? Name = null, string? Company = null, string? Line2 = null, string? Province = null, string? PostalCode = null, string? Phone = null)
{
    internal Address Address => new(Name, Company, Line1, Line2, City, Province, PostalCode, Country ?? "", Phone);
}

/// <param name="Link">The shopper's own page of the order, signed; null where shoppers cannot reach this hub.</param>
public sealed record ApiAnswer(string Text, string? Link);

internal static class OrdersApi
{
    private static readonly OrderStream Stream = new();

    public static void MapOrders(this IEndpointRouteBuilder api)
    {
        var orders = api.MapGroup("/orders").WithTags("Orders");
        orders.MapGet("", ListAsync).Needs(Role.Viewer).WithSummary("List or search orders, newest first")
            .WithDescription($"q: number, e-mail, phone, SKU or tracking number, whole or its beginning. status: {string.Join(", ", OrderRow.Statuses)}. from, until: days such as 2026-11-21. limit: 1 to 200 (50).").Produces<ApiPage<ApiOrder>>().ProducesProblem(400);
        orders.MapGet("/{brand}/{id}", async (string brand, string id, OrderList list, StreamHistory history, Reader reader, CancellationToken cancel) =>
        {
            if (await FindAsync(brand, id, list, reader, cancel) is not { } listed || await history.StateAsync(brand, listed.Stream, cancel) is not { } state) return Refusals.NotFound("order");
            return Results.Ok(ApiOrder.Of(listed, ((OrderFile)Stream.Load(state.State)).Order));
        }).Needs(Role.Viewer).WithSummary("One order with its lines, address, holds and payment").Produces<ApiOrder>().ProducesProblem(404);
        orders.MapGet("/{brand}/{id}/timeline", TimelineAsync).Needs(Role.Viewer).WithSummary("Everything one order went through, newest first").Produces<ApiPage<ApiStep>>().ProducesProblem(404);
        orders.MapGet("/{brand}/{id}/answer", async (string brand, string id, OrderList list, ShopperOrders shoppers, Reader reader, CancellationToken cancel) =>
            await FindAsync(brand, id, list, reader, cancel) is { } listed && await shoppers.AnswerAsync(new(brand, "order", listed.Id), cancel) is { } written ? Results.Ok(new ApiAnswer(written.Answer, written.Link)) : Refusals.NotFound("order"))
            .Needs(Role.Agent).WithSummary("What to answer a shopper who asks where the order is, in the shopper's language").Produces<ApiAnswer>().ProducesProblem(404);
        orders.MapPost("/lift", async ([FromBody] AskLifts asked, HoldLifts lifts, Reader reader, CancellationToken cancel) =>
        {
            if (!Enum.IsDefined(asked.Kind) || asked.Kind is HoldKind.Risk) return Refusals.Bad("The kind of hold is not known, or each order is judged by itself.");
            if (asked.Rule?.Contains('\0') == true || asked.Channel?.Contains('\0') == true) return Refusals.Bad("A rule or channel has no such character.");
            var found = await lifts.FindAsync(new(reader.Narrow(asked.Brand), Channel: asked.Channel), asked.Kind, asked.Rule, cancel);
            var mine = found.Holds.Where(h => reader.May(h.MayLift)).ToList();
            if (!asked.Preview) await lifts.LiftAsync(mine, reader.Who, cancel);
            return Results.Ok(new ApiLifts(asked.Preview, mine, found.Holds.Count - mine.Count, found.More));
        }).Needs(Role.Agent).WithSummary("Lift a kind of hold of many orders; a preview unless preview is false").WithDescription($"The newest {HoldLifts.Most} held orders are looked at. Risks are approved one by one.").Produces<ApiLifts>().ProducesProblem(400);
        Map<AskHold>(orders, "hold", "Hold an order", (a, who) => Filled(a.Reason) ? new OrderSignal.HoldAsked(a.Reason, who, a.LapsesAt) : null, "A reason is needed, of at most 300 characters.");
        Map<AskLift>(orders, "lift", "Lift a hold", (a, who) => Enum.IsDefined(a.Kind) ? new OrderSignal.HoldLiftAsked(a.Kind, who, a.Rule) : null, "The kind of hold is not known.");
        Map<AskRisk>(orders, "risk", "Approve or decline an order that is held for its risk", (a, who) => a.Approve ? new OrderSignal.HoldLiftAsked(HoldKind.Risk, who) : Filled(a.Reason) ? new OrderSignal.DeclineAsked(a.Reason!, who) : null, "Say approve: true, or approve: false with a reason of at most 300 characters.");
        Map<AskCancel>(orders, "cancel", "Cancel an order", (a, who) => Filled(a.Reason) ? new OrderSignal.CancelAsked(a.Reason, who) : null, "A reason is needed, of at most 300 characters.");
        Map<AskMap>(orders, "map", "Say which SKU a line means", (a, who) => Filled(a.LineId) && Filled(a.Sku) ? new OrderSignal.LineMapped(a.LineId, a.Sku, who) : null, "A line and a SKU are needed.");
        Map<AskLabel>(orders, "label", "Buy a refused label again, or hand the order over without one", (a, who) => !a.Again ? new LabelSignal.SkipAsked(who) : (a.Connection is null) == (a.Service is null) && (a.Service is null || Filled(a.Service)) ? new LabelSignal.AgainAsked(who, a.Attempt, a.Connection, a.Service) : null,
            "Say again: true or false; to buy another service, name it with its connection.", (a, plan, brand) => a.Connection is null || plan.SellsLabels(brand, a.Connection) ? null : $"{a.Connection} sells no labels to {brand}.");
        Map<AskTakeOver>(orders, "take-over", "Let the hub finish an order that is in shadow", (a, who) => a.Yes ? new OrderSignal.TakeOverAsked(who) : null, "Say yes: true, once nobody else finishes this order.");
        Map<AskParcelEnd>(orders, "parcel", "Say what became of a parcel that no scan tells of any more", (a, who) => Filled(a.ParcelId) && Filled(a.Reason) && Enum.IsDefined(a.End) ? new ShippingSignal.EndTold(a.ParcelId, a.End, a.Restock, a.Reason, who, a.Damaged) : null, "A parcel, what became of it (Arrived, Lost or CameBack) and a reason are needed.");
        Map<AskCredit>(orders, "credit", "Say what becomes of the store credit for a late parcel", (a, who) => Filled(a.ParcelId) && Enum.IsDefined(a.Answer) ? new ShippingSignal.CreditDecided(a.ParcelId, a.Answer, who) : null, "A parcel and an answer (Approved, Issue, Given or NotGiven) are needed.");
        Map<AskAddress>(orders, "address", "Correct the address", (a, who) => a.Address is { IsDeliverable: true } address ? new OrderSignal.AddressCorrected(address, who) : null, "A street (line1), a city and a country of two letters are needed.");
    }

    private static void Map<T>(IEndpointRouteBuilder orders, string action, string summary, Func<T, string, Signal?> signal, string complaint, Func<T, HubPlan, string, string?>? check = null) =>
        orders.MapPost($"/{{brand}}/{{id}}/{action}", async (string brand, string id, [FromBody] T asked, OrderList list, StreamHistory history, Desk desk, HubPlan plan, Reader reader, CancellationToken cancel) =>
        {
            if (await FindAsync(brand, id, list, reader, cancel) is null) return Refusals.NotFound("order");
            if (check?.Invoke(asked, plan, brand) is { } wrong) return Refusals.Bad(wrong);
            if (signal(asked, reader.Who) is not { } sent) return Refusals.Bad(complaint);
            var order = new StreamId(brand, "order", id);
            var (judged, needed, whyNot) = await OrderPowers.JudgeAsync(sent, order, plan.Brands[brand].Terms, history, cancel);
            if (whyNot is not null) return Refusals.Bad(whyNot);
            return reader.May(needed)
                ? Results.Accepted(null, new Accepted(await desk.SendAsync(order, judged, reader.Who, cancel), "It is taken in; the timeline shows what comes of it."))
                : Refusals.Forbidden($"This takes the role {needed.Text()}; the key has {reader.Role.Text()}.");
        }).Needs(Role.Agent).WithSummary(summary).Produces<Accepted>(202).ProducesProblem(400).ProducesProblem(403).ProducesProblem(404);

    private static async Task<IResult> ListAsync([AsParameters] AskOrders asked, HttpContext context, OrderList list, Reader reader, TimeText times, CancellationToken cancel)
    {
        if (asked.Limit is < 1 or > 200) return Refusals.Bad("limit is a number from 1 to 200.");
        // The words of the address are the dashboard's: a filtered page's address is the API's too.
        var (query, complaint) = OrderLinks.Query(context.Request.Query, reader, times, asked.Limit ?? 50);
        if (complaint is not null) return Refusals.Bad(complaint);
        var page = await list.PageAsync(query, cancel);
        return Results.Ok(new ApiPage<ApiOrder>([.. page.Rows.Select(ApiOrder.Of)], page.Next?.ToString()));
    }

    private static async Task<IResult> TimelineAsync(string brand, string id, long? after, OrderList list, StreamHistory history, Reader reader, CancellationToken cancel)
    {
        if (await FindAsync(brand, id, list, reader, cancel) is not { } order) return Refusals.NotFound("order");
        var steps = await history.StepsAsync(brand, order.Stream, after, cancel);
        var items = ApiStep.Of(steps, await history.EffectsAsync([.. steps.SelectMany(s => s.Effects)], cancel), reader);
        return Results.Ok(new ApiPage<ApiStep>(items, steps.Count == StreamHistory.Steps ? steps[^1].Seq.ToString(System.Globalization.CultureInfo.InvariantCulture) : null));
    }

    private static async Task<ListedOrder?> FindAsync(string brand, string id, OrderList list, Reader reader, CancellationToken cancel) =>
        reader.Sees(brand) && !id.Contains('\0') ? await list.FindAsync(brand, "order/" + id, cancel) : null;

    private static bool Filled(string? text) => text is { Length: > 0 and <= 300 } && !text.Contains('\0') && !string.IsNullOrWhiteSpace(text);
}
