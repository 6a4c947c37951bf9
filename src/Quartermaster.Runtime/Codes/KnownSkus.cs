namespace Quartermaster.Runtime.Codes;

/// <summary>SKUs that one worker has seen a position of. Positions are never deleted, so what is here stays true.</summary>
internal sealed class KnownSkus
{
    private const int Most = 200_000;

    private readonly HashSet<(string Brand, string Sku)> _known = [];

    public bool Has(string brand, string sku) => _known.Contains((brand, sku));

    public void Keep(string brand, string sku)
    {
        if (_known.Count >= Most) _known.Clear();
        _known.Add((brand, sku));
    }
}
