using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Quartermaster.Sandbox.Twins;

namespace Quartermaster.Connectors.Smtp.Tests;

public sealed class SmtpMimeTests
{
    [Theory]
    [InlineData("plain", "plain\r\n")]
    [InlineData("a=b", "a=3Db\r\n")]
    [InlineData("ends in a blank ", "ends in a blank=20\r\n")]
    [InlineData("ends in a tab\t", "ends in a tab=09\r\n")]
    [InlineData("é\nü\r\nx\ry", "=C3=A9\r\n=C3=BC\r\nx\r\ny\r\n")]
    public void Quoted_printable_keeps_what_is_plain(string text, string encoded) => SmtpMime.QuotedPrintable(text).ShouldBe(encoded);

    [Theory]
    [InlineData("", "")]
    [InlineData(".\r\n", "..\r\n")]
    [InlineData("..a\r\nb.\r\n.c\r\n", "...a\r\nb.\r\n..c\r\n")]
    [InlineData("no end", "no end\r\n")]
    public void A_dot_at_the_start_of_a_line_is_doubled(string content, string wire) =>
        Encoding.ASCII.GetString(SmtpMime.DotStuffed(Encoding.ASCII.GetBytes(content))).ShouldBe(wire);

    [Theory]
    [InlineData("Your order #1001", "Your order #1001")]
    [InlineData("Aurora\r\nBcc: everybody@example.com", "Aurora  Bcc: everybody@example.com")]
    [InlineData("=?trick?=", "=?utf-8?B?PT90cmljaz89?=")]
    [InlineData("Zoë", "=?utf-8?B?Wm/Dqw==?=")]
    public void A_header_stays_one_header(string text, string encoded) => SmtpMime.HeaderText(text).ShouldBe(encoded);

    [Theory]
    [InlineData("Aurora", "\"Aurora\"")]
    [InlineData("Bob \"the\" \\ Builder", "\"Bob \\\"the\\\" \\\\ Builder\"")]
    [InlineData("Zoë", "=?utf-8?B?Wm/Dqw==?=")]
    public void A_name_is_quoted_or_encoded(string name, string encoded) => SmtpMime.DisplayName(name).ShouldBe(encoded);

    // Written against the twin's own decoder: what anybody types must come out of a mail program as it went in.
    [Fact]
    public void Any_text_survives_the_way_and_no_line_is_too_long() =>
        Check.One(Config.QuickThrowOnFailure.WithQuietOnSuccess(true), Prop.ForAll(ArbMap.Default.ArbFor<string?>(), ArbMap.Default.ArbFor<string?>(), (subject, text) =>
        {
            var body = Clean(text);
            var header = SmtpMime.HeaderText(Clean(subject));
            var wire = $"Subject: {header}\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{SmtpMime.QuotedPrintable(body)}";
            var read = MailText.Of(wire);
            return read.Text == body.ReplaceLineEndings("\r\n") + "\r\n"
                && Collapsed(read.Header("Subject")) == Collapsed(string.Concat(Clean(subject).Select(c => char.IsControl(c) ? ' ' : c)))
                && SmtpMime.QuotedPrintable(body).Split("\r\n").All(l => l.Length <= 76)
                && wire.All(char.IsAscii);
        }));

    [Fact]
    public void Encoded_words_never_split_a_character_and_fit_their_line()
    {
        var header = SmtpMime.HeaderText(string.Concat(Enumerable.Repeat("Größe 🧵 ", 20)));
        foreach (var line in header.Split("\r\n "))
        {
            line.Length.ShouldBeLessThanOrEqualTo(75);
            Should.NotThrow(() => new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(Convert.FromBase64String(line["=?utf-8?B?".Length..^2])));
        }
        MailText.Of($"Subject: {header}\r\n\r\n").Header("Subject").ShouldBe(string.Concat(Enumerable.Repeat("Größe 🧵 ", 20)).Trim());
    }

    // A lone surrogate is no character; UTF-8 replaces it, and there is nothing to compare.
    private static string Clean(string? text) => string.Concat((text ?? "").EnumerateRunes().Select(r => r.ToString()));

    private static string Collapsed(string text) => string.Join(' ', text.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
