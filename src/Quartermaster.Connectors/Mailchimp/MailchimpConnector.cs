using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Customers;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Connectors.Mailchimp;

/// <summary>Keeps the members of one Mailchimp audience at what is true here, and hears from it who wants to be written to no more.</summary>
public sealed class MailchimpConnector : IConnector
{
    public Manifest Manifest { get; } = new()
    {
        Key = "mailchimp",
        Title = "Mailchimp",
        Capabilities = [Capability.Profiles],
        Does = [Wire.KindOf(typeof(CustomerEffect.Push)), Wire.KindOf(typeof(CustomerEffect.Forget))],
        // Everything sent is the whole of it, by the address's own id: sent twice, it says the same.
        RepeatSafety = RepeatSafety.ByKey,
        // Ten connections at once for a whole account; two are left to the shop's other programs.
        Limits = new(Batch: 8, Concurrency: 4, PerSecond: 8, Burst: 16),
        Documentation = "https://mailchimp.com/developer/marketing/api/list-members/",
        // The vendor's file of the Marketing API is not published in a form that could be checked against.
        Verified = false,
        Settings =
        [
            new("api_key", "API key; what stands after its dash is the data centre: …-us21.", Secret: true),
            new("list_id", "The audience that customers are members of."),
            new("merge_fields", "Which of the audience's merge fields get what we know: orders=ORDERS,lifetime_eur=SPENT,last_order_at=LASTORDER.", Required: false, Fits: MailchimpOutbound.AreMergeFields),
            new("webhook_secret", "A long word of your own at the end of the webhook's address, by which Mailchimp is known. Without it webhooks are refused.", Required: false, Secret: true),
            new("base_url", "Address of the API; otherwise the one of the key's data centre.", Required: false),
        ],
    };

    public Knock Receive(Session session, Delivery delivery) => MailchimpInbound.Receive(session, delivery);

    public Reading Read(Session session, string topic, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt) => MailchimpInbound.Read(session, body, receivedAt);

    public Task<IReadOnlyList<Result>> ActAsync(Session session, IReadOnlyList<Work> batch, CancellationToken cancel)
    {
        var api = new MailchimpApi(session, Redactor.For(Manifest, session.Settings));
        return Separately.DoAsync(batch, work => work.Effect switch
        {
            CustomerEffect.Push push => PushAsync(api, session.Settings, push, cancel),
            CustomerEffect.Forget forget => ForgetAsync(api, forget, cancel),
            _ => Task.FromResult(Unsupported.By("Mailchimp", work)),
        });
    }

    public Task<Result> TestAsync(Session session, CancellationToken cancel) => Separately.GuardedAsync(async () =>
    {
        var answer = await new MailchimpApi(session, Redactor.For(Manifest, session.Settings)).ListAsync(cancel).ConfigureAwait(false);
        return new Result(MailchimpAnswers.JudgeTest(answer), answer.Exchange);
    });

    private static async Task<Result> PushAsync(MailchimpApi api, Settings settings, CustomerEffect.Push push, CancellationToken cancel)
    {
        var id = MailchimpOutbound.IdOf(push.Email);
        var answer = await api.PutMemberAsync(id, MailchimpOutbound.Member(push, settings, withConsent: true), cancel).ConfigureAwait(false);
        // Whoever left by Mailchimp's own link comes back by Mailchimp's own form only. Their no stands there, and the rest is kept.
        if (MailchimpAnswers.IsTheirOwnNo(answer)) answer = await api.PutMemberAsync(id, MailchimpOutbound.Member(push, settings, withConsent: false), cancel).ConfigureAwait(false);
        if (!answer.IsSuccess) return new Result(MailchimpAnswers.Judge(answer, id), answer.Exchange);
        var tagged = await api.PostAsync(id, "tags", MailchimpOutbound.Tags(push), cancel).ConfigureAwait(false);
        return new Result(MailchimpAnswers.Judge(tagged, id), tagged.IsSuccess ? answer.Exchange : tagged.Exchange);
    }

    private static async Task<Result> ForgetAsync(MailchimpApi api, CustomerEffect.Forget forget, CancellationToken cancel)
    {
        var answer = await api.PostAsync(forget.RemoteId ?? MailchimpOutbound.IdOf(forget.Email!), "actions/delete-permanent", "", cancel).ConfigureAwait(false);
        if (answer.Status != 404) return new Result(MailchimpAnswers.Judge(answer, null), answer.Exchange);
        // Nobody by that id proves something only where the list is: of a list that is not there everything is a 404.
        var here = MailchimpAnswers.JudgeTest(await api.ListAsync(cancel).ConfigureAwait(false));
        return new Result(here is Outcome.Done ? new Outcome.AlreadyDone() : here, answer.Exchange);
    }
}
