using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Routing;

/// <summary>The rates of a brand, looked up by origin and destination.</summary>
internal static class RateCard
{
    /// <summary>The rates that reach the destination of an order from one origin, by the service that is asked for; those first that name it most closely.</summary>
    /// <param name="km">How far it is; null = not known.</param>
    /// <returns>Rates of one closeness name the place alike: the zone first, and where that is the same the distance.</returns>
    public static List<(ShippingRate Rate, int Closeness)> For(IReadOnlyList<ShippingRate> rates, string location, RoutingAsk ask, double? km)
    {
        List<(ShippingRate Rate, int Closeness)> found = [];
        var code = ask.PostalCode?.Replace(" ", "", StringComparison.Ordinal) ?? "";
        foreach (var rate in rates)
            if ((ask.Wish?.Service is not { } service || rate.Service == service) && (rate.From.Count == 0 || rate.From.Contains(location)) && rate.Fits(ask.Country, code, km) is >= 0 and var fits) found.Add((rate, Closeness(fits, rate)));
        found.Sort((a, b) => b.Closeness.CompareTo(a.Closeness));
        return found;
    }

    private static int Closeness(int fits, ShippingRate rate) => (fits * 2 * ShippingRate.Farthest) + (rate.WithinKm is { } within ? ShippingRate.Farthest - within : -1);
}
