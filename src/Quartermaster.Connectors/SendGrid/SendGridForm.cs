using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Quartermaster.Connectors.SendGrid;

/// <summary>The multipart form that a mail arrives as: what stands in it, and what of it is kept. Pure.</summary>
internal static partial class SendGridForm
{
    /// <summary>Longer than anybody writes; an HTML version with pictures inside it is not.</summary>
    private const int MostOfAField = 256 * 1024;

    /// <summary>Whole reports are a few thousand letters, and of the mail that came back its headers are enough.</summary>
    private const int MostOfAReport = 64 * 1024;

    /// <summary>A report has two or three: for people, for machines, and what came back.</summary>
    private const int MostInAReport = 4;

    /// <summary>Of a part; nobody calls a file by a longer name.</summary>
    private const int MostOfAHead = 16 * 1024;

    private const string SizeHeader = "X-Quartermaster-Bytes: ";

    /// <summary>One part of a form.</summary>
    /// <param name="Name">Of the field: <c>text</c>, <c>attachment1</c>.</param>
    /// <param name="File">Its file's name; null = it is no attachment.</param>
    /// <param name="Bytes">How large it was when it arrived.</param>
    internal sealed record Part(string Head, string Name, string? File, ReadOnlyMemory<byte> Content, long Bytes)
    {
        /// <summary>A small picture is the logo below somebody's name.</summary>
        public bool IsALogo => Bytes < 20_000 && Head.Contains("Content-Type: image/", StringComparison.OrdinalIgnoreCase);
    }

    /// <returns>Null when the bytes are no such form.</returns>
    public static IReadOnlyList<Part>? Read(ReadOnlyMemory<byte> body)
    {
        var end = body.Span.IndexOf("\r\n"u8);
        if (end is < 3 or > 250 || !body.Span.StartsWith("--"u8)) return null;
        // Every part but the first stands behind a line break and the boundary.
        byte[] between = [.. "\r\n"u8, .. body.Span[..end]];
        List<Part> parts = [];
        for (var rest = body[(end + 2)..]; ;)
        {
            var next = rest.Span.IndexOf(between);
            if (next < 0) break;
            if (Of(rest[..next]) is { } part) parts.Add(part);
            rest = rest[(next + between.Length)..];
            if (!rest.Span.StartsWith("\r\n"u8)) break;
            rest = rest[2..];
        }
        return parts;
    }

    /// <summary>The same form without what is attached, of which names and sizes stay; null when it is none.</summary>
    /// <param name="isReport">A mail system wrote it, and says in what is attached which mail it is about.</param>
    public static ReadOnlyMemory<byte>? Kept(ReadOnlyMemory<byte> body, bool isReport)
    {
        if (Read(body) is not { } parts) return null;
        var boundary = body.Span[..body.Span.IndexOf("\r\n"u8)];
        var kept = new ArrayBufferWriter<byte>(8 * 1024);
        var attached = 0;
        foreach (var part in parts)
        {
            if (isReport && part.File is not null && ++attached > MostInAReport) continue;
            var most = part.File is null ? MostOfAField : isReport ? MostOfAReport : 0;
            var content = part.Content[..Math.Min(part.Content.Length, most)];
            kept.Write(boundary);
            kept.Write("\r\n"u8);
            kept.Write(Encoding.UTF8.GetBytes(part.Head));
            if (content.Length < part.Bytes && !part.Head.Contains(SizeHeader, StringComparison.Ordinal)) kept.Write(Encoding.UTF8.GetBytes($"\r\n{SizeHeader}{part.Bytes.ToString(CultureInfo.InvariantCulture)}"));
            kept.Write("\r\n\r\n"u8);
            kept.Write(content.Span);
            kept.Write("\r\n"u8);
        }
        kept.Write(boundary);
        kept.Write("--\r\n"u8);
        return kept.WrittenMemory;
    }

    private static Part? Of(ReadOnlyMemory<byte> part)
    {
        var blank = part.Span.IndexOf("\r\n\r\n"u8);
        if (blank is < 0 or > MostOfAHead) return null;
        var head = Encoding.UTF8.GetString(part.Span[..blank]);
        if (Named().Match(head) is not { Success: true } name) return null;
        var file = head.Contains("filename", StringComparison.OrdinalIgnoreCase) ? Filed().Match(head) is { Success: true, Groups: [_, { Length: > 0 } called] } ? called.Value : "a file" : null;
        // Reports have parts without a file's name, which are attached all the same.
        if (file is null && name.Groups[1].Value.StartsWith("attachment", StringComparison.Ordinal) && Numbered().IsMatch(name.Groups[1].Value)) file = "a file";
        var content = part[(blank + 4)..];
        return new(head, name.Groups[1].Value, file, content, Sized().Match(head) is { Success: true } was && long.TryParse(was.Groups[1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? bytes : content.Length);
    }

    [GeneratedRegex("""(?<![a-z])name="?([a-zA-Z0-9_-]+)"?""")]
    private static partial Regex Named();

    [GeneratedRegex("""filename="([^"\r\n]*)"?""", RegexOptions.IgnoreCase)]
    private static partial Regex Filed();

    [GeneratedRegex("^attachment[0-9]+$")]
    private static partial Regex Numbered();

    [GeneratedRegex("^" + SizeHeader + "([0-9]+)\r?$", RegexOptions.Multiline)]
    private static partial Regex Sized();
}
