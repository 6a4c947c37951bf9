using System.Text.Json;

namespace Quartermaster.Connectors.WhatsApp;

/// <summary>Finds, without building anything, webhooks that say only that messages were sent, delivered and read.</summary>
/// <remarks>Meta tells up to three times of each message. Nothing follows from it, and to store it would cost more than the message itself.</remarks>
internal static class WhatsAppNews
{
    // Depths of the reader at the names of members: of a change, of its value, of that value's metadata, of one of its statuses.
    private const int Change = 5, Value = 6, Metadata = 7, Status = 8;

    /// <param name="number">Id of our number; what is told about another one of the same app is not counted.</param>
    /// <returns>How often each word was said; null when anything else stands in the body.</returns>
    public static IReadOnlyDictionary<string, int>? Count(ReadOnlySpan<byte> body, string? number)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            return Count(ref reader, number);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static Dictionary<string, int>? Count(ref Utf8JsonReader reader, string? number)
    {
        Dictionary<string, int> all = [], here = [];
        var (isOurs, found) = (true, false);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.EndObject && reader.CurrentDepth == Change)
            {
                // Only at the end of a value is it sure whose number it was about.
                if (isOurs) foreach (var (word, times) in here) all[word] = all.GetValueOrDefault(word) + times;
                here.Clear();
                isOurs = true;
            }
            if (reader.TokenType != JsonTokenType.PropertyName) continue;
            switch (reader.CurrentDepth)
            {
                case Change when reader.ValueTextEquals("field"u8) && Next(ref reader) != "messages":
                case Value when !reader.ValueTextEquals("statuses"u8) && !reader.ValueTextEquals("metadata"u8) && !reader.ValueTextEquals("messaging_product"u8) && !reader.ValueTextEquals("contacts"u8):
                    return null;
                case Metadata when reader.ValueTextEquals("phone_number_id"u8):
                    isOurs = Next(ref reader) == number;
                    break;
                case Status when reader.ValueTextEquals("status"u8):
                    var word = Next(ref reader);
                    if (word is not ("sent" or "delivered" or "read")) return null;
                    here[word] = here.GetValueOrDefault(word) + 1;
                    found = true;
                    break;
            }
        }
        return found ? all : null;
    }

    private static string? Next(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
    }
}
