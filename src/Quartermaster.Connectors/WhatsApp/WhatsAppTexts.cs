using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Connectors.WhatsApp;

/// <summary>What a shopper wrote, as text: a picture without words is still something that somebody has to look at.</summary>
internal static class WhatsAppTexts
{
    /// <returns>Null when nobody said anything: a reaction, a change of number, a message without a sender.</returns>
    public static Forwarded? Read(string brand, WhatsAppMessage message, DateTimeOffset receivedAt) =>
        TextOf(message) is { } text ? ContactReports.Wrote(brand, "whatsapp", $"+{message.From}", text, message.Id, ContactReports.At(message.Timestamp, receivedAt)) : null;

    private static string? TextOf(WhatsAppMessage message) => message.Type switch
    {
        "text" => message.Text?.Body,
        "button" => message.Button?.Text,
        "interactive" => message.Interactive?.ButtonReply?.Title ?? message.Interactive?.ListReply?.Title,
        "reaction" or "system" or null => null,
        var other => (message.Image ?? message.Video ?? message.Document)?.Caption is { Length: > 0 } caption ? $"[{other}] {caption}" : $"[{other}]",
    };
}
