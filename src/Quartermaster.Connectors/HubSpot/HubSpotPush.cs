using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Customers;

namespace Quartermaster.Connectors.HubSpot;

/// <summary>Tells HubSpot of a batch of customers: who said no and is known there first, then all contacts in one call, then what was said by the others.</summary>
internal sealed class HubSpotPush(HubSpotApi api, Settings settings)
{
    private readonly string prefix = settings.Get("property_prefix", "quartermaster_");

    public async Task<IReadOnlyList<Result>> SayAsync(IReadOnlyList<CustomerEffect.Push> profiles, CancellationToken cancel)
    {
        var results = new Result?[profiles.Count];
        await ConsentAsync(profiles, results, Enumerable.Range(0, profiles.Count).Where(n => profiles[n].RemoteId is not null && IsNo(profiles[n])), cancel).ConfigureAwait(false);
        int[] open = [.. Enumerable.Range(0, profiles.Count).Where(n => results[n] is null)];
        var taken = await UpsertAsync([.. open.Select(n => profiles[n])], mayMake: true, cancel).ConfigureAwait(false);
        var trouble = new Result?[profiles.Count];
        for (var i = 0; i < open.Length; i++) (results[open[i]], trouble[open[i]]) = (taken[i], taken[i].Outcome is Outcome.Done ? null : taken[i]);
        await ConsentAsync(profiles, trouble, open.Where(n => trouble[n] is null && (IsYes(profiles[n]) || (profiles[n].RemoteId is null && IsNo(profiles[n])))), cancel).ConfigureAwait(false);
        return [.. results.Select((result, n) => trouble[n] ?? result!)];
    }

    private bool IsYes(CustomerEffect.Push profile) => settings.Find("subscription_id") is not null && profile.By(ContactPoint.Email) is { IsNews: true, Wish: Wish.Marketing };

    private bool IsNo(CustomerEffect.Push profile) => settings.Find("subscription_id") is not null && profile.By(ContactPoint.Email) is { IsNews: true, Wish: Wish.NoMarketing or Wish.Nothing };

    private async Task ConsentAsync(IReadOnlyList<CustomerEffect.Push> profiles, Result?[] trouble, IEnumerable<int> of, CancellationToken cancel)
    {
        await Task.WhenAll(of.ToList().Select(async n =>
        {
            var said = profiles[n].By(ContactPoint.Email)!;
            var result = await Separately.GuardedAsync(async () =>
            {
                var answer = await api.PostAsync(HubSpotOutbound.ConsentPath(said), HubSpotOutbound.Consent(profiles[n].Email, said, settings["subscription_id"]), cancel).ConfigureAwait(false);
                return new Result(HubSpotAnswers.JudgeConsent(answer), answer.Exchange);
            }).ConfigureAwait(false);
            if (result.Outcome is not (Outcome.Done or Outcome.AlreadyDone)) trouble[n] = result;
        })).ConfigureAwait(false);
    }

    /// <param name="mayMake">Properties that are missing are made, once.</param>
    private async Task<IReadOnlyList<Result>> UpsertAsync(IReadOnlyList<CustomerEffect.Push> profiles, bool mayMake, CancellationToken cancel)
    {
        if (profiles.Count == 0) return [];
        var all = await GuardedAsync(async () =>
        {
            var answer = await api.PostAsync(HubSpotApi.Contacts + "/batch/upsert", HubSpotOutbound.Upsert(profiles, prefix), cancel).ConfigureAwait(false);
            return (answer, HubSpotAnswers.JudgeContacts(answer, [.. profiles.Select(p => p.Email)]));
        }, profiles.Count).ConfigureAwait(false);
        if (mayMake && all.Answer is not null && HubSpotAnswers.LacksAProperty(all.Answer))
        {
            var made = await Separately.GuardedAsync(async () =>
            {
                var answer = await api.PostAsync(HubSpotApi.Properties + "/batch/create", HubSpotOutbound.Properties(profiles, prefix), cancel).ConfigureAwait(false);
                return new Result(HubSpotAnswers.JudgeProperties(answer), answer.Exchange);
            }).ConfigureAwait(false);
            return made.Outcome is Outcome.Done ? await UpsertAsync(profiles, mayMake: false, cancel).ConfigureAwait(false) : [.. profiles.Select(_ => made)];
        }
        // One address that HubSpot does not take makes it refuse all of them.
        if (profiles.Count > 1 && all.Results.All(r => r.Outcome is Outcome.Refused))
            return [.. (await Task.WhenAll(profiles.Select(p => UpsertAsync([p], mayMake: false, cancel))).ConfigureAwait(false)).Select(r => r[0])];
        return all.Results;
    }

    private static async Task<(Answer? Answer, IReadOnlyList<Result> Results)> GuardedAsync(Func<Task<(Answer, IReadOnlyList<Result>)>> call, int count)
    {
        (Answer? Answer, IReadOnlyList<Result> Results) came = (null, []);
        var result = await Separately.GuardedAsync(async () =>
        {
            came = await call().ConfigureAwait(false);
            return came.Results[0];
        }).ConfigureAwait(false);
        return came.Answer is null ? (null, [.. Enumerable.Repeat(result, count)]) : came;
    }
}
