using System.Text.Json;

namespace Quartermaster.Runtime.Partitions;

/// <summary>Says to a person why a stored body could not be read: what is wrong with the body, never how our types are called.</summary>
/// <remarks>
/// The parser's own words name classes and count lines from zero. Readers of connectors hand them on inside of their own, so both are put into
/// plain words here, where what they threw becomes a reason.
/// </remarks>
internal static class PlainReading
{
    // As lenient as readers are: what they would have taken is no mistake of the body.
    private static readonly JsonReaderOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <param name="e">What the reader threw. If it names its cause and repeats its words, only these are put plainly.</param>
    public static string Of(Exception e, ReadOnlySpan<byte> body) => e switch
    {
        JsonException { Path: null, LineNumber: null } => e.Message,
        JsonException json => Of(json, body),
        { InnerException: JsonException inner } when inner.Message.Length > 0 => e.Message.Replace(inner.Message, Of((Exception)inner, body), StringComparison.Ordinal),
        _ => e.Message,
    };

    private static string Of(JsonException e, ReadOnlySpan<byte> body)
    {
        if (body.Trim(" \t\r\n"u8).IsEmpty) return "the body is empty";
        // Told that more may come, the parser takes an end that comes too early for a pause, and refuses only what no more could mend.
        var reader = new Utf8JsonReader(body, isFinalBlock: false, new JsonReaderState(Lenient));
        var first = JsonTokenType.None;
        try
        {
            while (reader.Read()) if (first == JsonTokenType.None) first = reader.TokenType;
        }
        catch (JsonException wrong)
        {
            return $"the body is not JSON at line {(wrong.LineNumber ?? 0) + 1}";
        }
        if (!IsWhole(body)) return $"the body ends too early, after {body.Length} bytes";
        return e.Path is null or "" or "$" ? $"the body is {Name(first)}, which is not what is expected there" : $"the value at {e.Path} is not what is expected there";
    }

    private static bool IsWhole(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, isFinalBlock: true, new JsonReaderState(Lenient));
        try
        {
            while (reader.Read()) { }
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string Name(JsonTokenType first) => first switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "a list",
        JsonTokenType.String => "a text",
        JsonTokenType.Number => "a number",
        JsonTokenType.Null => "null",
        _ => "a truth value",
    };
}
