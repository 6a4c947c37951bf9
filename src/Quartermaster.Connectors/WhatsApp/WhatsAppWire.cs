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

internal sealed record WhatsAppStatus(string? Id, string? Status, string? RecipientId, string? BizOpaqueCallbackData, IReadOnlyList<WhatsAppError?>? Errors, long? Timestamp = null);

/// <summary>What a shopper sent; of the members named like a type, the one of its <paramref name="Type"/> is there.</summary>
/// <param name="From">Digits of the sender's number, without a plus.</param>
/// <param name="Timestamp">Seconds since 1970; Meta writes them as text.</param>
internal sealed record WhatsAppMessage(
    string? Id, string? From, long? Timestamp, string? Type, WhatsAppWords? Text, WhatsAppPressed? Button, WhatsAppChosen? Interactive, WhatsAppMedia? Image, WhatsAppMedia? Video, WhatsAppMedia? Document);

internal sealed record WhatsAppWords(string? Body);

/// <param name="Payload">What we gave the button.</param>
internal sealed record WhatsAppPressed(string? Payload, string? Text);

internal sealed record WhatsAppChosen(WhatsAppChoice? ButtonReply, WhatsAppChoice? ListReply);

internal sealed record WhatsAppChoice(string? Title);

internal sealed record WhatsAppMedia(string? Caption);

internal sealed record WhatsAppError(long? Code, string? Title, string? Message, WhatsAppErrorDetails? ErrorData)
{
    public string Why => ErrorData?.Details ?? Message ?? Title ?? "no reason given";
}

internal sealed record WhatsAppErrorDetails(string? Details);

/// <summary>One page of the texts that an account holds.</summary>
internal sealed record WhatsAppTemplates(IReadOnlyList<WhatsAppTemplate?>? Data, WhatsAppPaging? Paging);

internal sealed record WhatsAppTemplate(string? Name, string? Language, string? Status, string? Category, WhatsAppQuality? QualityScore, IReadOnlyList<WhatsAppComponent?>? Components);

internal sealed record WhatsAppQuality(string? Score);

/// <param name="Type">HEADER, BODY, FOOTER, BUTTONS.</param>
/// <param name="Format">Of a head: TEXT, IMAGE, VIDEO, DOCUMENT, LOCATION.</param>
internal sealed record WhatsAppComponent(string? Type, string? Text, string? Format = null, IReadOnlyList<WhatsAppButton?>? Buttons = null);

/// <param name="Type">QUICK_REPLY, URL, PHONE_NUMBER, COPY_CODE, OTP and others.</param>
internal sealed record WhatsAppButton(string? Type, string? Url);

/// <summary>What Meta says of a number; which of the two limits it tells depends on the version of the API.</summary>
internal sealed record WhatsAppNumber(string? QualityRating, string? MessagingLimitTier, string? WhatsappBusinessManagerMessagingLimit);

internal sealed record WhatsAppPaging(WhatsAppCursors? Cursors, string? Next);

internal sealed record WhatsAppCursors(string? After);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(WhatsAppHook))]
[JsonSerializable(typeof(WhatsAppTemplates))]
[JsonSerializable(typeof(WhatsAppNumber))]
internal sealed partial class WhatsAppJson : JsonSerializerContext;
