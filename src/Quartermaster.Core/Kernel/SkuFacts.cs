namespace Quartermaster.Core.Kernel;

/// <summary>What is known of one unit of a SKU, whoever sells it: what it weighs and measures, and what customs asks of it.</summary>
/// <param name="Grams">0 = unknown.</param>
/// <param name="Size">As one unit is packed; null = unknown.</param>
/// <param name="TariffCode">Its number in the Harmonised System, digits only: six for the world, up to ten with a country's own. Null = unknown.</param>
/// <param name="Origin">Where it was made, ISO 3166-1 alpha-2; null = unknown.</param>
/// <param name="Value">What one unit is worth where it is sold without a price, in the brand's currency; 0 = unknown.</param>
public sealed record SkuFacts(int Grams = 0, ParcelSize? Size = null, string? TariffCode = null, string? Origin = null, decimal Value = 0m)
{
    public static readonly SkuFacts Unknown = new();

    /// <summary>More than this is no unit that a parcel holds, but a mistake of its source.</summary>
    public const int MostGrams = 1_000_000, MostCentimetres = 500, MostValue = 100_000_000;

    /// <summary>Cubic centimetres; 0 = unknown.</summary>
    public long Volume => Size is { } size ? (long)size.Length * size.Width * size.Height : 0;

    /// <summary>Digits of a tariff number as people and shops write it, <c>0902.30.00</c>; null when it is none.</summary>
    public static string? Tariff(string? written)
    {
        if (written is null) return null;
        Span<char> digits = stackalloc char[10];
        var count = 0;
        foreach (var c in written)
        {
            if (c is '.' or ' ' or '-') continue;
            if (!char.IsAsciiDigit(c) || count == digits.Length) return null;
            digits[count++] = c;
        }
        return count >= 6 ? new string(digits[..count]) : null;
    }

    /// <summary>The longest side first, as a parcel's.</summary>
    public static ParcelSize SizeOf(int a, int b, int c)
    {
        var (most, least) = (int.Max(a, int.Max(b, c)), int.Min(a, int.Min(b, c)));
        return new(most, a + b + c - most - least, least);
    }
}

/// <summary>Tells what is known of a SKU of one brand.</summary>
public delegate SkuFacts AboutSku(string sku);
