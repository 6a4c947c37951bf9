using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Quartermaster.Sandbox.Twins;

/// <summary>A review tool that speaks the open reviews contract: some of those who get a parcel write what they think of it.</summary>
/// <remarks>
/// Knobs: <c>sandbox_reviewed</c> (0.1), the share of parcels that somebody writes of; <c>sandbox_review_ms</c> (120000) between the parcel's departure and the review. What was
/// not written before a restart never is.
/// </remarks>
[TwinOf("reviews-rest")]
public sealed class ReviewsTwin : ITwin, IDisposable
{
    private readonly TwinContext context;
    private readonly Agenda agenda;

    public ReviewsTwin(TwinContext context)
    {
        this.context = context;
        agenda = new(context.Clock);
        ParcelRoad.Of(context.Hub).Drive(context.Brand, parcel =>
        {
            // Who writes is drawn from another end of the number than what befalls the parcel on its way.
            var draw = Knobs.Fate("review/" + parcel.Tracking);
            if (draw < context.Number("sandbox_reviewed", 0.1)) agenda.In(context.Milliseconds("sandbox_review_ms", 120_000), () => Write(parcel.OrderRef, 1 + (int)(5 * Knobs.Fate("stars/" + parcel.Tracking)), null));
        });
    }

    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/reviews/{id}", (string id) =>
        Results.Json(new { error = new { code = "unknown_review", message = $"There is no review {id}." } }, statusCode: 404));

    /// <summary>Somebody writes a review of an order.</summary>
    public void Write(string orderRef, int stars, string? email)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"review-{orderRef}-{stars}");
        OpenWebhook.Send(context, id, new { EventId = id, Type = "review_written", OrderRef = orderRef, Email = email, Rating = stars, Text = Words[stars - 1], At = context.Clock.GetUtcNow() });
    }

    public void Dispose() => agenda.Dispose();

    private static readonly string[] Words = ["Not what I had hoped for.", "It will do.", "Good.", "Very good, and quick.", "Wonderful, thank you!"];
}
