using System.Collections.Concurrent;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Customers;

namespace Quartermaster.Connectors.Klaviyo;

/// <summary>Tells Klaviyo of a batch of customers: who said no first and all at once, then every profile, then who said yes.</summary>
/// <remarks>Klaviyo takes consent in jobs of its own, apart from profiles. Only what is news is among them, so that what somebody said to Klaviyo itself stands.</remarks>
internal sealed class KlaviyoPush(KlaviyoApi api, Settings settings)
{
    // With what it knows of their consent: to subscribe somebody takes off what they said to Klaviyo itself.
    private const string Import = "/api/profile-import?additional-fields%5Bprofile%5D=subscriptions";

    private const string Unsubscribe = "/api/profile-subscription-bulk-delete-jobs";

    private static readonly IReadOnlyList<string> OnlyMail = [ContactPoint.Email];

    private readonly IReadOnlyList<string> channels = KlaviyoOutbound.Channels(settings);
    private readonly ConcurrentDictionary<string, IReadOnlyList<string>> saidNoThere = new();
    private readonly Dictionary<string, Result> noesNotTaken = [];

    public async Task<IReadOnlyList<Result>> SayAsync(IReadOnlyList<CustomerEffect.Push> profiles, CancellationToken cancel)
    {
        var results = new Result?[profiles.Count];
        await ConsentAsync(profiles, results, KlaviyoOutbound.HasNo, Unsubscribe, KlaviyoOutbound.Unsubscribe, cancel).ConfigureAwait(false);
        await ConsentAsync(profiles, results, (p, _) => KlaviyoOutbound.IsClosed(p), "/api/profile-suppression-bulk-create-jobs", (of, _) => KlaviyoOutbound.Suppress(of), cancel).ConfigureAwait(false);
        var open = Enumerable.Range(0, profiles.Count).Where(n => results[n] is null).ToList();
        var taken = await Task.WhenAll(open.Select(n => Separately.GuardedAsync(() => ImportAsync(profiles[n], cancel)))).ConfigureAwait(false);
        var troubled = new Result?[profiles.Count];
        for (var i = 0; i < open.Count; i++) (results[open[i]], troubled[open[i]]) = (taken[i], taken[i].Outcome is Outcome.Done ? null : taken[i]);
        foreach (var n in Enumerable.Range(0, profiles.Count).Except(open)) troubled[n] = results[n];
        await ConsentAsync([.. profiles.Select(WithoutWhatTheyTookBack)], troubled, KlaviyoOutbound.HasYes, "/api/profile-subscription-bulk-create-jobs", (of, by) => KlaviyoOutbound.Subscribe(of, by, settings.Find("list_id")), cancel).ConfigureAwait(false);
        return [.. results.Select((result, n) => troubled[n] ?? noesNotTaken.GetValueOrDefault(profiles[n].Email) ?? result!)];
    }

    private CustomerEffect.Push WithoutWhatTheyTookBack(CustomerEffect.Push profile) => saidNoThere.TryGetValue(profile.Email, out var by)
        ? profile with { Consents = [.. profile.Consents.Select(c => by.Contains(c.Channel) ? c with { IsNews = false } : c)] } : profile;

    /// <summary>One job for all whom it concerns and who met no trouble yet; what it refuses as a whole is asked for one by one, and at last without the numbers.</summary>
    private async Task ConsentAsync(IReadOnlyList<CustomerEffect.Push> profiles, Result?[] trouble, Func<CustomerEffect.Push, IReadOnlyList<string>, bool> concerns, string path, Func<IReadOnlyList<CustomerEffect.Push>, IReadOnlyList<string>, string> body, CancellationToken cancel)
    {
        foreach (var group in Enumerable.Range(0, profiles.Count).Where(n => trouble[n] is null && concerns(profiles[n], channels)).Chunk(KlaviyoConnector.Most))
        {
            var all = await AskAsync([.. group.Select(n => profiles[n])], channels).ConfigureAwait(false);
            if (all.Outcome is Outcome.Done) continue;
            foreach (var n in group)
            {
                var one = all.Outcome is Outcome.Refused && group.Length > 1 ? await AskAsync([profiles[n]], channels).ConfigureAwait(false) : all;
                // A number that Klaviyo does not take is no reason to keep a mail's word from it.
                if (one.Outcome is Outcome.Refused && channels is not [ContactPoint.Email] && concerns(profiles[n], OnlyMail))
                {
                    var refused = one;
                    one = await AskAsync([profiles[n]], OnlyMail).ConfigureAwait(false);
                    // But the number's no was not taken: that stays said, so that it is told again and somebody hears of it.
                    if (path == Unsubscribe && one.Outcome is Outcome.Done && KlaviyoOutbound.HasNo(profiles[n], [.. channels.Except(OnlyMail)])) noesNotTaken[profiles[n].Email] = refused;
                }
                if (one.Outcome is not Outcome.Done) trouble[n] = one;
            }
        }

        Task<Result> AskAsync(IReadOnlyList<CustomerEffect.Push> of, IReadOnlyList<string> by) => Separately.GuardedAsync(async () =>
        {
            var answer = await api.PostAsync(path, body(of, by), cancel).ConfigureAwait(false);
            return new Result(KlaviyoAnswers.JudgeJob(answer), answer.Exchange);
        });
    }

    private async Task<Result> ImportAsync(CustomerEffect.Push profile, CancellationToken cancel)
    {
        var answer = await api.PostAsync(Import, KlaviyoOutbound.Profile(profile, withPhone: true), cancel).ConfigureAwait(false);
        // A number is one profile's at Klaviyo, and here a household's: without it the rest is taken.
        if (profile.Phone is not null && KlaviyoAnswers.IsAboutThePhone(answer))
            answer = await api.PostAsync(Import, KlaviyoOutbound.Profile(profile, withPhone: false), cancel).ConfigureAwait(false);
        if (KlaviyoAnswers.NoesSince(answer, profile) is { Count: > 0 } by) saidNoThere[profile.Email] = by;
        return new Result(KlaviyoAnswers.JudgeProfile(answer), answer.Exchange);
    }
}
