using System.Text;

namespace Quartermaster.Connectors.Smtp;

/// <summary>The encodings that keep a message intact on its way through ASCII-only relays. Pure.</summary>
internal static class SmtpMime
{
    // 36 bytes become 48 base64 characters; with the frame and the longest header name a line stays under 76.
    private const int EncodedWordBytes = 36;
    private const int LineLimit = 76;
    private const string Hex = "0123456789ABCDEF";

    /// <summary>A header's text: as it is when it is plain ASCII, otherwise in encoded words (RFC 2047) that never split a character.</summary>
    public static string HeaderText(string text)
    {
        var line = OneLine(text);
        return IsPlain(line) ? Folded(line) : Encoded(line);
    }

    /// <summary>A display name: quoted when plain, encoded otherwise.</summary>
    public static string DisplayName(string name)
    {
        var line = OneLine(name);
        return IsPlain(line) && line.Length <= 60
            ? $"\"{line.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\""
            : Encoded(line);
    }

    /// <summary>Quoted-printable (RFC 2045) of a text in UTF-8; line breaks of any kind become CRLF.</summary>
    public static string QuotedPrintable(string text)
    {
        var encoded = new StringBuilder(text.Length + text.Length / 8);
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            var bytes = Encoding.UTF8.GetBytes(line);
            var column = 0;
            for (var i = 0; i < bytes.Length; i++)
            {
                var isLast = i == bytes.Length - 1;
                var plain = bytes[i] is >= 33 and <= 126 and not (byte)'=' || (bytes[i] is (byte)' ' or (byte)'\t' && !isLast);
                var width = plain ? 1 : 3;
                if (column + width > LineLimit - 1)
                {
                    encoded.Append("=\r\n");
                    column = 0;
                }
                if (plain) encoded.Append((char)bytes[i]);
                else encoded.Append('=').Append(Hex[bytes[i] >> 4]).Append(Hex[bytes[i] & 15]);
                column += width;
            }
            encoded.Append("\r\n");
        }
        return encoded.ToString();
    }

    /// <summary>A text with its headers.</summary>
    /// <param name="kind"><c>plain</c> or <c>html</c>.</param>
    public static string Part(string kind, string text) => $"Content-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{QuotedPrintable(text)}";

    /// <summary>The same said twice, the plainer first: a mail program shows the last that it can (RFC 2046, 5.1.4).</summary>
    /// <param name="boundary">Begins with <c>=_</c>, which quoted-printable never writes.</param>
    public static string Alternatives(string text, string html, string boundary) =>
        $"Content-Type: multipart/alternative; boundary=\"{boundary}\"\r\n\r\n--{boundary}\r\n{Part("plain", text)}\r\n--{boundary}\r\n{Part("html", html)}\r\n--{boundary}--\r\n";

    /// <summary>Doubles a dot at the start of a line, so that none looks like the end of the message (RFC 5321, 4.5.2); ends with CRLF.</summary>
    /// <param name="content">Lines that end with CRLF.</param>
    public static byte[] DotStuffed(ReadOnlySpan<byte> content)
    {
        using var wire = new MemoryStream(content.Length + 64);
        var atLineStart = true;
        foreach (var b in content)
        {
            if (atLineStart && b == (byte)'.') wire.WriteByte((byte)'.');
            wire.WriteByte(b);
            atLineStart = b == (byte)'\n';
        }
        if (!atLineStart) wire.Write("\r\n"u8);
        return wire.ToArray();
    }

    private static string Encoded(string line)
    {
        var words = new StringBuilder();
        var chunk = new List<byte>(EncodedWordBytes);
        Span<byte> utf8 = stackalloc byte[4];
        foreach (var rune in line.EnumerateRunes())
        {
            var length = rune.EncodeToUtf8(utf8);
            if (chunk.Count + length > EncodedWordBytes) Flush(words, chunk);
            foreach (var b in utf8[..length]) chunk.Add(b);
        }
        Flush(words, chunk);
        return words.ToString();
    }

    private static bool IsPlain(string line) => line.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0 && !line.Contains("=?", StringComparison.Ordinal);

    // A line break inside a header would start another header: the text may come from a shopper's name.
    private static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)).Trim();

    private static string Folded(string line)
    {
        if (line.Length <= LineLimit - 12) return line;
        var folded = new StringBuilder();
        var column = 12;
        foreach (var word in line.Split(' '))
        {
            if (folded.Length > 0 && column + word.Length + 1 > LineLimit)
            {
                folded.Append("\r\n");
                column = 0;
            }
            if (folded.Length > 0) folded.Append(' ');
            folded.Append(word);
            column += word.Length + 1;
        }
        return folded.ToString();
    }

    private static void Flush(StringBuilder words, List<byte> chunk)
    {
        if (chunk.Count == 0) return;
        if (words.Length > 0) words.Append("\r\n ");
        words.Append("=?utf-8?B?").Append(Convert.ToBase64String([.. chunk])).Append("?=");
        chunk.Clear();
    }
}
