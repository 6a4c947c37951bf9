using Quartermaster.Core.Connecting;
using Quartermaster.Core.Dispatching;

namespace Quartermaster.Connectors.Tests;

/// <summary>A parcel from Texas to California, with all that a carrier wants to know of it.</summary>
internal static class SampleParcel
{
    /// <summary>From Bengaluru to Delhi.</summary>
    public static Consignment InIndia(string service) => new("aurora.5600000001.1", "5600000001", "#1001", service,
        new("Ravi Kumar", "Aurora Dispatch", "14 Outer Ring Road", null, "Bengaluru", "Karnataka", "560100", "IN", "+919845034567", null),
        new("Asha Rao", null, "7 Connaught Place", "2nd floor", "New Delhi", "Delhi", "110 001", "IN", "098123 45678", "asha@example.com"),
        640, new(30, 20, 10), [new("TEA-250", "Assam tea 250 g", 2, 749.75m, 260)], null, "INR");

    /// <summary>What is sent from the same dock on one day.</summary>
    public static DispatchList List(string connection, params ListedLabel[] labels) =>
        new("BLR.20261121.1", "aurora.BLR.20261121.1", connection, "BLR", new(2026, 11, 21), new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero), With("").From, labels);

    /// <summary>From Texas to Ontario, with what customs asks of the goods.</summary>
    public static Consignment AcrossCustoms(string service)
    {
        var parcel = With(service);
        return parcel with
        {
            To = parcel.To with { Line1 = "111 Wellington St", Line2 = null, City = "Ottawa", Province = "ON", PostalCode = "K1A 0B1", Country = "CA" },
            Items = [parcel.Items[0] with { TariffCode = "09023000", Origin = "IN" }],
        };
    }

    public static Consignment With(string service) => new("aurora.5600000001.1", "5600000001", "#1001", service,
        new("Ann Miles", "Aurora Dispatch", "1 Dock Road", null, "Austin", "TX", "78701", "US", "+15125550100", null),
        new("Asha Rao", null, "525 Winchester Blvd", "Apt 4", "San Jose", "CA", "95128", "US", "+14085550100", "asha@example.com"),
        640, new(30, 20, 10), [new("TEA-250", "Assam tea 250 g", 2, 12.50m, 260)], null, "USD");
}
