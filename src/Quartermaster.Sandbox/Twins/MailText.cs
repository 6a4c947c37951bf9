using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Quartermaster.Sandbox.Twins;

/// <summary>Reads a mail as a mail program would, far enough to show it: encoded words in headers, a quoted-printable or base64 text body.</summary>
public sealed partial record MailText(IReadOnlyDictionary<string, string> Headers, string Text)
{
    /// <param name="content">One character per byte.</param>
    public static MailText Of(string content)
    {
        var end = content.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var head = end < 0 ? content : content[..end];
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        // A line that begins with a blank continues the one before.
        foreach (var line in Fold().Replace(head, " ").Split("\r\n", StringSplitOptions.RemoveEmptyEntries))
            if (line.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon)
                headers[line[..colon]] = Words(line[(colon + 1)..].Trim());
        var body = end < 0 ? "" : content[(end + 4)..];
        // Of several parts that say the same, the first is the plain one.
        if (headers.GetValueOrDefault("Content-Type") is { } type && Boundary().Match(type) is { Success: true } parts && body.Split("--" + parts.Groups[1].Value) is [_, var first, ..])
            return Of(first.TrimStart('\r', '\n')) with { Headers = headers };
        return new MailText(headers, headers.GetValueOrDefault("Content-Transfer-Encoding")?.ToUpperInvariant() switch
        {
            "QUOTED-PRINTABLE" => Encoding.UTF8.GetString(QuotedPrintable(SoftBreak().Replace(body, ""))),
            "BASE64" => Encoding.UTF8.GetString(Convert.FromBase64String(body)),
            _ => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(body)),
        });
    }

    public string Header(string name) => Headers.GetValueOrDefault(name, "");

    // Blanks between two encoded words are not part of the text (RFC 2047, 6.2).
    private static string Words(string header) => EncodedWord().Replace(BetweenWords().Replace(header, "?="), m =>
        Encoding.UTF8.GetString(m.Groups[1].ValueSpan is "B" or "b" ? Convert.FromBase64String(m.Groups[2].Value) : QuotedPrintable(m.Groups[2].Value.Replace('_', ' '))));

    private static byte[] QuotedPrintable(string text)
    {
        var bytes = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
            if (text[i] == '=' && i + 2 < text.Length && byte.TryParse(text.AsSpan(i + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var b))
            {
                bytes.Add(b);
                i += 2;
            }
            else
            {
                bytes.Add((byte)text[i]);
            }
        return [.. bytes];
    }

    [GeneratedRegex("""^multipart/.*boundary="?([^";]+)""", RegexOptions.IgnoreCase)]
    private static partial Regex Boundary();

    [GeneratedRegex(@"\r\n[ \t]+")]
    private static partial Regex Fold();

    [GeneratedRegex(@"=[ \t]*\r\n")]
    private static partial Regex SoftBreak();

    [GeneratedRegex(@"=\?utf-8\?([BbQq])\?([^?]*)\?=", RegexOptions.IgnoreCase)]
    private static partial Regex EncodedWord();

    [GeneratedRegex(@"\?=[ \t]+(?==\?)")]
    private static partial Regex BetweenWords();
}
