using System.Text.Json;

namespace Quartermaster.Connectors.SendGrid;

/// <summary>Finds, without building anything, webhooks that say only that mails were taken, delivered, opened and clicked.</summary>
internal static class SendGridNews
{
    // Depth of the reader at the names of an event's members.
    private const int Event = 2;

    /// <returns>How often each word was said; null when anything else stands in the body.</returns>
    public static IReadOnlyDictionary<string, int>? Count(ReadOnlySpan<byte> body)
    {
        Dictionary<string, int> all = [];
        var events = 0;
        try
        {
            var reader = new Utf8JsonReader(body);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray) return null;
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.StartObject && reader.CurrentDepth == Event - 1) events++;
                if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != Event || !reader.ValueTextEquals("event"u8)) continue;
                reader.Read();
                var word = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
                if (word is not ("processed" or "delivered" or "deferred" or "open" or "click")) return null;
                all[word] = all.GetValueOrDefault(word) + 1;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
        // Each event has its word: one without is for the full reading.
        return events > 0 && all.Values.Sum() == events ? all : null;
    }
}
