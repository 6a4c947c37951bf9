using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Messages;

namespace Quartermaster.Connectors.Slack;

/// <summary>Alert → message body. Pure.</summary>
internal static class SlackOutbound
{
    // Slack refuses the whole message when one block is over its limit; these leave room for the ellipsis.
    private const int HeaderLimit = 149;
    private const int SectionLimit = 2_900;

    private static readonly JsonWriterOptions Legible = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="channel">Null for an incoming webhook, which is bound to its channel.</param>
    public static ReadOnlyMemory<byte> Body(MessageEffect.Alert alert, string? channel)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, Legible))
        {
            json.WriteStartObject();
            if (channel is not null) json.WriteString("channel"u8, channel);
            // What a notification on a phone shows, and what remains when blocks cannot be shown.
            json.WriteString("text"u8, Escape($"{Mark(alert.Severity)} {alert.Title}"));
            json.WriteStartArray("blocks"u8);
            WriteText(json, "header", "plain_text", Remote.Shorten($"{Mark(alert.Severity)} {alert.Title}", HeaderLimit));
            if (alert.Text.Length > 0) WriteText(json, "section", "mrkdwn", Remote.Shorten(Escape(alert.Text), SectionLimit));
            if (Links.Absolute(alert.Link) is { } link) WriteButton(json, link);
            json.WriteEndArray();
            json.WriteBoolean("unfurl_links"u8, false);
            json.WriteEndObject();
        }
        return buffer.WrittenMemory;
    }

    /// <summary>Slack reads these three as markup, in text and in mrkdwn; everything else is taken as it is.</summary>
    public static string Escape(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);

    private static string Mark(string severity) => severity switch
    {
        "critical" or "error" => "🔴",
        "warning" => "🟠",
        _ => "🔵",
    };

    private static void WriteText(Utf8JsonWriter json, string block, string type, string text)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, block);
        json.WriteStartObject("text"u8);
        json.WriteString("type"u8, type);
        json.WriteString("text"u8, text);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteButton(Utf8JsonWriter json, string link)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "actions"u8);
        json.WriteStartArray("elements"u8);
        json.WriteStartObject();
        json.WriteString("type"u8, "button"u8);
        json.WriteStartObject("text"u8);
        json.WriteString("type"u8, "plain_text"u8);
        json.WriteString("text"u8, "Open in Quartermaster"u8);
        json.WriteEndObject();
        json.WriteString("url"u8, link);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
