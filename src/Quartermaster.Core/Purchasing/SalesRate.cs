namespace Quartermaster.Core.Purchasing;

/// <summary>How fast a SKU sells: units a day, as means over complete days.</summary>
/// <param name="Week">Over the last 7 days, and so on; over fewer where the brand's sales are known for fewer, but never fewer than 7.</param>
/// <param name="PerDay">Over the brand's <c>demand_days</c>: what is planned with.</param>
/// <param name="Deviation">Standard deviation of a day's units over the same days, days without sales included.</param>
public readonly record struct SalesRate(decimal Week, decimal Month, decimal Quarter, decimal PerDay, decimal Deviation)
{
    /// <summary>Sums over days become means and a deviation.</summary>
    /// <param name="units">Sold over the last 7, 28, 90 and <paramref name="demandDays"/> days.</param>
    /// <param name="squares">Sum of the squares of each of the <paramref name="demandDays"/> days' units.</param>
    /// <param name="known">Complete days since the brand's first sale that is known.</param>
    public static SalesRate Of((decimal Week, decimal Month, decimal Quarter, decimal Demand) units, decimal squares, int demandDays, int known)
    {
        // Less than a week says more about the day of the week than about the SKU.
        int Days(int window) => int.Clamp(known, int.Min(7, window), window);
        var days = Days(demandDays);
        var mean = decimal.Max(0, units.Demand / days);
        // Sample variance: Σx² − n·x̄² over n − 1.
        var variance = days < 2 ? 0 : decimal.Max(0, (squares - days * mean * mean) / (days - 1));
        return new(decimal.Max(0, units.Week / Days(7)), decimal.Max(0, units.Month / Days(28)), decimal.Max(0, units.Quarter / Days(90)), mean, (decimal)Math.Sqrt((double)variance));
    }

    /// <summary>Days that so many units last; null = nothing sells, so they last for ever.</summary>
    public decimal? Cover(int available) => PerDay <= 0 ? null : decimal.Max(0, available) / PerDay;
}
