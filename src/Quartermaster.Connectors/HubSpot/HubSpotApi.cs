using System.Net.Http.Headers;
using System.Text;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.HubSpot;

/// <summary>The calls to HubSpot's API.</summary>
internal sealed class HubSpotApi(Session session, Redactor redactor)
{
    public const string Home = "https://api.hubapi.com", Contacts = "/crm/v3/objects/contacts", Properties = "/crm/v3/properties/contacts";

    private static readonly MediaTypeHeaderValue Json = new("application/json");

    public async Task<Answer> PostAsync(string path, string body, CancellationToken cancel)
    {
        using var request = Request(HttpMethod.Post, path);
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = Json } };
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
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + session.Settings["access_token"]);
        request.Headers.TryAddWithoutValidation("User-Agent", "Quartermaster/1.0.0");
        return request;
    }
}
