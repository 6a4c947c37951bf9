using System.Text.Json.Serialization;
using Quartermaster.Connectors.Shared;

namespace Quartermaster.Connectors.Dhl;

internal sealed record WireAnswer(IReadOnlyList<WireShipment?>? Shipments);

internal sealed record WireShipment(string? Id, string? Service, WireEvent? Status, IReadOnlyList<WireEvent?>? Events);

internal sealed record WireEvent(string? Timestamp, WireLocation? Location, string? StatusCode, string? Status, string? Description);

internal sealed record WireLocation(WireAddress? Address);

internal sealed record WireAddress(string? AddressLocality);

internal sealed record WireProblem(string? Title, string? Detail);

// Lenient on purpose: what DHL adds or leaves out must not lose a scan, and ids come as numbers in places.
[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = true, Converters = [typeof(TextOrNumber)])]
[JsonSerializable(typeof(WireAnswer))]
[JsonSerializable(typeof(WireProblem))]
internal sealed partial class DhlJson : JsonSerializerContext;
