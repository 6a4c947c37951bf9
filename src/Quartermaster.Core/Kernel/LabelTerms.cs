using System.Collections.Frozen;

namespace Quartermaster.Core.Kernel;

/// <summary>How a location buys the labels of its parcels itself, so that the packer only prints them.</summary>
/// <param name="Connection">The carrier connection that sells them.</param>
/// <param name="Service">The vendor's name of the service within the location's country, where nothing says by which a parcel is to travel.</param>
/// <param name="ServiceAbroad">The same for parcels that cross a border.</param>
/// <param name="From">What stands on the label as sender.</param>
/// <param name="Grams">Weight of a parcel of which not every line's weight is known.</param>
/// <param name="PackagingGrams">What carton and filling add to the weight of the goods.</param>
public sealed record LabelTerms(string Connection, string Service, string ServiceAbroad, PostalAddress From, int Grams, int PackagingGrams = 0, ParcelSize? Size = null)
{
    /// <summary>Orders that are paid at the door are handed over without our label: the carrier that sells it collects nothing.</summary>
    public bool CashWithout { get; init; }

    /// <summary>The brand's name of a service → the vendor's, for parcels that are to travel by it.</summary>
    public IReadOnlyDictionary<string, string> Services { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>The carrier wants to be told at the end of the day which parcels it gets.</summary>
    public bool Closes { get; init; }

    /// <summary>When that is done by itself, by the brand's clock; null = a person does it.</summary>
    public TimeOnly? CloseAt { get; init; }
}

/// <summary>An address as it stands on a label.</summary>
/// <param name="Country">ISO 3166-1 alpha-2; empty when unknown.</param>
public sealed record PostalAddress(string? Name, string? Company, string? Line1, string? Line2, string? City, string? Province, string? PostalCode, string Country, string? Phone, string? Email);

/// <summary>Outer measures of a parcel in whole centimetres, the longest side first.</summary>
public sealed record ParcelSize(int Length, int Width, int Height);
