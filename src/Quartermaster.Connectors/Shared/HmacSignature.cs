using System.Security.Cryptography;
using System.Text;

namespace Quartermaster.Connectors.Shared;

/// <summary>Checks and makes HMAC-SHA256 signatures over raw bytes. Comparison takes the same time wherever the first difference is.</summary>
public static class HmacSignature
{
    private const int Size = HMACSHA256.HashSizeInBytes;

    /// <summary>True when <paramref name="given"/> is base64(HMAC-SHA256(secret, body)). Anything malformed is false, never an exception.</summary>
    public static bool IsBase64(string secret, ReadOnlySpan<byte> body, string? given)
    {
        Span<byte> claimed = stackalloc byte[Size];
        return secret.Length > 0 && given is not null && given.Length <= 64
            && Convert.TryFromBase64String(given.Trim(), claimed, out var length) && length == Size
            && Matches(secret, body, claimed);
    }

    /// <summary>True when <paramref name="given"/> is hex(HMAC-SHA256(secret, body)), after an optional prefix such as <c>sha256=</c>.</summary>
    public static bool IsHex(string secret, ReadOnlySpan<byte> body, string? given, string prefix = "")
    {
        Span<byte> claimed = stackalloc byte[Size];
        return secret.Length > 0 && given is not null && given.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)
            && given.Length - prefix.Length == Size * 2
            && Convert.FromHexString(given.AsSpan(prefix.Length), claimed, out _, out var length) == System.Buffers.OperationStatus.Done && length == Size
            && Matches(secret, body, claimed);
    }

    public static string Base64(string secret, ReadOnlySpan<byte> body)
    {
        Span<byte> hash = stackalloc byte[Size];
        Compute(secret, body, hash);
        return Convert.ToBase64String(hash);
    }

    public static string Hex(string secret, ReadOnlySpan<byte> body)
    {
        Span<byte> hash = stackalloc byte[Size];
        Compute(secret, body, hash);
        return Convert.ToHexStringLower(hash);
    }

    private static bool Matches(string secret, ReadOnlySpan<byte> body, ReadOnlySpan<byte> claimed)
    {
        Span<byte> hash = stackalloc byte[Size];
        Compute(secret, body, hash);
        return CryptographicOperations.FixedTimeEquals(hash, claimed);
    }

    private static void Compute(string secret, ReadOnlySpan<byte> body, Span<byte> hash)
    {
        var most = Encoding.UTF8.GetMaxByteCount(secret.Length);
        Span<byte> key = most <= 512 ? stackalloc byte[512] : new byte[most];
        HMACSHA256.HashData(key[..Encoding.UTF8.GetBytes(secret, key)], body, hash);
    }
}
