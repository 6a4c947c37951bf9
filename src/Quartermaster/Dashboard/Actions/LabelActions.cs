using Quartermaster.Dashboard.Shown;
using Quartermaster.Runtime.Dispatching;
using Quartermaster.SignIn;

namespace Quartermaster.Dashboard.Actions;

/// <summary>What a person does at the end of a day.</summary>
internal static class LabelActions
{
    public static void MapLabelActions(this IEndpointRouteBuilder routes) => routes.MapForm("/do/labels/{brand}/close", async (form, services, route) =>
    {
        var brand = (string)route["brand"]!;
        form.Needs(Role.Agent, brand);
        var lists = await services.GetRequiredService<DispatchDesk>().CloseAsync(brand, form.Text("location", 100), form.Maybe("connection"), form.Reader.Who, again: form.Maybe("again") is not null, form.Cancel);
        return $"{(lists.Count == 1 ? "The list" : $"{Words.Count(lists.Count, "list")}:")} {string.Join(", ", lists)} goes to the carrier.";
    });
}
