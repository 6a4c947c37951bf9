namespace Quartermaster.Core.Purchasing;

/// <summary>How fast a SKU sells: units a day, as means over complete days.</summary>
/// <remarks>
/// Days on which there was nothing to sell are left out of all but the week: a mean over them would call a sold-out best-seller slow, order too little and have
/// it sell out again. That sales are demand cut off at the stock, and that its mean is to be taken over periods with stock, is the point of Wecker, <em>Predicting
/// Demand from Sales Data in the Presence of Stockouts</em>, Management Science 24 (1978). Demand is not added for those days: orders that wait are counted when
/// they get their units, so a day on which somebody waits is kept, and whoever did not order cannot be counted.
/// </remarks>
/// <param name="Week">Over the last 7 days, and so on; over fewer where the brand's sales are known for fewer, but never fewer than 7.</param>
/// <param name="PerDay">Over the brand's <c>demand_days</c>: what is planned with.</param>
/// <param name="Deviation">Standard deviation of a day's units over the same days, days without sales included.</param>
public readonly record struct SalesRate(decimal Week, decimal Month, decimal Quarter, decimal PerDay, decimal Deviation)
{
    /// <summary>Sums over days become means and a deviation.</summary>
    /// <param name="units">Sold over the last 7, 28, 90 and <paramref name="demandDays"/> days.</param>
    /// <param name="squares">Sum of the squares of each of the <paramref name="demandDays"/> days' units.</param>
    /// <param name="known">Complete days since the brand's first sale that is known.</param>
    /// <param name="empty">Of the last 28, 90 and <paramref name="demandDays"/> days, those on which there was nothing to sell.</param>
    public static SalesRate Of((decimal Week, decimal Month, decimal Quarter, decimal Demand) units, decimal squares, int demandDays, int known, (int Month, int Quarter, int Demand) empty = default)
    {
        // Less than a week says more about the day of the week than about the SKU.
        int Days(int window, int without = 0) => int.Clamp(int.Min(known, window) - without, int.Min(7, window), window);
        var days = Days(demandDays, empty.Demand);
        var mean = decimal.Max(0, units.Demand / days);
        // Sample variance: Σx² − n·x̄² over n − 1.
        var variance = days < 2 ? 0 : decimal.Max(0, (squares - days * mean * mean) / (days - 1));
        return new(decimal.Max(0, units.Week / Days(7)), decimal.Max(0, units.Month / Days(28, empty.Month)), decimal.Max(0, units.Quarter / Days(90, empty.Quarter)), mean, (decimal)Math.Sqrt((double)variance));
    }

    /// <summary>Days that so many units last; null = nothing sells, so they last for ever.</summary>
    public decimal? Cover(int available) => PerDay <= 0 ? null : decimal.Max(0, available) / PerDay;
}
