using System.Text;
using System.Text.Json;

namespace Quartermaster.Connectors.Shared;

/// <summary>A shallow look at a JSON body: a few scalars near the top, found without building anything.</summary>
/// <remarks>
/// Used while the sender waits. Ids keep every digit because numbers are returned as the text that was sent. Broken JSON is not an
/// error here: whatever was found before the break is returned, and the full read reports the rest.
/// </remarks>
public static class JsonGlance
{
    /// <summary>Reads the named members of the root object, or of one object within it: <c>"id"</c>, <c>"order_edit.order_id"</c>.</summary>
    /// <param name="values">One per name: the scalar as text, null when absent, JSON null, an object or an array.</param>
    /// <returns>False when the body is not an object or breaks before all names were found.</returns>
    public static bool TryRead(ReadOnlySpan<byte> body, ReadOnlySpan<string> names, Span<string?> values)
    {
        values.Clear();
        try
        {
            var reader = new Utf8JsonReader(body, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            return reader.Read() && reader.TokenType == JsonTokenType.StartObject && Scan(ref reader, names, values);
        }
        catch (JsonException)
        {
            return false;
        }
        catch (InvalidOperationException)
        {
            // The reader decodes escapes lazily; a lone surrogate surfaces here rather than as a JsonException.
            return false;
        }
    }

    private static bool Scan(ref Utf8JsonReader reader, ReadOnlySpan<string> names, Span<string?> values)
    {
        var left = names.Length;
        while (left > 0 && reader.Read())
        {
            if (reader.TokenType == JsonTokenType.EndObject) return true;
            var (exact, inside) = Match(ref reader, names);
            if (!reader.Read()) return false;
            if (exact >= 0)
            {
                values[exact] = Scalar(ref reader);
                left--;
            }
            else if (inside is not null && reader.TokenType == JsonTokenType.StartObject)
            {
                left -= ScanInside(ref reader, inside, names, values);
                continue;
            }
            reader.Skip();
        }
        return true;
    }

    private static int ScanInside(ref Utf8JsonReader reader, string parent, ReadOnlySpan<string> names, Span<string?> values)
    {
        var found = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var at = -1;
            for (var i = 0; i < names.Length && at < 0; i++)
                if (names[i].Length > parent.Length + 1 && names[i][parent.Length] == '.' && names[i].StartsWith(parent, StringComparison.Ordinal)
                    && reader.ValueTextEquals(names[i].AsSpan(parent.Length + 1)))
                    at = i;
            reader.Read();
            if (at >= 0)
            {
                values[at] = Scalar(ref reader);
                found++;
            }
            reader.Skip();
        }
        return found;
    }

    private static (int Exact, string? Inside) Match(ref Utf8JsonReader reader, ReadOnlySpan<string> names)
    {
        for (var i = 0; i < names.Length; i++)
        {
            var dot = names[i].IndexOf('.', StringComparison.Ordinal);
            if (dot < 0 && reader.ValueTextEquals(names[i])) return (i, null);
            if (dot > 0 && reader.ValueTextEquals(names[i].AsSpan(0, dot))) return (-1, names[i][..dot]);
        }
        return (-1, null);
    }

    private static string? Scalar(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => reader.GetString(),
        JsonTokenType.Number => Encoding.ASCII.GetString(reader.ValueSpan),
        JsonTokenType.True => "true",
        JsonTokenType.False => "false",
        _ => null,
    };
}
