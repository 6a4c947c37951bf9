using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;

namespace Quartermaster.Import;

/// <summary>Streams orders out of JSON: an array, one object per line, or an API answer <c>{"orders": […]}</c>.</summary>
/// <param name="read">Reads one order as the channel's vendor writes it; null when the channel is no configured connection.</param>
internal sealed class JsonOrders(string channel, Func<ReadOnlyMemory<byte>, Reading>? read, Action<ImportNote> note)
{
    public async IAsyncEnumerable<ReadOrder> ReadAsync(string file, Stream stream, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var (line, body) in JsonObjects.SplitAsync(stream, cancel))
            if (Order(file, line, body) is { } order)
                yield return order;
    }

    private ReadOrder? Order(string file, int line, ReadOnlyMemory<byte> body)
    {
        try
        {
            return new((IsOurs(body.Span) ? Own(body) : Vendors(body)) with { Channel = channel }, file, line);
        }
        catch (NotUnderstoodException bad)
        {
            note(new(file, line, NoteKind.Wrong, bad.CaseKind, bad.Message, "Correct the order in the file, or leave it out."));
        }
        catch (JsonException broken)
        {
            note(new(file, line + (int)(broken.LineNumber ?? 0), NoteKind.Wrong, "bad JSON", broken.Message.Split(" Path:")[0], "The order must be valid JSON with the fields of the channel's API, or ours."));
        }
        return null;
    }

    private static bool IsOurs(ReadOnlySpan<byte> body)
    {
        Span<string?> values = new string?[2];
        // A body that breaks further down is still ours to complain about.
        _ = JsonGlance.TryRead(body, ["externalId", "ExternalId"], values);
        return (values[0] ?? values[1]) is not null;
    }

    private static OrderFacts Own(ReadOnlyMemory<byte> body) => JsonSerializer.Deserialize(body.Span, ImportJson.Default.OrderFacts)
        ?? throw new NotUnderstoodException("no order", "there is no order in it");

    private OrderFacts Vendors(ReadOnlyMemory<byte> body)
    {
        if (read is null)
            throw new NotUnderstoodException("unknown shape", $"this is not an order in our own shape, and '{channel}' is not a configured connection that could read it");
        foreach (var found in read(body).Signals)
            if (found.Signal is OrderSignal.Reported reported)
                return reported.Facts;
        throw new NotUnderstoodException("no order", "there is no order in it");
    }
}

/// <summary>Orders in our own shape, as an export of this hub writes them.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, PropertyNameCaseInsensitive = true, UseStringEnumConverter = true)]
[JsonSerializable(typeof(OrderFacts))]
internal sealed partial class ImportJson : JsonSerializerContext;
