using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.Shared;

/// <summary>How a partner signs its webhooks under the open warehouse and carrier contracts.</summary>
/// <remarks><c>X-Webhook-Hmac-Sha256</c> = base64(HMAC-SHA256(callback_secret, raw body)); the event's id is in the body and in a header.</remarks>
public static class OpenCallback
{
    public const string SignatureHeader = "X-Webhook-Hmac-Sha256";
    public const string EventIdHeader = "X-Webhook-Event-Id";

    /// <summary>The settings that <see cref="IsSigned"/> reads.</summary>
    public static readonly IReadOnlyList<Setting> Settings =
    [
        new("callback_secret", "Key of the signature on the partner's webhooks to us", Secret: true),
        new("callback_secret_previous", "The key before the last change; still accepted while both are in use", Required: false, Secret: true),
    ];

    public static bool IsSigned(Session session, Delivery delivery) =>
        delivery.Header(SignatureHeader) is { } given
        && (IsSigned(session.Settings.Find("callback_secret"), delivery, given) || IsSigned(session.Settings.Find("callback_secret_previous"), delivery, given));

    /// <summary>The sender's event id; without one, a delivery is known by its bytes, because the same bytes say the same thing.</summary>
    public static string IdOf(Delivery delivery, string? idInBody) =>
        delivery.Header(EventIdHeader) is { Length: > 0 } header ? header
        : idInBody is { Length: > 0 } ? idInBody
        : HmacSignature.Hex("event", delivery.Body.Span);

    private static bool IsSigned(string? secret, Delivery delivery, string given) => secret is not null && HmacSignature.IsBase64(secret, delivery.Body.Span, given);
}
