using System.Security.Cryptography;
using System.Text;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.Twilio;

/// <summary>Checks <c>X-Twilio-Signature</c>: base64 HMAC-SHA1 of the whole address and the form's members, sorted by name.</summary>
/// <remarks>The address is the one that Twilio called, not the one that a proxy called us by; so it is rebuilt from the hub's public address.</remarks>
internal static class TwilioSignature
{
    public const string Header = "X-Twilio-Signature";

    public static bool IsValid(Session session, Delivery delivery, IReadOnlyList<KeyValuePair<string, string>> form)
    {
        if (session.Callback is not { } callback || session.Settings.Find("auth_token") is not { } token || delivery.Header(Header) is not { Length: > 0 and <= 64 } given) return false;
        Span<byte> claimed = stackalloc byte[HMACSHA1.HashSizeInBytes];
        if (!Convert.TryFromBase64String(given, claimed, out var length) || length != claimed.Length) return false;
        var rest = $"{callback.AbsolutePath.TrimEnd('/')}{(delivery.Path.Length == 0 ? "" : "/" + delivery.Path)}{delivery.Query}";
        // Twilio signs the address as it was entered, and for some products with the port that https has anyway.
        foreach (var authority in (string[])[callback.Authority, $"{callback.Host}:{callback.Port}"])
            if (CryptographicOperations.FixedTimeEquals(Of(token, $"{callback.Scheme}://{authority}{rest}", form), claimed)) return true;
        return false;
    }

    public static byte[] Of(string token, string address, IReadOnlyList<KeyValuePair<string, string>> form)
    {
        var signed = new StringBuilder(address);
        foreach (var (name, value) in form.Distinct().OrderBy(f => f.Key, StringComparer.Ordinal).ThenBy(f => f.Value, StringComparer.Ordinal)) signed.Append(name).Append(value);
        // The vendor's algorithm; as an HMAC, SHA-1 is not broken.
#pragma warning disable CA5350
        return HMACSHA1.HashData(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(signed.ToString()));
#pragma warning restore CA5350
    }
}
