using System.Globalization;
using System.Net.Mail;
using System.Security.Cryptography;
using System.Text;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Messages;

namespace Quartermaster.Connectors.Smtp;

/// <summary>Effect → mail. Pure.</summary>
internal static class SmtpOutbound
{
    private static readonly IdnMapping Idn = new();

    /// <exception cref="BadAddressException">An address cannot be written in an envelope.</exception>
    public static SmtpMail Mail(Session session, string key, MessageEffect.Send send) =>
        Compose(session, key, [send.To], send.ToName, send.Subject, send.Text, send.Html, send.Unsubscribe, send.Sender, toShopper: true);

    /// <exception cref="BadAddressException">An address cannot be written in an envelope.</exception>
    public static SmtpMail Mail(Session session, string key, MessageEffect.Letter letter) =>
        Compose(session, key, [letter.To], letter.ToName, letter.Subject, letter.Text);

    /// <summary>An answer to who wrote; it stands below their mail.</summary>
    /// <exception cref="BadAddressException">An address cannot be written in an envelope.</exception>
    public static SmtpMail Mail(Session session, string key, MessageEffect.Answer answer) =>
        Compose(session, key, [answer.To], null, answer.Subject ?? From(session.Settings["from"]).DisplayName, answer.Text, inReplyTo: answer.InReplyTo, toShopper: true);

    /// <param name="to">The operators' addresses, separated by commas.</param>
    public static SmtpMail Mail(Session session, string key, MessageEffect.Alert alert, string to) =>
        Compose(session, key, to.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), null,
            $"[{alert.Severity}] {alert.Title}", alert.Link is null ? alert.Text : $"{alert.Text}\n\n{alert.Link}");

    /// <summary>An address for the envelope: domain in its ASCII form, nothing in it that could end the command.</summary>
    /// <exception cref="BadAddressException">It is not an address.</exception>
    public static string Envelope(string address)
    {
        var at = address.LastIndexOf('@');
        var bad = at <= 0 || at == address.Length - 1 || address.Length > 254
            || address.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || c is '<' or '>' or ',' or ';' or '"' or '(' or ')');
        if (bad) throw new BadAddressException(address);
        try
        {
            return $"{address[..at]}@{Idn.GetAscii(address[(at + 1)..])}";
        }
        catch (ArgumentException)
        {
            throw new BadAddressException(address);
        }
    }

    private static SmtpMail Compose(Session session, string key, IReadOnlyList<string> to, string? toName, string subject, string text, string? html = null, string? unsubscribe = null, string? senderName = null, string? inReplyTo = null, bool toShopper = false)
    {
        var from = From(session.Settings["from"]);
        var sender = Envelope(from.Address);
        var recipients = to.Select(Envelope).ToArray();
        var id = MailMark.Of(session, key, to[0], sender);
        var mail = new StringBuilder(text.Length + 1024)
            .Append("Date: ").Append(session.Clock.GetUtcNow().ToString("ddd, dd MMM yyyy HH:mm:ss", CultureInfo.InvariantCulture)).Append(" +0000\r\n")
            .Append("From: ").Append(Mailbox(sender, senderName ?? from.DisplayName)).Append("\r\n")
            .Append(toShopper && session.Settings.Find("reply_to") is { } replies ? $"Reply-To: {Envelope(replies)}\r\n" : "")
            .Append("To: ").AppendJoin(",\r\n ", recipients.Select(r => Mailbox(r, toName))).Append("\r\n")
            .Append("Subject: ").Append(SmtpMime.HeaderText(subject)).Append("\r\n")
            .Append("Message-ID: ").Append(id).Append("\r\n")
            // Keeps holiday replies from answering a machine (RFC 3834).
            .Append(inReplyTo is null ? "Auto-Submitted: auto-generated\r\n" : $"Auto-Submitted: auto-replied\r\nIn-Reply-To: {inReplyTo}\r\nReferences: {inReplyTo}\r\n")
            .Append(Unsubscribe(unsubscribe))
            .Append("MIME-Version: 1.0\r\n")
            .Append(html is null ? SmtpMime.Part("plain", text) : SmtpMime.Alternatives(text, html, $"=_{Boundary(session.Brand, key)}"));
        return new SmtpMail(session.Settings.Find("return_path") is { } back ? Envelope(back) : sender, recipients, Encoding.UTF8.GetBytes(mail.ToString()), id);
    }

    private static string Boundary(string brand, string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{brand}|{key}")).AsSpan(0, 16));

    private static MailAddress From(string setting) => MailAddress.TryCreate(setting, out var from)
        ? from
        : throw new BadServerException($"from is '{setting}'; it must be an address, or a name and an address in angle brackets.");

    /// <summary>One click in the mail program is enough (RFC 8058): no sign-in and no page in between. On one line each, so that a signature over them survives every relay.</summary>
    private static string Unsubscribe(string? address) => address is null ? "" : $"List-Unsubscribe: <{address}>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n";

    // Behind an encoded name a new line: none with an encoded word may be longer than 76 characters (RFC 2047).
    private static string Mailbox(string address, string? name) => string.IsNullOrWhiteSpace(name) ? address
        : SmtpMime.DisplayName(name) is var shown && shown[0] == '"' ? $"{shown} <{address}>" : $"{shown}\r\n <{address}>";
}

/// <summary>A text that was meant to be an e-mail address is none.</summary>
internal sealed class BadAddressException(string address) : Exception($"'{address}' is not an e-mail address.");
