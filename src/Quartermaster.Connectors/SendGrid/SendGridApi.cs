using System.Net.Http.Headers;
using System.Text;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.SendGrid;

/// <summary>The calls to SendGrid's v3 API.</summary>
internal static class SendGridApi
{
    public const string Home = "https://api.sendgrid.com";

    private static readonly MediaTypeHeaderValue Json = new("application/json");

    public static async Task<Answer> SendAsync(Session session, Redactor redactor, ReadOnlyMemory<byte> body, CancellationToken cancel)
    {
        using var request = Request(session, HttpMethod.Post, "/v3/mail/send");
        request.Content = new ReadOnlyMemoryContent(body);
        request.Content.Headers.ContentType = Json;
        return await Remote.AskAsync(session.Http, request, Encoding.UTF8.GetString(body.Span), redactor, cancel).ConfigureAwait(false);
    }

    public static async Task<Answer> ScopesAsync(Session session, Redactor redactor, CancellationToken cancel)
    {
        using var request = Request(session, HttpMethod.Get, "/v3/scopes");
        return await Remote.AskAsync(session.Http, request, "", redactor, cancel).ConfigureAwait(false);
    }

    private static HttpRequestMessage Request(Session session, HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, new Uri(session.Settings.Get("base_url", Home).TrimEnd('/') + path));
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + session.Settings["api_key"]);
        request.Headers.TryAddWithoutValidation("User-Agent", "Quartermaster/1.0.0");
        return request;
    }
}
