using System.Globalization;
using System.Text.Json;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.Twilio;

/// <summary>Answer → outcome. Twilio's code decides; the status only where there is none.</summary>
internal static class TwilioAnswers
{
    // Longer than any message waits with us, so that an old message of the same words is not taken for this one.
    private static readonly TimeSpan Recent = TimeSpan.FromDays(3);

    public static Outcome Judge(Answer answer)
    {
        if (answer.Failure is { } failure) return failure;
        if (answer.IsSuccess)
            return Read<TwilioMessage>(answer)?.Sid is { Length: > 0 } sid ? new Outcome.Done(sid) : new Outcome.Unsure($"answered {answer.Status} without a message's sid");
        var error = Read<TwilioError>(answer);
        return error?.Code is { } code ? OfError(answer, code, error.Message ?? "no reason given") : OfStatus(answer);
    }

    /// <summary>Did a message of unknown fate arrive at Twilio? It is recognised by number and words.</summary>
    /// <param name="text">The words as they were sent.</param>
    public static Outcome Found(Answer answer, string text, DateTimeOffset now)
    {
        if (answer.Usual(reads: true) is { } trouble) return trouble is Outcome.NotConnected ? trouble : new Outcome.Unsure("Twilio could not be asked: " + Outcome.Words(trouble));
        if (Read<TwilioList>(answer)?.Messages is not { } messages) return new Outcome.Unsure("The list of messages is not Twilio's.");
        foreach (var message in messages)
            if (message is { Sid: { Length: > 0 } sid } && message.Body == text && message.Direction?.StartsWith("outbound", StringComparison.Ordinal) != false && now - At(message.DateCreated, now) < Recent)
                return new Outcome.AlreadyDone(sid);
        return new Outcome.TryLater("Twilio has no such message.");
    }

    /// <summary>The test button looks at the account; it must be active.</summary>
    public static Outcome JudgeTest(Answer answer)
    {
        if (!answer.IsSuccess) return Judge(answer) is Outcome.Unsure unsure ? new Outcome.TryLater(unsure.Why, answer.RetryAfter) : Judge(answer);
        return Read<TwilioAccount>(answer)?.Status switch
        {
            "active" => new Outcome.Done(),
            { } status => new Outcome.NotConnected($"the account is {status}"),
            null => new Outcome.NotConnected("The answer is not Twilio's: check base_url."),
        };
    }

    private static Outcome OfError(Answer answer, int code, string why) => code switch
    {
        // Token, account, or a sender that this account may not use: every message would meet the same answer.
        20003 or 20005 or 20006 or 20008 or 20404 or 21212 or 21603 or 21606 or 21659 or 21660 or 21701 or 21703 => new Outcome.NotConnected($"{code}: {why}"),
        20429 => new Outcome.TryLater($"{code}: {why}", answer.RetryAfter ?? Remote.Slower),
        // The sender's own queue is full; it empties at the pace of its kind of number, often one a second.
        21611 => new Outcome.TryLater($"{code}: {why}", answer.RetryAfter ?? TimeSpan.FromSeconds(30)),
        _ when answer.Status is 401 or 403 => new Outcome.NotConnected($"{code}: {why}"),
        _ when answer.Status == 429 => new Outcome.TryLater($"{code}: {why}", answer.RetryAfter ?? Remote.Slower),
        _ when answer.Status is 408 or >= 500 => new Outcome.Unsure($"{code}: {why}"),
        _ => new Outcome.Refused(code.ToString(CultureInfo.InvariantCulture), why),
    };

    private static Outcome OfStatus(Answer answer) => answer.Status == 404 ? new Outcome.NotConnected("no such address (404): check base_url and account_sid") : answer.Usual()!;

    private static DateTimeOffset At(string? date, DateTimeOffset now) =>
        DateTimeOffset.TryParse(date, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : now;

    private static T? Read<T>(Answer answer) where T : class
    {
        try
        {
            return (T?)JsonSerializer.Deserialize(answer.Body.Span, typeof(T), TwilioJson.Default);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
