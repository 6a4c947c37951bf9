using System.Net.Http.Headers;
using System.Text;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.Slack;

/// <summary>The calls to Slack: its Web API with a bot token, or an incoming webhook.</summary>
internal static class SlackApi
{
    public const string Home = "https://slack.com/api";

    // Slack warns about a JSON body without a charset.
    private static readonly MediaTypeHeaderValue Json = new("application/json", "utf-8");

    public static Task<Answer> PostMessageAsync(Session session, Redactor redactor, ReadOnlyMemory<byte> body, CancellationToken cancel) =>
        PostAsync(session, redactor, Method(session, "chat.postMessage"), session.Settings["token"], body, cancel);

    public static Task<Answer> TestTokenAsync(Session session, Redactor redactor, CancellationToken cancel) =>
        PostAsync(session, redactor, Method(session, "auth.test"), session.Settings["token"], "{}"u8.ToArray(), cancel);

    public static Task<Answer> PostToWebhookAsync(Session session, Redactor redactor, ReadOnlyMemory<byte> body, CancellationToken cancel) =>
        PostAsync(session, redactor, session.Settings["webhook_url"], null, body, cancel);

    private static string Method(Session session, string name) => $"{session.Settings.Get("base_url", Home).TrimEnd('/')}/{name}";

    private static async Task<Answer> PostAsync(Session session, Redactor redactor, string address, string? token, ReadOnlyMemory<byte> body, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address)) { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.ContentType = Json;
        if (token is not null) request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        request.Headers.TryAddWithoutValidation("User-Agent", "Quartermaster/1.0.0");
        return await Remote.AskAsync(session.Http, request, Encoding.UTF8.GetString(body.Span), redactor, cancel).ConfigureAwait(false);
    }
}
