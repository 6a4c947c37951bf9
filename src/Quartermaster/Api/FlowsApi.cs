using Microsoft.AspNetCore.Mvc;
using Quartermaster.Core.Campaigns;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;
using Quartermaster.Runtime;
using Quartermaster.Runtime.Operations;
using Quartermaster.Runtime.ReadModels;
using Quartermaster.SignIn;

namespace Quartermaster.Api;

/// <summary>A review was written, wherever reviews are kept. Name the order, or the customer by e-mail address or phone number.</summary>
/// <param name="Order">The channel's id of the order: requests for a review of it end.</param>
/// <param name="Source">Who tells; shown on the timeline.</param>
public sealed record TellReview(string Brand, string? Order = null, string? Email = null, string? Phone = null, string? Source = null, DateTimeOffset? At = null);

/// <param name="On">Somebody switched it off: nobody enters, and whoever is in it leaves at the next step.</param>
public sealed record FlowRow(string Brand, string Id, string Title, string Trigger, bool On, CampaignFigures Figures);

internal static class FlowsApi
{
    private const int Days = 90;

    public static void MapFlows(this IEndpointRouteBuilder api)
    {
        var flows = api.MapGroup("/flows").WithTags("Flows");
        flows.MapGet("", async (string? brand, int? days, HubPlan plan, CampaignReads reads, Reader reader, TimeProvider clock, CancellationToken cancel) =>
        {
            if (days is < 1 or > 730) return Refusals.Bad("days is a number from 1 to 730.");
            List<FlowRow> rows = [];
            foreach (var of in reader.Narrow(brand).Where(b => plan.Brands[b].Terms.Campaigns is not null))
            {
                var (terms, paused) = (plan.Brands[of].Terms.Campaigns!, await reads.PausedAsync(of, cancel));
                foreach (var figures in await reads.FiguresAsync(of, clock.GetUtcNow().AddDays(-(days ?? Days)), cancel))
                    rows.Add(new(of, figures.Campaign, terms.Find(figures.Campaign)!.Title, Configuration.CampaignSection.Word(terms.Find(figures.Campaign)!.Trigger), !paused.Contains(figures.Campaign), figures));
            }
            return Results.Ok(rows);
        }).Needs(Role.Viewer).WithSummary("Flows with their figures of the last days, those left out on purpose included").Produces<IReadOnlyList<FlowRow>>().ProducesProblem(400);
        flows.MapGet("/{brand}/dry-run", async (string brand, string? flow, HubPlan plan, CampaignReads reads, HubReads hub, Reader reader, TimeProvider clock, CancellationToken cancel) =>
            !reader.Sees(brand) || (flow is not null && plan.Brands[brand].Terms.Campaigns?.Find(flow) is null) ? Refusals.NotFound("flow")
                : Results.Ok(await reads.DryRunAsync(brand, flow, (await hub.BrandsAsync(cancel)).Any(b => b.Brand == brand && b.Mode == "shadow"), clock.GetUtcNow(), cancel)))
            .Needs(Role.Viewer).WithSummary("Who would get what until the end of tomorrow, and who would not and why").Produces<IReadOnlyList<DryRunRow>>().ProducesProblem(404);
        api.MapPost("/reviews", async ([FromBody] TellReview told, CampaignReads reads, Desk desk, Reader reader, TimeProvider clock, CancellationToken cancel) =>
        {
            if (!reader.Sees(told.Brand)) return Refusals.NotFound("brand");
            if (new[] { told.Order, told.Email, told.Phone, told.Source }.Any(t => t is { Length: > 200 } || t?.Contains('\0') == true)) return Refusals.Bad("Each text has at most 200 characters.");
            if (told.Order is null && told.Email is null && told.Phone is null) return Refusals.Bad("Name the order, or the customer by e-mail or phone.");
            // The order knows its customer; who reviews may have another address.
            var customer = (told.Order is { } order ? await reads.CustomerOfAsync(told.Brand, order, cancel) : null) ?? RunStream.Of(told.Brand, told.Email, told.Phone);
            if (customer is not { } to) return Refusals.NotFound("order, or nobody that it could be told of");
            var seq = await desk.SendAsync(to, new RunSignal.Reviewed(told.Order, told.At?.ToUniversalTime() ?? clock.GetUtcNow(), told.Source ?? reader.Who), reader.Who, cancel);
            return Results.Accepted(null, new Accepted(seq, "Nobody asks them for that review any more."));
        }).Needs(Role.Agent).WithTags("Flows").WithSummary("Tell that a review was written").Produces<Accepted>(202).ProducesProblem(400).ProducesProblem(404);
    }
}
