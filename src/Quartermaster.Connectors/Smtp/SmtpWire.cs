using System.Globalization;
using System.Text.RegularExpressions;

namespace Quartermaster.Connectors.Smtp;

/// <summary>Where in the conversation a reply was given; the same code means different things at different places.</summary>
internal enum SmtpStage { Greeting, Hello, Encryption, Login, Sender, Recipient, DataCommand, Content }

/// <summary>One reply of the server, its lines joined.</summary>
/// <param name="Code">Three digits: 2xx and 3xx go on, 4xx later, 5xx never.</param>
internal sealed partial record SmtpReply(int Code, string Text)
{
    public bool IsPositive => Code is >= 200 and < 400;

    /// <summary>The enhanced status (RFC 3463) when there is one, e.g. <c>5.1.1</c>; otherwise the plain code.</summary>
    public string Status => Enhanced().Match(Text) is { Success: true } match ? match.Value : Code.ToString(CultureInfo.InvariantCulture);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Code} {Text}");

    /// <summary>Reads one line: three digits, a hyphen when more lines follow, text.</summary>
    /// <exception cref="InvalidDataException">It is not a reply; whatever listens there is not a mail server.</exception>
    public static (int Code, bool More, string Text) ParseLine(string line) =>
        line.Length >= 3 && int.TryParse(line.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var code) && code is >= 200 and <= 599
            && (line.Length == 3 || line[3] is ' ' or '-')
            ? (code, line.Length > 3 && line[3] == '-', line.Length > 4 ? line[4..] : "")
            : throw new InvalidDataException($"'{Shared.Remote.Shorten(line, 80)}' is not an SMTP reply.");

    [GeneratedRegex(@"^[245]\.\d{1,3}\.\d{1,3}\b")]
    private static partial Regex Enhanced();
}

/// <summary>One message ready for the wire.</summary>
/// <param name="Sender">Bare address for MAIL FROM.</param>
/// <param name="Recipients">Bare addresses for RCPT TO.</param>
/// <param name="Content">Headers and body, CRLF line ends, ASCII only, not yet dot-stuffed.</param>
internal sealed record SmtpMail(string Sender, IReadOnlyList<string> Recipients, ReadOnlyMemory<byte> Content, string MessageId)
{
    /// <summary>An address has letters outside ASCII before the @, so the server must offer SMTPUTF8 (RFC 6531).</summary>
    public bool NeedsUtf8 => !System.Text.Ascii.IsValid(Sender) || Recipients.Any(r => !System.Text.Ascii.IsValid(r));
}
