using System.Text.Json;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Campaigns;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;

namespace Quartermaster.Connectors.ReviewsRest;

/// <summary>What a review tool tells us: webhook → stream and signals. Pure.</summary>
internal static class ReviewsRestInbound
{
    private const string Written = "review_written";

    private static readonly string[] Glanced = ["event_id", "type", "order_ref"];

    public static Knock Receive(Session session, Delivery delivery)
    {
        if (!OpenCallback.IsSigned(session, delivery)) return Knock.Refuse;
        var values = new string?[3];
        JsonGlance.TryRead(delivery.Body.Span, Glanced, values);
        var stream = values[2] is { Length: > 0 } order
            ? session.OrderStream(order)
            : new StreamId(session.Brand, "connection", session.Connection);
        return new Knock.Take(values[1] ?? "unknown", OpenCallback.IdOf(delivery, values[0]), null, stream);
    }

    /// <exception cref="NotUnderstoodException">The body is no review of the contract.</exception>
    public static Reading Read(Session session, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt)
    {
        var told = Parse(body.Span);
        if (Need(told.Type, "type") is var type && type != Written) return Reading.Ignored($"'{type}' is not of the contract: nothing follows from it.");
        var at = told.At?.ToUniversalTime() ?? receivedAt;
        var review = new Review(Need(told.EventId, "event_id"), Given(told.Source) ?? session.Connection, Stars(told.Rating), at, Given(told.Sku), Given(told.Text) is { } text ? Storable.Cut(text, Review.LongestText) : null);
        List<Forwarded> signals = [];
        var order = Given(told.OrderRef) is { } id ? session.OrderStream(id) : (StreamId?)null;
        if (order is { } of) signals.Add(new(of, new OrderSignal.ReviewTold(review)));
        // Whoever reviews may have another address than the order, or no order of ours: what they are asked for ends under either.
        if (Given(told.Email) is { } email)
            signals.Add(new(CustomerOf(session, email), new RunSignal.Reviewed(order?.Id, at, review.Source, review with { OrderRef = order?.Id })));
        return signals.Count > 0 ? new(signals) : throw Missing("order_ref' or 'email");
    }

    private static StreamId CustomerOf(Session session, string email) => RunStream.Of(session.Brand, email, null)
        ?? throw new NotUnderstoodException("reviews-rest.bad_email", "The review's 'email' is no e-mail address; expected one as its writer gave it.");

    private static decimal Stars(decimal? rating) => rating switch
    {
        null => throw Missing("rating"),
        >= Review.Worst and <= Review.Best => rating.Value,
        _ => throw new NotUnderstoodException("reviews-rest.bad_rating", $"The review's 'rating' is {rating}; expected {Review.Worst} to {Review.Best}. A tool with other stars converts them."),
    };

    private static ReviewEvent Parse(ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, ReviewsJson.Default.ReviewEvent) ?? throw new JsonException("the body is null");
        }
        catch (JsonException e)
        {
            throw new NotUnderstoodException("reviews-rest.bad_json", $"The review cannot be read at {e.Path ?? "$"}: {e.Message}", e);
        }
    }

    private static string? Given(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();

    private static string Need(string? value, string field) => Given(value) ?? throw Missing(field);

    private static NotUnderstoodException Missing(string field) => new("reviews-rest.missing_field", $"The review has no '{field}'; expected a value that is not empty.");
}
