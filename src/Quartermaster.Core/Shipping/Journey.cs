using System.Text.Json.Serialization;

namespace Quartermaster.Core.Shipping;

/// <summary>Whose parcels are compared with each other: one carrier and service between a location and a region.</summary>
/// <param name="Service">The vendor's name of it; empty when the warehouse chose it and does not say.</param>
/// <param name="From">Our code of the location.</param>
/// <param name="Zone">First character of the postal code, upper case; empty when there is none.</param>
public sealed record Journey(string Carrier, string Service, string From, string Country, string Zone);

/// <summary>Where a parcel was to end: what decides whether it is taken in or comes back.</summary>
/// <param name="Area">Beginning of the postal code, as far as it names a town or district; empty when there is none.</param>
/// <param name="OnDelivery">It was to be paid at the door.</param>
public sealed record Doorstep(string Area, bool OnDelivery);

/// <summary>How a parcel's way ended.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<JourneyEnd>))]
public enum JourneyEnd { Delivered, Returned, Lost }
