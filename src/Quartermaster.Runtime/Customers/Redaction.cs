using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Quartermaster.Runtime.Customers;

/// <summary>Takes a person out of stored texts and JSON, so that what is left can still be read: shapes, amounts and goods stay.</summary>
/// <param name="secrets">Everything that is theirs: names, addresses, e-mails, phones, ids.</param>
internal sealed class Redaction
{
    public const string Word = "erased";

    // Shorter ones may be part of any text: they are taken out only where they stand alone.
    private const int LongEnough = 6;

    // Objects that are about a person from end to end, and single values that are.
    private static readonly HashSet<string> People = ["buyer", "shipTo", "billTo", "correctedShipTo", "address", "recipient", "consignee", "contact", "customer", "to"];
    private static readonly HashSet<string> Theirs = ["email", "phone", "toName", "buyerName", "customerId", "note", "messageId"];
    private static readonly HashSet<string> Said = ["text", "parameters", "to", "known", "html", "address"];
    private static readonly HashSet<string> NotTheirs = ["country", "number", "orderRef", "language", "locale", "kind", "area", "zone", "onDelivery", "intent"];

    private readonly HashSet<string> _alone;
    private readonly Regex? _inside;

    public Redaction(IEnumerable<string> secrets)
    {
        var all = secrets.Select(s => s.Trim()).Where(s => s.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        _alone = new(all.Where(IsTelling), StringComparer.OrdinalIgnoreCase);
        var inside = all.Where(s => s.Length >= LongEnough && IsTelling(s)).OrderByDescending(s => s.Length).Select(Regex.Escape).ToList();
        if (inside.Count > 0) _inside = new($@"(?<![\p{{L}}\p{{N}}])\+?(?:{string.Join('|', inside)})(?![\p{{L}}\p{{N}}])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
    }

    // A house number or a customer's short id is somebody else's line number: those go only where the place tells what they are.
    private static bool IsTelling(string secret) => secret.Length >= 7 || (secret.Length >= 4 && secret.Any(c => !char.IsAsciiDigit(c)));

    public string Text(string text) => _alone.Contains(text.Trim()) ? Word : _inside?.Replace(text, Word) ?? text;

    /// <param name="own">It belongs to the person's own order or contact: values that can only be theirs go whatever they are.</param>
    /// <returns>What it is now; a body that is no JSON and holds something of them becomes an empty object.</returns>
    public byte[] Body(byte[] body, bool own)
    {
        var buffer = new ArrayBufferWriter<byte>(body.Length);
        try
        {
            using var document = JsonDocument.Parse(body);
            using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.Default })) Write(writer, document.RootElement, null, own, false);
            return buffer.WrittenSpan.ToArray();
        }
        catch (JsonException)
        {
            var text = Encoding.UTF8.GetString(body);
            return Text(text) == text ? body : "{}"u8.ToArray();
        }
    }

    private void Write(Utf8JsonWriter writer, JsonElement value, string? name, bool own, bool person)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                var inPerson = person || (own && name is not null && People.Contains(name));
                writer.WriteStartObject();
                foreach (var property in value.EnumerateObject())
                {
                    // Of a mapping the keys may be theirs as well.
                    writer.WritePropertyName(Text(property.Name));
                    Write(writer, property.Value, property.Name, own, inPerson);
                }
                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray()) Write(writer, item, name, own, person);
                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                if (person && !NotTheirs.Contains(name ?? "")) writer.WriteNullValue();
                else if (own && name is not null && Theirs.Contains(name)) writer.WriteNullValue();
                else if (own && name is not null && Said.Contains(name)) writer.WriteStringValue(Word);
                else writer.WriteStringValue(Text(value.GetString()!));
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }
}
