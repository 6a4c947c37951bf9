namespace Quartermaster.Connectors.CarrierRest;

/// <summary>What we ask of a carrier: only where a parcel is. Labels are the warehouse's business under the open contract. Pure.</summary>
internal static class CarrierRestOutbound
{
    /// <summary>Asked by the test button; no carrier issues such a number.</summary>
    public const string TestNumber = "CONNECTION-TEST";

    public static string TrackingPath(string number) => $"/tracking/{Uri.EscapeDataString(number)}";
}
