namespace Quartermaster.Core.Kernel;

/// <summary>Units of one of our SKUs in one unit of what a channel sells.</summary>
public sealed record Part(string Sku, int Units)
{
    /// <summary>Nobody packs more parts, or more units of one, into one thing that is sold.</summary>
    public const int MostParts = 50, MostUnits = 1000;

    /// <summary>Reads <c>TEA*2</c>, or <c>MUG</c> for one of it.</summary>
    /// <returns>Null when there is no SKU or no number of units in it.</returns>
    public static Part? Read(string text)
    {
        var (sku, units) = text.LastIndexOf('*') is > 0 and var star ? (text[..star].Trim(), text[(star + 1)..].Trim()) : (text.Trim(), "1");
        return sku.Length > 0 && int.TryParse(units, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) ? new(sku, number) : null;
    }

    /// <summary>For people: <c>1 × MUG + 2 × TEA</c>.</summary>
    public static string Words(IReadOnlyList<Part> parts) => string.Join(" + ", parts.Select(p => $"{p.Units} × {p.Sku}"));

    /// <summary>The same SKUs with the same units, in whatever order.</summary>
    public static bool Same(IReadOnlyList<Part> one, IReadOnlyList<Part> other)
    {
        if (one.Count != other.Count) return false;
        foreach (var part in one)
            if (!other.Contains(part)) return false;
        return true;
    }

    /// <summary>The code means itself: one unit of the SKU of that name.</summary>
    public static bool IsItself(IReadOnlyList<Part> parts, string code) => parts is [{ Units: 1 } only] && only.Sku == code;

    /// <summary>What is wrong with these as the meaning of a code; null when nothing is.</summary>
    public static string? Fault(IReadOnlyList<Part> parts)
    {
        if (parts.Count is 0 or > MostParts) return $"A code means 1 to {MostParts} SKUs.";
        HashSet<string> skus = [];
        foreach (var part in parts)
        {
            if (string.IsNullOrWhiteSpace(part.Sku)) return "A SKU is empty.";
            if (part.Units is < 1 or > MostUnits) return $"{part.Units} × {part.Sku}: units are 1 to {MostUnits}.";
            if (!skus.Add(part.Sku)) return $"{part.Sku} is named twice; add its units up.";
        }
        return null;
    }
}
