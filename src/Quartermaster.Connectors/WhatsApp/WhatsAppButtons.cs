using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;

namespace Quartermaster.Connectors.WhatsApp;

/// <summary>What the buttons of a question carry, and what a pressed one says.</summary>
/// <remarks>
/// Meta signs the webhook, but what stands in it is what the shopper's phone sent back, and order ids can be guessed. So a payload carries a proof
/// (HMAC-SHA256 with the app's secret, cut to 96 bits so that a payload stays below 128 characters) that this hub made it for that order.
/// </remarks>
internal static class WhatsAppButtons
{
    private const int ProofBytes = 12;
    private const int ProofLength = 16;

    public static string Payload(Settings settings, string answer, string effectKey) => $"{answer}:{Proof(settings, answer, effectKey)}:{effectKey}";

    /// <returns>Null when the payload is not one of ours, or no answer that a question has.</returns>
    public static Forwarded? Read(Session session, string? payload)
    {
        if (payload is null || payload.IndexOf(':', StringComparison.Ordinal) is not (> 0 and var colon) || payload.Length <= colon + ProofLength + 2) return null;
        var (answer, key) = (payload[..colon], payload[(colon + ProofLength + 2)..]);
        // The whole text is compared: it holds the proof.
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(payload), Encoding.UTF8.GetBytes(Payload(session.Settings, answer, key)))) return null;
        if (MessageReports.StreamOf(session.Brand, key) is not { Kind: "order" } order) return null;
        return answer.Split('.') switch
        {
            ["confirmed", var of] => new(order, new OrderSignal.ShopperAnswered(Confirmation.Confirmed, "whatsapp", of)),
            ["declined", var of] => new(order, new OrderSignal.ShopperAnswered(Confirmation.Declined, "whatsapp", of)),
            _ => null,
        };
    }

    private static string Proof(Settings settings, string answer, string effectKey) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(settings.Get("app_secret", "")), Encoding.UTF8.GetBytes($"{answer}:{effectKey}")).AsSpan(0, ProofBytes));
}
