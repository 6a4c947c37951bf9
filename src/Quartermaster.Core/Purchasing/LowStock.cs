using System.Globalization;

namespace Quartermaster.Core.Purchasing;

/// <summary>When a SKU is low, and when it no longer is.</summary>
public static class LowStock
{
    /// <summary>A SKU that was told as low is so until it is this much above the line, so that one that stands on it is not told every hour.</summary>
    private const decimal Recovered = 1.2m;

    /// <summary>Why it is low, in words; null when it is not.</summary>
    /// <param name="available">Over all locations.</param>
    /// <param name="cover">Days that lasts; null = nothing sells.</param>
    /// <param name="lowUnits">Low at this many or fewer.</param>
    /// <param name="lowDays">Low when it lasts for fewer days.</param>
    /// <param name="was">It was told as low and has not recovered.</param>
    public static string? Why(int available, decimal? cover, int? lowUnits, decimal? lowDays, bool was)
    {
        var stretch = was ? Recovered : 1m;
        // A line at 0 is crossed by the first unit.
        if (lowUnits is { } units && available <= units * stretch) return available <= 0 ? "none available" : string.Create(CultureInfo.InvariantCulture, $"{available} available, line at {units}");
        return lowDays is { } days && cover is { } lasts && lasts < days * stretch ? string.Create(CultureInfo.InvariantCulture, $"lasts {lasts:0.#} days, line at {days:0.#}") : null;
    }
}
