using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Routing;

/// <summary>The rates of a brand, looked up by origin and destination.</summary>
internal static class RateCard
{
    /// <summary>The rates that reach the destination from one origin, by one service if one is asked for; those first that name it most closely.</summary>
    public static List<(ShippingRate Rate, int Closeness)> For(IReadOnlyList<ShippingRate> rates, string location, string country, string? postalCode, string? service = null)
    {
        List<(ShippingRate Rate, int Closeness)> found = [];
        var code = postalCode?.Replace(" ", "", StringComparison.Ordinal) ?? "";
        foreach (var rate in rates)
            if ((service is null || rate.Service == service) && (rate.From.Count == 0 || rate.From.Contains(location)) && rate.Fits(country, code) is >= 0 and var fits) found.Add((rate, fits));
        found.Sort((a, b) => b.Closeness.CompareTo(a.Closeness));
        return found;
    }
}
