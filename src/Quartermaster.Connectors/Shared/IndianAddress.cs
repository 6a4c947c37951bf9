using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Connectors.Shared;

/// <summary>What Indian couriers want of an address: six digits of a pincode, ten of a mobile number, and a state.</summary>
internal static class IndianAddress
{
    /// <summary>Why an Indian courier sells no label for this parcel; null when nothing speaks against it.</summary>
    public static Outcome.Refused? Wrong(string vendor, Consignment parcel) => parcel switch
    {
        not { From.Country: "IN", To.Country: "IN" } => new("country", $"{vendor} carries within India here; this parcel goes from {parcel.From.Country} to {parcel.To.Country}."),
        { Collect: not null, Currency: not "INR" } => new("currency", $"{vendor} collects rupees; this order is in {parcel.Currency}."),
        { Collect: <= 0 } => new("collect_on_delivery", "The amount to be collected is not more than nothing."),
        _ => Wrong("sender", parcel.From) ?? Wrong("recipient", parcel.To),
    };

    /// <summary>The ten digits of a mobile number, without country code; null when it is none.</summary>
    public static string? PhoneOf(PostalAddress at) => PhoneNumber.ToE164(at.Phone, "IN") is ['+', '9', '1', .. { Length: 10 } digits] && digits[0] is >= '6' and <= '9' ? digits : null;

    /// <summary>Six digits, the first of them no zero; null when it is none. Shoppers write <c>560 100</c>.</summary>
    public static string? PincodeOf(PostalAddress at) => at.PostalCode?.Replace(" ", "", StringComparison.Ordinal) is { Length: 6 } code && code[0] != '0' && code.All(char.IsAsciiDigit) ? code : null;

    private static Outcome.Refused? Wrong(string whose, PostalAddress at) => at switch
    {
        _ when PincodeOf(at) is null => new("pincode", $"The {whose}'s pincode is '{at.PostalCode}'; six digits belong there, such as 560100."),
        _ when PhoneOf(at) is null => new("phone", $"The {whose}'s phone number is '{at.Phone}'; a mobile number of ten digits belongs there, that begins with 6, 7, 8 or 9."),
        { Line1: null or "" } or { City: null or "" } => new("address", $"The {whose}'s street or city is missing."),
        { Province: null or "" } => new("state", $"The {whose}'s state is missing."),
        _ => null,
    };
}
