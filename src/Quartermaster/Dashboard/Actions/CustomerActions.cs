using System.Globalization;
using System.Text.Json;
using Quartermaster.Core.Customers;
using Quartermaster.Core.Kernel;
using Quartermaster.Runtime;
using Quartermaster.Runtime.Operations;
using Quartermaster.Runtime.ReadModels;
using Quartermaster.SignIn;

namespace Quartermaster.Dashboard.Actions;

/// <summary>What a person does about a customer. Each action stands in the audit log.</summary>
internal static class CustomerActions
{
    public static void MapCustomerActions(this IEndpointRouteBuilder routes)
    {
        routes.MapForm("/do/customers/{realm}/{id:long}/note", async (form, services, route) =>
        {
            var (realm, id) = await CustomerAsync(form, services, route, Role.Agent);
            await Desk(services).NoteAsync(realm, id, form.Maybe("note", 2000), form.Reader.Who, form.Cancel);
            return "Kept.";
        });
        routes.MapForm("/do/customers/{realm}/{id:long}/prefer", async (form, services, route) =>
        {
            var (realm, id) = await CustomerAsync(form, services, route, Role.Agent);
            var brand = form.Text("brand", 100);
            form.Needs(Role.Agent, brand);
            if (services.GetRequiredService<HubPlan>().RealmOf(brand) != realm) throw new BadFormException("The customer is not that brand's.");
            var customer = (await services.GetRequiredService<CustomerReads>().OfAsync(form.Reader.Brands, realm, id, form.Cancel))!;
            var channel = form.Text("channel", 20);
            await Desk(services).PreferAsync(brand, customer.Points(), channel == "any" ? null : channel, form.Text("reason"), form.Reader.Who, form.Cancel);
            return channel == "any" ? "Noted: they do not mind." : $"Noted: by {Shown.Words.Channel(channel)} first, where it reaches them.";
        });
        Word(routes, "suppress", (desk, brand, channel, address, form) => desk.SuppressAsync(brand, channel, address, form.Text("what") == "all" ? Extent.All : Extent.Marketing, form.Text("reason"), form.Reader.Who, form.Cancel), "They are not written to there.");
        Word(routes, "lift", (desk, brand, channel, address, form) => desk.LiftAsync(brand, channel, address, form.Text("reason"), form.Reader.Who, form.Cancel), "Set aside. What they said themselves stands.");
        Word(routes, "consent", (desk, brand, channel, address, form) => desk.ConsentAsync(brand, channel, address, form.Text("reason"), form.Reader.Who, form.Cancel), "Kept as their word.");
        Pair(routes, "merge", (desk, realm, id, form) => desk.MergeAsync(realm, id, form.Number("other", 1, long.MaxValue), form.Reader.Who, form.Cancel), "They are one customer now. It can be undone.");
        Pair(routes, "unmerge", (desk, realm, id, form) => desk.UndoMergeAsync(realm, id, form.Reader.Who, form.Cancel), "They are two customers again.");
        Pair(routes, "apart", (desk, realm, _, form) => desk.KeepApartAsync(realm, form.Number("person", 1, long.MaxValue), form.Number("other", 1, long.MaxValue), form.Reader.Who, form.Cancel), "They stay two; nobody is asked again.");
        routes.MapForm("/do/customers/{realm}/{id:long}/tell", async (form, services, route) =>
        {
            var (realm, id) = await CustomerAsync(form, services, route, Role.Agent);
            await Desk(services).TellAgainAsync(realm, id, form.Reader.Who, form.Cancel);
            return "Told again within seconds.";
        });
        routes.MapForm("/do/customers/{realm}/{id:long}/erase", async (form, services, route) =>
        {
            var (realm, id) = await CustomerAsync(form, services, route, Role.Lead);
            await Desk(services).AskErasureAsync(realm, id, form.Text("reason"), form.Reader.Who, form.Cancel);
            return "Asked for. It is done as soon as nothing of theirs is under way; Erasures shows what came of it.";
        });
        routes.MapForm("/do/erasures/ask", async (form, services, _) =>
        {
            form.Needs(Role.Lead);
            var (realm, plan) = (form.Text("realm", 100), services.GetRequiredService<HubPlan>());
            if (plan.Brands.Keys.Where(b => plan.RealmOf(b) == realm).ToList() is not { Count: > 0 } brands || !brands.All(form.Reader.Sees)) throw new BadFormException("There is no such brand among yours.");
            await Desk(services).AskErasureOfAddressAsync(realm, form.Text("address", 200), form.Text("reason"), form.Reader.Who, form.Cancel);
            return "Asked for. It is done as soon as nothing of theirs is under way; this page shows what came of it.";
        });
        routes.MapForm("/do/erasures/{realm}/{id:long}/withdraw", async (form, services, route) =>
        {
            form.Needs(Role.Lead);
            var (realm, id) = ((string)route["realm"]!, long.Parse((string)route["id"]!, CultureInfo.InvariantCulture));
            if (await services.GetRequiredService<ErasureReads>().OfAsync(form.Reader.Brands, id, form.Cancel) is not { } erasure || erasure.Realm != realm) throw new BadFormException("There is no such erasure among those of your brands.");
            await Desk(services).WithdrawErasureAsync(realm, id, form.Reader.Who, form.Cancel);
            return "Withdrawn. They stay as they are.";
        });
        routes.MapForm("/do/contacts/{brand}/answer", async (form, services, route) =>
        {
            var brand = (string)route["brand"]!;
            form.Needs(Role.Agent, brand);
            if (form.Text("by", 400).Split(' ', 2) is not [var channel, var at] || ContactPoint.Parse(at) is not { } to) throw new BadFormException("Choose by what to answer.");
            await services.GetRequiredService<AnswerDesk>().AnswerAsync(brand, to, channel, form.Text("text", AnswerDesk.Longest), channel == ContactPoint.WhatsApp ? form.Maybe("template") : null, form.Text("intent", 64), form.Reader.Who, form.Cancel,
                DateTimeOffset.TryParse(form.Maybe("seen"), System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out var seen) ? seen : null);
            foreach (var dealtWith in form.Several("case") ?? []) await services.GetRequiredService<Desk>().CloseCaseAsync(StreamId.Parse(brand, form.Text("stream")), dealtWith, $"answered by {Shown.Words.Channel(channel)}", form.Reader.Who, form.Cancel);
            return "It is being sent; the timeline shows what comes of it.";
        });
        // From an order's page: whose it is may be known only some seconds after it was placed.
        routes.MapGet("/customers/of/{brand}/{**id}", async (string brand, string id, Reader reader, CustomerReads reads, CancellationToken cancel) =>
            reader.Sees(brand) && await reads.OfOrderAsync(brand, "order/" + id, cancel) is { } found ? Results.Redirect(Customers.CustomerLinks.To(found.Realm, found.Id)) : Results.Redirect("/customers")).RequireAuthorization(Role.Viewer.Text());
        routes.MapGet("/customers/{realm}/{id:long}/export", async (string realm, long id, Reader reader, CustomerReads reads, CustomerDesk desk, TimeProvider clock, CancellationToken cancel) =>
        {
            if (!reader.May(Role.Lead) || await reads.ExportAsync(reader.Brands, realm, id, clock.GetUtcNow(), cancel) is not { } export) return Results.NotFound();
            await desk.ExportedAsync(realm, id, reader.Who, cancel);
            return Results.File(JsonSerializer.SerializeToUtf8Bytes(export), "application/json", string.Create(CultureInfo.InvariantCulture, $"customer-{id}.json"));
        }).RequireAuthorization(Role.Lead.Text());
    }

