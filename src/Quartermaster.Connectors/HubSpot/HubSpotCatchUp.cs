using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Connectors.HubSpot;

/// <summary>Asks which contacts must not be written to and changed lately, and since when: the app's own webhooks name no address.</summary>
internal sealed class HubSpotCatchUp(HubSpotApi api, Session session)
{
    /// <summary>A search shows 10,000 results and then no more; it is begun anew before that, from where it came to.</summary>
    private const int MostFound = 9_900;

    /// <summary>HubSpot reads so many contacts at once where it is asked for what their values were.</summary>
    private const int MostRead = 50;

    // Those that this account has: a search that names another is refused as a whole.
    private IReadOnlyList<string> noes = HubSpotInbound.NoesOf(session.Settings);

    public async IAsyncEnumerable<Found> PollAsync(DateTimeOffset since, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (from, found, after) = (since, 0, (string?)null);
        while (true)
        {
            var answer = await api.PostAsync(HubSpotApi.Contacts + "/search", HubSpotOutbound.Search(from, after, noes), cancel).ConfigureAwait(false);
            if (answer is { Failure: null, Status: 400 } && await MissingAsync(answer, cancel).ConfigureAwait(false) is { Count: > 0 } missing)
            {
                foreach (var name in missing) yield return Notice(name);
                noes = [.. noes.Except(missing)];
                if (noes.Count == 0) yield break;
                continue;
            }
            var page = Read(answer);
            var contacts = (page?.Results ?? []).Select(r => r.Deserialize(HubSpotJson.Default.HubSpotContact)).OfType<HubSpotContact>().ToList();
            foreach (var ids in contacts.Select(c => c.Id).OfType<string>().Chunk(MostRead))
                foreach (var one in (await AskAsync("/batch/read", HubSpotOutbound.Read(ids, noes), cancel).ConfigureAwait(false))?.Results ?? [])
                    if (Of(one) is { } no) yield return no;
            found += contacts.Count;
            after = page?.Paging?.Next?.After;
            if (after is not { Length: > 0 }) yield break;
            if (found < MostFound || contacts.Count == 0) continue;
            // Sorted by their last change. So many of one moment would be passed over rather than asked for without end.
            var reached = contacts[^1].ChangedAt ?? from;
            (from, found, after) = (reached > from ? reached : from.AddMilliseconds(1), 0, null);
        }
    }

    private async Task<HubSpotPage?> AskAsync(string what, string body, CancellationToken cancel)
    {
        return Read(await api.PostAsync(HubSpotApi.Contacts + what, body, cancel).ConfigureAwait(false));
    }

    private static HubSpotPage? Read(Answer answer)
    {
        if (answer.Usual(reads: true) is { } trouble) throw new HttpRequestException(Outcome.Words(trouble));
        return JsonSerializer.Deserialize(answer.Body.Span, HubSpotJson.Default.HubSpotPage);
    }

    /// <summary>Which of the properties that are asked for the account does not have. HubSpot does not always name them where it refuses, so each is looked for.</summary>
    private async Task<IReadOnlyList<string>> MissingAsync(Answer refused, CancellationToken cancel)
    {
        List<string> missing = [];
        foreach (var name in noes)
        {
            var answer = await api.GetAsync(HubSpotApi.Properties + "/" + name, cancel).ConfigureAwait(false);
            // Without the right to look it is the one that the refusal names, if it does. A name may begin another.
            if (answer is { Failure: null, Status: 404 } || (answer is { Failure: null, Status: 401 or 403 } && HubSpotAnswers.Names(refused, name))) missing.Add(name);
        }
        return missing;
    }

    // Once under its name, however often it is missed.
    private Found Notice(string name) =>
        new(HubSpotInbound.MissingTopic, $"missing/{name}", $"missing/{name}", new StreamId(session.Brand, "connection", session.Connection), Encoding.UTF8.GetBytes(name));

    /// <returns>The same no under the same key, however often the contact changes; one that was taken back and said again under another.</returns>
    private Found? Of(JsonElement one)
    {
        if (one.Deserialize(HubSpotJson.Default.HubSpotContact) is not { Id: { } id } contact) return null;
        var said = noes.Where(n => contact.Find(n) == "true").Select(n => string.Create(CultureInfo.InvariantCulture, $"{n}@{contact.SinceOf(n)?.ToUnixTimeMilliseconds()}")).ToList();
        if (said.Count == 0) return null;
        var key = $"contact/{id}/{string.Join('+', said)}";
        return new Found(HubSpotInbound.ContactTopic, key, key, new StreamId(session.Brand, "connection", session.Connection), Encoding.UTF8.GetBytes(one.GetRawText()));
    }
}
