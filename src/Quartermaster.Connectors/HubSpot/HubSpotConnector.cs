using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Customers;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Connectors.HubSpot;

/// <summary>Keeps HubSpot's contacts and one subscription of theirs at what is true here, and hears from it who wants to be written to no more.</summary>
public sealed class HubSpotConnector : IConnector
{
    public Manifest Manifest { get; } = new()
    {
        Key = "hubspot",
        Title = "HubSpot",
        Capabilities = [Capability.Profiles],
        Does = [Wire.KindOf(typeof(CustomerEffect.Push)), Wire.KindOf(typeof(CustomerEffect.Forget))],
        // Everything sent is the whole of it, by e-mail address: sent twice, it says the same.
        RepeatSafety = RepeatSafety.ByKey,
        // A private app may make 190 calls in 10 seconds, shared with everything else that uses the same one.
        Limits = new(Batch: 100, Concurrency: 4, PerSecond: 10, Burst: 50),
        Polls = true,
        Documentation = "https://developers.hubspot.com/docs/api-reference/crm-contacts-v3/guide",
        Settings =
        [
            new("access_token", "Access token of a private app with the scopes crm.objects.contacts.read and .write, crm.schemas.contacts.write, and communication_preferences.read_write.", Secret: true),
            new("subscription_id", "Number of the subscription type that marketing stands for. Without it contacts are kept and consent is not passed on.", Required: false, Fits: text => text.All(char.IsAsciiDigit)),
            new("property_prefix", "Put before the names of our contact properties, which are made when they are missing.", Required: false, Default: "quartermaster_", Fits: HubSpotOutbound.IsPrefix),
            new("client_secret", "The app's client secret, by which webhooks are verified. Without it they are refused, and a no is heard by asking every few minutes.", Required: false, Secret: true),
            new("base_url", "Address of the API.", Required: false, Default: HubSpotApi.Home),
        ],
    };

    public Knock Receive(Session session, Delivery delivery) => HubSpotInbound.Receive(session, delivery);

    public Reading Read(Session session, string topic, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt) => HubSpotInbound.Read(session, topic, body, receivedAt);

    public Task<IReadOnlyList<Result>> ActAsync(Session session, IReadOnlyList<Work> batch, CancellationToken cancel)
    {
        var api = new HubSpotApi(session, Redactor.For(Manifest, session.Settings));
        if (batch.Any(w => w.Effect is not CustomerEffect.Push))
            return Separately.DoAsync(batch, work => work.Effect is CustomerEffect.Forget forget ? ForgetAsync(api, forget, cancel) : Task.FromResult(Unsupported.By("HubSpot", work)));
        return new HubSpotPush(api, session.Settings).SayAsync([.. batch.Select(w => (CustomerEffect.Push)w.Effect)], cancel);
    }

    public Task<Result> TestAsync(Session session, CancellationToken cancel) => Separately.GuardedAsync(async () =>
    {
        var answer = await new HubSpotApi(session, Redactor.For(Manifest, session.Settings)).GetAsync(HubSpotApi.Contacts + "?limit=1", cancel).ConfigureAwait(false);
        return new Result(HubSpotAnswers.JudgeTest(answer), answer.Exchange);
    });

    public IAsyncEnumerable<Found> PollAsync(Session session, DateTimeOffset since, CancellationToken cancel) =>
        new HubSpotCatchUp(new HubSpotApi(session, Redactor.For(Manifest, session.Settings)), session).PollAsync(since, cancel);

    private static async Task<Result> ForgetAsync(HubSpotApi api, CustomerEffect.Forget forget, CancellationToken cancel)
    {
        var answer = await api.PostAsync(HubSpotApi.Contacts + "/gdpr-delete", HubSpotOutbound.Deletion(forget), cancel).ConfigureAwait(false);
        if (answer.Status != 404) return new Result(HubSpotAnswers.Judge(answer), answer.Exchange);
        // Nobody by that id proves something only where HubSpot is: at another address everything is a 404.
        var here = HubSpotAnswers.JudgeTest(await api.GetAsync(HubSpotApi.Contacts + "?limit=1", cancel).ConfigureAwait(false));
        return new Result(here is Outcome.Done ? new Outcome.AlreadyDone() : here, answer.Exchange);
    }
}
