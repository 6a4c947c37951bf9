using Quartermaster.Runtime.ReadModels;
using Quartermaster.SignIn;

namespace Quartermaster.Api;

internal static class CarriersApi
{
    public static void MapCarriers(this IEndpointRouteBuilder api) =>
        api.MapGroup("/carriers").WithTags("Carriers").MapGet("", async (string? brand, int? days, CarrierReads reads, TimeProvider clock, Reader reader, CancellationToken cancel) =>
        {
            if (days is < 1 or > 366) return Refusals.Bad("days is a number from 1 to 366.");
            var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
            return Results.Ok(await reads.LanesAsync(reader.Narrow(brand), today.AddDays(1 - (days ?? 30)), today.AddDays(1), cancel));
        }).Needs(Role.Viewer).WithSummary("How carriers did, lane by lane, over the parcels that ended in the last days").WithDescription("days: 1 to 366 (30). Every share is of the parcels of its lane; look at how many there are.").Produces<IReadOnlyList<LaneRecord>>().ProducesProblem(400);
}
