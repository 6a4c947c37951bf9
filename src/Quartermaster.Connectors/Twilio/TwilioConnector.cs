using System.Globalization;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Messages;

namespace Quartermaster.Connectors.Twilio;

/// <summary>Sends text messages, hears which of them did not arrive, and what shoppers write back.</summary>
public sealed class TwilioConnector : IConnector
{
    internal static readonly Manifest Described = new()
    {
        Key = "twilio",
        Title = "Twilio SMS",
        Capabilities = [Capability.Messages],
        Does = [MessageReports.Send, MessageReports.Answer],
        // No idempotency key, but what was sent to a number can be listed.
        RepeatSafety = RepeatSafety.ByLookUp,
        Limits = new(Batch: 16, Concurrency: 8, PerSecond: 10, Burst: 10),
        Documentation = "https://www.twilio.com/docs/messaging/api/message-resource",
        Settings =
        [
            new("account_sid", "The account, AC and 32 characters.", Fits: sid => sid.Length == 34 && sid.StartsWith("AC", StringComparison.Ordinal)),
            new("auth_token", "The account's auth token; Twilio signs its webhooks with it.", Secret: true),
            new("from", "Who sends: a number (+15550100000), a sender name (AURORA), or a messaging service (MG and 32 characters)."),
            new("most_segments", "A message of more segments than this is not sent but goes by the next channel: 1 to 10.", Required: false, Default: SmsText.UsualMost, Fits: text => SmsText.Most(text) is not null),
            new("base_url", "Address of the API.", Required: false, Default: TwilioApi.Home),
        ],
    };

    public Manifest Manifest => Described;

    public Knock Receive(Session session, Delivery delivery) => TwilioInbound.Receive(session, delivery);

    public Reading Read(Session session, string topic, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt) => TwilioInbound.Read(session, topic, body, receivedAt);

    public Task<IReadOnlyList<Result>> ActAsync(Session session, IReadOnlyList<Work> batch, CancellationToken cancel)
    {
        var redactor = Redactor.For(Described, session.Settings);
        return Separately.DoAsync(batch, work => SendAsync(session, redactor, work, cancel));
    }

    public async Task<Result> LookUpAsync(Session session, Work work, CancellationToken cancel)
    {
        if (Letter(work) is not { } letter) return Unsupported.By(Described.Title, work);
        var answer = await TwilioApi.ListAsync(session, Redactor.For(Described, session.Settings), letter.To, cancel).ConfigureAwait(false);
        return new(TwilioAnswers.Found(answer, SmsText.Of(letter.Text).Text, session.Clock.GetUtcNow()), answer.Exchange);
    }

    public Task<Result> TestAsync(Session session, CancellationToken cancel) => Separately.GuardedAsync(async () =>
    {
        if (session.Callback is null) return new Result(new Outcome.NotConnected("Twilio signs its webhooks with the address it calls: set public_address to the https address that reaches this hub."), Exchange.None);
        var answer = await TwilioApi.LookAtAccountAsync(session, Redactor.For(Described, session.Settings), cancel).ConfigureAwait(false);
        return new Result(TwilioAnswers.JudgeTest(answer), answer.Exchange);
    });

    private static (string To, string Text)? Letter(Work work) => work.Effect switch
    {
        MessageEffect.Send send => (send.To, send.Text),
        MessageEffect.Answer answer => (answer.To, answer.Text),
        _ => null,
    };

    private static async Task<Result> SendAsync(Session session, Redactor redactor, Work work, CancellationToken cancel)
    {
        if (Letter(work) is not { } letter) return Unsupported.By(Described.Title, work);
        var sms = SmsText.Of(letter.Text);
        if (sms.Segments > SmsText.MostOf(session.Settings))
        {
            var size = string.Create(CultureInfo.InvariantCulture, $"It would be {sms.Segments} segments ({(sms.IsGsm ? "GSM-7" : "UCS-2")}); most_segments allows {SmsText.MostOf(session.Settings)}.");
            return new(new Outcome.Refused("too_long", size), Exchange.None);
        }
        var answer = await TwilioApi.SendAsync(session, redactor, TwilioOutbound.Form(session, work.Key, letter.To, sms.Text), cancel).ConfigureAwait(false);
        var outcome = TwilioAnswers.Judge(answer);
        var learned = outcome is Outcome.Refused refused ? TwilioErrors.OfNumber(refused.Code, refused.Why, session.Clock.GetUtcNow()) : null;
        return new(outcome, answer.Exchange, learned is not null && ContactReports.To(session.Brand, "sms", letter.To, learned) is { } told ? [told] : null);
    }
}
