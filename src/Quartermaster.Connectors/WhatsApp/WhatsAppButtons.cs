using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;

namespace Quartermaster.Connectors.WhatsApp;

/// <summary>What the buttons of a question carry, and what a pressed one says. Meta returns the payload as it was sent, in a webhook that it signs.</summary>
internal static class WhatsAppButtons
{
    public static string Payload(string answer, string effectKey) => $"{answer}:{effectKey}";

    /// <returns>Null when the payload is not one of ours, or no answer that a question has.</returns>
    public static Forwarded? Read(string brand, string? payload)
    {
        if (payload is null || payload.IndexOf(':', StringComparison.Ordinal) is not (> 0 and var colon) || MessageReports.StreamOf(brand, payload[(colon + 1)..]) is not { Kind: "order" } order) return null;
        return payload[..colon] switch
        {
            "confirmed" => new(order, new OrderSignal.ShopperAnswered(Confirmation.Confirmed, "whatsapp")),
            "declined" => new(order, new OrderSignal.ShopperAnswered(Confirmation.Declined, "whatsapp")),
            _ => null,
        };
    }
}
