using System.Buffers;
using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Messages;

namespace Quartermaster.Connectors.SendGrid;

/// <summary>Effect → request body. Pure.</summary>
internal static class SendGridOutbound
{
    /// <summary>Name of the custom argument that carries our effect key into every event webhook.</summary>
    public const string KeyArgument = "qm_key";

    private static readonly JsonWriterOptions Legible = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A message to a shopper.</summary>
    public static ReadOnlyMemory<byte> Body(Settings settings, string key, MessageEffect.Send send) =>
        // Text, then its HTML: SendGrid wants plain text first.
        Compose(settings, key, [(send.To, send.ToName)], send.Subject, send.Text, send.Template, send.Unsubscribe, send.Html, send.Sender, toShopper: true);

    /// <summary>A message to somebody who is no shopper.</summary>
    public static ReadOnlyMemory<byte> Body(Settings settings, string key, MessageEffect.Letter letter) =>
        Compose(settings, key, [(letter.To, letter.ToName)], letter.Subject, letter.Text, "letter");

    /// <summary>An answer to who wrote; it stands below their mail.</summary>
    public static ReadOnlyMemory<byte> Body(Settings settings, string key, MessageEffect.Answer answer) =>
        Compose(settings, key, [(answer.To, null)], answer.Subject ?? settings.Get("from_name", "Your message"), answer.Text, "answer", inReplyTo: answer.InReplyTo, toShopper: true);

    /// <summary>An alert to the operators; <c>alerts_to</c> may name several.</summary>
    public static ReadOnlyMemory<byte> Body(Settings settings, string key, MessageEffect.Alert alert, string alertsTo) =>
        Compose(settings, key, [.. Addresses(alertsTo).Select(a => (a, (string?)null))], $"[{alert.Severity}] {alert.Title}",
            alert.Link is null ? alert.Text : $"{alert.Text}\n\n{alert.Link}", "alert");

    public static IEnumerable<string> Addresses(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static ReadOnlyMemory<byte> Compose(
        Settings settings, string key, IReadOnlyList<(string Email, string? Name)> to, string subject, string text, string category, string? unsubscribe = null, string? html = null, string? sender = null, string? inReplyTo = null, bool toShopper = false)
    {
        var buffer = new ArrayBufferWriter<byte>(2048);
        using (var json = new Utf8JsonWriter(buffer, Legible))
        {
            json.WriteStartObject();
            json.WriteStartArray("personalizations"u8);
            json.WriteStartObject();
            json.WriteStartArray("to"u8);
            foreach (var (email, name) in to) WriteAddress(json, email, name);
            json.WriteEndArray();
            json.WriteStartObject("custom_args"u8);
            json.WriteString(KeyArgument, key);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WritePropertyName("from"u8);
            WriteAddress(json, settings["from_email"], sender ?? settings.Find("from_name"));
            if (toShopper && settings.Find("reply_to") is { } replies)
            {
                json.WritePropertyName("reply_to"u8);
                WriteAddress(json, replies, null);
            }
            json.WriteString("subject"u8, OneLine(subject));
            json.WriteStartArray("content"u8);
            WriteContent(json, "text/plain", text);
            WriteContent(json, "text/html", html ?? Html(text));
            json.WriteEndArray();
            if (unsubscribe is not null || inReplyTo is not null) WriteHeaders(json, unsubscribe, inReplyTo);
            json.WriteStartArray("categories"u8);
            json.WriteStringValue(category);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return buffer.WrittenMemory;
    }

    /// <summary>The same words as HTML: paragraphs, line breaks, and links that can be clicked.</summary>
    public static string Html(string text)
    {
        var html = new StringBuilder(text.Length + 256).Append("<div style=\"font-family:sans-serif;font-size:15px;line-height:1.5\">");
        foreach (var paragraph in text.ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            html.Append("<p>");
            var lines = paragraph.Trim('\n').Split('\n');
            for (var i = 0; i < lines.Length; i++)
            {
                if (i > 0) html.Append("<br>");
                html.AppendJoin(' ', lines[i].Split(' ').Select(Word));
            }
            html.Append("</p>");
        }
        return html.Append("</div>").ToString();
    }

    private static string Word(string word)
    {
        var isLink = word.StartsWith("https://", StringComparison.Ordinal) || word.StartsWith("http://", StringComparison.Ordinal);
        if (!isLink) return WebUtility.HtmlEncode(word);
        // A full stop after an address ends the sentence, not the address.
        var link = word.TrimEnd('.', ',', ';', ':', '!', '?', ')');
        var encoded = WebUtility.HtmlEncode(link);
        return $"<a href=\"{encoded}\">{encoded}</a>{WebUtility.HtmlEncode(word[link.Length..])}";
    }

    private static string OneLine(string text) => string.Join(' ', text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries));

    private static void WriteAddress(Utf8JsonWriter json, string email, string? name)
    {
        json.WriteStartObject();
        json.WriteString("email"u8, email);
        if (!string.IsNullOrWhiteSpace(name)) json.WriteString("name"u8, OneLine(name));
        json.WriteEndObject();
    }

    private static void WriteHeaders(Utf8JsonWriter json, string? unsubscribe, string? inReplyTo)
    {
        json.WriteStartObject("headers"u8);
        if (unsubscribe is not null)
        {
            // One click in the mail program is enough (RFC 8058): no sign-in and no page in between.
            json.WriteString("List-Unsubscribe"u8, $"<{unsubscribe}>");
            json.WriteString("List-Unsubscribe-Post"u8, "List-Unsubscribe=One-Click"u8);
        }
        if (inReplyTo is not null)
        {
            json.WriteString("In-Reply-To"u8, inReplyTo);
            json.WriteString("References"u8, inReplyTo);
            // Keeps holiday replies from answering it (RFC 3834).
            json.WriteString("Auto-Submitted"u8, "auto-replied"u8);
        }
        json.WriteEndObject();
    }

    private static void WriteContent(Utf8JsonWriter json, string type, string value)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, type);
        json.WriteString("value"u8, value);
        json.WriteEndObject();
    }
}
