using System.Net.Http.Headers;
using System.Text;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.Teams;

/// <summary>The one call: start the workflow with a card.</summary>
internal static class TeamsApi
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    public static async Task<Answer> PostAsync(Session session, Redactor redactor, ReadOnlyMemory<byte> body, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Address(session.Settings)) { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.ContentType = Json;
        request.Headers.TryAddWithoutValidation("User-Agent", "Quartermaster/1.0.0");
        return await Remote.AskAsync(session.Http, request, Encoding.UTF8.GetString(body.Span), redactor, cancel).ConfigureAwait(false);
    }

    private static Uri Address(Settings settings)
    {
        var workflow = new Uri(settings["workflow_url"]);
        return settings.Find("base_url") is { } elsewhere ? new Uri(elsewhere.TrimEnd('/') + workflow.PathAndQuery) : workflow;
    }
}
