using System.Globalization;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Purchasing;
using Quartermaster.Dashboard.Shown;
using Quartermaster.Runtime;
using Quartermaster.Runtime.Purchasing;
using Quartermaster.SignIn;

namespace Quartermaster.Dashboard.Actions;

/// <summary>What a person does about buying. What concerns a purchase order becomes a signal on its timeline, in their name.</summary>
internal static class PurchaseActions
{
    public static void MapPurchaseActions(this IEndpointRouteBuilder routes)
    {
        Map(routes, "approve", Role.Lead, "Approved: its units are on their way.", (f, times, brand) => new PurchaseSignal.ApproveAsked(f.Maybe("day") is null ? null : Day(f, times, brand), f.Reader.Who));
        Map(routes, "reject", Role.Lead, "Rejected; its SKUs are left alone until the next review.", (f, _, _) => new PurchaseSignal.RejectAsked(f.Text("reason"), f.Reader.Who));
        Map(routes, "date", Role.Lead, "The day is set.", (f, times, brand) => new PurchaseSignal.DateSet(Day(f, times, brand), f.Reader.Who));
        Map(routes, "close", Role.Lead, "Closed short: nothing more of it is waited for.", (f, _, _) => new PurchaseSignal.CloseAsked(f.Text("reason"), f.Reader.Who));
        Map(routes, "quantities", Role.Lead, "The quantities are changed.", (f, _, _) => new PurchaseSignal.QuantitiesSet([.. f.Rows("sku", "units").Select(r => new LineQuantity(r[0], Units(r[1])))], f.Reader.Who));
        Map(routes, "receive", Role.Agent, "The receipt is booked.", Receipt);
        routes.MapForm("/do/purchasing/{brand}/propose", async (form, services, route) =>
        {
            var brand = Brand(form, services, route["brand"]);
            var location = form.Text("location", 100);
            if (!services.GetRequiredService<HubPlan>().Brands[brand].Terms.Locations.Any(l => l.Code == location)) throw new BadFormException($"“{location}” is not a location of this brand.");
            var number = await services.GetRequiredService<PurchaseDesk>().ProposeAsync(brand, form.Text("sku", 100), location, (int)form.Number("units", 1, Reorder.Most), form.Reader.Who, form.Cancel);
            return $"It is on the draft {number}.";
        });
        routes.MapForm("/do/purchasing/{brand}/terms", async (form, services, route) =>
        {
            var brand = Brand(form, services, route["brand"]);
            var sku = form.Text("sku", 100);
            await services.GetRequiredService<PurchaseDesk>().SaveAsync(brand, [(sku, PurchaseFields.Terms(key => form.Maybe(key)))], form.Reader.Who, form.Cancel);
            return $"{sku} is bought so from now on.";
        });
        routes.MapForm("/do/purchasing/supplier", async (form, services, _) =>
        {
            var brand = Brand(form, services, form.Text("brand"));
            var supplier = PurchaseFields.Supplier(key => form.Maybe(key), services.GetRequiredService<HubPlan>().Brands[brand].Terms.Currency);
            await services.GetRequiredService<PurchaseDesk>().SaveAsync(brand, [supplier], form.Reader.Who, form.Cancel);
            return $"{supplier.Title} is saved.";
        });
    }

    private static void Map(IEndpointRouteBuilder routes, string action, Role role, string done, Func<Form, TimeText, string, PurchaseSignal> signal) =>
        routes.MapForm($"/do/purchasing/{{brand}}/{{number}}/{action}", async (form, services, route) =>
        {
            var (brand, number) = ((string)route["brand"]!, (string)route["number"]!);
            form.Needs(role, brand);
            await services.GetRequiredService<PurchaseDesk>().SendAsync(brand, number, signal(form, services.GetRequiredService<TimeText>(), brand), form.Reader.Who, form.Cancel);
            return done;
        });

    private static string Brand(Form form, IServiceProvider services, object? named)
    {
        var brand = (string)named!;
        form.Needs(Role.Lead, brand);
        return services.GetRequiredService<HubPlan>().Brands.ContainsKey(brand) ? brand : throw new BadFormException("There is no such brand among yours.");
    }

    private static PurchaseSignal.GoodsReceived Receipt(Form form, TimeText times, string brand)
    {
        var lines = form.Rows("sku", "units", "damaged").Select(r => new ReceivedLine(r[0], Units(r[1]), Units(r[2]))).Where(l => l.Units + l.Damaged > 0).ToList();
        if (lines.Count == 0) throw new BadFormException("Nothing was received: every number is 0.");
        // A delivery note is a receipt's own name: booked from two desks it still counts once.
        var id = form.Maybe("note", 60) is { } note ? "note-" + note : form.Text("intent", 64);
        return new(id, lines, CameAt(form.Maybe("at"), times, brand), form.Reader.Who);
    }

    private static DateTimeOffset CameAt(string? text, TimeText times, string brand)
    {
        if (text is null) return times.Now;
        var (at, complaint) = times.Typed(text, brand);
        if (complaint is not null) throw new BadFormException(complaint);
        return at <= times.Now ? at : throw new BadFormException("Goods cannot have come later than now.");
    }

    private static DateTimeOffset Day(Form form, TimeText times, string brand) =>
        DateOnly.TryParseExact(form.Text("day"), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day > times.Today(brand) && day.Year < 2200
            ? times.StartOf(day, brand)
            : throw new BadFormException("The day is one after today, such as 2026-12-24.");

    private static int Units(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var units) && units <= Reorder.Most ? units : throw new BadFormException($"“{text}” is not a whole number from 0 to {Reorder.Most}.");
}
