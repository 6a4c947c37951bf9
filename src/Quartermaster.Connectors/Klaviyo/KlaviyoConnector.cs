using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Customers;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Connectors.Klaviyo;

/// <summary>Keeps Klaviyo's profiles and their consent at what is true here, and hears from it who wants to be written to no more.</summary>
public sealed class KlaviyoConnector : IConnector
{
    /// <summary>Most profiles that an unsubscription or a suppression takes at once; a subscription takes a thousand.</summary>
    internal const int Most = 100;

    public Manifest Manifest { get; } = new()
    {
        Key = "klaviyo",
        Title = "Klaviyo",
        Capabilities = [Capability.Profiles],
        Does = [Wire.KindOf(typeof(CustomerEffect.Push)), Wire.KindOf(typeof(CustomerEffect.Forget))],
        // Everything sent is the whole of it, by e-mail address: sent twice, it says the same.
        RepeatSafety = RepeatSafety.ByKey,
        Limits = new(Batch: 50, Concurrency: 4, PerSecond: 12, Burst: 50),
        Polls = true,
        Documentation = "https://developers.klaviyo.com/en/reference/api_overview",
        Settings =
        [
            new("api_key", "Private API key with the scopes profiles:read, profiles:write, subscriptions:write, lists:write, data-privacy:write and accounts:read.", Secret: true),
            new("list_id", "List that who wants marketing is subscribed to. Without it they are subscribed to none, only as such.", Required: false),
            new("consent_for", "Channels whose consent is passed on: email, or with sms and whatsapp where the account sends by them.", Required: false, Default: "email", Fits: KlaviyoOutbound.AreChannels),
            new("webhook_secret", "The secret key of the system webhook. Without it webhooks are refused, and a no is heard by asking every few minutes.", Required: false, Secret: true),
            new("base_url", "Address of the API.", Required: false, Default: KlaviyoApi.Home),
        ],
    };

    public Knock Receive(Session session, Delivery delivery) => KlaviyoInbound.Receive(session, delivery);

    public Reading Read(Session session, string topic, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt) => KlaviyoInbound.Read(session, topic, body, receivedAt);

    public Task<IReadOnlyList<Result>> ActAsync(Session session, IReadOnlyList<Work> batch, CancellationToken cancel)
    {
        var api = new KlaviyoApi(session, Redactor.For(Manifest, session.Settings));
        if (batch.Any(w => w.Effect is not CustomerEffect.Push))
            return Separately.DoAsync(batch, work => work.Effect is CustomerEffect.Forget forget ? ForgetAsync(api, forget, cancel) : Task.FromResult(Unsupported.By("Klaviyo", work)));
        return new KlaviyoPush(api, session.Settings).SayAsync([.. batch.Select(w => (CustomerEffect.Push)w.Effect)], cancel);
    }

    public Task<Result> TestAsync(Session session, CancellationToken cancel) => Separately.GuardedAsync(async () =>
    {
        var answer = await new KlaviyoApi(session, Redactor.For(Manifest, session.Settings)).GetAsync("/api/accounts", cancel).ConfigureAwait(false);
        return new Result(KlaviyoAnswers.JudgeTest(answer), answer.Exchange);
    });

    public IAsyncEnumerable<Found> PollAsync(Session session, DateTimeOffset since, CancellationToken cancel) =>
        new KlaviyoCatchUp(new KlaviyoApi(session, Redactor.For(Manifest, session.Settings)), session).PollAsync(since, cancel);

    private static async Task<Result> ForgetAsync(KlaviyoApi api, CustomerEffect.Forget forget, CancellationToken cancel)
    {
        var answer = await api.PostAsync("/api/data-privacy-deletion-jobs", KlaviyoOutbound.Deletion(forget), cancel).ConfigureAwait(false);
        var outcome = KlaviyoAnswers.JudgeDeletion(answer);
        if (outcome is not Outcome.AlreadyDone) return new Result(outcome, answer.Exchange);
        // Nobody by that id proves something only where the account is: at another address everything is a 404.
        var here = KlaviyoAnswers.JudgeTest(await api.GetAsync("/api/accounts", cancel).ConfigureAwait(false));
        return new Result(here is Outcome.Done ? outcome : here, answer.Exchange);
    }
}
