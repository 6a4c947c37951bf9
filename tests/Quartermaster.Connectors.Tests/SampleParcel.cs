using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.Tests;

/// <summary>A parcel from Texas to California, with all that a carrier wants to know of it.</summary>
internal static class SampleParcel
{
    public static Consignment With(string service) => new("aurora.5600000001.1", "5600000001", "#1001", service,
        new("Ann Miles", "Aurora Dispatch", "1 Dock Road", null, "Austin", "TX", "78701", "US", "+15125550100", null),
        new("Asha Rao", null, "525 Winchester Blvd", "Apt 4", "San Jose", "CA", "95128", "US", "+14085550100", "asha@example.com"),
        640, new(30, 20, 10), [new("TEA-250", "Assam tea 250 g", 2, 12.50m, 260)], null, "USD");
}
