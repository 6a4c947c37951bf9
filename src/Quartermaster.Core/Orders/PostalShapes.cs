using System.Collections.Frozen;

namespace Quartermaster.Core.Orders;

/// <summary>What postal codes of a country look like, where they all look alike; from the national posts' own rules.</summary>
public static class PostalShapes
{
    // Of a country that is not here nothing is known but that no code is longer.
    private const int Longest = 12;

    private static readonly FrozenDictionary<string, Shape> Known = All().ToFrozenDictionary(s => s.Country, s => s.Shape);

    /// <summary>Whether a code can be one of that country; true where nothing is known of the country, and then it may be missing too.</summary>
    public static bool Fits(string country, string? code)
    {
        var plain = Plain(code);
        return Known.TryGetValue(country, out var shape) ? shape.Fits(plain) : plain.Length <= Longest;
    }

    /// <summary>Without what people write between its characters, and without the letters of a country in front: <c>LV-5101</c>.</summary>
    private static string Plain(string? code)
    {
        var written = code.AsSpan().Trim();
        if (written.IndexOf('-') is > 0 and <= 2 and var dash && !written[..dash].ContainsAnyExceptInRange('A', 'z')) written = written[(dash + 1)..];
        return written.ToString().Replace(" ", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToUpperInvariant();
    }

    /// <remarks>0 is a digit, 1 one that is no zero, A a letter, * a letter or a digit.</remarks>
    private static IEnumerable<(string Country, Shape Shape)> All()
    {
        foreach (var country in new[] { "DE", "FR", "ES", "IT", "FI", "ID", "MY", "TH", "MX", "KR", "TR", "SE", "CZ", "SK", "GR", "HR", "EE", "LT", "UA", "PL", "PK", "LK", "NP", "MA" }) yield return (country, new(false, "00000"));
        foreach (var country in new[] { "AT", "BE", "CH", "DK", "NO", "AU", "NZ", "HU", "BG", "SI", "LU", "LV", "ZA", "PH", "BD", "TN", "CY" }) yield return (country, new(false, "0000"));
        foreach (var country in new[] { "SG", "CN", "RU", "RO", "KZ", "BY" }) yield return (country, new(false, "000000"));
        yield return ("IN", new(false, "100000"));
        yield return ("US", new(false, "00000", "000000000"));
        yield return ("GB", new(false, "A00AA", "A000AA", "A0A0AA", "AA00AA", "AA000AA", "AA0A0AA"));
        yield return ("CA", new(false, "A0A0A0"));
        yield return ("NL", new(false, "1000AA"));
        yield return ("JP", new(false, "0000000"));
        yield return ("BR", new(false, "00000000"));
        yield return ("PT", new(false, "0000000", "0000"));
        yield return ("IL", new(false, "0000000", "00000"));
        yield return ("TW", new(false, "000", "00000", "000000"));
        yield return ("AR", new(false, "0000", "A0000AAA"));
        yield return ("VN", new(true, "00000", "000000"));
        yield return ("IE", new(true, "A0*****"));
        // Given out there, and left out by nearly everybody.
        foreach (var country in new[] { "CO", "NG", "EC" }) yield return (country, new(true, "000000"));
        foreach (var country in new[] { "PE", "EG", "KE" }) yield return (country, new(true, "00000"));
        yield return ("SA", new(true, "00000", "000000000"));
        yield return ("CL", new(true, "0000000"));
    }

    private sealed record Shape(bool MayBeMissing, params string[] Forms)
    {
        public bool Fits(string plain) => plain.Length == 0 ? MayBeMissing : Array.Exists(Forms, form => Fits(form, plain));

        private static bool Fits(string form, string plain)
        {
            if (form.Length != plain.Length) return false;
            for (var i = 0; i < form.Length; i++)
                if (!Fits(form[i], plain[i])) return false;
            return true;
        }

        private static bool Fits(char form, char c) => form switch
        {
            '0' => char.IsAsciiDigit(c),
            '1' => c is >= '1' and <= '9',
            'A' => char.IsAsciiLetterUpper(c),
            _ => char.IsAsciiDigit(c) || char.IsAsciiLetterUpper(c),
        };
    }
}
