using Microsoft.AspNetCore.Mvc;
using Quartermaster.Core.Customers;
using Quartermaster.Runtime;
using Quartermaster.Runtime.Customers;
using Quartermaster.Runtime.Operations;
using Quartermaster.Runtime.ReadModels;
using Quartermaster.SignIn;

namespace Quartermaster.Api;

/// <param name="Reason">Stands in the audit log and in the proof.</param>
public sealed record AskErasure(string Reason);

/// <summary>Of somebody who is known by an address alone: they left a checkout, or wrote, and never ordered.</summary>
public sealed record AskErasureOfAddress(string Brand, string Address, string Reason);

/// <param name="Brand">Needed where brands share their customers.</param>
/// <param name="Channel"><c>email</c>, <c>whatsapp</c> or <c>sms</c>; null = they do not mind any more.</param>
/// <param name="How">Where they said so.</param>
public sealed record TellPreference(string? Channel, string How, string? Brand = null);

/// <param name="By"><c>email</c>, <c>whatsapp</c> or <c>sms</c>.</param>
/// <param name="To">The address or number that they wrote from, or ordered with.</param>
/// <param name="Id">Of this one answer: asked for twice it is sent once.</param>
/// <param name="Template">Name and language of an approved text with one gap, as <c>we_have_news en</c>; WhatsApp takes no other 24 hours after they wrote.</param>
public sealed record GiveAnswer(string By, string To, string Text, string Id, string? Template = null);

internal static class CustomersApi
{
    public static void MapCustomers(this IEndpointRouteBuilder api)
    {
        var customers = api.MapGroup("/customers").WithTags("Customers");
        customers.MapGet("", async (string? q, string? segment, string? brand, int? skip, int? limit, CustomerReads reads, Reader reader, TimeProvider clock, CancellationToken cancel) =>
            limit is < 1 or > 500 || skip is < 0 || q?.Contains('\0') == true || (segment is not null && !CustomerReads.Segments.Contains(segment))
                ? Refusals.Bad($"limit is a number from 1 to 500, and a segment is one of {string.Join(", ", CustomerReads.Segments)}.")
                : Results.Ok(await reads.FindAsync(reader.Narrow(brand), q, segment, skip ?? 0, limit ?? 100, clock.GetUtcNow(), cancel)))
            .Needs(Role.Viewer).WithSummary("Customers by the beginning of a name, e-mail or phone; who ordered last first").Produces<IReadOnlyList<CustomerRow>>().ProducesProblem(400);
        customers.MapGet("/{realm}/{id:long}", async (string realm, long id, CustomerReads reads, Reader reader, CancellationToken cancel) =>
            await reads.OfAsync(reader.Brands, realm, id, cancel) is { } profile ? Results.Ok(Shown(profile, reader)) : Refusals.NotFound("customer"))
            .Needs(Role.Viewer).WithSummary("Everything that is known of one customer").Produces<CustomerProfile>().ProducesProblem(404);
        customers.MapGet("/{realm}/{id:long}/export", async (string realm, long id, CustomerReads reads, CustomerDesk desk, Reader reader, TimeProvider clock, CancellationToken cancel) =>
        {
            if (await reads.ExportAsync(reader.Brands, realm, id, clock.GetUtcNow(), cancel) is not { } export) return Refusals.NotFound("customer");
            await desk.ExportedAsync(realm, id, reader.Who, cancel);
            return Results.Ok(export);
        }).Needs(Role.Lead).WithSummary("Everything that is kept of a customer, to hand over").ProducesProblem(404);
        customers.MapPost("/{realm}/{id:long}/preference", async (string realm, long id, [FromBody] TellPreference told, HubPlan plan, CustomerReads reads, CustomerDesk desk, Reader reader, CancellationToken cancel) =>
        {
            if (!plan.Brands.Keys.Where(b => plan.RealmOf(b) == realm).All(reader.Sees) || await reads.OfAsync(reader.Brands, realm, id, cancel) is not { } profile) return Refusals.NotFound("customer");
            var brand = told.Brand ?? realm;
            if (!plan.Brands.ContainsKey(brand) || plan.RealmOf(brand) != realm) return Refusals.Bad("Name the brand that they said it to: one of those that share this customer.");
            if (told.Channel is { } channel && !ContactPoint.Channels.Contains(channel)) return Refusals.Bad($"A channel is one of {string.Join(", ", ContactPoint.Channels)}.");
            if (string.IsNullOrWhiteSpace(told.How) || told.How.Length > 300 || told.How.Contains('\0')) return Refusals.Bad("Say how they said so, in at most 300 characters.");
            await desk.PreferAsync(brand, profile.Points(), told.Channel, told.How, reader.Who, cancel);
            return Results.Accepted();
        }).Needs(Role.Agent).WithSummary("Keep by which channel a customer wants to be written to").Produces(202).ProducesProblem(400).ProducesProblem(404);
        customers.MapPost("/{realm}/{id:long}/erase", async (string realm, long id, [FromBody] AskErasure asked, HubPlan plan, CustomerReads reads, ErasureReads erasures, CustomerDesk desk, Reader reader, CancellationToken cancel) =>
        {
            if (!plan.Brands.Keys.Where(b => plan.RealmOf(b) == realm).All(reader.Sees) || await reads.OfAsync(reader.Brands, realm, id, cancel) is null) return Refusals.NotFound("customer");
            if (string.IsNullOrWhiteSpace(asked.Reason) || asked.Reason.Length > 300 || asked.Reason.Contains('\0')) return Refusals.Bad("A reason is needed, of at most 300 characters.");
            var erasure = await desk.AskErasureAsync(realm, id, asked.Reason, reader.Who, cancel);
            return Results.Accepted($"/api/v1/erasures/{erasure}", await erasures.OfAsync(reader.Brands, erasure, cancel));
        }).Needs(Role.Lead).WithSummary("Take a customer out of every table, as soon as no order of theirs is under way").Produces<ErasureRow>(202).ProducesProblem(400).ProducesProblem(404);

        api.MapPost("/contacts/{brand}/answer", async (string brand, [FromBody] GiveAnswer given, AnswerDesk desk, Reader reader, CancellationToken cancel) =>
        {
            if (!reader.Sees(brand)) return Refusals.NotFound("brand");
            if (new[] { given.By, given.To, given.Text, given.Id, given.Template }.Any(t => t?.Contains('\0') == true) || string.IsNullOrWhiteSpace(given.To) || given.Id is not { Length: > 0 and <= 64 }) return Refusals.Bad("An answer needs an address, its words, and an id of at most 64 characters.");
            await desk.AnswerAsync(brand, ContactPoint.Of(given.By, given.To), given.By, given.Text, given.Template, given.Id, reader.Who, cancel);
            return Results.Accepted();
        }).WithTags("Customers").Needs(Role.Agent).WithSummary("Answer a customer in your own words").Produces(202).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);

