using System.Globalization;
using System.Text.Json;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.SendGrid;

/// <summary>Answer → outcome.</summary>
internal static class SendGridAnswers
{
    /// <param name="now">The reset of the rate limit is an instant; the wish to wait is a span.</param>
    public static Outcome Judge(Answer answer, DateTimeOffset now) => answer.Status switch
    {
        202 => new Outcome.Done(answer.Header("X-Message-Id")),
        // In the vendor's sandbox mode, or from a gateway: taken, nothing queued.
        >= 200 and < 300 => new Outcome.Done(answer.Header("X-Message-Id")),
        429 => new Outcome.TryLater("SendGrid asks for a slower pace (429).", answer.RetryAfter ?? UntilReset(answer, now) ?? Remote.Slower),
        // 403 is a sender that is not verified, 404 and 405 a wrong base_url: all are for whoever set up the connection.
        401 or 403 or 404 or 405 => new Outcome.NotConnected($"SendGrid answered {answer.Status}: {FirstError(answer)?.Message ?? "the API key or the sender is not accepted"}"),
        _ when answer.Usual() is Outcome.Refused usual => FirstError(answer) switch
        {
            { Message: { } message } error => new Outcome.Refused(error.Field ?? usual.Code, message),
            _ => usual,
        },
        _ => answer.Usual()!,
    };

    /// <summary>The test button asks what the key may do; it must be allowed to send.</summary>
    public static Outcome JudgeTest(Answer answer)
    {
        if (answer.Usual(reads: true) is { } trouble) return trouble;
        try
        {
            var scopes = JsonSerializer.Deserialize(answer.Body.Span, SendGridJson.Default.SendGridScopes)?.Scopes ?? [];
            return scopes.Contains("mail.send") ? new Outcome.Done() : new Outcome.NotConnected("The API key lacks the scope mail.send.");
        }
        catch (JsonException)
        {
            return new Outcome.NotConnected("The answer is not SendGrid's: check base_url.");
        }
    }

    private static SendGridError? FirstError(Answer answer)
    {
        try
        {
            return JsonSerializer.Deserialize(answer.Body.Span, SendGridJson.Default.SendGridErrors)?.Errors?.OfType<SendGridError>().FirstOrDefault();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static TimeSpan? UntilReset(Answer answer, DateTimeOffset now)
    {
        if (!long.TryParse(answer.Header("X-RateLimit-Reset"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds > 4_102_444_800) return null;
        var wait = DateTimeOffset.FromUnixTimeSeconds(seconds) - now;
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }
}
