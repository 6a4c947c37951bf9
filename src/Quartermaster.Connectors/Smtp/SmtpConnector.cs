using System.Text;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Customers;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Messages;

namespace Quartermaster.Connectors.Smtp;

/// <summary>Sends e-mail through any mail server.</summary>
/// <remarks>
/// A refusal during the conversation it hears, and an address that nobody has is written to no more. What comes back later comes as mail, and is heard where the
/// brand's inbound mail is read: each mail carries a <see cref="MailMark"/>. There is no inbound file for that reason. Its sockets do not pass through
/// <see cref="Session.Http"/>, so every mail asks for its turn by itself.
/// </remarks>
public sealed class SmtpConnector : IConnector
{
    // A mail that begins by then has the time it needs before the call limit; the others begin the next conversation.
    private static readonly TimeSpan BeginsWithin = TimeSpan.FromSeconds(30);

    public Manifest Manifest { get; } = new()
    {
        Key = "smtp",
        Title = "E-mail (SMTP)",
        Capabilities = [Capability.Messages, Capability.Alerts],
        Does = [MessageReports.Send, MessageReports.Letter, MessageReports.Answer, MessageReports.Alert],
        RepeatSafety = RepeatSafety.Once,
        // Ten mails a conversation, four conversations at once: what shared relays usually accept.
        Limits = new(Batch: 10, Concurrency: 4, PerSecond: 5, Burst: 5),
        // The last mail begins after half a minute at most, talks for up to a minute and a half, and waits two for the final reply.
        CallLimit = TimeSpan.FromMinutes(4),
        Documentation = "https://www.rfc-editor.org/rfc/rfc5321",
        Settings =
        [
            new("host", "Name of the mail server; with encryption it must be the name in its certificate."),
            new("port", "587 with starttls, 465 with tls, 25 with none, unless set.", Required: false),
            new("security", "starttls, tls or none.", Required: false, Default: "starttls"),
            new("user", "Login; left out for a relay that needs none.", Required: false),
            new("password", "Password or app password of the login.", Required: false, Secret: true),
            new("from", "Sender: orders@example.com, or Example Shop <orders@example.com>."),
            new("reply_to", "Where answers of shoppers go; the sender address where it is left out.", Required: false),
            new("return_path", "Where mail that cannot be delivered comes back to; the sender address where it is left out. The mail server must let the login send under it.", Required: false),
            new("alerts_to", "Addresses that get the operators' alerts, separated by commas.", Required: false),
            new("certificate_sha256", "SHA-256 fingerprint of the server's own certificate, to trust it although no authority signed it.", Required: false),
            RepeatUnsure.Setting,
        ],
    };

    public async Task<IReadOnlyList<Result>> ActAsync(Session session, IReadOnlyList<Work> batch, CancellationToken cancel)
    {
        var redactor = Redactor.For(Manifest, session.Settings);
        var results = new List<Result>(batch.Count);
        var line = new Line();
        try
        {
            var server = SmtpServer.Of(session.Settings);
            var began = session.Clock.GetTimestamp();
            foreach (var work in batch)
            {
                results.Add(session.Clock.GetElapsedTime(began) < BeginsWithin
                    ? await DeliverAsync(session, server, line, work, redactor, cancel).ConfigureAwait(false)
                    : Result.NotNow("the mail server is slow; it goes with the next conversation", TimeSpan.Zero));
            }
        }
        catch (Exception e) when (e is BadServerException or SettingMissingException)
        {
            while (results.Count < batch.Count) results.Add(new Result(new Outcome.NotConnected(e.Message), Exchange.None));
        }
        finally
        {
            if (line.Talk is not null) await line.Talk.DisposeAsync().ConfigureAwait(false);
        }
        return results;
    }

