using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.ReviewsRest;

/// <summary>Any tool that keeps customers' reviews and speaks the open reviews contract (docs/contracts/reviews-rest.md).</summary>
/// <remarks>It listens only: nothing is ordered from a review tool, and who is asked for a review is the flows' business.</remarks>
public sealed class ReviewsRestConnector : IConnector
{
    internal static readonly Manifest Described = new()
    {
        Key = "reviews-rest",
        Title = "Reviews (open REST contract)",
        Capabilities = [Capability.Reviews],
        Settings =
        [
            new("base_url", "Address of the tool, without the path, for the test button: https://api.reviews.example; leave it out when it only sends", Required: false),
            new("token", "Sent as 'Authorization: Bearer …'; leave it out when the tool wants none", Required: false, Secret: true),
            .. OpenCallback.Settings,
        ],
        Limits = new Limits(Batch: 1, Concurrency: 1),
        Does = [],
        RepeatSafety = RepeatSafety.None,
        Documentation = "docs/contracts/reviews-rest.md",
    };

    public Manifest Manifest => Described;

    public Knock Receive(Session session, Delivery delivery) => ReviewsRestInbound.Receive(session, delivery);

    public Reading Read(Session session, string topic, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt) =>
        ReviewsRestInbound.Read(session, body, receivedAt);

    public Task<IReadOnlyList<Result>> ActAsync(Session session, IReadOnlyList<Work> batch, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<Result>>(
            [.. batch.Select(_ => new Result(new Outcome.Refused("not_supported", "Nothing is ordered from a review tool under the open contract."), Exchange.None))]);

    public async Task<Result> TestAsync(Session session, CancellationToken cancel)
    {
        // A tool that only sends has nothing that could be asked; its first review proves it.
        if (session.Settings.Find("base_url") is not { } address) return new(new Outcome.Done(), Exchange.None);
        var answer = await new ReviewsRestApi(session).ReviewAsync(address, ReviewsRestOutbound.TestReview, cancel).ConfigureAwait(false);
        return new(ReviewsRestAnswers.Tested(answer), answer.Exchange);
    }
}
