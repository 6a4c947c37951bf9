using System.Text.Json.Serialization;

namespace Quartermaster.Core.Stock;

/// <summary>Where one SKU stands at one location.</summary>
/// <param name="OnHand">Sellable units physically there, reserved ones included.</param>
/// <param name="Reserved">Units promised to orders and not yet shipped. The database keeps 0 ≤ reserved ≤ on hand.</param>
/// <param name="Safety">Units never promised.</param>
public readonly record struct Position(string Sku, string Location, int OnHand, int Reserved, int Safety = 0)
{
    /// <summary>Available to promise.</summary>
    public int Available => OnHand - Reserved - Safety;
}

/// <summary>Kinds of movement in the append-only stock ledger.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MovementKind>))]
public enum MovementKind { Reserved, Released, Shipped, Returned, Counted, Received, Adjusted }
