namespace Quartermaster.Core.Campaigns;

/// <summary>People of a campaign that got its first message, or would have got it, and what they bought.</summary>
/// <param name="Bought">Of them, bought within the campaign's time; an order that was cancelled or given back as a whole is none.</param>
/// <param name="Revenue">In the brand's currency, less what was given back; what was paid in another one is not in it.</param>
public readonly record struct Group(long People, long Bought, decimal Revenue)
{
    /// <summary>Null while there is nobody.</summary>
    public decimal? Rate => People == 0 ? null : (decimal)Bought / People;

    public decimal? RevenueEach => People == 0 ? null : Revenue / People;
}

/// <summary>How many more of a hundred bought because they were written to, in percentage points, with the range in which the truth lies in 95 of 100 such comparisons.</summary>
/// <remarks>
/// The difference of two shares; its range after Newcombe (1998, method 10: made of the Wilson range of each share), which holds for few people and for shares near 0,
/// where the usual one does not.
/// </remarks>
public sealed record Uplift(decimal Points, decimal Low, decimal High)
{
    /// <summary>From fewer people in either group nothing can be told.</summary>
    public const int Fewest = 50;

    private const double Z = 1.96;

    /// <summary>More than chance, one way or the other.</summary>
    public bool IsClear => Low > 0m || High < 0m;

    /// <returns>Null while either group has too few people.</returns>
    public static Uplift? Between(Group written, Group heldOut)
    {
        if (written.People < Fewest || heldOut.People < Fewest) return null;
        var ((p, pLow, pHigh), (q, qLow, qHigh)) = (Wilson(written), Wilson(heldOut));
        var difference = p - q;
        return new(Points(difference), Points(difference - Math.Sqrt(Square(p - pLow) + Square(qHigh - q))), Points(difference + Math.Sqrt(Square(pHigh - p) + Square(q - qLow))));

        static decimal Points(double share) => decimal.Round(100m * (decimal)share, 2);
    }

    private static (double Share, double Low, double High) Wilson(Group group)
    {
        double n = group.People, share = group.Bought / n;
        var middle = (share + Square(Z) / (2 * n)) / (1 + Square(Z) / n);
        var half = Z * Math.Sqrt(share * (1 - share) / n + Square(Z) / (4 * n * n)) / (1 + Square(Z) / n);
        return (share, middle - half, middle + half);
    }

    private static double Square(double x) => x * x;
}
