using System.Security.Cryptography;
using System.Text;

namespace Quartermaster.Connectors.Shared;

/// <summary>The same UUID for the same words, for vendors whose idempotency keys have that form.</summary>
internal static class StableGuid
{
    public static Guid Of(string words)
    {
        Span<byte> bytes = SHA256.HashData(Encoding.UTF8.GetBytes(words)).AsSpan(0, 16);
        // RFC 9562, version 8: what it is made of is ours to choose.
        bytes[6] = (byte)(bytes[6] & 0x0F | 0x80);
        bytes[8] = (byte)(bytes[8] & 0x3F | 0x80);
        return new(bytes, bigEndian: true);
    }
}
