using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Customers;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;

namespace Quartermaster.Connectors.WhatsApp;

/// <summary>Sends template messages from a WhatsApp Business number and hears which of them could not be delivered.</summary>
public sealed class WhatsAppConnector : IConnector
{
    public Manifest Manifest { get; } = new()
    {
        Key = "whatsapp",
        Title = "WhatsApp Cloud API",
        Capabilities = [Capability.Messages],
        Does = [MessageReports.Send, MessageReports.Answer],
        // Meta knows no idempotency key and cannot be asked what was sent; see RepeatUnsure for what that leaves.
        RepeatSafety = RepeatSafety.Once,
        Limits = new(Batch: 32, Concurrency: 32, PerSecond: 80, Burst: 80),
        HoldsTexts = true,
        RatesSenders = true,
        Documentation = "https://developers.facebook.com/docs/whatsapp/cloud-api",
        Settings =
        [
            new("phone_number_id", "Id of the sending number in Meta's business settings; not the number itself."),
            new("token", "Access token of a system user with whatsapp_business_messaging.", Secret: true),
            new("app_secret", "Secret of the Meta app; its webhooks are signed with it.", Secret: true),
            new("business_account_id", "Id of the WhatsApp Business account. With it the texts that Meta holds are read, and what Meta would refuse is not sent. Needs whatsapp_business_management.", Required: false),
            new("portfolio", "Id of the business portfolio that the number belongs to, where numbers of several WhatsApp Business accounts share one: they share its limit. Otherwise the account stands for it.", Required: false),
            new("verify_token", "Any word of your own, entered in Meta's webhook form as well.", Required: false, Secret: true),
            new("languages", "Meta's language code per two-letter language where they differ: en=en_US,pt=pt_BR.", Required: false),
            new("base_url", "Address of the Graph API with its version.", Required: false, Default: WhatsAppApi.Home),
            RepeatUnsure.Setting,
        ],
    };

    public Knock Receive(Session session, Delivery delivery) => WhatsAppInbound.Receive(session, delivery);

    public Reading Read(Session session, string topic, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt) =>
        WhatsAppInbound.Read(session, body, receivedAt);

    public Task<IReadOnlyList<Result>> ActAsync(Session session, IReadOnlyList<Work> batch, CancellationToken cancel)
    {
        var redactor = Redactor.For(Manifest, session.Settings);
        return Separately.DoAsync(batch, work => SendAsync(session, redactor, work, cancel));
    }

    public Task<Result> TestAsync(Session session, CancellationToken cancel) => Separately.GuardedAsync(async () =>
    {
        var answer = await WhatsAppApi.LookAtNumberAsync(session, Redactor.For(Manifest, session.Settings), cancel).ConfigureAwait(false);
        return new Result(WhatsAppAnswers.JudgeTest(answer), answer.Exchange);
    });

    public Task<IReadOnlyList<HeldText>?> ReadTextsAsync(Session session, CancellationToken cancel) =>
        session.Settings.Find("business_account_id") is { } account ? WhatsAppHeldTexts.ReadAsync(session, Redactor.For(Manifest, session.Settings), account, cancel) : Task.FromResult<IReadOnlyList<HeldText>?>(null);

    public Task<SenderStanding?> ReadSenderAsync(Session session, CancellationToken cancel) => WhatsAppSender.ReadAsync(session, Redactor.For(Manifest, session.Settings), cancel);

    /// <summary>The limit is the portfolio's, and all numbers of one account belong to one portfolio.</summary>
    public string? SharesLimit(Settings settings) => settings.Find("portfolio") ?? settings.Find("business_account_id");

    private static async Task<Result> SendAsync(Session session, Redactor redactor, Work work, CancellationToken cancel)
    {
        ReadOnlyMemory<byte>? written = work.Effect switch
        {
            MessageEffect.Send send => WhatsAppOutbound.Body(session.Settings, work.Key, send),
            MessageEffect.Answer said => WhatsAppOutbound.Body(session.Settings, work.Key, said),
            _ => null,
        };
        if (written is not { } body) return Unsupported.By("WhatsApp", work);
        var answer = await WhatsAppApi.SendAsync(session, redactor, work.Key, body, cancel).ConfigureAwait(false);
        var outcome = WhatsAppAnswers.Judge(answer);
        return new Result(outcome, answer.Exchange, Learned(session, work, outcome));
    }

    private static IReadOnlyList<Forwarded>? Learned(Session session, Work work, Outcome outcome) =>
        work.Effect is MessageEffect.Send send && outcome is Outcome.Refused { Code: MessageEffect.NotToday } refused
            && ContactReports.To(session.Brand, ContactPoint.WhatsApp, send.To, new ContactSignal.Tired(ContactPoint.WhatsApp, refused.Why, session.Clock.GetUtcNow())) is { } contact ? [contact] : null;
}
