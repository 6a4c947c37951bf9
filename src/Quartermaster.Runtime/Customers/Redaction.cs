using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Quartermaster.Runtime.Customers;

/// <summary>Takes a person out of stored texts and JSON, so that what is left can still be read: shapes, amounts and goods stay.</summary>
/// <param name="secrets">What is nobody else's: names, streets, e-mails, phones, ids. Taken out wherever it stands, but for words of the machine.</param>
/// <param name="words">What is theirs and a word of many: towns, companies, notes. Taken out of what is about a person and of what somebody reads; elsewhere it may be a warehouse, an article or a kind of event.</param>
internal sealed class Redaction
{
    public const string Word = "erased";

    // Shorter ones may be part of any text: they are taken out only where they stand alone.
    private const int LongEnough = 6;

    // Objects that are about a person from end to end, and single values that are. Flows say by whom something was bought, and of whom something is asked.
    private static readonly HashSet<string> People = ["by", "of", "buyer", "shipTo", "billTo", "correctedShipTo", "address", "recipient", "consignee", "contact", "customer", "to", "traits"];
    // A link leads to what was typed into a checkout, or to an order's page.
    private static readonly HashSet<string> Theirs = ["email", "phone", "toName", "buyerName", "customerId", "note", "messageId", "inReplyTo", "link"];
    private static readonly HashSet<string> Said = ["text", "parameters", "to", "known", "html", "address"];
    private static readonly HashSet<string> NotTheirs = ["country", "number", "orderRef", "language", "locale", "kind", "area", "zone", "onDelivery", "intent"];

    // Goods, places and words of the machine. Of an own order they are never a person's, and what is still told of the order later has to find them.
    private static readonly HashSet<string> Machine = ["sku", "location", "from", "channel", "connection", "kind", "key", "brand", "status", "state", "lane", "carrier", "service", "currency", "source"];
    // Read by people, or a part of an address that stands by itself.
    private static readonly HashSet<string> Read = ["text", "subject", "detail", "reason", "why", "how", "note", "message", "words", "comment", "body", "html", "said", "answer", "area", "city", "town", "district", "province", "region", "company"];

    private readonly Wanted _secret;
    private readonly Wanted _any;

    public Redaction(IEnumerable<string> secrets, IEnumerable<string>? words = null)
    {
        List<string> telling = [.. secrets];
        _secret = new(telling);
        _any = words is null ? _secret : new(telling.Concat(words));
    }

    // A house number or a customer's short id is somebody else's line number: those go only where the place tells what they are.
    private static bool IsTelling(string secret) => secret.Length >= 7 || (secret.Length >= 4 && secret.Any(c => !char.IsAsciiDigit(c)));

    /// <summary>What is left of something that people read.</summary>
    public string Text(string text) => _any.OutOf(text);

    /// <summary>What is left of what a vendor sent, which may be about many: the innermost entries of lists that bear something of them go, and all of it where that is in no list.</summary>
    public byte[] Raw(byte[] body)
    {
        try
        {
            var node = JsonNode.Parse(body);
            return !Bears(node) ? body : Cut(node) ? JsonSerializer.SerializeToUtf8Bytes(node) : "{}"u8.ToArray();
        }
        // An object that names a property twice is an argument that does not fit.
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            // A form: what it says is to be read as its reader does, or the letters of an escape hide where a number begins.
            var text = Encoding.UTF8.GetString(body);
            return Holds(text) || Holds(Uri.UnescapeDataString(text)) ? "{}"u8.ToArray() : body;
        }
    }

    private bool Holds(string text) => Text(text) != text;

    private bool Bears(JsonNode? node) => node switch
    {
        JsonObject o => o.Any(p => Holds(p.Key) || Bears(p.Value)),
        JsonArray a => a.Any(Bears),
        JsonValue v => Holds(v.GetValueKind() == JsonValueKind.String ? v.GetValue<string>() : v.ToJsonString()),
        _ => false,
    };

    /// <returns>Whether nothing of them is left in it.</returns>
    private bool Cut(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject o:
                // One after the other, all of them.
                return o.Select(p => !Holds(p.Key) && Cut(p.Value)).ToList().TrueForAll(clean => clean);
            case JsonArray a:
                for (var i = 0; i < a.Count; i++)
                    if (!Cut(a[i])) a[i] = new JsonObject();
                return true;
            default:
                return !Bears(node);
        }
    }

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
                // What is a letter has a text as well; elsewhere a subject is the parcel that something is about.
                var isLetter = own && value.TryGetProperty("text", out _);
                writer.WriteStartObject();
                foreach (var property in value.EnumerateObject())
                {
                    // Of a mapping the keys may be theirs as well.
                    writer.WritePropertyName(_secret.OutOf(property.Name));
                    if (isLetter && property is { Name: "subject", Value.ValueKind: JsonValueKind.String }) writer.WriteStringValue(Word);
                    else Write(writer, property.Value, property.Name, own, inPerson);
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
                else if (own && name is not null && Machine.Contains(name)) value.WriteTo(writer);
                else writer.WriteStringValue((person || (name is not null && Read.Contains(name)) ? _any : _secret).OutOf(value.GetString()!));
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    private sealed class Wanted
    {
        private readonly HashSet<string> _alone;
        private readonly Regex? _inside;

        public Wanted(IEnumerable<string> texts)
        {
            var all = texts.Select(s => s.Trim()).Where(IsTelling).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
            _alone = new(all, StringComparer.OrdinalIgnoreCase);
            var inside = all.Where(s => s.Length >= LongEnough).OrderByDescending(s => s.Length).Select(Pattern).ToList();
            if (inside.Count > 0) _inside = new($@"(?<![\p{{L}}\p{{N}}])\+?(?:{string.Join('|', inside)})(?![\p{{L}}\p{{N}}])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
        }

        // Before and after an e-mail address a dot or a dash makes it a longer one, which is somebody else's.
        private static string Pattern(string secret) => secret.Contains('@', StringComparison.Ordinal) ? $@"(?<![._+\-]){Regex.Escape(secret)}(?![.\-][\p{{L}}\p{{N}}])" : Regex.Escape(secret);

        public string OutOf(string text) => _alone.Contains(text.Trim()) ? Word : _inside?.Replace(text, Word) ?? text;
    }
}
