using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Quartermaster.Connectors.SendGrid;

/// <summary>Checks the signed event webhook: ECDSA P-256 over SHA-256 of the timestamp and the raw body.</summary>
/// <remarks>
/// The body's bytes are signed, line breaks between the events included, so it must never be read and written again before
/// this. There is no window on the timestamp: SendGrid repeats a delivery for a day, and a replay is a known body.
/// </remarks>
internal static class SendGridSignature
{
    /// <param name="publicKey">Base64 SubjectPublicKeyInfo, as SendGrid's settings page shows it; PEM lines are tolerated.</param>
    /// <param name="signature">Base64 DER.</param>
    public static bool IsValid(string? publicKey, string? signature, string? timestamp, ReadOnlySpan<byte> body)
    {
        if (string.IsNullOrEmpty(publicKey) || !MayBe(signature, timestamp)) return false;
        try
        {
            using var key = ECDsa.Create();
            key.ImportSubjectPublicKeyInfo(Convert.FromBase64String(Bare(publicKey)), out _);
            var length = Encoding.UTF8.GetByteCount(timestamp);
            var signed = new byte[length + body.Length];
            Encoding.UTF8.GetBytes(timestamp, signed);
            body.CopyTo(signed.AsSpan(length));
            return key.VerifyData(signed, Convert.FromBase64String(signature), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (Exception e) when (e is FormatException or CryptographicException)
        {
            return false;
        }
    }

    /// <summary>They are there and not absurd; nothing is proved yet.</summary>
    public static bool MayBe([NotNullWhen(true)] string? signature, [NotNullWhen(true)] string? timestamp) => signature is { Length: > 0 and <= 200 } && timestamp is { Length: > 0 and <= 32 };

    private static string Bare(string key) =>
        key.Replace("-----BEGIN PUBLIC KEY-----", "", StringComparison.Ordinal).Replace("-----END PUBLIC KEY-----", "", StringComparison.Ordinal).ReplaceLineEndings("").Trim();
}
