using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Messages;

namespace Quartermaster.Connectors.SendGrid;

/// <summary>Sends e-mail through SendGrid and hears from its signed event webhook which mails did not arrive.</summary>
public sealed class SendGridConnector : IConnector
{
    public Manifest Manifest { get; } = new()
    {
        Key = "sendgrid",
        Title = "SendGrid",
        Capabilities = [Capability.Messages, Capability.Alerts],
        Does = [MessageReports.Send, MessageReports.Letter, MessageReports.Answer, MessageReports.Alert],
        // SendGrid knows no idempotency key, and asking what was sent costs extra there; see RepeatUnsure.
        RepeatSafety = RepeatSafety.Once,
        Limits = new(Batch: 16, Concurrency: 8, PerSecond: 100, Burst: 50),
        LargeBodies = SendGridMails.Large,
        Documentation = "https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send",
        Settings =
        [
            new("api_key", "API key with the scope mail.send.", Secret: true),
            new("from_email", "Sender address, verified at SendGrid."),
            new("from_name", "Sender name that the shopper sees.", Required: false),
            new("reply_to", "Where answers of shoppers go; the sender address where it is left out.", Required: false),
            new("webhook_public_key", "Public key of the signed event webhook, as SendGrid's settings page shows it. Without it bounces are not heard.", Required: false),
            new("inbound_public_key", "Public key of the security policy of Inbound Parse, where it has one: what shoppers write is then taken only when signed.", Required: false),
            new("inbound_key", "Without a security policy: a word of at least 20 letters and digits, at the end of the address that Inbound Parse posts to.", Required: false, Secret: true, Fits: key => key.Length >= 20 && key.All(char.IsAsciiLetterOrDigit)),
            new("alerts_to", "Addresses that get the operators' alerts, separated by commas.", Required: false),
            new("base_url", "Address of the API; https://api.eu.sendgrid.com for EU subusers.", Required: false, Default: SendGridApi.Home),
            RepeatUnsure.Setting,
        ],
    };

    public Knock Receive(Session session, Delivery delivery) => SendGridMails.AreMeant(delivery) ? SendGridMails.Receive(session, delivery) : SendGridInbound.Receive(session, delivery);

    public Reading Read(Session session, string topic, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt) =>
        topic == SendGridMails.Topic ? SendGridMails.Read(session, body, receivedAt) : SendGridInbound.Read(session, body, receivedAt);

    public Task<IReadOnlyList<Result>> ActAsync(Session session, IReadOnlyList<Work> batch, CancellationToken cancel)
    {
        var redactor = Redactor.For(Manifest, session.Settings);
        return Separately.DoAsync(batch, work => work.Effect switch
        {
            MessageEffect.Send send => PostAsync(session, redactor, SendGridOutbound.Body(session.Settings, work.Key, send), cancel),
            MessageEffect.Letter letter => PostAsync(session, redactor, SendGridOutbound.Body(session.Settings, work.Key, letter), cancel),
            MessageEffect.Answer answer => PostAsync(session, redactor, SendGridOutbound.Body(session.Settings, work.Key, answer), cancel),
            MessageEffect.Alert alert when session.Settings.Find("alerts_to") is { } to
                => PostAsync(session, redactor, SendGridOutbound.Body(session.Settings, work.Key, alert, to), cancel),
            MessageEffect.Alert => Task.FromResult(MessageReports.NobodyToAlert),
            _ => Task.FromResult(Unsupported.By("SendGrid", work)),
        });
    }

    public Task<Result> TestAsync(Session session, CancellationToken cancel) => Separately.GuardedAsync(async () =>
    {
        var answer = await SendGridApi.ScopesAsync(session, Redactor.For(Manifest, session.Settings), cancel).ConfigureAwait(false);
        return new Result(SendGridAnswers.JudgeTest(answer), answer.Exchange);
    });

    private static async Task<Result> PostAsync(Session session, Redactor redactor, ReadOnlyMemory<byte> body, CancellationToken cancel)
    {
        var answer = await SendGridApi.SendAsync(session, redactor, body, cancel).ConfigureAwait(false);
        return new Result(SendGridAnswers.Judge(answer, session.Clock.GetUtcNow()), answer.Exchange);
    }
}
