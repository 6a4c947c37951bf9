using System.Buffers;
using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Json;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core;

/// <summary>Our own messages and states as JSON: camelCase, enums as words, nulls left out, decimals exact. Generated code only.</summary>
/// <remarks>Stored text is read for years: a released wire kind keeps its shape, and a new property has a default.</remarks>
public static class CoreJson
{
    private static readonly JsonSerializerContext[] Contexts =
        [OrderJson.Default, StockJson.Default, FulfilmentJson.Default, ShippingJson.Default, LabelsJson.Default, DispatchJson.Default, BooksJson.Default, MessageJson.Default, ConnectionJson.Default, ProductJson.Default, CodeJson.Default, ContactJson.Default, RunJson.Default, ChannelsJson.Default, PurchaseJson.Default, OutcomeJson.Default];

    private static readonly FrozenDictionary<string, JsonTypeInfo> ByKind =
        Wire.All.ToFrozenDictionary(Wire.KindOf, Find);

    private static readonly FrozenDictionary<Type, (JsonEncodedText Kind, JsonTypeInfo Shape)> ByType =
        Wire.All.ToFrozenDictionary(type => type, type => (JsonEncodedText.Encode(Wire.KindOf(type)), ByKind[Wire.KindOf(type)]));

    private static readonly JsonEncodedText KindName = JsonEncodedText.Encode("kind");
    private static readonly JsonEncodedText BodyName = JsonEncodedText.Encode("body");

    /// <summary>The body of a signal, event, request or effect, or of an <see cref="Connecting.Outcome"/>.</summary>
    /// <exception cref="ArgumentException">The type carries no <see cref="WireAttribute"/>.</exception>
    public static byte[] Write(object message) => message is Connecting.Outcome outcome
        ? JsonSerializer.SerializeToUtf8Bytes(outcome, OutcomeJson.Default.Outcome)
        : JsonSerializer.SerializeToUtf8Bytes(message, Shape(message.GetType()).Shape);

    /// <exception cref="ArgumentException">No such wire kind.</exception>
    /// <exception cref="JsonException">The text does not have the kind's shape.</exception>
    public static object Read(string kind, ReadOnlySpan<byte> body) => JsonSerializer.Deserialize(body, Shape(kind)) ?? throw new JsonException($"The body of {kind} is null.");

    public static Connecting.Outcome ReadOutcome(ReadOnlySpan<byte> body) =>
        JsonSerializer.Deserialize(body, OutcomeJson.Default.Outcome) ?? throw new JsonException("The outcome is null.");

    /// <summary>The events of one decision: <c>[{"kind":"order.placed.v1","body":{…}}, …]</c>.</summary>
    public static byte[] WriteEvents(IReadOnlyList<Event> events)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            foreach (var e in events)
            {
                var (kind, shape) = Shape(e.GetType());
                writer.WriteStartObject();
                writer.WriteString(KindName, kind);
                writer.WritePropertyName(BodyName);
                JsonSerializer.Serialize(writer, e, shape);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
        }
        return buffer.WrittenSpan.ToArray();
    }

    /// <exception cref="JsonException">Not the text of <see cref="WriteEvents"/>, or of a release that knew other kinds.</exception>
    public static IReadOnlyList<Event> ReadEvents(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        Expect(ref reader, JsonTokenType.StartArray);
        var events = new List<Event>();
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            Expect(ref reader, JsonTokenType.PropertyName);
            Expect(ref reader, JsonTokenType.String);
            var shape = Shape(reader.GetString()!);
            Expect(ref reader, JsonTokenType.PropertyName);
            reader.Read();
            events.Add((Event)JsonSerializer.Deserialize(ref reader, shape)!);
            Expect(ref reader, JsonTokenType.EndObject);
        }
        return reader.TokenType == JsonTokenType.EndArray ? events : throw new JsonException("The list of events is not closed.");
    }

    internal static byte[] WriteState<T>(T state) => JsonSerializer.SerializeToUtf8Bytes(state, State<T>.Shape);

    internal static T ReadState<T>(ReadOnlySpan<byte> state) => JsonSerializer.Deserialize(state, State<T>.Shape) ?? throw new JsonException($"The state of a {typeof(T).Name} is null.");

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType token)
    {
        if (!reader.Read() || reader.TokenType != token) throw new JsonException($"Expected {token} but found {reader.TokenType}.");
    }

    private static JsonTypeInfo Shape(string kind) =>
        ByKind.TryGetValue(kind, out var shape) ? shape : throw new ArgumentException($"There is no wire kind '{kind}'.", nameof(kind));

    private static (JsonEncodedText Kind, JsonTypeInfo Shape) Shape(Type type) =>
        ByType.TryGetValue(type, out var shape) ? shape : throw new ArgumentException($"{type.Name} has no [Wire] name.", nameof(type));

    private static JsonTypeInfo Find(Type type)
    {
        foreach (var context in Contexts)
            if (context.GetTypeInfo(type) is { } shape) return shape;
        throw new InvalidOperationException($"{type} is in no JSON context; add it beside its neighbours in Json/.");
    }

    private static class State<T>
    {
        public static readonly JsonTypeInfo<T> Shape = (JsonTypeInfo<T>)FileJson.Default.GetTypeInfo(typeof(T))!;
    }
}
