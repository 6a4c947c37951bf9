using System.Globalization;
using System.Net;
using System.Net.Mail;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Quartermaster.Connectors.SendGrid;

/// <summary>A mail as Inbound Parse posts it: the fields of a multipart form. Of what is attached it tells names and sizes. Pure.</summary>
internal sealed partial class SendGridMail
{
    private readonly IReadOnlyDictionary<string, string> _fields;
    private readonly IReadOnlyList<SendGridForm.Part> _parts;

    private SendGridMail(IReadOnlyDictionary<string, string> fields, IReadOnlyList<SendGridForm.Part> parts) => (_fields, _parts) = (fields, parts);

    /// <summary>Whom an answer goes to; null when the sender's line holds no address.</summary>
    public string? From => MailAddress.TryCreate(Field("from"), out var from) ? from.Address : null;

    public string Subject => Field("subject").Trim();

    /// <summary>Of the mail itself, in its angle brackets; null when it has none.</summary>
    public string? Id => Header("Message-ID") is { Length: > 2 and <= 250 } id && id[0] == '<' ? id : null;

    /// <summary>Scored by SendGrid where its spam check is on; from 5 on mail is usually thrown away.</summary>
    public bool IsSpam => double.TryParse(Field("spam_score"), NumberStyles.Float, CultureInfo.InvariantCulture, out var score) && score >= 5;

    /// <summary>A machine wrote it: an absence, a list, a bounce. Whoever answers those goes round in circles (RFC 3834).</summary>
    public bool IsByMachine => IsReport || HasNoSender
        || Header("Auto-Submitted") is { } auto && !auto.StartsWith("no", StringComparison.OrdinalIgnoreCase)
        || Header("Precedence")?.ToLowerInvariant() is "bulk" or "junk" or "list" or "auto_reply"
        || Header("List-Id") is not null || Header("X-Autoreply") is not null || Header("Return-Path") == "<>"
        || From?.Split('@')[0].ToLowerInvariant() is "mailer-daemon" or "postmaster";

    /// <summary>The sender's domain has signed it: whoever typed the sender's name may not. It vouches for the sender alone, and for nobody else whose address stands in the mail.</summary>
    public bool IsVouchedFor => From is { } from && IsSignedBy(from[(from.IndexOf('@', StringComparison.Ordinal) + 1)..]);

    /// <summary>What they wrote this time, without what they quote; the subject, where the mail says nothing else.</summary>
    public string Text
    {
        get
        {
            var whole = (Field("text") is { } plain && !string.IsNullOrWhiteSpace(plain) ? plain : OfHtml(Field("html"))).ReplaceLineEndings("\n").Trim();
            var own = Quoted().Match(whole) is { Success: true } quote ? whole[..quote.Index].Trim() : whole;
            return own.Length > 0 ? own : whole.Length > 0 ? whole : Subject;
        }
    }

    /// <summary>What came with it and was not kept: <c>photo.jpg (3.4 MB)</c>.</summary>
    public IReadOnlyList<string> Attached => [.. _parts.Where(p => p.File is not null && !p.IsALogo).Select(p => $"{p.File} ({Size(p.Bytes)})")];

    /// <summary>A mail system wrote it about a mail that came back, was complained of or was opened (RFC 6522).</summary>
    public bool IsReport => Header("Content-Type")?.StartsWith("multipart/report", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>All that stands in it, what is attached as well: where a report says what, depends on who made it.</summary>
    public IEnumerable<string> Everything => _parts.Where(p => p.File is not null).Select(p => Encoding.UTF8.GetString(p.Content.Span)).Prepend(Field("text"));

    /// <summary>That domain's mail system has signed it.</summary>
    private bool IsSignedBy(string domain) => Field("dkim").Split(['{', '}', ','], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        .Any(d => d.Split(':', 2, StringSplitOptions.TrimEntries) is [var signer, "pass"] && signer.TrimStart('@').Equals(domain, StringComparison.OrdinalIgnoreCase));

    /// <returns>Null when the bytes are no such form.</returns>
    public static SendGridMail? Read(ReadOnlyMemory<byte> body)
    {
        if (SendGridForm.Read(body) is not { } parts) return null;
        Dictionary<string, byte[]> raw = [];
        foreach (var part in parts.Where(p => p.File is null)) raw.TryAdd(part.Name, part.Content.ToArray());
        return raw.ContainsKey("from") ? new(Decoded(raw), parts) : null;
    }

    // Each field is in the alphabet of the mail, which a field of its own tells.
    private static Dictionary<string, string> Decoded(Dictionary<string, byte[]> raw)
    {
        Dictionary<string, string> alphabets = [];
        try
        {
            if (raw.TryGetValue("charsets", out var told)) alphabets = JsonSerializer.Deserialize(told, SendGridJson.Default.DictionaryStringString) ?? [];
        }
        catch (JsonException)
        {
            // Then they are read as nearly all mail is written.
        }
        return raw.ToDictionary(f => f.Key, f => Alphabet(alphabets.GetValueOrDefault(f.Key)).GetString(f.Value));
    }

    private static Encoding Alphabet(string? name)
    {
        if (string.IsNullOrWhiteSpace(name)) return Encoding.UTF8;
        try { return CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name); }
        catch (ArgumentException) { return Encoding.UTF8; }
    }

    // Whatever must not be answered, by the rules of mail, is sent from nobody (RFC 5321, 4.5.5).
    private bool HasNoSender
    {
        get
        {
            try { return Field("envelope") is { Length: > 0 } envelope && JsonSerializer.Deserialize(envelope, SendGridJson.Default.SendGridEnvelope) is { From: "" or "<>" }; }
            catch (JsonException) { return false; }
        }
    }

    private static string Size(long bytes) => bytes < 1_000_000 ? string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, bytes / 1000)} kB") : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1_000_000m:0.#} MB");

    private string Field(string name) => _fields.GetValueOrDefault(name) ?? "";

    private string? Header(string name)
    {
        var lines = Field("headers").ReplaceLineEndings("\n").Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (!lines[i].StartsWith(name + ":", StringComparison.OrdinalIgnoreCase)) continue;
            var value = new StringBuilder(lines[i][(name.Length + 1)..]);
            while (i + 1 < lines.Length && lines[i + 1] is [' ' or '\t', ..]) value.Append(lines[++i]);
            return value.ToString().Trim();
        }
        return null;
    }

    private static string OfHtml(string html) =>
        WebUtility.HtmlDecode(Tags().Replace(Breaks().Replace(Unseen().Replace(html, ""), "\n"), "")).Replace('\u00A0', ' ');

    [GeneratedRegex("""<(script|style|head)\b.*?</\1>""", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Unseen();

    [GeneratedRegex("""<br\s*/?>|</(p|div|tr|li|h[1-6])>""", RegexOptions.IgnoreCase)]
    private static partial Regex Breaks();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tags();

    // As the usual programs begin what they quote, in the three languages.
    [GeneratedRegex("""^(>|On\s.{5,200}\swrote:|Pada\s.{5,200}\smenulis:|.{5,200}\sने लिखा:|-{2,}\s?(Original Message|Forwarded message|Pesan Asli)|_{10,})""", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Quoted();
}
