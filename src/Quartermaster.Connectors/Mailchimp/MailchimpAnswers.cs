using System.Text.Json;
using System.Text.Json.Serialization;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.Mailchimp;

/// <summary>Answer → outcome.</summary>
internal static class MailchimpAnswers
{
    /// <param name="id">What the member is named by.</param>
    public static Outcome Judge(Answer answer, string? id) => answer switch
    {
        { Failure: null, Status: 404 or 405 } => new Outcome.NotConnected($"Mailchimp answered {answer.Status}: {Problem(answer)?.Detail ?? "check list_id and the key's data centre"}"),
        { Failure: null, Status: 401 or 403 } when Problem(answer)?.Detail is { } why => new Outcome.NotConnected($"Mailchimp answered {answer.Status}: {why}"),
        _ when answer.Usual() is Outcome.Refused usual => Problem(answer) is { Title: { } title } problem ? new Outcome.Refused(title, problem.Detail ?? title) : usual,
        _ => answer.Usual() ?? new Outcome.Done(id),
    };

    public static Outcome JudgeTest(Answer answer) => answer.Usual(reads: true) is Outcome.TryLater later ? later : Judge(answer, null);

    /// <summary>They left by Mailchimp's own link, bounced or were found to be spam there, and cannot be subscribed from outside.</summary>
    public static bool IsTheirOwnNo(Answer answer) => answer.Status == 400 && Problem(answer)?.Title == "Member In Compliance State";

    private static MailchimpProblem? Problem(Answer answer)
    {
        try
        {
            return answer.Status == 0 ? null : JsonSerializer.Deserialize(answer.Body.Span, MailchimpJson.Default.MailchimpProblem);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

internal sealed record MailchimpProblem(string? Title, string? Detail);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(MailchimpProblem))]
internal sealed partial class MailchimpJson : JsonSerializerContext;
