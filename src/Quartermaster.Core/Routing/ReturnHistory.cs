using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Routing;

/// <summary>Parcels of one payment method that one carrier brought to one postal area.</summary>
/// <param name="OnDelivery">Paid in cash at the door.</param>
/// <param name="Area">Beginning of the postal code (<see cref="PostalCode.Area"/>).</param>
public readonly record struct ReturnLane(bool OnDelivery, string Country, string Area, string Carrier, string Service);

/// <summary>How often a brand's parcels came back to where they left from, by how they were to be paid, where they went, and who carried them.</summary>
/// <remarks>Drawn from the widest group to the narrowest: all parcels of the payment method, those of them to the area, those of the carrier there; see <see cref="Shrunk"/>.</remarks>
public sealed class ReturnHistory
{
    public static readonly ReturnHistory Empty = new([]);

    private readonly Dictionary<bool, (int Ended, int Returned)> methods = [];
    private readonly Dictionary<(bool, string, string), List<(ReturnLane To, int Ended, int Returned)>> areas = [];

    public ReturnHistory(IEnumerable<(ReturnLane To, int Ended, int Returned)> all)
    {
        foreach (var one in all)
        {
            var (ended, returned) = methods.GetValueOrDefault(one.To.OnDelivery);
            methods[one.To.OnDelivery] = (ended + one.Ended, returned + one.Returned);
            var area = (one.To.OnDelivery, one.To.Country, one.To.Area);
            (areas.TryGetValue(area, out var there) ? there : areas[area] = []).Add(one);
        }
    }

    /// <summary>How likely a parcel comes back from where it goes, whoever carries it, beside how likely any does; null when none to that area was ever seen.</summary>
    public AreaReturns? There(bool onDelivery, string country, string? postalCode)
    {
        var area = PostalCode.Area(country, postalCode);
        if (area.Length == 0 || Risk(onDelivery, country, area, null, null) is not { Sample: > 0 } there) return null;
        var (ended, returned) = methods[onDelivery];
        return new(area, Rounded(there.P), Rounded((double)returned / ended), there.Sample);
    }

    /// <summary>How likely a parcel comes back; null when none of its payment method ever ended.</summary>
    /// <param name="carrier">Null = the service alone says whose it is; both null = whoever carries it.</param>
    public Shrunk? Risk(bool onDelivery, string country, string area, string? carrier, string? service)
    {
        if (!methods.TryGetValue(onDelivery, out var method) || method.Ended == 0) return null;
        var there = areas.GetValueOrDefault((onDelivery, country, area)) ?? [];
        var (inArea, returned, ofCarrier, returnedOfCarrier) = (0, 0, 0, 0);
        foreach (var (to, ended, back) in there)
        {
            (inArea, returned) = (inArea + ended, returned + back);
            if (Carries(to, carrier, service)) (ofCarrier, returnedOfCarrier) = (ofCarrier + ended, returnedOfCarrier + back);
        }
        var risk = new Shrunk((double)method.Returned / method.Ended, method.Ended).Towards(returned, inArea);
        return carrier is null && service is null ? risk : risk.Towards(returnedOfCarrier, ofCarrier) with { Sample = inArea };
    }

    private static decimal Rounded(double share) => decimal.Round((decimal)share, 4);

    private static bool Carries(ReturnLane to, string? carrier, string? service) => carrier is null
        ? string.Equals(to.Service, service, StringComparison.OrdinalIgnoreCase)
        : string.Equals(to.Carrier, carrier, StringComparison.OrdinalIgnoreCase) && (to.Service.Length == 0 || service is null || string.Equals(to.Service, service, StringComparison.OrdinalIgnoreCase));
}
