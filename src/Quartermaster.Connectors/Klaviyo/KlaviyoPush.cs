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

    private readonly IReadOnlyList<string> channels = KlaviyoOutbound.Channels(settings);
    private readonly ConcurrentDictionary<string, bool> saidNoThere = new();

    public async Task<IReadOnlyList<Result>> SayAsync(IReadOnlyList<CustomerEffect.Push> profiles, CancellationToken cancel)
    {
        var results = new Result?[profiles.Count];
        await ConsentAsync(profiles, results, p => KlaviyoOutbound.HasNo(p, channels), "/api/profile-subscription-bulk-delete-jobs", of => KlaviyoOutbound.Unsubscribe(of, channels), cancel).ConfigureAwait(false);
        await ConsentAsync(profiles, results, KlaviyoOutbound.IsClosed, "/api/profile-suppression-bulk-create-jobs", KlaviyoOutbound.Suppress, cancel).ConfigureAwait(false);
        var open = Enumerable.Range(0, profiles.Count).Where(n => results[n] is null).ToList();
        var taken = await Task.WhenAll(open.Select(n => Separately.GuardedAsync(() => ImportAsync(profiles[n], cancel)))).ConfigureAwait(false);
        var troubled = new Result?[profiles.Count];
        for (var i = 0; i < open.Count; i++) (results[open[i]], troubled[open[i]]) = (taken[i], taken[i].Outcome is Outcome.Done ? null : taken[i]);
        foreach (var n in Enumerable.Range(0, profiles.Count).Except(open)) troubled[n] = results[n];
        await ConsentAsync(profiles, troubled, p => KlaviyoOutbound.HasYes(p, channels) && !saidNoThere.ContainsKey(p.Email), "/api/profile-subscription-bulk-create-jobs", of => KlaviyoOutbound.Subscribe(of, channels, settings.Find("list_id")), cancel).ConfigureAwait(false);
        return [.. results.Select((result, n) => troubled[n] ?? result!)];
    }

    /// <summary>One job for all whom it concerns and who met no trouble yet; what it refuses as a whole is asked for one by one.</summary>
    private async Task ConsentAsync(IReadOnlyList<CustomerEffect.Push> profiles, Result?[] trouble, Func<CustomerEffect.Push, bool> concerns, string path, Func<IReadOnlyList<CustomerEffect.Push>, string> body, CancellationToken cancel)
    {
        foreach (var group in Enumerable.Range(0, profiles.Count).Where(n => trouble[n] is null && concerns(profiles[n])).Chunk(KlaviyoConnector.Most))
        {
            var all = await AskAsync([.. group.Select(n => profiles[n])]).ConfigureAwait(false);
            if (all.Outcome is Outcome.Done) continue;
            foreach (var n in group)
            {
                var one = all.Outcome is Outcome.Refused && group.Length > 1 ? await AskAsync([profiles[n]]).ConfigureAwait(false) : all;
                if (one.Outcome is not Outcome.Done) trouble[n] = one;
            }
        }

        Task<Result> AskAsync(IReadOnlyList<CustomerEffect.Push> of) => Separately.GuardedAsync(async () =>
        {
            var answer = await api.PostAsync(path, body(of), cancel).ConfigureAwait(false);
            return new Result(KlaviyoAnswers.JudgeJob(answer), answer.Exchange);
        });
    }

    private async Task<Result> ImportAsync(CustomerEffect.Push profile, CancellationToken cancel)
    {
        var answer = await api.PostAsync(Import, KlaviyoOutbound.Profile(profile, withPhone: true), cancel).ConfigureAwait(false);
        // A number is one profile's at Klaviyo, and here a household's: without it the rest is taken.
        if (profile.Phone is not null && KlaviyoAnswers.IsAboutThePhone(answer))
            answer = await api.PostAsync(Import, KlaviyoOutbound.Profile(profile, withPhone: false), cancel).ConfigureAwait(false);
        if (profile.By(ContactPoint.Email) is { Wish: Wish.Marketing } yes && KlaviyoAnswers.SaidNoSince(answer, yes.At)) saidNoThere[profile.Email] = true;
        return new Result(KlaviyoAnswers.JudgeProfile(answer), answer.Exchange);
    }
}
