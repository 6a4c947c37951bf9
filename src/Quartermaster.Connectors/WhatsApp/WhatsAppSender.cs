using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.WhatsApp;

/// <summary>Reads how Meta rates the number, and to how many people it may write in 24 hours.</summary>
/// <remarks>The limit belongs to the business portfolio: several numbers of one portfolio share it, and each is told the whole.</remarks>
internal static partial class WhatsAppSender
{
    // Until version 23 the limit was the number's own.
    private const int FirstOfPortfolios = 24;

    /// <exception cref="HttpRequestException">Meta did not answer with a number.</exception>
    public static async Task<SenderStanding?> ReadAsync(Session session, Redactor redactor, CancellationToken cancel)
    {
        var answer = await WhatsAppApi.NumberAsync(session, redactor, "quality_rating," + LimitField(session.Settings.Get("base_url", WhatsAppApi.Home)), cancel).ConfigureAwait(false);
        return answer.IsSuccess ? Read(answer.Body.Span) : throw new HttpRequestException(Outcome.Words(WhatsAppAnswers.JudgeTest(answer)));
    }

    /// <exception cref="HttpRequestException">It is not what Meta publishes.</exception>
    internal static SenderStanding Read(ReadOnlySpan<byte> body)
    {
        try
        {
            var number = JsonSerializer.Deserialize(body, WhatsAppJson.Default.WhatsAppNumber);
            var limit = number?.WhatsappBusinessManagerMessagingLimit ?? number?.MessagingLimitTier;
            return new(number?.QualityRating is "GREEN" or "YELLOW" or "RED" ? number.QualityRating : null, limit, MostOf(limit));
        }
        catch (JsonException e)
        {
            throw new HttpRequestException($"What Meta says of the number cannot be read: {e.Message}", e);
        }
    }

    /// <summary><c>TIER_250</c>, <c>TIER_2K</c>, <c>TIER_UNLIMITED</c>. One that we do not know limits nothing: Meta refuses by itself.</summary>
    private static int? MostOf(string? tier) => tier is not null && Tier().Match(tier) is { Success: true } match
        ? int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) * (match.Groups[2].Length > 0 ? 1000 : 1)
        : null;

    private static string LimitField(string address) => Version().Match(address) is { Success: true } match && int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) < FirstOfPortfolios
        ? "messaging_limit_tier" : "whatsapp_business_manager_messaging_limit";

    [GeneratedRegex(@"^TIER_(\d{1,5})(K?)$")]
    private static partial Regex Tier();

    [GeneratedRegex(@"/v(\d{1,3})(?:\.\d+)?/?$")]
    private static partial Regex Version();
}
