using System.Buffers;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.Shared;

/// <summary>One request body for several effects, <c>{"orders":[…]}</c>, that remembers which bytes belong to which effect.</summary>
/// <remarks>The timeline of each order shows its own element, not the forty-nine of its neighbours.</remarks>
public sealed class BatchBody
{
    private readonly ReadOnlyMemory<byte> bytes;
    private readonly Range[] elements;

    private BatchBody(ReadOnlyMemory<byte> bytes, Range[] elements) => (this.bytes, this.elements) = (bytes, elements);

    public ReadOnlyMemory<byte> Bytes => bytes;

    /// <summary>The part of the body that belongs to one effect.</summary>
    public string Element(int at) => Encoding.UTF8.GetString(bytes[elements[at]].Span);

    public static BatchBody Write<T>(string member, IReadOnlyList<T> items, Action<Utf8JsonWriter, T> write)
    {
        var buffer = new ArrayBufferWriter<byte>(64 + (items.Count * 512));
        var elements = new Range[items.Count];
        using var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true });
        json.WriteStartObject();
        json.WriteStartArray(member);
        for (var i = 0; i < items.Count; i++)
        {
            // From the second element on, the writer puts a comma in front.
            var start = Position(json) + (i == 0 ? 0 : 1);
            write(json, items[i]);
            elements[i] = start..Position(json);
        }
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return new(buffer.WrittenMemory, elements);
    }

    /// <summary>What one effect's timeline shows of the call: its own element, its place among the others, and its own part of the answer.</summary>
    /// <param name="line">Method and address.</param>
    /// <param name="said">The part of the answer that belongs to this effect.</param>
    public Exchange Part(int at, string line, Answer answer, string said, Redactor redactor)
    {
        var place = elements.Length == 1 ? "" : $" ({at + 1} of {elements.Length} in this call)";
        return new(
            redactor.Clean($"{line}{place}\n{Remote.Shorten(Element(at), Remote.Kept)}"),
            answer.Status == 0 ? answer.Exchange.Answer : redactor.Clean($"{answer.Status}\n{said}"));
    }

    public HttpContent ToContent() => new ReadOnlyMemoryContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };

    private static int Position(Utf8JsonWriter json) => (int)(json.BytesCommitted + json.BytesPending);
}
