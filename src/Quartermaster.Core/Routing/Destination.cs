using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Routing;

/// <summary>Where an order goes, in the forms that every candidate is compared by: looked up once for all of them.</summary>
internal sealed class Destination
{
    public Destination(RoutingAsk ask, RoutingTerms terms)
    {
        Country = ask.Country;
        Code = ask.PostalCode?.Replace(" ", "", StringComparison.Ordinal) ?? "";
        Zone = PostalCode.Zone(ask.PostalCode);
        Area = terms.WeighsReturns ? PostalCode.Area(ask.Country, ask.PostalCode) : "";
        IsMeasured = terms.WeighsDistance;
        Point = IsMeasured ? ask.Known.Points.Find(ask.Country, ask.PostalCode) : null;
    }

    public string Country { get; }

    /// <summary>As tariffs name it: without spaces.</summary>
    public string Code { get; }

    /// <summary>Region in which carriers are compared.</summary>
    public string Zone { get; }

    /// <summary>Town or district; empty where what comes back is not weighed.</summary>
    public string Area { get; }

    /// <summary>Some tariff goes by distance.</summary>
    public bool IsMeasured { get; }

    /// <summary>Null when it is not on the map, or not looked for.</summary>
    public PostalPoints.Point? Point { get; }
}
