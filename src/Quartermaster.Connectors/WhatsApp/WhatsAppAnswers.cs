using System.Globalization;
using System.Text.Json;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Messages;

namespace Quartermaster.Connectors.WhatsApp;

/// <summary>Answer → outcome. Meta's error code decides; the HTTP status only where there is none.</summary>
internal static class WhatsAppAnswers
{
    /// <summary>Meta's limit of marketing messages per reader.</summary>
    public const long NoMoreToday = 131049;

    public static Outcome Judge(Answer answer) => answer.Failure ?? Judge(answer.Status, answer.Body.Span, answer.RetryAfter);

    public static Outcome Judge(int status, ReadOnlySpan<byte> body, TimeSpan? retryAfter)
    {
        var said = Scan(body);
        if (said.Code is { } code) return OfError(status, code, said.Why ?? "no reason given", retryAfter);
        return status switch
        {
            >= 200 and < 300 when said.MessageId is { } id => new Outcome.Done(id),
            // A proxy's page or a cut-off body: Meta may well have taken the message.
            >= 200 and < 300 => new Outcome.Unsure($"answered {status} without a message id"),
            401 => new Outcome.NotConnected("the access token is not accepted (401)"),
            429 => new Outcome.TryLater("too many requests (429)", retryAfter ?? Remote.Slower),
            404 => new Outcome.NotConnected("no such address (404): check base_url and phone_number_id"),
            408 or >= 500 => new Outcome.Unsure($"answered {status}"),
            _ => new Outcome.Refused(Text(status), $"answered {status} without an error code"),
        };
    }

    /// <summary>The test button's GET of the phone number: an id in the answer is all that is needed.</summary>
    public static Outcome JudgeTest(Answer answer) =>
        answer.IsSuccess ? new Outcome.Done() : Judge(answer) switch
        {
            // Nothing was sent by a GET, so nothing can have arrived.
            Outcome.Unsure unsure => new Outcome.TryLater(unsure.Why, answer.RetryAfter),
            var other => other,
        };

    private static Outcome OfError(int status, long code, string why, TimeSpan? retryAfter) => code switch
    {
        // Token, permission, registration, payment or policy: every message of this number would meet the same answer.
        0 or 3 or 10 or 190 or (>= 200 and <= 299) or 368 or 131005 or 131031 or 131042 or 131045 or 133010
            => new Outcome.NotConnected($"{code}: {why}"),
        // Rates: of the app (4), the account (80007), the number (130429), its reputation (131048), the pair of numbers (131056);
        // and maintenance of the account (131057). None of these was taken in.
        4 or 80007 or 130429 or 131048 or 131056 or 131057
            => new Outcome.TryLater($"{code}: {why}", retryAfter ?? Pause(code)),
        // This reader gets no more marketing messages today, from whomever; what is sent all the same counts against the number.
        NoMoreToday => new Outcome.Refused(MessageEffect.NotToday, $"{code}: {why}"),
        _ when status == 401 => new Outcome.NotConnected($"{code}: {why}"),
        _ when status == 429 => new Outcome.TryLater($"{code}: {why}", retryAfter ?? Remote.Slower),
        _ when status is 408 or >= 500 => new Outcome.Unsure($"{code}: {why}"),
        _ => new Outcome.Refused(Text(code), why),
    };

    // Meta names no time. Calls a second are free again in seconds, a pair of numbers after six; the others count by the hour
    // or until somebody at Meta is done.
    private static TimeSpan Pause(long code) => code is 130429 ? Remote.Slower : code is 131056 ? TimeSpan.FromSeconds(30) : TimeSpan.FromMinutes(10);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static Said Scan(ReadOnlySpan<byte> body)
    {
        var said = default(Said);
        try
        {
            var reader = new Utf8JsonReader(body);
            var section = Section.Elsewhere;
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName) continue;
                if (reader.CurrentDepth == 1)
                    section = reader.ValueTextEquals("messages"u8) ? Section.Messages : reader.ValueTextEquals("error"u8) ? Section.Error : Section.Elsewhere;
                else
                    Note(ref reader, section, ref said);
            }
            return said;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Cut off, or text that is not text; what stood before it still counts.
            return said;
        }
    }

    private static void Note(ref Utf8JsonReader reader, Section section, ref Said said)
    {
        switch (section, reader.CurrentDepth)
        {
            case (Section.Messages, 3) when said.MessageId is null && reader.ValueTextEquals("id"u8):
                said.MessageId = Next(ref reader);
                break;
            case (Section.Error, 2) when reader.ValueTextEquals("code"u8):
                reader.Read();
                if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var code)) said.Code = code;
                break;
            case (Section.Error, 2) when reader.ValueTextEquals("message"u8):
                said.Why ??= Next(ref reader);
                break;
            // The details name the parameter or the reason, where the message only repeats the code's title.
            case (Section.Error, 3) when reader.ValueTextEquals("details"u8):
                said.Why = Next(ref reader) ?? said.Why;
                break;
        }
    }

    private static string? Next(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
    }

    private enum Section { Elsewhere, Messages, Error }

    private record struct Said(string? MessageId, long? Code, string? Why);
}
