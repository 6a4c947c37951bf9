namespace Quartermaster.Core.Kernel;

/// <summary>Names one thing with a history: an order, a stock item, a connection.</summary>
/// <param name="Brand">The brand that owns it; part of every key, so brands never mix and can be moved apart.</param>
/// <param name="Kind">What sort of thing: <c>order</c>, <c>stock</c>, <c>product</c>, <c>connection</c>.</param>
/// <param name="Id">Its id within the brand and kind, as text.</param>
public readonly record struct StreamId(string Brand, string Kind, string Id)
{
    /// <summary>Streams are spread over this many partitions; a partition is the unit of locking and ordering.</summary>
    public const int Partitions = 64;

    /// <summary>Longest key in characters. Ids come from outside, and an index of the database holds 2,700 bytes at most.</summary>
    public const int Longest = 200;

    /// <summary>The key inside the brand: <c>order/5600000000001</c>. Of an id that no system of this world gives out it keeps the head and a hash.</summary>
    public string Key => Storable($"{Kind}/{Id}");

    /// <summary>Stable partition of this stream: FNV-1a over brand and key, so every process and every release agrees.</summary>
    public short Partition => PartitionOf(Brand, Key);

    public static short PartitionOf(string brand, string key)
    {
        var hash = 2166136261u;
        foreach (var c in brand) hash = (hash ^ c) * 16777619u;
        hash = (hash ^ '|') * 16777619u;
        foreach (var c in key) hash = (hash ^ c) * 16777619u;
        return (short)((hash ^ (hash >> 16)) % Partitions);
    }

    /// <summary>Reads a key written by <see cref="Key"/>.</summary>
    /// <exception cref="FormatException">The key has no kind.</exception>
    public static StreamId Parse(string brand, string key)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 ? new(brand, key[..slash], key[(slash + 1)..]) : throw new FormatException($"'{key}' is not a stream key (kind/id).");
    }

    public override string ToString() => $"{Brand}:{Key}";

    // Everything that sends to a stream goes through here, so no sender can make a key that the database refuses.
    private static string Storable(string key)
    {
        if (key.Contains('\0', StringComparison.Ordinal)) key = key.Replace('\0', '\uFFFD');
        return key.Length <= Longest ? key : EffectKey.Shortened(key, Longest);
    }
}
