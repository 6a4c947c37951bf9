using System.Text.Json.Serialization;

namespace Quartermaster.Core.Stock;

/// <summary>Where one SKU stands at one location.</summary>
/// <param name="OnHand">Sellable units physically there, reserved ones included.</param>
/// <param name="Reserved">Units promised to orders and not yet shipped. The database keeps 0 ≤ reserved ≤ on hand.</param>
/// <param name="Safety">Units never promised.</param>
/// <param name="Damaged">Units that lie there and cannot be sold; not among those on hand.</param>
/// <param name="Short">Promised units that nobody found: on hand stays at what is reserved, so many more than lie there.</param>
public readonly record struct Position(string Sku, string Location, int OnHand, int Reserved, int Safety = 0, int Damaged = 0, int Short = 0)
{
    /// <summary>Available to promise.</summary>
    public int Available => OnHand - Reserved - Safety;
}

/// <summary>Kinds of movement in the append-only stock ledger.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MovementKind>))]
public enum MovementKind { Reserved, Released, Shipped, Returned, Counted, Received, Adjusted, Damaged }

/// <summary>What became of units that cannot be sold.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Damage>))]
public enum Damage
{
    /// <summary>They lay on the shelf among those that can be sold.</summary>
    Found,

    /// <summary>They came so: in a delivery, or back from a shopper.</summary>
    Came,

    /// <summary>They can be sold after all.</summary>
    Repaired,

    /// <summary>They were thrown away, or sent back to who made them.</summary>
    Discarded,
}
