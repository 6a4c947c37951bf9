using System.Text.Json;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.HubSpot;

/// <summary>Answer → outcome.</summary>
internal static class HubSpotAnswers
{
    public static Outcome Judge(Answer answer) => answer switch
    {
        { Failure: null, Status: 404 or 405 } => new Outcome.NotConnected($"HubSpot answered {answer.Status}: check base_url."),
        { Failure: null, Status: 401 or 403 } when Error(answer)?.Message is { } why => new Outcome.NotConnected($"HubSpot answered {answer.Status}: {why}"),
        _ when answer.Usual() is Outcome.Refused usual => Error(answer) is { Message: { } message } error ? new Outcome.Refused(error.Errors?.OfType<HubSpotErrorPart>().FirstOrDefault()?.Code ?? error.Category ?? usual.Code, message) : usual,
        _ => answer.Usual() ?? new Outcome.Done(),
    };

    public static Outcome JudgeTest(Answer answer) => answer.Usual(reads: true) is Outcome.TryLater later ? later : Judge(answer) switch
    {
        Outcome.Done when Contacts(answer) is null => new Outcome.NotConnected("The answer is not HubSpot's: check base_url."),
        var outcome => outcome,
    };

    /// <summary>Whoever has it already is no trouble, and neither is one whom HubSpot does not let us subscribe: they said no to HubSpot itself, and that stands there.</summary>
    public static Outcome JudgeConsent(Answer answer) => Judge(answer) switch
    {
        Outcome.Refused refused when refused.Why.Contains("already", StringComparison.OrdinalIgnoreCase) || refused.Why.Contains("opted out", StringComparison.OrdinalIgnoreCase) || refused.Code == "CANNOT_SUBSCRIBE" => new Outcome.AlreadyDone(),
        var outcome => outcome,
    };

    /// <summary>Somebody may have made them in the same moment.</summary>
    public static Outcome JudgeProperties(Answer answer) => answer.Status == 409 ? new Outcome.Done() : Judge(answer);

    public static bool LacksAProperty(Answer answer) => answer.Status == 400 && answer.Text.Contains("PROPERTY_DOESNT_EXIST", StringComparison.Ordinal);

    /// <summary>A refusal is about that property, and not about one whose name only begins so.</summary>
    public static bool Names(Answer refused, string property)
    {
        var text = refused.Text;
        for (var at = text.IndexOf(property, StringComparison.Ordinal); at >= 0; at = text.IndexOf(property, at + 1, StringComparison.Ordinal))
            if (at + property.Length == text.Length || text[at + property.Length] is not ('_' or (>= 'a' and <= 'z') or (>= '0' and <= '9'))) return true;
        return false;
    }

    /// <summary>One result per address, in order. HubSpot answers in an order of its own, and with 207 for some only.</summary>
    public static IReadOnlyList<Result> JudgeContacts(Answer answer, IReadOnlyList<string> emails)
    {
        if (Judge(answer) is var same and not Outcome.Done) return [.. emails.Select(_ => new Result(same, answer.Exchange))];
        if (Contacts(answer) is not { } all) return [.. emails.Select(_ => new Result(new Outcome.NotConnected("The answer is not HubSpot's: check base_url."), answer.Exchange))];
        Dictionary<string, string> ids = new(StringComparer.OrdinalIgnoreCase);
        foreach (var contact in all.OfType<HubSpotContact>())
            if (contact is { Id: { } id } && contact.Find("email") is { } email) ids[email] = id;
        return [.. emails.Select(email => new Result(ids.TryGetValue(email, out var id) ? new Outcome.Done(id) : WhyNot(answer, email), answer.Exchange))];
    }

    private static Outcome WhyNot(Answer answer, string email) =>
        Error(answer)?.Errors?.OfType<HubSpotErrorPart>().FirstOrDefault(e => e.Context?.Values.Any(ids => ids.Contains(email, StringComparer.OrdinalIgnoreCase)) == true) is { } error
            ? new Outcome.Refused(error.Code ?? error.Category ?? "refused", error.Message ?? "HubSpot took the others and not this one.")
            : new Outcome.Unsure("HubSpot's answer does not name this contact.");

    private static IReadOnlyList<HubSpotContact?>? Contacts(Answer answer)
    {
        try
        {
            return JsonSerializer.Deserialize(answer.Body.Span, HubSpotJson.Default.HubSpotContacts)?.Results;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static HubSpotError? Error(Answer answer)
    {
        try
        {
            return answer.Status == 0 ? null : JsonSerializer.Deserialize(answer.Body.Span, HubSpotJson.Default.HubSpotError);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
