using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Connecting;

/// <summary>One parcel as a carrier is told of it, to buy its label or to ask what it would cost.</summary>
/// <param name="Reference">Names this purchase for good, at most <see cref="LongestReference"/> characters: under it the vendor is asked whether the label exists.</param>
/// <param name="Number">The order's number, for people.</param>
/// <param name="Service">The vendor's name of the service; empty in a question about prices.</param>
/// <param name="Collect">What the carrier has to collect from the recipient, in <paramref name="Currency"/>; null = nothing.</param>
public sealed record Consignment(
    string Reference, string OrderRef, string Number, string Service, PostalAddress From, PostalAddress To, int Grams, ParcelSize? Size, IReadOnlyList<ConsignmentItem> Items, decimal? Collect, string Currency)
{
    /// <summary>The shortest reference field among carriers holds 35 characters (UPS).</summary>
    public const int LongestReference = 35;

    public bool CrossesBorder => From.Country != To.Country;
}

/// <summary>Goods in a parcel, as customs wants to know them.</summary>
/// <param name="UnitValue">Price of one unit, in the consignment's currency.</param>
/// <param name="Grams">Weight of one unit; 0 = unknown.</param>
/// <param name="TariffCode">In the Harmonised System, digits only; null = unknown.</param>
/// <param name="Origin">Where it was made, ISO 3166-1 alpha-2; null = unknown.</param>
public sealed record ConsignmentItem(string Sku, string Title, int Quantity, decimal UnitValue, int Grams, string? TariffCode = null, string? Origin = null);

/// <summary>A label that a carrier has issued.</summary>
/// <param name="LabelId">The vendor's id, under which it is cancelled.</param>
/// <param name="Carrier">Who carries it, as the vendor names it; with a broker not the broker.</param>
/// <param name="Document">Where the label can be fetched for printing: an address of the vendor's, or of a <see cref="Paper"/> that the hub keeps.</param>
/// <param name="Cost">What it costs us; null when the vendor does not say.</param>
public sealed record IssuedLabel(string LabelId, string Carrier, string? Service, string Tracking, string? TrackingUrl, string? Document, decimal? Cost, string? Currency);

/// <summary>What a vendor would charge for a parcel.</summary>
/// <param name="Service">As it is written into <see cref="Consignment.Service"/>.</param>
/// <param name="Days">In transit, as the vendor estimates.</param>
/// <param name="Note">The vendor's reservation, such as an address it could not check.</param>
public sealed record ShippingOffer(string Service, string Carrier, decimal Cost, string Currency, int? Days, string? Note);
