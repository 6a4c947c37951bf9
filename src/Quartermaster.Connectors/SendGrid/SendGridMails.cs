using System.Security.Cryptography;
using System.Text;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Customers;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Connectors.SendGrid;

/// <summary>What shoppers write to an address that SendGrid receives for (Inbound Parse) → signals. Pure.</summary>
/// <remarks>Signed where the Parse setting has a security policy; otherwise a key at the end of the address is what entitles to it.</remarks>
internal static class SendGridMails
{
    public const string Topic = "mail";

    /// <summary>Behind the connection's address: <c>inbound</c>, or <c>inbound/KEY</c>.</summary>
    private const string Path = "inbound";

    public static bool AreMeant(Delivery delivery) => delivery.Path == Path || delivery.Path.StartsWith(Path + "/", StringComparison.Ordinal);

    public static Knock Receive(Session session, Delivery delivery)
    {
        if (delivery.Method != "POST" || !IsTheirs(session.Settings, delivery)) return Knock.Refuse;
        // A retry may have another boundary, and is the same mail.
        var id = SendGridMail.Read(delivery.Body.Span) is { Id: { } named, From: { } from } ? MessageReports.IdOf(Encoding.UTF8.GetBytes($"{named} {from}")) : MessageReports.IdOf(delivery.Body.Span);
        return new Knock.Take(Topic, $"{Topic}/{id}", null, new StreamId(session.Brand, "connection", session.Connection));
    }

    /// <exception cref="NotUnderstoodException">It is not a form, or nobody's mail.</exception>
    public static Reading Read(Session session, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt)
    {
        if (SendGridMail.Read(body.Span) is not { } mail) throw new NotUnderstoodException("sendgrid.not_a_mail", "The body is not the form that Inbound Parse posts. Its setting \"POST the raw, full MIME message\" has to be off.");
        if (mail.IsSpam) return Reading.Ignored("scored as spam by SendGrid");
        if (mail.IsByMachine) return Reading.Ignored("written by a machine: an absence, a list or a bounce");
        // Anybody can write under anybody's address: a yes that nobody vouches for takes back no earlier no.
        if (OptWords.Read(mail.Text) == true && !mail.IsVouchedFor)
            return ContactReports.To(session.Brand, "email", mail.From, new ContactSignal.OptedIn("email", $"wrote “{mail.Text.Trim()}” by e-mail, unsigned", receivedAt, Unsure: true)) is { } yes ? new Reading([yes]) : Reading.Ignored("from nobody who could be answered");
        return ContactReports.Wrote(session.Brand, "email", mail.From, mail.Text, mail.Id, receivedAt, mail.Subject) is { } wrote ? new Reading([wrote]) : Reading.Ignored("a mail without words, or from nobody who could be answered");
    }

    private static bool IsTheirs(Settings settings, Delivery delivery)
    {
        if (settings.Find("inbound_public_key") is { } signed)
            return SendGridSignature.IsValid(signed, delivery.Header("X-Twilio-Email-Event-Webhook-Signature"), delivery.Header("X-Twilio-Email-Event-Webhook-Timestamp"), delivery.Body.Span);
        return settings.Find("inbound_key") is { } key && delivery.Path.Length > Path.Length
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(delivery.Path[(Path.Length + 1)..]), Encoding.UTF8.GetBytes(key));
    }
}
