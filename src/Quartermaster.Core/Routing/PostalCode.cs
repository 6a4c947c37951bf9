namespace Quartermaster.Core.Routing;

/// <summary>A postal code in the forms under which it may be known: people write more of it, or less, than tables of places hold.</summary>
public static class PostalCode
{
    /// <summary>Longest code that is looked up, in letters and digits.</summary>
    public const int Longest = 10;

    /// <summary>Capital letters and digits only, without the letters of a country in front (<c>LV-5101</c>); empty when nothing is left, or too much.</summary>
    public static string Plain(string? written)
    {
        if (string.IsNullOrEmpty(written)) return "";
        var text = written.AsSpan().Trim();
        if (text.IndexOf('-') is > 0 and <= 2 and var dash && !text[..dash].ContainsAnyExceptInRange('A', 'z')) text = text[(dash + 1)..];
        Span<char> plain = stackalloc char[Longest];
        var length = 0;
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c)) continue;
            if (length == Longest) return "";
            plain[length++] = char.ToUpperInvariant(c);
        }
        return new(plain[..length]);
    }

    /// <summary>First character, upper case: regions that carriers are compared in. Empty when there is none.</summary>
    public static string Zone(string? written) => written?.Trim() is { Length: > 0 } code ? char.ToUpperInvariant(code[0]).ToString() : "";

    /// <summary>The part of a code that names a town or district: what neighbours share. Empty when there is none.</summary>
    /// <remarks>The letters in front in the United Kingdom (postcode area), three characters where codes have five or more (sorting district of India, SCF of the US), else two.</remarks>
    public static string Area(string country, string? written)
    {
        var whole = Plain(written);
        if (country == "GB") return new([.. whole.TakeWhile(char.IsAsciiLetter)]);
        return whole.Length >= 5 ? whole[..3] : whole.Length >= 2 ? whole[..2] : whole;
    }

    /// <summary>The code as it is, and then the part of it that names an area where the rest names a street: the US's five digits, the UK's outward code.</summary>
    /// <remarks>
    /// Area codes by the universal postal union's address formats: GB and CA end in three characters of the delivery unit, IE in four, NL in two letters.
    /// Tables of places often hold the area only.
    /// </remarks>
    public static (string Whole, string? Area) Forms(string country, string? written)
    {
        var whole = Plain(written);
        var area = (country, whole.Length) switch
        {
            ("GB", >= 5 and <= 7) or ("CA", 6) => whole[..^3],
            ("IE", 7) => whole[..3],
            ("NL", 6) => whole[..4],
            ("US", 9) => whole[..5],
            ("BR", 8) => whole[..5],
            _ => null,
        };
        return (whole, area);
    }
}
