using System.Text.Json.Serialization;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Stock;

/// <summary>A count as somebody told it.</summary>
/// <param name="Source">Who counted: a connection, <c>import</c>, a person.</param>
public sealed record HeardCount(int OnHand, string Source, DateTimeOffset At);

/// <summary>A count that was not believed.</summary>
/// <param name="Many">It is one of many of its location that jumped at once.</param>
/// <param name="Denied">A person said that it is not true: the same number once more makes it no truer.</param>
/// <param name="DeniedAt">When they said so.</param>
public sealed record AskedCount(string Location, HeardCount Count, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Many = false, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Denied = false, DateTimeOffset? DeniedAt = null)
{
    /// <summary>Who had it counted again has the number by then. If it is the same still, it is asked about once more: somebody is wrong for good.</summary>
    public static readonly TimeSpan DenialHolds = TimeSpan.FromDays(1);

    /// <summary>What comes sooner is rather the same number read twice than a shelf counted twice.</summary>
    private static readonly TimeSpan Recount = TimeSpan.FromMinutes(15);

    /// <summary>Whether one that says the same at this time makes it true. Of many that jumped at once it does not: a system that is wrong of all of them is so twice.</summary>
    public bool IsConfirmedAt(DateTimeOffset at) => !Many && !Denied && at >= Count.At + Recount;

    /// <summary>Whether the same number, heard now, is to be asked about anew.</summary>
    public bool IsAskedAnewAt(DateTimeOffset now) => Denied && now >= (DeniedAt ?? Count.At) + DenialHolds;
}

/// <summary>What speaks against believing a count.</summary>
/// <param name="Terms">From when on it is asked about; null = it is believed.</param>
/// <param name="Highest">The most that was ever counted there; null = nobody ever did.</param>
/// <param name="Asked">The one of this location that is asked about already.</param>
/// <param name="Anew">It was denied so long ago that it is asked about once more.</param>
public sealed record CountDoubt(CountTerms? Terms, int? Highest, AskedCount? Asked, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Anew = false);

/// <summary>A count that jumps.</summary>
/// <param name="Waits">It was not believed, and is asked about.</param>
public sealed record OddCount(string Sku, string Location, HeardCount Count, int Before, bool Waits, bool Many);

/// <summary>The counts of a batch that jump. Where many of a location do within a quarter of an hour, no further one of it is believed.</summary>
public sealed class OddCounts
{
    /// <summary>Jumps of a location within this time are counted together.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

    /// <summary>So many SKUs at least, and more than this share of what lies there: a stocktake that finds a dozen slips of a thousand shelves is believed.</summary>
    public const int Least = 10;

    private const int Percent = 20;

    private readonly Dictionary<string, (int Jumped, int Shelves)> locations = [];
    private readonly Dictionary<(string Sku, string Location), OddCount> found = [];

    /// <summary>Those that jump, each SKU's last.</summary>
    public IEnumerable<OddCount> Found => found.Values;

    /// <summary>Shelves of which a count was taken that was asked about before.</summary>
    public HashSet<(string Sku, string Location)> Settled { get; } = [];

    /// <summary>So many SKUs of a location jumped lately, of so many of which there is something.</summary>
    public void Load(string location, int jumped, int shelves) => locations[location] = (jumped, shelves);

    /// <summary>One more of this location jumps.</summary>
    /// <returns>They are too many to be believed.</returns>
    internal bool Jumped(string location)
    {
        var (before, shelves) = locations.GetValueOrDefault(location, (0, int.MaxValue));
        locations[location] = (before + 1, shelves);
        return before + 1 >= Least && (before + 1) * 100L > shelves * (long)Percent;
    }

    internal void Asks(StockRequest.SetCount r, HeardCount heard, int before, bool many)
    {
        Settled.Remove((r.Sku, r.Location));
        found[(r.Sku, r.Location)] = new(r.Sku, r.Location, heard, before, true, many);
    }

    internal void Believes(StockRequest.SetCount r, HeardCount heard, int before) => found[(r.Sku, r.Location)] = new(r.Sku, r.Location, heard, before, false, false);

    internal void Settles(StockRequest.SetCount r)
    {
        Settled.Add((r.Sku, r.Location));
    }
}
