using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Quartermaster.Sandbox.Twins;

/// <summary>A carrier that speaks the open carrier contract: picks up what the warehouses of its brand send off, and tells of every scan.</summary>
/// <remarks>
/// Knobs: <c>sandbox_step_ms</c> (4000) between two scans; as shares of the parcels <c>sandbox_missed</c> (0.03: nobody at home,
/// delivered at the second try) and <c>sandbox_returned</c> (0.005: goes back after it);
/// <c>sandbox_journal</c>, a file that lets a restarted box go on with the parcels that were under way.
/// </remarks>
[TwinOf("carrier-rest")]
public sealed class CarrierTwin : ITwin, IDisposable
{
    private const int Kept = 100_000;

    private readonly TwinContext context;
    private readonly Agenda agenda;
    private readonly ConcurrentDictionary<string, Journey> journeys = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> inOrder = new();
    private readonly Journal<SentParcel> journal;

    public CarrierTwin(TwinContext context)
    {
        this.context = context;
        agenda = new(context.Clock);
        journal = new(context.Settings.GetValueOrDefault("sandbox_journal"));
        foreach (var parcel in journal.Unfinished) Carry(parcel);
        ParcelRoad.Of(context.Hub).Drive(context.Brand, PickUp);
    }

    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/tracking/{number}", (string number) => journeys.TryGetValue(number, out var journey)
        ? Results.Json(new { TrackingNumber = number, journey.Parcel.OrderRef, journey.Parcel.Carrier, Events = journey.Told() }, OpenWebhook.Json)
        : Results.Json(new { error = new { code = "unknown_tracking_number", message = $"There is no parcel {number}." } }, statusCode: 404));

    public void Dispose()
    {
        agenda.Dispose();
        journal.Dispose();
    }

    private void PickUp(SentParcel parcel)
    {
        if (Carry(parcel)) journal.Begin(parcel.Tracking, parcel);
    }

    private bool Carry(SentParcel parcel)
    {
        var journey = new Journey(parcel);
        if (!journeys.TryAdd(parcel.Tracking, journey)) return false;
        inOrder.Enqueue(parcel.Tracking);
        if (inOrder.Count > Kept && inOrder.TryDequeue(out var oldest)) journeys.TryRemove(oldest, out _);
        Continue(journey, Route(parcel), 0);
        return true;
    }

    private IReadOnlyList<string> Route(SentParcel parcel)
    {
        var fate = Knobs.Fate(parcel.Tracking);
        var returned = context.Number("sandbox_returned", 0.005);
        var missed = context.Number("sandbox_missed", 0.03);
        string[] start = ["picked_up", "in_transit", "out_for_delivery"];
        return fate < returned ? [.. start, "failed_attempt", "returned_to_origin"]
            : fate < returned + missed ? [.. start, "failed_attempt", "out_for_delivery", "delivered"]
            : [.. start, "delivered"];
    }

    private void Continue(Journey journey, IReadOnlyList<string> route, int step) => agenda.In(context.Milliseconds("sandbox_step_ms", 4000), () =>
    {
        var parcel = journey.Parcel;
        var id = string.Create(CultureInfo.InvariantCulture, $"{parcel.Tracking}-{step}");
        var scan = new ToldScan(id, route[step], parcel.OrderRef, parcel.Carrier, parcel.Tracking, context.Clock.GetUtcNow(), PlaceOf(route[step], parcel));
        journey.Tell(scan);
        OpenWebhook.Send(context, id, scan);
        if (step + 1 < route.Count) Continue(journey, route, step + 1);
        else journal.End(parcel.Tracking);
    });

    private static string? PlaceOf(string type, SentParcel parcel) => type is "picked_up" or "returned_to_origin" ? parcel.From : null;

    private sealed record ToldScan(string EventId, string Type, string OrderRef, string Carrier, string TrackingNumber, DateTimeOffset At, string? Place);

    private sealed class Journey(SentParcel parcel)
    {
        private readonly List<ToldScan> told = [];

        public SentParcel Parcel => parcel;

        public void Tell(ToldScan scan)
        {
            lock (told) told.Add(scan);
        }

        public ToldScan[] Told()
        {
            lock (told) return [.. told];
        }
    }
}
