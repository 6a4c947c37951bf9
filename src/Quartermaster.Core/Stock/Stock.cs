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

/// <summary>Some units of one SKU that an order line wants.</summary>
public sealed record Wanted(string LineId, string Sku, int Quantity);

/// <summary>Some units of one SKU at one location.</summary>
public sealed record Units(string LineId, string Sku, int Quantity, string Location);

/// <summary>One location that was looked at for an order, and what spoke for and against it.</summary>
/// <param name="Cost">Sum of the terms; the lowest among those that can serve wins. Null when it cannot serve.</param>
/// <param name="Terms">Each cost term with its value: <c>"base 40"</c>, <c>"zone +12"</c>.</param>
/// <param name="Missing">What it lacks: <c>"SKU-1: 2 of 3"</c>.</param>
public sealed record Candidate(string Location, decimal? Cost, IReadOnlyList<string> Terms, IReadOnlyList<string> Missing);

/// <summary>Kinds of movement in the append-only stock ledger.</summary>
public enum MovementKind { Reserved, Released, Shipped, Returned, Counted, Received, Adjusted }
