using System.Text.Json.Serialization;

namespace Quartermaster.Core.Orders;

/// <summary>What an outside reviewer of fraud says of an order, or that it was asked.</summary>
/// <param name="Of">What it was asked about, as <see cref="SecondOpinion.PrintOf"/> tells it apart: another amount or address is another question.</param>
/// <param name="Nth">How often the order has begun to wait for an opinion.</param>
/// <param name="Raw">The reviewer's own word; null while it has said nothing.</param>
/// <param name="Score">On the reviewer's own scale.</param>
/// <param name="Covered">What it pays for when the order turns out to be fraud; null = it does not say, or pays nothing.</param>
/// <param name="At">When it decided.</param>
/// <param name="IsLookedUp">No word came by itself, and it was asked for.</param>
/// <param name="TooLate">Everything had left when it was told: nothing follows from it any more.</param>
public sealed record Opinion(string Of, DateTimeOffset AskedAt, int Nth, Verdict Verdict = Verdict.Waiting, string? Raw = null, string? Why = null, decimal? Score = null, string? RemoteId = null, decimal? Covered = null, DateTimeOffset? At = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool IsLookedUp = false, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool TooLate = false);

/// <summary>What an opinion comes to.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Verdict>))]
public enum Verdict
{
    /// <summary>Asked, and nothing final is said.</summary>
    Waiting,
    Approved,
    Declined,

    /// <summary>Neither: a word that leaves it to a person, or that nobody knows.</summary>
    LeftToUs,

    /// <summary>It said nothing in time, or would not look at the order.</summary>
    Silent,
}
