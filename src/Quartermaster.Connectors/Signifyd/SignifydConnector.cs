using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;

namespace Quartermaster.Connectors.Signifyd;

/// <summary>Signifyd: decides whether an order is fraud, and stands in for those that it approves.</summary>
/// <remarks>Its contract is published for people and not for machines; what is spoken here is read from its pages and its own plug-ins, and unverified.</remarks>
public sealed class SignifydConnector : IConnector
{
    public const string Home = "https://api.signifyd.com";
    public const string DefaultCoverage = "FRAUD";

    internal static readonly Manifest Described = new()
    {
        Key = "signifyd",
        Title = "Signifyd",
        Capabilities = [Capability.Reviewer],
        Settings =
        [
            new("api_key", "Key of the team; its webhooks are signed with it too.", Secret: true),
            new("coverage", "What it is asked to stand in for: FRAUD, INR, SNAD, ALL or NONE, several with commas between.", Required: false, Default: DefaultCoverage, Fits: SignifydOutbound.IsCoverage),
            new("base_url", "Another root address; for tests and proxies.", Required: false, Default: Home),
        ],
        Limits = new(Batch: 8, Concurrency: 4, PerSecond: 5, Burst: 5),
        Does = [Wire.KindOf(typeof(OrderEffect.AskOpinion)), Wire.KindOf(typeof(OrderEffect.LookUpOpinion)), Wire.KindOf(typeof(OrderEffect.TellReviewerOfEnd)), Wire.KindOf(typeof(OrderEffect.TellReviewerOfRefund))],
        // An order that is sent again is updated under its id and decided anew; a refund has an id of its own.
        RepeatSafety = RepeatSafety.ByKey,
        Documentation = "https://developer.signifyd.com/main/reference",
        Verified = false,
    };

    public Manifest Manifest => Described;

    public Knock Receive(Session session, Delivery delivery) => SignifydInbound.Receive(session, delivery);

    public Reading Read(Session session, string topic, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt) => SignifydInbound.Read(session, topic, body, receivedAt);

    public Task<IReadOnlyList<Result>> ActAsync(Session session, IReadOnlyList<Work> batch, CancellationToken cancel)
    {
        var redactor = Redactor.For(Described, session.Settings);
        return Separately.DoAsync(batch, work => DoAsync(session, redactor, work, cancel));
    }

    public Task<Result> TestAsync(Session session, CancellationToken cancel) => Separately.GuardedAsync(async () =>
    {
        // An order that nobody has: whoever may ask is told so, whoever may not is not.
        var answer = await SignifydApi.GetAsync(session, Redactor.For(Described, session.Settings), "/v3/decisions/quartermaster-test", cancel).ConfigureAwait(false);
        return new Result(answer.Status is 404 or 400 ? new Outcome.Done() : answer.Usual(reads: true) ?? new Outcome.Done(), answer.Exchange);
    });

    private static async Task<Result> DoAsync(Session session, Redactor redactor, Work work, CancellationToken cancel) => work.Effect switch
    {
        OrderEffect.AskOpinion ask => SignifydAnswers.OfDecision(session, await SignifydApi.PostAsync(session, redactor, "/v3/orders/events/sales", SignifydOutbound.Sale(session, ask), cancel).ConfigureAwait(false), ask.OrderId, ask.Of, reads: false),
        OrderEffect.LookUpOpinion look => SignifydAnswers.OfDecision(session, await SignifydApi.GetAsync(session, redactor, "/v3/decisions/" + Uri.EscapeDataString(look.OrderId), cancel).ConfigureAwait(false), look.OrderId, null, reads: true),
        OrderEffect.TellReviewerOfEnd end => SignifydAnswers.OfNews(await SignifydApi.PostAsync(session, redactor, "/v3/orders/events/fulfillments", SignifydOutbound.End(end), cancel).ConfigureAwait(false)),
        OrderEffect.TellReviewerOfRefund refund => SignifydAnswers.OfNews(await SignifydApi.PostAsync(session, redactor, "/v3/orders/events/returns/records", SignifydOutbound.Refund(refund), cancel).ConfigureAwait(false)),
        _ => Unsupported.By(Described.Title, work),
    };
}
