using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Labels;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Shipping;
using Quartermaster.Core.Stock;
using Quartermaster.Dashboard.Shown;
using Quartermaster.Runtime;
using Quartermaster.Runtime.Channels;
using Quartermaster.Runtime.Goods;
using Quartermaster.Runtime.Operations;
using Quartermaster.Runtime.ReadModels;
using Quartermaster.SignIn;

namespace Quartermaster.Dashboard.Actions;

/// <summary>What a person does to one order or one position. Each becomes a signal on the timeline, in their name.</summary>
internal static class OrderActions
{
    public static void MapOrderActions(this IEndpointRouteBuilder routes)
    {
        Map(routes, "hold", "Held. It stops before its next step.", (f, who) => new OrderSignal.HoldAsked(f.Text("reason"), who, null));
        Map(routes, "lift", "The hold is lifted.", (f, who) => new OrderSignal.HoldLiftAsked(Kind(f.Text("kind")), who, f.Maybe("rule")));
        Map(routes, "approve", "Approved. If nothing else holds it, it goes on.", (_, who) => new OrderSignal.HoldLiftAsked(HoldKind.Risk, who));
        Map(routes, "decline", "Declined: it is being cancelled, here and at its channel.", (f, who) => new OrderSignal.DeclineAsked(f.Text("reason"), who));
        Map(routes, "cancel", "Cancellation is under way.", (f, who) => new OrderSignal.CancelAsked(f.Text("reason"), who));
        Map(routes, "address", "The address is corrected.", (f, who) => new OrderSignal.AddressCorrected(Address(f), who));
        Map(routes, "map", "The line is mapped.", (f, who) => new OrderSignal.LineMapped(f.Text("line", 100), f.Text("sku", 100), who));
        routes.MapForm("/do/orders/{brand}/substitute", async (form, services, route) =>
        {
            var (brand, id) = ((string)route["brand"]!, form.Text("id", 200));
            form.Needs(Role.Agent, brand);
            if (await services.GetRequiredService<StreamHistory>().StateAsync(brand, "order/" + id, form.Cancel) is not { } state) throw new BadFormException("There is no such order.");
            var file = (OrderFile)new OrderStream().Load(state.State);
            var wanted = form.Text("choice", 300);
            var (line, sku) = LineChoice.Of(file, services.GetRequiredService<HubPlan>().Brands[brand].Terms).SelectMany(c => c.Skus.Select(s => (Choice: c, Sku: s))).FirstOrDefault(c => c.Choice.Line.LineId + " " + c.Sku == wanted);
            if (line is null) throw new BadFormException("The order does not wait for that line any more, or no rule of the brand lets that be sent for it.");
            if (line.NeedsConsent && form.Maybe("agreed") != "true") throw new BadFormException("The shopper has to agree first.");
            await SendAsync(form, services, brand, id, LineChoice.Send(file, line.Line, sku, form.Reader.Who));
            return $"{sku} is sent instead.";
        });
        // Asking changes nothing and costs calls: somebody has to want it, so it is no page that is merely opened.
        routes.MapForm("/do/carriers/{brand}/prices", async (form, services, route) =>
        {
            var (brand, id) = ((string)route["brand"]!, form.Text("id", 200));
            form.Needs(Role.Agent, brand);
            var order = new StreamId(brand, "order", id);
            if (await services.GetRequiredService<StreamHistory>().StateAsync(brand, order.Key, form.Cancel) is not { } state) throw new BadFormException("There is no such order.");
            var file = (OrderFile)new OrderStream().Load(state.State);
            var about = await services.GetRequiredService<SkuFactsTable>().AboutAsync(brand, ParcelToQuote.SkusOf(file), form.Cancel);
            var parcels = ParcelToQuote.Of(file, new(order, services.GetRequiredService<TimeProvider>().GetUtcNow(), services.GetRequiredService<HubPlan>().Brands[brand].Terms) { Skus = about });
            var prices = await services.GetRequiredService<PriceDesk>().AskAsync(order, state.Version, parcels, form.Cancel);
            return $"{Words.Count(prices.Sum(p => p.Offers.Count), "price")} for {Words.Count(parcels.Count, "parcel")}.";
        });
        Map(routes, "label-again", "The label is being bought again.", (_, who) => new LabelSignal.AgainAsked(who));
        routes.MapForm("/do/orders/{brand}/label-buy", async (form, services, route) =>
        {
            var (brand, connection, service) = ((string)route["brand"]!, form.Text("connection", 100), form.Text("service", 100));
            if (!services.GetRequiredService<HubPlan>().SellsLabels(brand, connection)) throw new BadFormException($"{connection} sells no labels to this brand.");
            await SendAsync(form, services, brand, form.Text("id", 200), new LabelSignal.AgainAsked(form.Reader.Who, (int)form.Number("attempt", 1, int.MaxValue), connection, service));
            return $"The label is being bought: {service} of {connection}.";
        });
        Map(routes, "label-skip", "It goes to the warehouse without our label.", (_, who) => new LabelSignal.SkipAsked(who));
        Map(routes, "parcel", "Noted. Nothing more is waited for of this parcel.", (f, who) => new ShippingSignal.EndTold(f.Text("parcel", 200), End(f.Text("end")), f.Maybe("restock") == "true", f.Text("reason"), who, Damaged: f.Maybe("restock") == "damaged"));
        Map(routes, "credit", "Noted.", (f, who) => new ShippingSignal.CreditDecided(f.Text("parcel", 200), Credit(f.Text("answer")), who));
        Map(routes, "take-over", "Taken over: what is planned for it from here on is sent.", (_, who) => new OrderSignal.TakeOverAsked(who));
        routes.MapForm("/do/orders/take-over", async (form, services, _) =>
        {
            var chosen = form.Several("order") ?? throw new BadFormException("No order was chosen.");
            foreach (var one in chosen)
            {
                var (brand, id) = one.Split('/', 2) is [var b, var i] ? (b, i) : throw new BadFormException($"“{one}” is not an order.");
                await SendAsync(form, services, brand, id, new OrderSignal.TakeOverAsked(form.Reader.Who));
            }
            return $"{Words.Count(chosen.Length, "order is", "orders are")} taken over: what is planned for them from here on is sent.";
        });
        routes.MapForm("/do/orders/lift", async (form, services, _) =>
        {
            form.Needs(Role.Agent);
            var (kind, rule) = (Kind(form.Text("kind")), form.Maybe("rule"));
            var chosen = (form.Several("order") ?? throw new BadFormException("No order was chosen.")).Select(o => o.Split('/', 2) is [var b, var i] && form.Reader.Sees(b) && !i.Contains('\0') ? (b, "order/" + i) : throw new BadFormException($"“{o}” is not an order.")).ToList();
            var lifts = services.GetRequiredService<HoldLifts>();
            var lifted = await lifts.LiftAsync((await lifts.OfAsync(chosen, kind, rule, form.Cancel)).Where(h => h.Rule == rule && form.Reader.May(h.MayLift)), form.Reader.Who, form.Cancel);
            return $"The hold of {Words.Count(lifted, "order")} is lifted.{(lifted < chosen.Count ? $" {chosen.Count - lifted} {(chosen.Count - lifted == 1 ? "is" : "are")} not held like that any more." : "")}";
        });
        routes.MapForm("/do/stock/{brand}/count", async (form, services, route) =>
        {
            var (brand, sku, location) = Position(form, services, route);
            var counted = new StockSignal.Counted(sku, location, (int)form.Number("units", 0, 10_000_000), form.Reader.Who, services.GetRequiredService<TimeProvider>().GetUtcNow());
            await services.GetRequiredService<Desk>().SendAsync(new(brand, "stock", sku), counted, form.Reader.Who, form.Cancel);
            return $"The count of {sku} at {location} is taken in.";
        });
        routes.MapForm("/do/stock/{brand}/safety", async (form, services, route) =>
        {
            var (brand, sku, location) = Position(form, services, route);
            await services.GetRequiredService<Desk>().SendAsync(new(brand, "stock", sku), new StockSignal.SafetyAsked(sku, location, (int)form.Number("units", 0, 10_000_000), form.Reader.Who), form.Reader.Who, form.Cancel);
            return $"What is kept back of {sku} at {location} is noted.";
        });
        routes.MapForm("/do/stock/{brand}/damaged", async (form, services, route) =>
        {
            var (brand, sku, location) = Position(form, services, route);
            var what = Enum.TryParse<Damage>(form.Text("what"), out var named) && Enum.IsDefined(named) ? named : throw new BadFormException("What became of them is Found, Came, Repaired or Discarded.");
            var units = (int)form.Number("units", 1, 10_000_000);
            if (await services.GetRequiredService<StockReads>().WhyNotAsync(brand, sku, location, what, units, form.Cancel) is { } why) throw new BadFormException(why);
            await services.GetRequiredService<Desk>().SendAsync(new(brand, "stock", sku), new StockSignal.DamageTold(sku, location, units, what, form.Text("reason"), form.Reader.Who, form.Text("intent", 64)), form.Reader.Who, form.Cancel);
            return $"What became of {Words.Count(units, "unit")} of {sku} at {location} is noted.";
        });
        routes.MapForm("/do/stock/{brand}/sold-out", async (form, services, route) =>
        {
            var brand = (string)route["brand"]!;
            form.Needs(Role.Lead, brand);
            var sku = form.Text("sku", 100);
            await services.GetRequiredService<SoldOutDesk>().SaveAsync(brand, sku, new(form.Maybe("keep_shown") == "true", form.Maybe("preorder") == "true" ? new(form.Day("preorder_by"), form.Maybe("preorder_most") is null ? null : (int)form.Number("preorder_most", 1, 10_000_000)) : null), form.Reader.Who, form.Cancel);
            return $"What is done when {sku} has sold out is noted.";
        });
        routes.MapForm("/do/stock/{brand}/facts", async (form, services, route) =>
        {
            var (brand, sku) = ((string)route["brand"]!, form.Text("sku", 100));
            form.Needs(Role.Lead, brand);
            try { await services.GetRequiredService<SkuFactsTable>().SaveAsync(brand, [(sku, SkuFields.Read(field => form.Maybe(field)))], form.Reader.Who, FactsFrom.Form, services.GetRequiredService<TimeProvider>().GetUtcNow(), form.Cancel); }
            catch (ArgumentException e) { throw new BadFormException(e.Message); }
            return $"What {sku} weighs and measures is noted.";
        });
        routes.MapForm("/do/stock/{brand}/adjust", async (form, services, route) =>
        {
            var (brand, sku, location) = Position(form, services, route);
            var adjusted = new StockSignal.Adjusted(sku, location, (int)form.Number("by", -10_000_000, 10_000_000), form.Text("reason"), form.Reader.Who, form.Text("intent", 64));
            await services.GetRequiredService<Desk>().SendAsync(new(brand, "stock", sku), adjusted, form.Reader.Who, form.Cancel);
            return $"The adjustment of {sku} at {location} is taken in.";
        });
    }

