using Microsoft.AspNetCore.Mvc;
using Quartermaster.Configuration;
using Quartermaster.Core.Campaigns;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;
using Quartermaster.Runtime;
using Quartermaster.Runtime.Editions;
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

/// <summary>A flow as the file would say it.</summary>
/// <param name="Text">YAML, or JSON, which is YAML too: <c>flows: { review: { hold_out: 0.2 } }</c>.</param>
/// <param name="Note">What changes and why; needed to save.</param>
/// <param name="After">The edition that was seen, 0 for none; without it the newest is replaced.</param>
public sealed record WriteFlow(string? Text = null, string? Note = null, int? After = null);

/// <param name="Edition">0 = it is the configuration's.</param>
public sealed record WrittenFlow(string Brand, string Id, string Text, int Edition);

internal static class FlowsApi
{
    private const int Days = 90;

    public static void MapFlows(this IEndpointRouteBuilder api)
    {
        var flows = api.MapGroup("/flows").WithTags("Flows");
        flows.MapGet("", async (string? brand, int? days, HubPlan plan, CampaignReads reads, EditionReads editions, Reader reader, TimeProvider clock, CancellationToken cancel) =>
        {
            if (days is < 1 or > 730) return Refusals.Bad("days is a number from 1 to 730.");
            List<FlowRow> rows = [];
            foreach (var of in reader.Narrow(brand))
            {
                var (terms, paused) = (await editions.FlowsAsync(plan, of, cancel), await reads.PausedAsync(of, cancel));
                if (terms.All.Count == 0) continue;
                foreach (var figures in await reads.FiguresAsync(of, terms.All, clock.GetUtcNow().AddDays(-(days ?? Days)), cancel))
                    rows.Add(new(of, figures.Campaign, terms.Find(figures.Campaign)!.Title, CampaignSection.Word(terms.Find(figures.Campaign)!.Trigger), !paused.Contains(figures.Campaign), figures));
            }
            return Results.Ok(rows);
        }).Needs(Role.Viewer).WithSummary("Flows with their figures of the last days, those left out on purpose included").Produces<IReadOnlyList<FlowRow>>().ProducesProblem(400);
        flows.MapGet("/{brand}/dry-run", async (string brand, string? flow, HubPlan plan, DryRuns dry, EditionReads editions, HubReads hub, Reader reader, TimeProvider clock, CancellationToken cancel) =>
            !reader.Sees(brand) || await editions.FlowsAsync(plan, brand, cancel) is not { } terms || (flow is not null && terms.Find(flow) is null) ? Refusals.NotFound("flow")
                : Results.Ok((await dry.RunAsync(brand, terms, flow, await IsShadowAsync(hub, brand, cancel), clock.GetUtcNow(), DryRuns.Most, cancel)).Rows))
            .Needs(Role.Viewer).WithSummary("Who would get what until the end of tomorrow, and who would not and why; the next 1,000").Produces<IReadOnlyList<DryRunRow>>().ProducesProblem(404);
        flows.MapGet("/{brand}/{id}", async (string brand, string id, HubPlan plan, EditionReads editions, Reader reader, CancellationToken cancel) =>
            !reader.Sees(brand) || (await editions.FlowsAsync(plan, brand, cancel)).Find(id) is not { } flow ? Refusals.NotFound("flow")
                : Results.Ok(new WrittenFlow(brand, id, FlowText.Write(flow), await EditionOfAsync(editions, brand, id, cancel))))
            .Needs(Role.Viewer).WithSummary("A flow as the file would say it").Produces<WrittenFlow>().ProducesProblem(404);
        flows.MapPost("/{brand}/{id}/try", async (string brand, string id, [FromBody] WriteFlow asked, HubPlan plan, DryRuns dry, EditionReads editions, HubReads hub, Reader reader, TimeProvider clock, CancellationToken cancel) =>
        {
            if (!reader.Sees(brand)) return Refusals.NotFound("brand");
            var (flow, wrong) = Read(plan, brand, id, asked);
            return flow is null ? wrong! : Results.Ok(await dry.TryAsync(brand, await editions.FlowsAsync(plan, brand, cancel), flow, await IsShadowAsync(hub, brand, cancel), clock.GetUtcNow(), DryRuns.Most, cancel));
        }).Needs(Role.Lead).WithSummary("What a flow would do until the end of tomorrow; saves nothing").Produces<FlowTrial>().ProducesProblem(400).ProducesProblem(404);
        flows.MapPut("/{brand}/{id}", async (string brand, string id, [FromBody] WriteFlow asked, HubPlan plan, EditionReads editions, EditionDesk desk, Reader reader, CancellationToken cancel) =>
        {
            if (!reader.Sees(brand)) return Refusals.NotFound("brand");
            if (string.IsNullOrWhiteSpace(asked.Note) || asked.Note.Length > 300 || asked.Note.Contains('\0')) return Refusals.Bad("Say in note, in at most 300 characters, what changes and why.");
            var (flow, wrong) = Read(plan, brand, id, asked);
            if (flow is null) return wrong!;
            try
            {
                var number = await desk.SaveAsync(brand, Edition.OfFlow(id), FlowText.Write(flow), asked.Note, asked.After ?? await EditionOfAsync(editions, brand, id, cancel), reader.Who, cancel);
                return Results.Ok(new WrittenFlow(brand, id, FlowText.Write(flow), number));
            }
            catch (InvalidOperationException meanwhile) { return TypedResults.Problem(title: "Changed meanwhile", detail: meanwhile.Message, statusCode: StatusCodes.Status409Conflict); }
        }).Needs(Role.Lead).WithSummary("Write a flow: a new edition, in force three seconds later").Produces<WrittenFlow>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
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

    private static (Campaign? Flow, IResult? Wrong) Read(HubPlan plan, string brand, string id, WriteFlow asked)
    {
        try { return (FlowText.ReadOne(plan, brand, id, asked.Text ?? ""), null); }
        catch (ConfigurationException wrong)
        {
            // By the key of the flow that each is about, so that a form elsewhere can show it at its field.
            var errors = wrong.Problems.GroupBy(p => p.Key).ToDictionary(g => g.Key, g => g.Select(p => $"{p.Wrong}. {p.Right}").ToArray());
            return (null, TypedResults.ValidationProblem(errors, title: "The flow cannot be used"));
        }
        catch (ArgumentException wrong) { return (null, Refusals.Bad(wrong.Message)); }
    }

    private static async Task<int> EditionOfAsync(EditionReads editions, string brand, string id, CancellationToken cancel) => await editions.OfAsync(brand, Edition.OfFlow(id), 1, cancel) is [var newest] ? newest.Number : 0;

    private static async Task<bool> IsShadowAsync(HubReads hub, string brand, CancellationToken cancel) => (await hub.BrandsAsync(cancel)).Any(b => b.Brand == brand && b.Mode == "shadow");
}