        var proofs = api.MapGroup("/erasures").WithTags("Customers");
        proofs.MapGet("", async (string? address, ErasureReads erasures, Reader reader, CancellationToken cancel) =>
            address?.Contains('\0') == true ? Refusals.Bad("An address is an e-mail address or a phone number.")
            : Results.Ok(string.IsNullOrWhiteSpace(address) ? await erasures.ListAsync(reader.Brands, 100, cancel) : await erasures.OfAddressAsync(reader.Brands, address, cancel)))
            .Needs(Role.Lead).WithSummary("Erasures and their proof, newest first; of whoever had an address, when one is given").Produces<IReadOnlyList<ErasureRow>>().ProducesProblem(400);
        proofs.MapPost("", async ([FromBody] AskErasureOfAddress asked, HubPlan plan, ErasureReads erasures, CustomerDesk desk, Reader reader, CancellationToken cancel) =>
        {
            var realm = plan.RealmOf(asked.Brand);
            if (!reader.Sees(asked.Brand) || !plan.Brands.Keys.Where(b => plan.RealmOf(b) == realm).All(reader.Sees)) return Refusals.NotFound("brand");
            if (string.IsNullOrWhiteSpace(asked.Reason) || asked.Reason.Length > 300 || asked.Reason.Contains('\0')) return Refusals.Bad("A reason is needed, of at most 300 characters.");
            if (string.IsNullOrWhiteSpace(asked.Address) || asked.Address.Length > 200 || asked.Address.Contains('\0')) return Refusals.Bad("An address is an e-mail address or a phone number.");
            try
            {
                var erasure = await desk.AskErasureOfAddressAsync(realm, asked.Address, asked.Reason, reader.Who, cancel);
                return Results.Accepted($"/api/v1/erasures/{erasure}", await erasures.OfAsync(reader.Brands, erasure, cancel));
            }
            catch (InvalidOperationException nothing) { return Refusals.Bad(nothing.Message); }
        }).Needs(Role.Lead).WithSummary("Erase whoever has an address, also one who never ordered").Produces<ErasureRow>(202).ProducesProblem(400).ProducesProblem(404);
        proofs.MapGet("/{id:long}", async (long id, ErasureReads erasures, Reader reader, CancellationToken cancel) => await erasures.OfAsync(reader.Brands, id, cancel) is { } found ? Results.Ok(found) : Refusals.NotFound("erasure"))
            .Needs(Role.Lead).WithSummary("What came of an erasure").Produces<ErasureRow>().ProducesProblem(404);
        proofs.MapPost("/{id:long}/withdraw", async (long id, ErasureReads erasures, CustomerDesk desk, Reader reader, CancellationToken cancel) =>
        {
            if (await erasures.OfAsync(reader.Brands, id, cancel) is not { } found) return Refusals.NotFound("erasure");
            await desk.WithdrawErasureAsync(found.Realm, id, reader.Who, cancel);
            return Results.Ok(await erasures.OfAsync(reader.Brands, id, cancel));
        }).Needs(Role.Lead).WithSummary("Withdraw an erasure that waits").Produces<ErasureRow>().ProducesProblem(404).ProducesProblem(409);
    }

    // The words hold the shopper's own links.
    private static CustomerProfile Shown(CustomerProfile of, Reader reader) => of with
    {
        Messages = [.. of.Messages.Select(m => m with { Text = reader.Shown(m.Text)! })],
        Cases = [.. of.Cases.Select(c => c with { Detail = reader.Shown(c.Detail)! })],
    };
}
