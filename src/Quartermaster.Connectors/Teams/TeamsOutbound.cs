using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Messages;

namespace Quartermaster.Connectors.Teams;

/// <summary>Alert → message with an adaptive card. Pure.</summary>
internal static class TeamsOutbound
{
    /// <summary>Teams drops a larger message silently, after the workflow has said 202.</summary>
    public const int SizeLimit = 28 * 1024;

    private static readonly JsonWriterOptions Legible = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ReadOnlyMemory<byte> Body(MessageEffect.Alert alert)
    {
        var title = Remote.Shorten(alert.Title, 500);
        var text = alert.Text;
        var body = Compose(title, text, alert);
        // How many bytes a character costs depends on its escaping, so the text is cut by proportion until it fits.
        while (body.Length > SizeLimit && text.Length > 0)
        {
            text = Remote.Shorten(text, (int)((long)text.Length * SizeLimit / (body.Length + 1024L)) - 1);
            body = Compose(title, text, alert);
        }
        return body;
    }

    private static ReadOnlyMemory<byte> Compose(string title, string text, MessageEffect.Alert alert)
    {
        var buffer = new ArrayBufferWriter<byte>(1024 + text.Length);
        using (var json = new Utf8JsonWriter(buffer, Legible))
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "message"u8);
            json.WriteStartArray("attachments"u8);
            json.WriteStartObject();
            json.WriteString("contentType"u8, "application/vnd.microsoft.card.adaptive"u8);
            json.WriteNull("contentUrl"u8);
            json.WriteStartObject("content"u8);
            WriteCard(json, title, text, alert);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return buffer.WrittenMemory;
    }

    private static void WriteCard(Utf8JsonWriter json, string title, string text, MessageEffect.Alert alert)
    {
        json.WriteString("$schema"u8, "http://adaptivecards.io/schemas/adaptive-card.json"u8);
        json.WriteString("type"u8, "AdaptiveCard"u8);
        json.WriteString("version"u8, "1.5"u8);
        json.WriteStartObject("msteams"u8);
        json.WriteString("width"u8, "Full"u8);
        json.WriteEndObject();
        json.WriteStartArray("body"u8);
        WriteTextBlock(json, title, "Medium", "Bolder", Colour(alert.Severity));
        if (text.Length > 0) WriteTextBlock(json, text, null, null, null);
        json.WriteEndArray();
        if (Links.Absolute(alert.Link) is { } link)
        {
            json.WriteStartArray("actions"u8);
            json.WriteStartObject();
            json.WriteString("type"u8, "Action.OpenUrl"u8);
            json.WriteString("title"u8, "Open in Quartermaster"u8);
            json.WriteString("url"u8, link);
            json.WriteEndObject();
            json.WriteEndArray();
        }
    }

    private static void WriteTextBlock(Utf8JsonWriter json, string text, string? size, string? weight, string? colour)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "TextBlock"u8);
        json.WriteString("text"u8, text);
        json.WriteBoolean("wrap"u8, true);
        if (size is not null) json.WriteString("size"u8, size);
        if (weight is not null) json.WriteString("weight"u8, weight);
        if (colour is not null) json.WriteString("color"u8, colour);
        json.WriteEndObject();
    }

    private static string Colour(string severity) => severity switch
    {
        "critical" or "error" => "Attention",
        "warning" => "Warning",
        _ => "Accent",
    };
}
