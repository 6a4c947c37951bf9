namespace Quartermaster.Core.Channels;

/// <summary>What is done when a SKU has sold out, where a person said so of this one.</summary>
/// <param name="KeepShown">Its products stay in sight, also at channels that hide what sold out.</param>
/// <param name="Preorder">It may be sold before it is there; null = it may not.</param>
public sealed record SoldOutTerms(bool KeepShown = false, PreorderTerms? Preorder = null)
{
    public static readonly SoldOutTerms Usual = new();
}

/// <summary>How far a SKU may be sold against what suppliers are to bring.</summary>
/// <param name="By">The last day, on the brand's calendar, on which it is taken and by which goods have to be expected; null = no such day.</param>
/// <param name="Most">Most units that wait at a time; null = all that is on its way.</param>
public sealed record PreorderTerms(DateOnly? By = null, int? Most = null);
