namespace Quartermaster.Core.Channels;

/// <summary>What is done when a SKU has sold out, where a person said so of this one.</summary>
/// <param name="KeepShown">Its products stay in sight, also at channels that hide what sold out.</param>
public sealed record SoldOutTerms(bool KeepShown = false)
{
    public static readonly SoldOutTerms Usual = new();
}
