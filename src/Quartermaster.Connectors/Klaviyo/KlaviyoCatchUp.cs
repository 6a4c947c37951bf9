using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Connectors.Klaviyo;

/// <summary>Asks which profiles changed and takes those that must not be written to: system webhooks are not for every account, and name no address with every event.</summary>
internal sealed class KlaviyoCatchUp(KlaviyoApi api, Session session)
{
    private const int MostTries = 5;

    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(2);

    public async IAsyncEnumerable<Found> PollAsync(DateTimeOffset since, [EnumeratorCancellation] CancellationToken cancel)
    {
        var path = $"/api/profiles?additional-fields[profile]=subscriptions&fields[profile]=email,phone_number,subscriptions&filter={Uri.EscapeDataString($"greater-than(updated,{ProfileFields.Instant(since)})")}&sort=updated&page[size]=100";
        var tries = 0;
        while (true)
        {
            var answer = await api.GetAsync(path, cancel).ConfigureAwait(false);
            // A pass over a whole account is long: one page that has to wait does not begin it anew.
            if (answer.Usual(reads: true) is Outcome.TryLater later && tries++ < MostTries)
            {
                await Task.Delay(later.After ?? Moment, session.Clock, cancel).ConfigureAwait(false);
                continue;
            }
            tries = 0;
            if (answer.Usual(reads: true) is { } trouble) throw new HttpRequestException(Outcome.Words(trouble));
            var page = JsonSerializer.Deserialize(answer.Body.Span, KlaviyoJson.Default.KlaviyoPage);
            foreach (var one in page?.Data ?? [])
                if (Of(one) is { } found) yield return found;
            // Only its question: where Klaviyo is, the connection says.
            if (page?.Links?.Next is not { } next || next.IndexOf("/api/profiles?", StringComparison.Ordinal) is not (>= 0 and var at)) yield break;
            path = next[at..];
        }
    }

    /// <returns>Null when nothing stands against writing to them. The same words come under the same key, however often the profile changes.</returns>
    private Found? Of(JsonElement one)
    {
        var profile = one.Deserialize(KlaviyoJson.Default.KlaviyoProfile);
        var said = KlaviyoInbound.Against(profile, DateTimeOffset.MaxValue);
        if (said.Count == 0 || profile?.Id is not { } id) return null;
        var key = $"profile/{id}/{Fnv.Of(string.Join('\n', said)):x16}";
        return new Found(KlaviyoInbound.ProfileTopic, key, key, new StreamId(session.Brand, "connection", session.Connection), Encoding.UTF8.GetBytes(one.GetRawText()));
    }
}
