using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Purchasing;

/// <summary>When to order a SKU for a location, and up to how many.</summary>
/// <param name="Point">Order when what is there and on its way comes down to this.</param>
/// <param name="UpTo">Order as many as are missing to this.</param>
/// <param name="Safety">Of which this many against days that sell more than the mean.</param>
public readonly record struct ReorderLevels(int Point, int UpTo, int Safety);

/// <summary>How much to order and when.</summary>
/// <remarks>
/// With mean demand a day <c>d</c>, its standard deviation <c>σ</c>, lead time <c>L</c>, review period <c>R</c> and <c>z</c> the standard
/// normal quantile of the service level:
/// <code>
/// safety = z · σ · √(L + R)         reorder point = d · (L + R) + safety         order up to = reorder point + d · R
/// </code>
/// The periodic-review policy with a reorder point, (R, s, S), of Silver, Pyke and Thomas, <em>Inventory and Production Management in Supply
/// Chains</em>, 4th edition, sections 6.4 and 6.9: an order decided now, or at the next review, has to be enough until the one after it arrives, so
/// the days to protect are L + R. Demand of different days is taken as independent and near to normal, lead times as certain: for SKUs that sell a few
/// units a month, or suppliers that are often late, a person writes a longer lead time.
/// </remarks>
public static class Reorder
{
    /// <summary>No order is larger; a mistyped pack size would otherwise buy the world.</summary>
    public const int Most = 1_000_000;

    public static ReorderLevels Levels(SalesRate sales, int leadDays, ReplenishmentTerms terms)
    {
        var days = leadDays + terms.ReviewDays;
        var safety = decimal.Ceiling(Quantile(terms.ServiceLevel) * sales.Deviation * (decimal)Math.Sqrt(days));
        var point = decimal.Ceiling(sales.PerDay * days) + decimal.Max(0, safety);
        return new(Whole(point), Whole(point + decimal.Ceiling(sales.PerDay * terms.ReviewDays)), Whole(safety));
    }

    /// <summary>Units to order now, in whole packs; 0 = nothing yet.</summary>
    /// <param name="position">On hand less reserved and safety, plus what is on its way.</param>
    /// <param name="pack">Units that come together.</param>
    /// <param name="least">The supplier's minimum for this SKU; 0 = none.</param>
    public static int Quantity(ReorderLevels levels, int position, int pack, int least)
    {
        if (position > levels.Point || levels.UpTo <= position) return 0;
        var wanted = long.Min(long.Max((long)levels.UpTo - position, least), Most);
        var size = long.Max(1, pack);
        return (int)long.Min((wanted + size - 1) / size * size, int.MaxValue);
    }

    /// <summary>Standard normal quantile, by Acklam's rational approximation (relative error under 1.2e-9).</summary>
    /// <param name="share">Between 0.5 and 0.999; what lies outside is brought to it.</param>
    public static decimal Quantile(decimal share)
    {
        var p = (double)decimal.Clamp(share, 0.5m, 0.999m);
        if (p > 0.97575)
        {
            var tail = Math.Sqrt(-2 * Math.Log(1 - p));
            return (decimal)-((((((-7.784894002430293e-03 * tail - 3.223964580411365e-01) * tail - 2.400758277161838) * tail - 2.549732539343734) * tail + 4.374664141464968) * tail + 2.938163982698783)
                / ((((7.784695709041462e-03 * tail + 3.224671290700398e-01) * tail + 2.445134137142996) * tail + 3.754408661907416) * tail + 1));
        }
        var q = p - 0.5;
        var r = q * q;
        return (decimal)((((((-3.969683028665376e+01 * r + 2.209460984245205e+02) * r - 2.759285104469687e+02) * r + 1.383577518672690e+02) * r - 3.066479806614716e+01) * r + 2.506628277459239) * q
            / (((((-5.447609879822406e+01 * r + 1.615858368580409e+02) * r - 1.556989798598866e+02) * r + 6.680131188771972e+01) * r - 1.328068155288572e+01) * r + 1));
    }

    private static int Whole(decimal units) => (int)decimal.Clamp(units, 0, Most);
}
