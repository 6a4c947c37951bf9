using System.Text.Json;

namespace Quartermaster.Connectors.Shared;

/// <summary>Cuts the elements of one array at the root of an answer, or of the answer itself, without building anything of the rest.</summary>
public static class JsonSlices
{
    /// <summary>The elements of <c>{"member":[…]}</c> in their order; null when the body is no such object or is broken.</summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>>? Of(ReadOnlyMemory<byte> body, string member)
    {
        try
        {
            var reader = new Utf8JsonReader(body.Span);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var wanted = reader.ValueTextEquals(member);
                reader.Read();
                if (wanted && reader.TokenType == JsonTokenType.StartArray) return Elements(ref reader, body);
                reader.Skip();
            }
            return null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The reader decodes escapes lazily; a lone surrogate surfaces as an InvalidOperationException.
            return null;
        }
    }

    /// <summary>The elements of <c>[…]</c> in their order; null when the body is no array or is broken.</summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>>? Of(ReadOnlyMemory<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body.Span);
            return reader.Read() && reader.TokenType == JsonTokenType.StartArray ? Elements(ref reader, body) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static List<ReadOnlyMemory<byte>> Elements(ref Utf8JsonReader reader, ReadOnlyMemory<byte> body)
    {
        var found = new List<ReadOnlyMemory<byte>>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            found.Add(body[start..(int)reader.BytesConsumed]);
        }
        return found;
    }
}
