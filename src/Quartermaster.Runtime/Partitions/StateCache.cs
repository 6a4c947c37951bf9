namespace Quartermaster.Runtime.Partitions;

/// <summary>States one worker wrote lately, so that an order's next signal need not read its JSON again.</summary>
/// <remarks>
/// Never trusted by itself: a state counts only while the row still has the version under which it was written here. States
/// are immutable, so sharing one between batches is safe. Two generations instead of a list of uses: what was not asked for
/// during a whole generation goes.
/// </remarks>
internal sealed class StateCache
{
    private const int Generation = 1500;

    private Dictionary<(string Brand, string Stream), (int Version, object State)> _young = new(Generation);
    private Dictionary<(string Brand, string Stream), (int Version, object State)> _old = [];

    public object? Find(string brand, string stream, int version)
    {
        if (_young.TryGetValue((brand, stream), out var held) || _old.TryGetValue((brand, stream), out held)) return held.Version == version ? held.State : null;
        return null;
    }

    public void Keep(string brand, string stream, int version, object state)
    {
        if (_young.Count >= Generation) (_old, _young) = (_young, new(Generation));
        _young[(brand, stream)] = (version, state);
    }
}
