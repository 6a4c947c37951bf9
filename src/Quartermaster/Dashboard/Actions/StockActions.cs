using Quartermaster.Dashboard.Shown;
using Quartermaster.Runtime;
using Quartermaster.Runtime.Channels;
using Quartermaster.Runtime.Stock;
using Quartermaster.SignIn;

namespace Quartermaster.Dashboard.Actions;

/// <summary>What a person says of counts that were not believed, and of numbers that were changed at a channel.</summary>
internal static class StockActions
{
    public static void MapStockActions(this IEndpointRouteBuilder routes)
    {
        routes.MapForm("/do/counts/{brand}/take", async (form, services, route) =>
        {
            var (brand, location, sku) = Shelf(form, route);
            var taken = await services.GetRequiredService<CountDesk>().TakeAsync(brand, location, sku, form.Reader.Who, form.Cancel);
            return taken == 0 ? "!No count of it waits any more." : $"{Words.Count(taken, "count")} of {location} taken in under your name.";
        });
        routes.MapForm("/do/counts/{brand}/leave", async (form, services, route) =>
        {
            var (brand, location, sku) = Shelf(form, route);
            var left = await services.GetRequiredService<CountDesk>().LeaveAsync(brand, location, sku, form.Reader.Who, form.Cancel);
            return left == 0 ? "!No count of it waits any more." : $"What was there stays: {Words.Count(left, "count")} of {location} put away. Have it counted again.";
        });
        routes.MapForm("/do/drift/{connection}/overwrite", async (form, services, route) =>
        {
            var plan = services.GetRequiredService<HubPlan>().Connections.GetValueOrDefault((string)route["connection"]!);
            form.Needs(Role.Lead, plan?.Brand ?? "");
            var count = await services.GetRequiredService<DriftDesk>().OverwriteAsync(plan!, form.Maybe("sku", 100), form.Reader.Who, form.Cancel);
            return count == 0 ? "!Nothing of it is asked about any more." : $"{Words.Count(count, "number is", "numbers are")} overwritten with ours.";
        });
    }

    private static (string Brand, string Location, string? Sku) Shelf(Form form, RouteValueDictionary route)
    {
        var brand = (string)route["brand"]!;
        form.Needs(Role.Lead, brand);
        return (brand, form.Text("location", 20), form.Maybe("sku", 100));
    }
}
