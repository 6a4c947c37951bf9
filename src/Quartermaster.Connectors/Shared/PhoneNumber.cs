namespace Quartermaster.Connectors.Shared;

/// <summary>Reads a telephone number as a shopper typed it.</summary>
public static class PhoneNumber
{
    // Countries whose national numbers keep their leading zero behind the country code.
    private static readonly string[] KeepsZero = ["IT", "SM", "VA", "CI", "GA", "CG"];

    // National significant number lengths where one length (or two) rules; elsewhere 6 to 12 digits are believed.
    private static readonly Dictionary<string, (int Least, int Most)> Lengths = new(StringComparer.Ordinal)
    {
        ["IN"] = (10, 10), ["GB"] = (9, 10), ["DE"] = (6, 12), ["FR"] = (9, 9), ["ES"] = (9, 9), ["NL"] = (9, 9), ["BE"] = (8, 9),
        ["PL"] = (9, 9), ["PT"] = (9, 9), ["AU"] = (9, 9), ["SG"] = (8, 8), ["AE"] = (8, 9), ["SA"] = (8, 9), ["BR"] = (10, 11),
        ["MX"] = (10, 10), ["JP"] = (9, 10), ["CN"] = (10, 11), ["IE"] = (7, 9), ["DK"] = (8, 8), ["NO"] = (8, 8), ["CH"] = (9, 9),
    };

    /// <summary>E.164 with the plus, or null when the text is not surely a number.</summary>
    /// <param name="raw">What was typed; spaces, dots, dashes, slashes and brackets are ignored, letters are not.</param>
    /// <param name="country">ISO 3166-1 alpha-2 of the address beside it, used when the number has no international prefix.</param>
    public static string? ToE164(string? raw, string? country)
    {
        if (string.IsNullOrWhiteSpace(raw) || raw.Length > 40) return null;
        Span<char> digits = stackalloc char[40];
        var length = 0;
        var plus = false;
        foreach (var c in raw.AsSpan().Trim())
        {
            if (char.IsAsciiDigit(c)) digits[length++] = c;
            else if (c == '+' && length == 0) plus = true;
            else if (c is not (' ' or '-' or '.' or '/' or '(' or ')' or '\u00A0' or '\u2011' or '\u202A' or '\u202C')) return null;
        }
        ReadOnlySpan<char> number = digits[..length];
        if (!plus && number.StartsWith("00"))
        {
            plus = true;
            number = number[2..];
        }
        return plus ? International(number) : National(number, country);
    }

    private static string? International(ReadOnlySpan<char> number) =>
        number.Length is >= 8 and <= 15 && number[0] != '0' && (number[0] != '1' || IsNorthAmerican(number[1..])) ? $"+{number}" : null;

    private static string? National(ReadOnlySpan<char> number, string? country)
    {
        if (country is null || Countries.DialOf(country) is not { } dial) return null;
        if (dial == "1") return NorthAmerican(number);
        var (least, most) = Lengths.GetValueOrDefault(country, (6, 12));
        var national = number.Length > 0 && number[0] == '0' && !KeepsZero.Contains(country) ? number[1..] : number;
        // "919812345678" is how people write it when a form has no room for a plus.
        if (national.Length > most && national.StartsWith(dial) && national.Length - dial.Length >= least) national = national[dial.Length..];
        return national.Length >= least && national.Length <= most && national.Length + dial.Length <= 15 ? $"+{dial}{national}" : null;
    }

    private static string? NorthAmerican(ReadOnlySpan<char> number)
    {
        if (number.Length == 11 && number[0] == '1') number = number[1..];
        return IsNorthAmerican(number) ? $"+1{number}" : null;
    }

    // NANP: ten digits, neither area code nor exchange begins with 0 or 1.
    private static bool IsNorthAmerican(ReadOnlySpan<char> number) => number.Length == 10 && number[0] >= '2' && number[3] >= '2';
}
