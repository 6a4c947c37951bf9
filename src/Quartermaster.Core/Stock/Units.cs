using System.Text.Json.Serialization;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Stock;

/// <summary>Some units of one SKU that an order line wants.</summary>
/// <param name="Grams">Weight of one unit; 0 = unknown.</param>
public sealed record Wanted(string LineId, string Sku, int Quantity, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Grams = 0);

/// <summary>Some units of one SKU at one location.</summary>
public sealed record Units(string LineId, string Sku, int Quantity, string Location)
{
    /// <summary>Of the same line, SKU and location.</summary>
    public bool IsLike(Units other) => LineId == other.LineId && Sku == other.Sku && Location == other.Location;
}

/// <summary>An order's place in the day of a location that can pack only so many.</summary>
/// <param name="Day">The day of the hand-off, on the location's own calendar.</param>
public readonly record struct DayPlace(string Location, DateOnly Day);

/// <summary>By how much what is on its way to a location changes.</summary>
public sealed record ExpectedUnits(string Sku, string Location, int By);

/// <summary>One location that was looked at for an order, and what spoke for and against it.</summary>
/// <param name="Cost">Sum of the terms, for all of the order or for the share it was chosen for. Null when it cannot serve.</param>
/// <param name="Terms">Each cost term with its value: <c>"base 40"</c>, <c>"zone +12"</c>.</param>
/// <param name="Missing">What it lacks: <c>"SKU-1: 2 of 3"</c>.</param>
/// <param name="Chosen">A parcel leaves from here.</param>
/// <param name="By">The service whose rate was reckoned with for that parcel; null where no rate was.</param>
public sealed record Candidate(
    string Location, decimal? Cost, IReadOnlyList<string> Terms, IReadOnlyList<string> Missing, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Chosen = false, Carriage? By = null);

/// <summary>Units that a warehouse looked for and did not find: it is not asked for them again until they were seen there after that.</summary>
/// <param name="Since">When it did not find them.</param>
public sealed record NotFoundAt(string Location, string Sku, DateTimeOffset Since);

/// <summary>What may be reserved for a line instead of what it wants, all of the line or nothing of it.</summary>
/// <param name="Skus">In order of preference.</param>
/// <param name="NeedsConsent">It is only found and told, not reserved.</param>
public sealed record Alternative(string LineId, IReadOnlyList<string> Skus, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool NeedsConsent = false);

/// <summary>A line of which something else is there.</summary>
/// <param name="Sku">That is there instead.</param>
public sealed record Offer(string LineId, string Sku);
