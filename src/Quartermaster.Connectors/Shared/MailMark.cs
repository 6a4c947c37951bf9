using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Customers;

namespace Quartermaster.Connectors.Shared;

/// <summary>The <c>Message-ID</c> of a mail that goes out through no vendor who would tell of it: it holds the message's key, with a proof that the hub wrote it to that address.</summary>
/// <remarks>
/// What comes back of the mail, to whatever mailbox, names it: so the message is found without a table, and nobody can close an address of somebody
/// else by inventing a report. The same for every attempt, so that a mail which arrives twice is recognised as one by most mail stores.
/// </remarks>
public static class MailMark
{
    // Stands for the address in the keys of messages to somebody who has no order: what is kept of a mail holds it nowhere that an erasure could not find it.
    private const string Them = "@";

    private static readonly IdnMapping Idn = new();

    /// <param name="to">Whom the message is for, as the message says it.</param>
    /// <param name="sender">Its domain ends the id.</param>
    /// <returns>With its angle brackets. Where nothing can be proved, or the key tells of another address than that: a hash that leads nowhere.</returns>
    public static string Of(Session session, string key, string to, string sender)
    {
        var domain = sender[(sender.LastIndexOf('@') + 1)..];
        var named = key.Replace(PointOf(to), Them, StringComparison.Ordinal);
        if (session.ProofOf is { } prove && !named.Contains(':', StringComparison.Ordinal)) return $"<{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(named))}.{prove(Said(key, to))}@{domain}>";
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{session.Brand}|{key}"));
        return $"<{Convert.ToHexStringLower(hash.AsSpan(0, 16))}@{domain}>";
    }

    /// <summary>The message that a <c>Message-ID</c> names, and whom it was written to.</summary>
    /// <param name="addresses">Those that came back with it; it is one of them, or nobody's.</param>
    public static (string Key, string To)? Read(Session session, string? id, IEnumerable<string> addresses)
    {
        if (session.ProofOf is not { } prove || id is not ['<', ..] || id.Split('.', 2) is not [var written, { Length: > 22 } rest] || rest[22] != '@' || !Base64Url.IsValid(written.AsSpan(1))) return null;
        var named = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(written.AsSpan(1)));
        foreach (var to in addresses.SelectMany(a => (string[])[a, Legible(a)]).Distinct())
        {
            var key = named.Replace(Them, PointOf(to), StringComparison.Ordinal);
            if (CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(prove(Said(key, to))), Encoding.UTF8.GetBytes(rest[..22]))) return (key, to);
        }
        return null;
    }

    private static string PointOf(string to) => ContactPoint.Of(ContactPoint.Email, to).On("").Id;

    private static string Said(string key, string to) => $"mail\n{key}\n{to.Trim().ToLowerInvariant()}";

    /// <summary>Mail systems write a domain outside ASCII as punycode; shoppers do not.</summary>
    private static string Legible(string address)
    {
        var at = address.LastIndexOf('@');
        try { return at < 0 ? address : address[..(at + 1)] + Idn.GetUnicode(address[(at + 1)..]); }
        catch (ArgumentException) { return address; }
    }
}