    private static void Word(IEndpointRouteBuilder routes, string what, Func<CustomerDesk, string, string, string, Form, Task<long>> act, string said) =>
        routes.MapForm($"/do/customers/{{realm}}/{{id:long}}/{what}", async (form, services, route) =>
        {
            var (realm, _) = await CustomerAsync(form, services, route, Role.Lead);
            var brand = form.Text("brand", 100);
            form.Needs(Role.Lead, brand);
            if (services.GetRequiredService<HubPlan>().RealmOf(brand) != realm) throw new BadFormException("The customer is not that brand's.");
            var (channel, address) = form.Text("at").Split(' ', 2) is [var c, var a] ? (c, a) : throw new BadFormException("Choose where.");
            await act(Desk(services), brand, channel, address, form);
            return said;
        });

    private static void Pair(IEndpointRouteBuilder routes, string what, Func<CustomerDesk, string, long, Form, Task> act, string said) =>
        routes.MapForm($"/do/customers/{{realm}}/{{id:long}}/{what}", async (form, services, route) =>
        {
            var (realm, id) = await CustomerAsync(form, services, route, Role.Lead);
            await act(Desk(services), realm, id, form);
            return said;
        });

    /// <summary>The customer of the address, if the reader may see and do it.</summary>
    private static async Task<(string Realm, long Id)> CustomerAsync(Form form, IServiceProvider services, RouteValueDictionary route, Role role)
    {
        form.Needs(role);
        var (realm, id) = ((string)route["realm"]!, long.Parse((string)route["id"]!, CultureInfo.InvariantCulture));
        // What is shared by several brands is done by who may see all of them.
        var plan = services.GetRequiredService<HubPlan>();
        if (!plan.Brands.Keys.Where(b => plan.RealmOf(b) == realm).All(form.Reader.Sees) || await services.GetRequiredService<CustomerReads>().OfAsync(form.Reader.Brands, realm, id, form.Cancel) is null)
            throw new BadFormException("There is no such customer among those of your brands.");
        return (realm, id);
    }

    private static CustomerDesk Desk(IServiceProvider services) => services.GetRequiredService<CustomerDesk>();
}
