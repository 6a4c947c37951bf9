namespace Quartermaster.Core.Kernel;

/// <summary>How a parcel is to travel, in the brand's own words: those of its rates, its rules and its shipping methods.</summary>
/// <param name="Carrier">Who carries it; null = whoever offers the service.</param>
public sealed record Carriage(string Service, string? Carrier = null)
{
    public override string ToString() => Carrier is null ? Service : $"{Service} ({Carrier})";
}
