using System.Text.RegularExpressions;

namespace Quartermaster.Core.Orders;

/// <summary>What postal codes of a country look like, where they all look alike; from the national posts' own rules.</summary>
public static partial class PostalShapes
{
    /// <summary>Whether a code can be one of that country; true where nothing is known of the country, and then it may be missing too.</summary>
    public static bool Fits(string country, string? code)
    {
        var plain = code?.Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant() ?? "";
        return country switch
        {
            "IN" => Six().IsMatch(plain),
            "US" => Zip().IsMatch(plain),
            "DE" or "FR" or "ES" or "IT" or "FI" or "ID" or "MY" or "TH" => IsDigits(plain, 5),
            "AT" or "BE" or "CH" or "DK" or "NO" or "AU" => IsDigits(plain, 4),
            "SG" => IsDigits(plain, 6),
            "NL" => Dutch().IsMatch(plain),
            "PL" => Polish().IsMatch(plain),
            _ => plain.Length <= 12,
        };
    }

    private static bool IsDigits(string code, int length) => code.Length == length && code.All(char.IsAsciiDigit);

    [GeneratedRegex("^[1-9][0-9]{5}$")]
    private static partial Regex Six();

    [GeneratedRegex("^[0-9]{5}(-[0-9]{4})?$")]
    private static partial Regex Zip();

    [GeneratedRegex("^[1-9][0-9]{3}[A-Z]{2}$")]
    private static partial Regex Dutch();

    [GeneratedRegex("^[0-9]{2}-?[0-9]{3}$")]
    private static partial Regex Polish();
}
