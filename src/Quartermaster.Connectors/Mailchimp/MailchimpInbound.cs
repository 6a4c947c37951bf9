using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Customers;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Connectors.Mailchimp;

/// <summary>Form webhooks → signals. Pure.</summary>
/// <remarks>Mailchimp signs nothing: whoever knows the address may post there, so its last part is a secret of our own. Only a no is taken.</remarks>
internal static class MailchimpInbound
{
    public static Knock Receive(Session session, Delivery delivery)
    {
        if (session.Settings.Find("webhook_secret") is not { } secret || !Same(delivery.Path.TrimEnd('/'), secret)) return Knock.Refuse;
        // Mailchimp looks whether somebody is there before it takes the address.
        if (delivery.Method is "GET" or "HEAD") return new Knock.Answer(200, "");
        if (delivery.Method != "POST") return Knock.Refuse;
        return FormBody.Find(FormBody.Read(Encoding.UTF8.GetString(delivery.Body.Span)), "type") is ("subscribe" or "profile" or "upemail" or "campaign") and { } news
            ? new Knock.Counted(new Dictionary<string, int> { [news] = 1 })
            : new Knock.Take("form", MessageReports.IdOf(delivery.Body.Span), null, new StreamId(session.Brand, "connection", session.Connection));
    }

    /// <exception cref="NotUnderstoodException">It is no form of Mailchimp's.</exception>
    public static Reading Read(Session session, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt)
    {
        var form = FormBody.Read(Encoding.UTF8.GetString(body.Span));
        if (FormBody.Find(form, "type") is not { Length: > 0 } type) throw new NotUnderstoodException("mailchimp.bad_form", "The body is no form with a type; expected one of Mailchimp's webhooks.");
        var at = DateTimeOffset.TryParseExact(FormBody.Find(form, "fired_at"), "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var fired) && fired <= receivedAt ? fired : receivedAt;
        var said = (type, FormBody.Find(form, "data[reason]")) switch
        {
            ("unsubscribe" or "cleaned", "abuse") => new ContactSignal.Complained(ContactPoint.Email, "reported as spam (Mailchimp)", at),
            ("unsubscribe", _) => new ContactSignal.OptedOut(ContactPoint.Email, "unsubscribed at Mailchimp", at),
            ("cleaned", _) => new ContactSignal.Bounced(ContactPoint.Email, true, "cleaned by Mailchimp: its mails bounced", at),
            _ => (ContactSignal?)null,
        };
        if (said is null) return Reading.Ignored(type);
        return ContactReports.To(session.Brand, ContactPoint.Email, FormBody.Find(form, "data[email]"), said) is { } contact ? new Reading([contact]) : Reading.Ignored($"{type} without an address");
    }

    private static bool Same(string given, string secret) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(secret));
}