    /// <summary>Everything up to the login, and no mail.</summary>
    public async Task<Result> TestAsync(Session session, CancellationToken cancel)
    {
        try
        {
            var server = SmtpServer.Of(session.Settings);
            var (talk, trouble, transcript) = await SmtpApi.OpenAsync(server, cancel).ConfigureAwait(false);
            if (talk is not null) await talk.DisposeAsync().ConfigureAwait(false);
            return new Result(trouble ?? new Outcome.Done(), new Exchange($"{server.Host}:{server.Port}", Redactor.For(Manifest, session.Settings).Clean(transcript)));
        }
        catch (Exception e) when (e is BadServerException or SettingMissingException)
        {
            return new Result(new Outcome.NotConnected(e.Message), Exchange.None);
        }
    }

    private static async Task<Result> DeliverAsync(Session session, SmtpServer server, Line line, Work work, Redactor redactor, CancellationToken cancel)
    {
        SmtpMail? mail;
        try
        {
            mail = work.Effect switch
            {
                MessageEffect.Send send => SmtpOutbound.Mail(session, work.Key, send),
                MessageEffect.Letter letter => SmtpOutbound.Mail(session, work.Key, letter),
                MessageEffect.Answer answer => SmtpOutbound.Mail(session, work.Key, answer),
                MessageEffect.Alert alert when session.Settings.Find("alerts_to") is { } to => SmtpOutbound.Mail(session, work.Key, alert, to),
                _ => null,
            };
        }
        catch (BadAddressException bad)
        {
            return new Result(new Outcome.Refused("bad_address", bad.Message), Exchange.None);
        }
        if (mail is null) return work.Effect is MessageEffect.Alert ? MessageReports.NobodyToAlert : Unsupported.By("SMTP", work);
        var request = redactor.Clean(Remote.Shorten($"{server.Host}:{server.Port}\n{Encoding.UTF8.GetString(mail.Content.Span)}", Remote.Kept));
        try
        {
            await session.TurnAsync(cancel).ConfigureAwait(false);
        }
        catch (NotNowException notNow)
        {
            return Result.NotNow(notNow.Message, notNow.Wait);
        }
        var (outcome, transcript) = await line.SendAsync(server, mail, cancel).ConfigureAwait(false);
        return new Result(outcome, new Exchange(request, redactor.Clean(transcript)), Learned(session, work, outcome));
    }

    /// <summary>A supplier's or an operator's mailbox is no contact of the brand.</summary>
    private static IReadOnlyList<Forwarded>? Learned(Session session, Work work, Outcome outcome) =>
        work.Effect is MessageEffect.Send send && SmtpAnswers.NobodyIsThere(outcome) is { } why
            && ContactReports.To(session.Brand, ContactPoint.Email, send.To, new ContactSignal.Bounced(ContactPoint.Email, Hard: true, why, session.Clock.GetUtcNow())) is { } contact ? [contact] : null;

    /// <summary>The conversation that the mails of one batch share; opened with the first, opened again when the server has hung up.</summary>
    private sealed class Line
    {
        private Outcome? noAnswer;

        public SmtpApi? Talk { get; private set; }

        public async Task<(Outcome Outcome, string Transcript)> SendAsync(SmtpServer server, SmtpMail mail, CancellationToken cancel)
        {
            // One refusal to talk is enough for a batch: asking again for every mail is what gets an address blocked.
            if (noAnswer is not null) return (noAnswer, "");
            if (Talk is { IsOver: true })
            {
                await Talk.DisposeAsync().ConfigureAwait(false);
                Talk = null;
            }
            if (Talk is null)
            {
                (Talk, noAnswer, var opening) = await SmtpApi.OpenAsync(server, cancel).ConfigureAwait(false);
                if (Talk is null) return (noAnswer!, opening);
            }
            var outcome = await Talk.SendAsync(mail, cancel).ConfigureAwait(false);
            var transcript = Talk.Transcript.ToString();
            Talk.Transcript.Clear();
            return (outcome, transcript);
        }
    }
}
