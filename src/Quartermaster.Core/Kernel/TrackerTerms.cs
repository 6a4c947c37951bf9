namespace Quartermaster.Core.Kernel;

/// <summary>A connection that does not tell of parcels by itself and has to be asked.</summary>
/// <param name="Carriers">How warehouses call the carrier it speaks for: parcels of theirs are asked for there, whoever bought the label.</param>
public sealed record TrackerTerms(string Connection, IReadOnlyList<string> Carriers)
{
    /// <summary>By the carrier's name alone, or with a service behind it: "UPS", "ups ground".</summary>
    public bool Carries(string carrier)
    {
        foreach (var name in Carriers)
            if (carrier.StartsWith(name, StringComparison.OrdinalIgnoreCase) && (carrier.Length == name.Length || carrier[name.Length] is ' ' or '_' or '-')) return true;
        return false;
    }
}
