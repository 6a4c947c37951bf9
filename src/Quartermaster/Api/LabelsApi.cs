using Microsoft.AspNetCore.Mvc;
using Quartermaster.Runtime.Dispatching;
using Quartermaster.Runtime.ReadModels;
using Quartermaster.SignIn;

namespace Quartermaster.Api;

/// <param name="Location">Where the day is closed.</param>
/// <param name="SecondVisit">Where a list is a courier's visit: a second one is to come today.</param>
/// <param name="Connection">The carrier's connection that is told; null = every one whose labels wait there.</param>
public sealed record AskToClose(string Location, bool SecondVisit = false, string? Connection = null);

/// <param name="Lists">Numbers of the lists that go to the carrier.</param>
public sealed record ClosedDay(IReadOnlyList<string> Lists);

internal static class LabelsApi
{
    public static void MapLabels(this IEndpointRouteBuilder api)
    {
        var labels = api.MapGroup("/labels").WithTags("Labels");
        labels.MapGet("/waiting", async (string? brand, DispatchReads reads, Reader reader, CancellationToken cancel) => Results.Ok(await reads.WaitingAsync(reader.Narrow(brand), cancel)))
            .Needs(Role.Viewer).WithSummary("Labels that are on no list yet, by location and carrier").Produces<IReadOnlyList<WaitingLabels>>();
        labels.MapGet("/lists", async (string? brand, int? limit, DispatchReads reads, Reader reader, CancellationToken cancel) =>
            limit is < 1 or > 500 ? Refusals.Bad("limit is a number from 1 to 500.") : Results.Ok(await reads.LatestAsync(reader.Narrow(brand), limit ?? 100, cancel)))
            .Needs(Role.Viewer).WithSummary("Lists of labels that carriers got, newest first").WithDescription("limit: 1 to 500 (100).").Produces<IReadOnlyList<DispatchOnPage>>().ProducesProblem(400);
        labels.MapPost("/{brand}/close", async (string brand, [FromBody] AskToClose asked, DispatchDesk desk, Reader reader, CancellationToken cancel) =>
        {
            if (!reader.Sees(brand)) return Refusals.NotFound("brand");
            if (string.IsNullOrEmpty(asked.Location) || asked.Location.Length > 100 || asked.Location.Contains('\0') || asked.Connection?.Contains('\0') == true) return Refusals.Bad("A location is needed.");
            try { return Results.Ok(new ClosedDay(await desk.CloseAsync(brand, asked.Location, asked.Connection, reader.Who, asked.SecondVisit, cancel))); }
            catch (InvalidOperationException e) { return Refusals.Bad(e.Message); }
        }).Needs(Role.Agent).WithSummary("Close the day of a location: tell its carrier which parcels it gets").WithDescription("connection: only the labels of this one; otherwise all that wait there.").Produces<ClosedDay>().ProducesProblem(400).ProducesProblem(404);
    }
}
