using System.Net.Mail;
using System.Text.RegularExpressions;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Customers;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Connectors.SendGrid;

/// <summary>What mail systems write about mail that went out by SMTP: that it came back (RFC 3464), or that its reader complained (RFC 5965) → signals. Pure.</summary>
/// <remarks>
/// Believed only when it returns the <c>Message-ID</c> that the hub gave that mail: anybody can write such a report, and an address is closed by it. Who signed
/// it proves nothing, for a provider signs whatever each of its users sends; all else is noted.
/// </remarks>
internal static partial class SendGridReports
{
    // What stands in a report a stranger wrote, and it is read while partitions are held. One of our mails has one recipient, an alert a few.
    private const int MostLookedAt = 20;

    // The longest line that a mail may have (RFC 5322, 2.1.1).
    private const int MostOfAValue = 998;

    private const int MostOfANote = 2000;

    public static Reading Read(Session session, SendGridMail mail, DateTimeOffset receivedAt)
    {
        var lines = Lines(mail.Everything).ToList();
        if (lines.Find(l => Is(l, "Feedback-Type")) is { Value: { Length: > 0 } kind }) return Complaint(session, lines, kind.ToLowerInvariant(), receivedAt);
        var recipients = Recipients(lines).Take(MostLookedAt).ToList();
        var whose = recipients.Exists(r => r.HasFailed) ? Whose(session, lines, recipients.SelectMany(r => r.Addresses)) : null;
        List<Forwarded> signals = [];
        List<string> notes = [];
        foreach (var one in recipients)
        {
            var (told, note) = CameBack(session.Brand, one, whose, receivedAt);
            signals.AddRange(told);
            notes.Add(note);
        }
        return notes.Count == 0 ? Reading.Ignored("a report of a mail system that says nothing of a delivery") : new Reading(signals, Storable.Cut(string.Join(' ', notes), MostOfANote));
    }

    /// <summary>What a mail system says of one recipient.</summary>
    private sealed record Recipient(IReadOnlyList<string> Addresses, string Action, string Status, string Why)
    {
        public bool HasFailed => Action.Equals("failed", StringComparison.OrdinalIgnoreCase);
    }

    private static (IReadOnlyList<Forwarded> Signals, string Note) CameBack(string brand, Recipient said, (string Key, string To)? ours, DateTimeOffset at)
    {
        var (who, what) = (said.Addresses is [var first, ..] ? first : "nobody", $"{said.Status} {said.Why}".Trim());
        if (!said.HasFailed) return ([], $"{who}: {said.Action.ToLowerInvariant()} ({what}), which is no end.");
        if (ours is not { } whose) return ([], $"{who}: {what}. It names no mail of this hub: nothing follows.");
        List<Forwarded> signals = [];
        if (MessageReports.Undelivered(brand, ContactPoint.Email, whose.Key, said.Status, what) is { } undelivered) signals.Add(undelivered);
        if (MessageReports.IsToAShopper(brand, whose.Key) && ContactReports.To(brand, ContactPoint.Email, whose.To, new ContactSignal.Bounced(ContactPoint.Email, IsForGood(said.Status), what, at)) is { } contact) signals.Add(contact);
        return (signals, $"{who}: {what}.");
    }

    private static Reading Complaint(Session session, List<Line> lines, string kind, DateTimeOffset at)
    {
        // The others say that a signature failed, that a virus was in it, or that it was no spam after all.
        ContactSignal? said = kind switch
        {
            "abuse" or "fraud" or "miscategorized" => new ContactSignal.Complained(ContactPoint.Email, "reported as spam (their mail provider)", at),
            "opt-out" or "opt-out-list" => new ContactSignal.OptedOut(ContactPoint.Email, "unsubscribed at their mail provider", at),
            _ => null,
        };
        if (said is null) return Reading.Ignored($"a report of the kind {kind}");
        if (Whose(session, lines, Addresses(lines, "Original-Rcpt-To")) is not { } whose || !MessageReports.IsToAShopper(session.Brand, whose.Key)) return Reading.Ignored($"a complaint ({kind}) that names no mail of this hub to a shopper");
        return ContactReports.To(session.Brand, ContactPoint.Email, whose.To, said) is { } contact ? new Reading([contact]) : Reading.Ignored("a complaint of nobody");
    }

