namespace Quartermaster.Core.Connecting;

/// <summary>What a warehouse says lies on one shelf.</summary>
/// <param name="Location">Our location code.</param>
/// <param name="OnHand">Sellable units, those promised to open orders included.</param>
/// <param name="At">When they were counted; what moved after that is not in the number.</param>
public readonly record struct ShelfSeen(string Sku, string Location, int OnHand, DateTimeOffset At);
