using System.Text.Json.Serialization;

namespace Quartermaster.Core.Kernel;

/// <summary>What orders of different buyers can have in common. Nobody can read back what it was: only its hash is ever kept.</summary>
/// <param name="Hash">Of the brand's own key; the same device, card or network has the same one.</param>
public sealed record Trait(TraitKind Kind, string Hash);

[JsonConverter(typeof(JsonStringEnumConverter<TraitKind>))]
public enum TraitKind
{
    Email,

    /// <summary>A browser at one address of the internet.</summary>
    Device,

    Card,

    /// <summary>An address of the internet alone: a household, an office, or everybody on one mobile network.</summary>
    Network,
}

/// <summary>Other orders that have a trait in common with this one, placed within a time of it.</summary>
/// <param name="Orders">How many, this one not counted.</param>
/// <param name="Names">Buyers' names among them other than this order's.</param>
/// <param name="Emails">E-mail addresses among them other than this order's.</param>
/// <param name="Places">Delivery addresses among them other than this order's.</param>
public sealed record SharedTrait(TraitKind Kind, TimeSpan Within, int Orders, int Names, int Emails, int Places)
{
    /// <summary>They are not all of one buyer, whose own haste other terms count.</summary>
    [JsonIgnore]
    public bool IsOfSeveral => Names > 0 || Emails > 0;

    /// <summary>All go to one address, as the orders of a household do.</summary>
    [JsonIgnore]
    public bool IsOfOneHouse => Places == 0;
}

/// <summary>From how many orders on sharing something counts, within one time; this order is one of them. 0 = it does not count.</summary>
public sealed record VelocityLine(TimeSpan Within, int Email, int Device, int Card, int Network)
{
    public int Of(TraitKind kind) => kind switch { TraitKind.Email => Email, TraitKind.Device => Device, TraitKind.Card => Card, _ => Network };

    /// <summary>Used where a brand names only the windows, or nothing at all. Shared networks are usual, shared cards are not.</summary>
    public static readonly IReadOnlyList<VelocityLine> Usual = [new(TimeSpan.FromHours(1), 3, 3, 2, 10), new(TimeSpan.FromHours(24), 6, 5, 3, 40)];
}
