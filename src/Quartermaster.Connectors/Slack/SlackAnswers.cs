using System.Text.Json;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.Slack;

/// <summary>Answer → outcome. The Web API says no inside a 200; an incoming webhook says it with a status and a bare word.</summary>
internal static class SlackAnswers
{
    public static Outcome JudgeApi(Answer answer, bool reads = false)
    {
        if (answer.Usual(reads) is { } trouble) return trouble;
        try
        {
            var said = JsonSerializer.Deserialize(answer.Body.Span, SlackJson.Default.SlackReply);
            return said switch
            {
                { Ok: true } => new Outcome.Done(said.Ts),
                { Error: { } error } => OfError(error, said.Needed, answer.RetryAfter, reads),
                _ => Unreadable(reads),
            };
        }
        catch (JsonException)
        {
            return Unreadable(reads);
        }
    }

    public static Outcome JudgeWebhook(Answer answer) => (answer.Status, answer.Text.Trim()) switch
    {
        (200, "ok") => new Outcome.Done(),
        (200, _) => Unreadable(reads: false),
        (403 or 404 or 410, var word) => new Outcome.NotConnected($"The incoming webhook is not accepted any more: {Remote.Shorten(word, 100)}"),
        (400, var word) => new Outcome.Refused(Remote.Shorten(word, 100), "Slack could not read the message."),
        _ => answer.Usual()!,
    };

    /// <summary>An empty message is refused by a webhook that lives, so the test posts nothing into the channel.</summary>
    public static Outcome JudgeWebhookTest(Answer answer) => JudgeWebhook(answer) switch
    {
        Outcome.Refused { Code: "no_text" or "invalid_payload" or "missing_text_or_fallback_or_attachments" } => new Outcome.Done(),
        Outcome.Unsure unsure => new Outcome.TryLater(unsure.Why),
        var other => other,
    };

    private static Outcome OfError(string error, string? needed, TimeSpan? retryAfter, bool reads) => error switch
    {
        "ratelimited" or "rate_limited" or "message_limit_exceeded" or "team_added_to_org" => new Outcome.TryLater(error, retryAfter ?? Remote.Slower),
        "not_authed" or "invalid_auth" or "account_inactive" or "token_revoked" or "token_expired" or "no_permission" or "org_login_required"
            or "ekm_access_denied" or "access_denied" or "team_access_not_granted" or "not_allowed_token_type"
            => new Outcome.NotConnected($"Slack does not accept the token: {error}"),
        "missing_scope" => new Outcome.NotConnected($"The token lacks a scope: {needed ?? "chat:write"}"),
        // One connection posts into one channel, so these hold for every message until somebody mends the setting or invites the app.
        "channel_not_found" or "not_in_channel" or "is_archived" or "restricted_action" => new Outcome.NotConnected($"The channel cannot be posted to: {error}"),
        // Slack itself says that part of the work may have been done.
        "internal_error" or "fatal_error" or "service_unavailable" or "request_timeout"
            => reads ? new Outcome.TryLater(error) : new Outcome.Unsure($"Slack answered {error}."),
        _ => new Outcome.Refused(error, "Slack refused the message."),
    };

    private static Outcome Unreadable(bool reads) => reads
        ? new Outcome.NotConnected("The answer is not Slack's: check base_url.")
        : new Outcome.Unsure("The answer is not Slack's, and the message may have been posted.");
}
