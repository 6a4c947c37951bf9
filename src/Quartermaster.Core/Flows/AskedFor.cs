using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Flows;

/// <summary>Which connection is asked where a parcel is.</summary>
internal static class AskedFor
{
    /// <summary>The one that sold its label, else one that knows its carrier; null when scans come by themselves, or nobody can be asked.</summary>
    public static string? At(OrderFile file, Parcel parcel, BrandTerms terms)
    {
        if (terms.Trackers.Count == 0) return null;
        // A broker tells of the parcels whose labels it sold, whoever carries them.
        var seller = file.Labels?.On(parcel.ParcelId)?.Connection;
        foreach (var tracker in terms.Trackers)
            if (seller is null ? tracker.Carries(parcel.Carrier) : tracker.Connection == seller) return tracker.Connection;
        return null;
    }
}
