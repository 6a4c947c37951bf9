using System.Text;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.Signifyd;

/// <summary>The calls to Signifyd's API, version 3.</summary>
internal static class SignifydApi
{
    public static async Task<Answer> PostAsync(Session session, Redactor redactor, string path, string body, CancellationToken cancel)
    {
        using var request = Request(session, HttpMethod.Post, path);
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        return await Remote.AskAsync(session.Http, request, body, redactor, cancel).ConfigureAwait(false);
    }

    public static async Task<Answer> GetAsync(Session session, Redactor redactor, string path, CancellationToken cancel)
    {
        using var request = Request(session, HttpMethod.Get, path);
        return await Remote.AskAsync(session.Http, request, "", redactor, cancel).ConfigureAwait(false);
    }

    // The key is the name, and there is no password.
    private static HttpRequestMessage Request(Session session, HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, new Uri(session.Settings.Get("base_url", SignifydConnector.Home).TrimEnd('/') + path));
        request.Headers.Authorization = BasicKey.Of(session.Settings["api_key"], "");
        return request;
    }
}
