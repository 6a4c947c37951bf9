using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Messages;

namespace Quartermaster.Connectors.WhatsApp;

/// <summary>Effect → request body. Pure, and written without intermediate objects: a busy hub sends thousands of these a second.</summary>
internal static class WhatsAppOutbound
{
    private const int LongestText = 4096;

    // Names and addresses stay legible on the timeline; the body goes to an API, never into a page.
    private static readonly JsonWriterOptions Legible = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static ReadOnlyMemory<byte> Body(Settings settings, string key, MessageEffect.Send send)
    {
        var buffer = new ArrayBufferWriter<byte>(640);
        using (var json = new Utf8JsonWriter(buffer, Legible))
        {
            json.WriteStartObject();
            json.WriteString("messaging_product"u8, "whatsapp"u8);
            json.WriteString("recipient_type"u8, "individual"u8);
            json.WriteString("to"u8, send.To);
            json.WriteString("type"u8, "template"u8);
            json.WriteStartObject("template"u8);
            json.WriteString("name"u8, send.Template);
            json.WriteStartObject("language"u8);
            json.WriteString("policy"u8, "deterministic"u8);
            json.WriteString("code"u8, LanguageCode(settings.Find("languages"), send.Language));
            json.WriteEndObject();
            WriteComponents(json, settings, key, send);
            json.WriteEndObject();
            // Comes back in every status webhook: the only thread from a failed delivery to our effect.
            json.WriteString("biz_opaque_callback_data"u8, key);
            json.WriteEndObject();
        }
        return buffer.WrittenMemory;
    }

    /// <summary>In words of our own, which Meta takes for 24 hours after the shopper wrote; afterwards within a text that it has approved.</summary>
    public static ReadOnlyMemory<byte> Body(Settings settings, string key, MessageEffect.Answer answer)
    {
        if (answer.Template is { } template) return Body(settings, key, new MessageEffect.Send("", Occasion.Delivered, answer.To, null, answer.Language ?? "en", template, [answer.Text], "", answer.Text));
        var buffer = new ArrayBufferWriter<byte>(640);
        using (var json = new Utf8JsonWriter(buffer, Legible))
        {
            json.WriteStartObject();
            json.WriteString("messaging_product"u8, "whatsapp"u8);
            json.WriteString("recipient_type"u8, "individual"u8);
            json.WriteString("to"u8, answer.To);
            json.WriteString("type"u8, "text"u8);
            json.WriteStartObject("text"u8);
            json.WriteBoolean("preview_url"u8, false);
            json.WriteString("body"u8, answer.Text.Length <= LongestText ? answer.Text : answer.Text[..(LongestText - 1)] + "…");
            json.WriteEndObject();
            json.WriteString("biz_opaque_callback_data"u8, key);
            json.WriteEndObject();
        }
        return buffer.WrittenMemory;
    }

    /// <summary>Meta's code for a two-letter language: <c>en</c> unless the templates were made as <c>en_US</c> and the setting says so.</summary>
    /// <param name="languages"><c>en=en_US,pt=pt_BR</c>, or null.</param>
    public static string LanguageCode(string? languages, string language)
    {
        if (languages is null) return InMetasForm(language);
        foreach (var range in languages.AsSpan().Split(','))
        {
            var pair = languages.AsSpan(range).Trim();
            var equals = pair.IndexOf('=');
            if (equals > 0 && pair[..equals].Trim().Equals(language, StringComparison.OrdinalIgnoreCase)) return pair[(equals + 1)..].Trim().ToString();
        }
        return InMetasForm(language);
    }

    // pt-br is pt_BR at Meta.
    private static string InMetasForm(string language) => language is [_, _, '-', ..] ? $"{language[..2]}_{language[3..].ToUpperInvariant()}" : language;

    private static void WriteComponents(Utf8JsonWriter json, Settings settings, string key, MessageEffect.Send send)
    {
        if (send.Parameters.Count == 0 && send.Buttons is null) return;
        json.WriteStartArray("components"u8);
        WriteParameters(json, send.Parameters);
        for (var i = 0; i < (send.Buttons?.Count ?? 0); i++) WriteButton(json, i, WhatsAppButtons.Payload(settings, send.Buttons![i], key));
        json.WriteEndArray();
    }

    private static void WriteButton(Utf8JsonWriter json, int index, string payload)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "button"u8);
        json.WriteString("sub_type"u8, "quick_reply"u8);
        json.WriteString("index"u8, index.ToString(System.Globalization.CultureInfo.InvariantCulture));
        json.WriteStartArray("parameters"u8);
        json.WriteStartObject();
        json.WriteString("type"u8, "payload"u8);
        json.WriteString("payload"u8, payload);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteParameters(Utf8JsonWriter json, IReadOnlyList<string> parameters)
    {
        if (parameters.Count == 0) return;
        json.WriteStartObject();
        json.WriteString("type"u8, "body"u8);
        json.WriteStartArray("parameters"u8);
        foreach (var text in parameters)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "text"u8);
            json.WriteString("text"u8, Acceptable(text));
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    // Meta refuses a parameter that is empty, has a line break or tab, or more than four spaces in a row. A missing tracking
    // link must not cost the shopper the whole message.
    private static string Acceptable(string text)
    {
        if (text.Length > 0 && !text.AsSpan().ContainsAny('\n', '\r', '\t') && !text.Contains("     ", StringComparison.Ordinal)) return text;
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 0 ? "-" : string.Join(' ', words);
    }
}
