using System.Text.Json.Serialization;

namespace Quartermaster.Connectors.WhatsApp;

/// <summary>A webhook body: entries of several accounts, each with several changes. Whatever we do not read is left out.</summary>
internal sealed record WhatsAppHook(IReadOnlyList<WhatsAppEntry?>? Entry);

internal sealed record WhatsAppEntry(IReadOnlyList<WhatsAppChange?>? Changes);

internal sealed record WhatsAppChange(string? Field, WhatsAppValue? Value);

/// <param name="Event">In template and account updates: APPROVED, PAUSED, …</param>
internal sealed record WhatsAppValue(
    WhatsAppMetadata? Metadata, IReadOnlyList<WhatsAppStatus?>? Statuses, IReadOnlyList<WhatsAppMessage?>? Messages,
    string? Event, string? MessageTemplateName, string? Reason, string? NewQualityScore, string? NewCategory);

internal sealed record WhatsAppMetadata(string? PhoneNumberId);

internal sealed record WhatsAppStatus(string? Id, string? Status, string? RecipientId, string? BizOpaqueCallbackData, IReadOnlyList<WhatsAppError?>? Errors);

internal sealed record WhatsAppMessage(string? Id, string? Type, WhatsAppPressed? Button);

/// <param name="Payload">What we gave the button.</param>
internal sealed record WhatsAppPressed(string? Payload);

internal sealed record WhatsAppError(long? Code, string? Title, string? Message, WhatsAppErrorDetails? ErrorData)
{
    public string Why => ErrorData?.Details ?? Message ?? Title ?? "no reason given";
}

internal sealed record WhatsAppErrorDetails(string? Details);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(WhatsAppHook))]
internal sealed partial class WhatsAppJson : JsonSerializerContext;
