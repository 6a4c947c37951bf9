using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.WooCommerce;

/// <summary>Answer → outcome. Pure.</summary>
internal static class WooAnswers
{
    /// <summary>The answer's content, or the outcome that says why there is none.</summary>
    /// <param name="reads">A query: a lost answer costs nothing and is asked again.</param>
    public static (T? Body, Outcome? Trouble) Open<T>(Answer answer, JsonTypeInfo<T> type, bool reads) where T : class
    {
        if (Trouble(answer, reads) is { } trouble) return (null, trouble);
        try
        {
            return JsonSerializer.Deserialize(Trimmed(answer.Body).Span, type) is { } body ? (body, null) : (null, Lost(reads, "The answer was empty."));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Warnings of PHP, a page of the firewall, a maintenance page: any of them comes with a 200.
            return (null, Lost(reads, $"The answer could not be read ({(e as JsonException)?.Path ?? "not JSON"})."));
        }
    }

    /// <summary>What the status and WordPress' own error say; null for a 2xx.</summary>
    public static Outcome? Trouble(Answer answer, bool reads)
    {
        if (answer.Failure is not null || answer.IsSuccess || answer.Status is 429 or 408 or >= 500) return answer.Usual(reads);
        var error = ErrorOf(answer.Body);
        return answer.Status switch
        {
            401 or 403 => new Outcome.NotConnected(error is null
                ? $"The shop answered {answer.Status}: the keys are wrong or may not do this, or a firewall stands in front of it."
                : $"{error.Message} ({error.Code}): the keys are wrong, or their user or permissions do not allow this."),
            404 when error?.Code is null or "rest_no_route" => new Outcome.NotConnected("There is no WooCommerce REST API at this address (404). Check the setting site, and that the shop's permalinks are not the plain ones."),
            _ when error?.Code is { } code => Refusal(error, code),
            _ => answer.Usual(reads),
        };
    }

    /// <summary>One entry of a batch that was not done.</summary>
    public static Outcome Of(ErrorBody error) => error.Status is 429 or 408 or >= 500
        ? new Outcome.TryLater($"{error.Message} ({error.Code})")
        : Refusal(error, error.Code ?? "unknown");

    public static Outcome Lost(bool reads, string why) => reads ? new Outcome.TryLater(why) : new Outcome.Unsure(why);

    public static string Text(Outcome outcome) => outcome switch
    {
        Outcome.TryLater t => t.Why,
        Outcome.Refused r => $"{r.Why} ({r.Code})",
        Outcome.NotConnected n => n.Why,
        Outcome.Unsure u => u.Why,
        _ => "",
    };

    /// <summary>Without the mark that an editor left before a plugin's first line, and that every answer of the shop then begins with.</summary>
    public static ReadOnlyMemory<byte> Trimmed(ReadOnlyMemory<byte> body) => body.Span.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? body[3..] : body;

    private static Outcome.Refused Refusal(ErrorBody error, string code) => new(code, Remote.Shorten(error.Message ?? "The shop gave no reason.", 300));

    private static ErrorBody? ErrorOf(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize(Trimmed(body).Span, WooBodies.Default.ErrorBody);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