    /// <summary>Which of our messages came back, and whom it was written to: looked up once a mail, for each look-up is a proof to be made.</summary>
    /// <param name="named">Whom the report itself names; those in the headers that it returns come after them.</param>
    private static (string Key, string To)? Whose(Session session, List<Line> lines, IEnumerable<string> named) =>
        MailMark.Read(session, lines.Where(l => Is(l, "Original-Message-ID", "Message-ID")).Select(l => MessageId().Match(l.Value).Value).FirstOrDefault(v => v.Length > 0),
            named.Concat(Addresses(lines, "To")).Distinct().Take(MostLookedAt));

    /// <summary>Nobody has that address, and nobody will tomorrow.</summary>
    /// <remarks>RFC 3463: x.1 is about the address (1.7 and 1.8 about the sender's), 2.1 a closed mailbox, 4.1 how Exchange says that there is none. A full mailbox, a mail too large, its content, a policy or a system in trouble are not the address's fault.</remarks>
    private static bool IsForGood(string status) => status is "5.0.0" or "5.2.1" or "5.4.1" || (status.StartsWith("5.1.", StringComparison.Ordinal) && status is not ("5.1.7" or "5.1.8"));

    // A group of lines for each recipient, blank lines between them (RFC 3464, 2.1).
    private static IEnumerable<Recipient> Recipients(List<Line> lines)
    {
        foreach (var group in lines.GroupBy(l => l.Group).Where(g => g.Any(l => Is(l, "Final-Recipient")) && g.Any(l => Is(l, "Action"))))
        {
            string Of(string name) => group.FirstOrDefault(l => Is(l, name))?.Value ?? "";
            yield return new([.. Addresses(group, "Original-Recipient", "Final-Recipient").Distinct().Take(MostLookedAt)],
                Of("Action"), Status().Match(Of("Status")).Value, Storable.Cut(Of("Diagnostic-Code") is var said && said.IndexOf(';', StringComparison.Ordinal) is >= 0 and var kind ? said[(kind + 1)..].Trim() : said, 300));
        }
    }

    // Whatever is made of a value, a note or why an address is closed, goes to the database.
    private static IEnumerable<Line> Lines(IEnumerable<string> texts) => AsWritten(texts).Select(l => l with { Value = Storable.Cut(Storable.Text(l.Value), MostOfAValue) });

    private static IEnumerable<Line> AsWritten(IEnumerable<string> texts)
    {
        var group = 0;
        foreach (var text in texts)
        {
            group++;
            Line? last = null;
            foreach (var line in text.ReplaceLineEndings("\n").Split('\n'))
            {
                if (last is not null && line is [' ' or '\t', ..] && !string.IsNullOrWhiteSpace(line))
                {
                    if (last.Value.Length < MostOfAValue) last = last with { Value = $"{last.Value} {line.Trim()}" };
                    continue;
                }
                if (last is not null) yield return last;
                last = line.IndexOf(':', StringComparison.Ordinal) is > 0 and < 60 and var colon ? new(group, line[..colon].Trim(), line[(colon + 1)..].Trim()) : null;
                if (string.IsNullOrWhiteSpace(line)) group++;
            }
            if (last is not null) yield return last;
        }
    }

    private static bool Is(Line line, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            if (line.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }

    private static IEnumerable<string> Addresses(IEnumerable<Line> lines, params string[] names) => lines.Where(l => Is(l, names)).Select(l => AddressOf(l.Value)).OfType<string>();

    // "rfc822; asha@example.com", "Asha <asha@example.com>", "<asha@example.com>".
    private static string? AddressOf(string value) =>
        MailAddress.TryCreate(value.IndexOf(';', StringComparison.Ordinal) is >= 0 and var kind ? value[(kind + 1)..].Trim() : value, out var address) ? address.Address : null;

    /// <summary>One header line, unfolded.</summary>
    private sealed record Line(int Group, string Name, string Value);

    [GeneratedRegex("<[^<> ]{3,250}>")]
    private static partial Regex MessageId();

    [GeneratedRegex(@"[245]\.\d{1,3}\.\d{1,3}")]
    private static partial Regex Status();
}
