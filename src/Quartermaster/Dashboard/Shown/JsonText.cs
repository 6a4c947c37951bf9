using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Quartermaster.Dashboard.Shown;

/// <summary>Stored bodies as a person reads them: JSON indented, anything else as it is, bytes that are no text as a dump.</summary>
public static class JsonText
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public const int MostShown = 200_000;

    public static string Of(ReadOnlySpan<byte> body)
    {
        if (body.Length == 0) return "";
        if (body.Length > MostShown) return Plain(body[..MostShown]) + $"\n… {body.Length - MostShown:N0} more bytes; download it to see them.";
        try
        {
            var reader = new Utf8JsonReader(body);
            using var document = JsonDocument.ParseValue(ref reader);
            using var stream = new MemoryStream();
            // The encoder leaves quotes readable; the page encodes for HTML when it writes the text.
            using (var writer = new Utf8JsonWriter(stream, Indented)) document.WriteTo(writer);
            return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
        }
        catch (JsonException)
        {
            return Plain(body);
        }
    }

    private static string Plain(ReadOnlySpan<byte> body)
    {
        var text = Encoding.UTF8.GetString(body);
        return text.Contains('\0') ? Convert.ToHexString(body[..Math.Min(body.Length, 4096)]) : text;
    }
}
