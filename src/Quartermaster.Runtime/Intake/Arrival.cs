using System.Security.Cryptography;
using System.Text;

namespace Quartermaster.Runtime.Intake;

/// <summary>Something that arrived and is to be stored before anybody is told that we have it.</summary>
/// <param name="Stream">Stream key inside the brand: <c>order/123</c>.</param>
/// <param name="Raw">True: <paramref name="Kind"/> is a vendor's topic and the body its bytes. False: a canonical signal as JSON.</param>
/// <param name="Source">The connection for raw bodies; <c>operator/NAME</c>, <c>import</c>, <c>timer</c> … otherwise.</param>
/// <param name="Delivery">The sender's id of this event; together with the source it is remembered for 30 days. Null = not deduplicated.</param>
/// <param name="BusinessKey">Object id and version: the second level of deduplication. Null = the sender gave nothing to build one from.</param>
public readonly record struct Arrival(
    string Brand, string Stream, bool Raw, string Kind, string Source, string? Delivery, string? BusinessKey, ReadOnlyMemory<byte> Body, DateTimeOffset At)
{
    /// <summary>Two keys of 128 bits: SHA-256 over source and id, so that no sender can collide with another.</summary>
    internal (Guid Exact, Guid Business) DedupeKeys()
    {
        var exact = Delivery is null ? Guid.NewGuid() : Key('d', Delivery);
        return (exact, BusinessKey is null ? exact : Key('b', BusinessKey));
    }

    private Guid Key(char level, string id)
    {
        Span<byte> text = stackalloc byte[1024];
        var needed = Encoding.UTF8.GetMaxByteCount(Source.Length + id.Length + 2);
        if (needed > text.Length) text = new byte[needed];
        text[0] = (byte)level;
        var length = 1 + Encoding.UTF8.GetBytes(Source, text[1..]);
        text[length++] = 0;
        length += Encoding.UTF8.GetBytes(id, text[length..]);
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(text[..length], hash);
        return new Guid(hash[..16]);
    }
}

/// <summary>What became of an arrival.</summary>
/// <param name="Seq">Number of its signal; 0 for a duplicate.</param>
public readonly record struct IntakeResult(long Seq)
{
    public bool Duplicate => Seq == 0;
}
