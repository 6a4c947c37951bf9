using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Connectors.HubSpot;

/// <summary>Asks which contacts must not be written to and changed lately: the app's own webhooks name no address.</summary>
internal sealed class HubSpotCatchUp(HubSpotApi api, Session session)
{
    public async IAsyncEnumerable<Found> PollAsync(DateTimeOffset since, [EnumeratorCancellation] CancellationToken cancel)
    {
        string? after = null;
        do
        {
            var answer = await api.PostAsync(HubSpotApi.Contacts + "/search", HubSpotOutbound.Search(since, after), cancel).ConfigureAwait(false);
            if (answer.Usual(reads: true) is { } trouble) throw new HttpRequestException(Outcome.Words(trouble));
            var page = JsonSerializer.Deserialize(answer.Body.Span, HubSpotJson.Default.HubSpotPage);
            foreach (var one in page?.Results ?? [])
                if (Of(one) is { } found) yield return found;
            after = page?.Paging?.Next?.After;
        }
        while (after is { Length: > 0 });
    }

    /// <returns>The same no under the same key, however often the contact changes.</returns>
    private Found? Of(JsonElement one)
    {
        if (one.Deserialize(HubSpotJson.Default.HubSpotContact) is not { Id: { } id } contact) return null;
        var key = $"contact/{id}/{string.Join('+', HubSpotInbound.Noes.Where(n => contact.Find(n) == "true"))}";
        return new Found(HubSpotInbound.ContactTopic, key, key, new StreamId(session.Brand, "connection", session.Connection), Encoding.UTF8.GetBytes(one.GetRawText()));
    }
}
