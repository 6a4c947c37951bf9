using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Routing;

/// <summary>The rates of a brand, looked up by origin and destination.</summary>
internal static class RateCard
{
    /// <summary>The rates that reach the destination of an order from one origin, by the service that is asked for; those first that name it most closely.</summary>
    /// <param name="service">The only one that may be used; null = any.</param>
    /// <param name="km">How far it is; null = not known.</param>
    /// <returns>Of one closeness the narrower band first. A tariff of which no band reaches takes its widest: a guess that is too low would make the farthest location the cheapest.</returns>
    public static List<(ShippingRate Rate, int Closeness)> For(IReadOnlyList<ShippingRate> rates, string location, string? service, Destination to, double? km)
    {
        List<(ShippingRate Rate, int Closeness)> found = [];
        foreach (var rate in rates)
            if ((service is null || rate.Service == service) && (rate.From.Count == 0 || rate.From.Contains(location)) && rate.Fits(to.Country, to.Code) is >= 0 and var fits
                && (rate.Reaches(km) || IsLastResort(rate, rates, km))) found.Add((rate, fits));
        found.Sort(static (a, b) => (b.Closeness, a.Rate.WithinKm ?? ShippingRate.Farthest).CompareTo((a.Closeness, b.Rate.WithinKm ?? ShippingRate.Farthest)));
        return found;
    }

    private static bool IsLastResort(ShippingRate rate, IReadOnlyList<ShippingRate> rates, double? km)
    {
        foreach (var other in rates)
            if (!ReferenceEquals(other, rate) && other.IsOfTariff(rate) && (other.Reaches(km) || other.WithinKm > rate.WithinKm)) return false;
        return true;
    }
}
