using System.Security.Cryptography;
using System.Text;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Customers;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Connectors.SendGrid;

/// <summary>What shoppers write to an address that SendGrid receives for (Inbound Parse) → signals. Pure.</summary>
/// <remarks>What is attached is left out before it is stored. Signed where the Parse setting has a security policy; otherwise a key at the end of the address is what entitles to it.</remarks>
internal static class SendGridMails
{
    public const string Topic = "mail";

    /// <summary>Behind the connection's address: <c>inbound</c>, or <c>inbound/KEY</c>.</summary>
    private const string Path = "inbound";

    /// <summary>SendGrid receives mails of up to 30 MB with all that is attached, and posts what was attached unpacked.</summary>
    public static readonly LargeBodies Large = new(Path, 32 * 1024 * 1024, MayBeTheirs);

    public static bool AreMeant(Delivery delivery) => Large.Are(delivery.Path);

    public static Knock Receive(Session session, Delivery delivery)
    {
        if (!IsTheirs(session.Settings, delivery)) return Knock.Refuse;
        var mail = SendGridMail.Read(delivery.Body);
        // A retry may have another boundary, and is the same mail.
        var id = mail is { Id: { } named, From: { } from } ? MessageReports.IdOf(Encoding.UTF8.GetBytes($"{named} {from}")) : MessageReports.IdOf(delivery.Body.Span);
        return new Knock.Take(Topic, $"{Topic}/{id}", null, new StreamId(session.Brand, "connection", session.Connection)) { Keep = SendGridForm.Kept(delivery.Body, mail?.IsReport == true) };
    }

    /// <exception cref="NotUnderstoodException">It is not a form, or nobody's mail.</exception>
    public static Reading Read(Session session, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt)
    {
        if (SendGridMail.Read(body) is not { } mail) throw new NotUnderstoodException("sendgrid.not_a_mail", "The body is not the form that Inbound Parse posts. Its setting \"POST the raw, full MIME message\" has to be off.");
        if (mail.IsReport) return SendGridReports.Read(session, mail, receivedAt);
        if (mail.IsSpam) return Reading.Ignored("scored as spam by SendGrid");
        if (mail.IsByMachine) return Reading.Ignored("written by a machine: an absence, a list or a bounce");
        // Anybody can write under anybody's address: a yes that nobody vouches for takes back no earlier no.
        if (OptWords.Read(mail.Text) == true && !mail.IsVouchedFor)
            return ContactReports.To(session.Brand, "email", mail.From, new ContactSignal.OptedIn("email", $"wrote “{mail.Text.Trim()}” by e-mail, unsigned", receivedAt, Unsure: true)) is { } yes ? new Reading([yes]) : Reading.Ignored("from nobody who could be answered");
        return ContactReports.Wrote(session.Brand, "email", mail.From, Told(mail), mail.Id, receivedAt, mail.Subject) is { } wrote ? new Reading([wrote]) : Reading.Ignored("a mail without words, or from nobody who could be answered");
    }

    /// <summary>What they wrote, and what whoever reads it has to ask for once more. A word that is done at once stays alone.</summary>
    private static string Told(SendGridMail mail) => mail.Attached is not { Count: > 0 } files || OptWords.Read(mail.Text) is not null || ChannelWords.Read(mail.Text) is not null ? mail.Text
        : $"{mail.Text}\n\n(Attached, and not kept: {string.Join(", ", files)})".Trim();

    private static bool IsTheirs(Settings settings, Delivery delivery) => MayBeTheirs(settings, delivery)
        && (settings.Find("inbound_public_key") is not { } signed || SendGridSignature.IsValid(signed, Signature(delivery), Timestamp(delivery), delivery.Body.Span));

    // What can be told without the body: all of it where a key is what entitles, little where it is a signature.
    private static bool MayBeTheirs(Settings settings, Delivery delivery)
    {
        if (delivery.Method != "POST") return false;
        if (settings.Find("inbound_public_key") is not null) return SendGridSignature.MayBe(Signature(delivery), Timestamp(delivery));
        return settings.Find("inbound_key") is { } key && delivery.Path.Length > Path.Length
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(delivery.Path[(Path.Length + 1)..]), Encoding.UTF8.GetBytes(key));
    }

    private static string? Signature(Delivery delivery) => delivery.Header("X-Twilio-Email-Event-Webhook-Signature");

    private static string? Timestamp(Delivery delivery) => delivery.Header("X-Twilio-Email-Event-Webhook-Timestamp");
}
