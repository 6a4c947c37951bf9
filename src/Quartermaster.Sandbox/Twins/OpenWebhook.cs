using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Quartermaster.Sandbox.Twins;

/// <summary>Sends events as the open contracts want them: signed over the raw bytes, with the event's id in a header too.</summary>
internal static class OpenWebhook
{
    public static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static void Send(TwinContext from, string eventId, object what)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(what, what.GetType(), Json);
        var secret = Encoding.UTF8.GetBytes(from.Settings.GetValueOrDefault("callback_secret", ""));
        from.Hub.Send(from, "", body, new Dictionary<string, string>
        {
            ["X-Webhook-Event-Id"] = eventId,
            ["X-Webhook-Hmac-Sha256"] = Convert.ToBase64String(HMACSHA256.HashData(secret, body)),
        });
    }
}
