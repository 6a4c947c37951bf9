using Microsoft.AspNetCore.Mvc;
using Quartermaster.Dashboard.Actions;
using Quartermaster.Dashboard.Shown;
using Quartermaster.Runtime;
using Quartermaster.Runtime.Operations;
using Quartermaster.Runtime.ReadModels;
using Quartermaster.SignIn;

namespace Quartermaster.Api;

/// <param name="Scope">all, brand/B, connection/C, effect/KIND, flow/BRAND/ID or location/BRAND/CODE.</param>
public sealed record AskSwitch(string Scope, bool On, string Reason);

public sealed record AskMode(BrandMode Mode);

/// <summary>One connection with its lane and queue; settings stay where they are.</summary>
public sealed record ApiConnection(string Connection, string Brand, string Connector, LaneRow? Lane, QueueRow? Queue, ConnectionHealth Health)
{
    internal static async Task<ApiConnection[]> ReadAsync(LaneReads reads, HubPlan plan, IReadOnlyCollection<string> brands, DateTimeOffset now, CancellationToken cancel)
    {
        var plans = plan.Connections.Values.Where(c => brands.Contains(c.Brand)).OrderBy(c => c.Key, StringComparer.Ordinal).ToArray();
        string[] keys = [.. plans.Select(p => p.Key)];
        var lanes = (await reads.LanesAsync(keys, cancel)).ToDictionary(l => l.Connection);
        var queues = (await reads.QueuesAsync(keys, cancel)).ToDictionary(q => q.Lane);
        var polls = (await reads.PollsAsync(keys, cancel)).ToDictionary(p => p.Connection);
        return [.. plans.Select(p => new ApiConnection(p.Key, p.Brand, p.Connector.Manifest.Key, lanes.GetValueOrDefault(p.Key), queues.GetValueOrDefault(p.Key), ConnectionHealth.Of(lanes.GetValueOrDefault(p.Key), polls.GetValueOrDefault(p.Key), now)))];
    }
}

/// <param name="Works">It answered, and took our credentials.</param>
public sealed record ApiTested(bool Works, string Said);

internal static class HubApi
{
    public static void MapHub(this IEndpointRouteBuilder api)
    {
        var hub = api.MapGroup("").WithTags("Hub");
        hub.MapGet("/brands", async (HubReads reads, Reader reader, CancellationToken cancel) => (await reads.BrandsAsync(cancel)).Where(b => reader.Sees(b.Brand))).Needs(Role.Viewer).WithSummary("Brands and their modes");
        hub.MapPut("/brands/{brand}/mode", async (string brand, [FromBody] AskMode asked, Desk desk, Reader reader, CancellationToken cancel) =>
        {
            if (!reader.Sees(brand)) return Refusals.NotFound("brand");
            if (!Enum.IsDefined(asked.Mode)) return Refusals.Bad("A mode is off, shadow or live.");
            await desk.SetModeAsync(brand, asked.Mode, reader.Who, cancel);
            return Results.NoContent();
        }).Needs(Role.Admin).WithSummary("Set a brand's mode").Produces(204).ProducesProblem(404);
        hub.MapGet("/switches", async (HubReads reads, HubPlan plan, Reader reader, CancellationToken cancel) => (await reads.SwitchesAsync(cancel)).Where(s => SwitchWords.Concerns(s.Scope, reader, plan))).Needs(Role.Viewer).WithSummary("Switches that are off");
        hub.MapPost("/switches", async ([FromBody] AskSwitch asked, HubPlan plan, EditionReads editions, Desk desk, Reader reader, CancellationToken cancel) =>
        {
            if (await SwitchWords.RefusalAsync(asked.Scope ?? "", reader, plan, editions, cancel) is { } refusal) return Refusals.Forbidden(refusal);
            if (string.IsNullOrWhiteSpace(asked.Reason) || asked.Reason.Length > 300) return Refusals.Bad("A reason is needed, of at most 300 characters.");
            await desk.SwitchAsync(asked.Scope!, asked.On, asked.Reason, reader.Who, cancel);
            return Results.NoContent();
        }).Needs(Role.Lead).WithSummary("Turn a switch").Produces(204).ProducesProblem(400).ProducesProblem(403);
        hub.MapGet("/connections", (LaneReads reads, HubPlan plan, Reader reader, TimeProvider clock, CancellationToken cancel) => ApiConnection.ReadAsync(reads, plan, reader.Brands, clock.GetUtcNow(), cancel)).Needs(Role.Viewer).WithSummary("Connections with their health and queues");
        hub.MapPost("/connections/{connection}/test", async (string connection, HubPlan plan, [FromServices] ConnectionDesk desk, Reader reader, CancellationToken cancel) =>
        {
            if (!plan.Connections.TryGetValue(connection, out var found) || !reader.Sees(found.Brand)) return Refusals.NotFound("connection");
            var (works, said) = ConnectionTest.Words(connection, await desk.TestAsync(connection, reader.Who, cancel));
            return Results.Ok(new ApiTested(works, said));
        }).Needs(Role.Agent).WithSummary("Make one harmless call that proves address and credentials").Produces<ApiTested>().ProducesProblem(404);
    }
}
