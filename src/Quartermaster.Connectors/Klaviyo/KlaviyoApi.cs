using System.Net.Http.Headers;
using System.Text;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.Klaviyo;

/// <summary>The calls to Klaviyo's API.</summary>
internal sealed class KlaviyoApi(Session session, Redactor redactor)
{
    public const string Home = "https://a.klaviyo.com";

    /// <summary>Klaviyo keeps a revision in force for two years.</summary>
    public const string Revision = "2026-07-15";

    private static readonly MediaTypeHeaderValue JsonApi = new("application/vnd.api+json");

    public async Task<Answer> PostAsync(string path, string body, CancellationToken cancel)
    {
        using var request = Request(HttpMethod.Post, path);
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = JsonApi } };
        return await Remote.AskAsync(session.Http, request, body, redactor, cancel).ConfigureAwait(false);
    }

    public async Task<Answer> GetAsync(string path, CancellationToken cancel)
    {
        using var request = Request(HttpMethod.Get, path);
        return await Remote.AskAsync(session.Http, request, "", redactor, cancel).ConfigureAwait(false);
    }

    private HttpRequestMessage Request(HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, new Uri(session.Settings.Get("base_url", Home).TrimEnd('/') + path));
        request.Headers.TryAddWithoutValidation("Authorization", "Klaviyo-API-Key " + session.Settings["api_key"]);
        request.Headers.TryAddWithoutValidation("revision", Revision);
        request.Headers.TryAddWithoutValidation("Accept", "application/vnd.api+json");
        request.Headers.TryAddWithoutValidation("User-Agent", "Quartermaster/1.0.0");
        return request;
    }
}