    private static void Map(IEndpointRouteBuilder routes, string action, string done, Func<Form, string, Signal> signal) =>
        routes.MapForm($"/do/orders/{{brand}}/{action}", async (form, services, route) =>
        {
            await SendAsync(form, services, (string)route["brand"]!, form.Text("id", 200), signal(form, form.Reader.Who));
            return done;
        });

    private static async Task SendAsync(Form form, IServiceProvider services, string brand, string id, Signal signal)
    {
        form.Needs(Role.Agent, brand);
        var order = new StreamId(brand, "order", id);
        // A signal to an order that does not exist would make a stream of nothing but this click.
        if (await services.GetRequiredService<OrderList>().FindAsync(brand, order.Key, form.Cancel) is null) throw new BadFormException("There is no such order.");
        var (asked, needed, whyNot) = await OrderPowers.JudgeAsync(signal, order, services.GetRequiredService<HubPlan>().Brands[brand].Terms, services.GetRequiredService<StreamHistory>(), form.Cancel);
        if (whyNot is not null) throw new BadFormException(whyNot);
        form.Needs(needed);
        await services.GetRequiredService<Desk>().SendAsync(order, asked, form.Reader.Who, form.Cancel);
    }

    private static (string Brand, string Sku, string Location) Position(Form form, IServiceProvider services, RouteValueDictionary route)
    {
        var brand = (string)route["brand"]!;
        form.Needs(Role.Lead, brand);
        var location = form.Text("location", 100);
        if (!services.GetRequiredService<HubPlan>().Brands[brand].Terms.Locations.Any(l => l.Code == location)) throw new BadFormException($"“{location}” is not a location of this brand.");
        return (brand, form.Text("sku", 100), location);
    }

    private static HoldKind Kind(string text) =>
        Enum.TryParse<HoldKind>(text, out var kind) && Enum.IsDefined(kind) ? kind : throw new BadFormException($"“{text}” is not a kind of hold.");

    private static CreditAnswer Credit(string text) =>
        Enum.TryParse<CreditAnswer>(text, out var answer) && Enum.IsDefined(answer) ? answer : throw new BadFormException($"“{text}” is none of approved, given and not given.");

    private static ParcelEnd End(string text) =>
        Enum.TryParse<ParcelEnd>(text, out var end) && Enum.IsDefined(end) ? end : throw new BadFormException($"“{text}” is none of arrived, lost and came back.");

    private static Address Address(Form form)
    {
        var country = form.Text("country").ToUpperInvariant();
        if (country.Length != 2 || !country.All(char.IsAsciiLetterUpper)) throw new BadFormException("The country is two letters, such as DE or IN.");
        return new(form.Maybe("name"), form.Maybe("company"), form.Text("line1"), form.Maybe("line2"), form.Text("city"), form.Maybe("province"), form.Maybe("postalCode"), country, form.Maybe("phone"));
    }
}
