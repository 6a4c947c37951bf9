using System.Runtime.CompilerServices;
using System.Text.Json;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.WooCommerce;

/// <summary>Sets and reads what the shop may sell.</summary>
/// <remarks>
/// The shop cannot compare and swap. Where we say what it has as far as we know, it is asked first, and a listing that somebody else changed
/// is left alone. A sale between the question and the number is still written over: its order comes by webhook, and the number is set again.
/// </remarks>
internal sealed class WooStock(WooApi api, WooCatchUp patient, Session session)
{
    /// <summary>One call for all products, and one for each product whose variations are meant.</summary>
    public async Task<IReadOnlyList<LevelAnswer>> SetAsync(IReadOnlyList<LevelToSet> levels, int concurrency, CancellationToken cancel)
    {
        var answers = new LevelAnswer[levels.Count];
        using var gate = new SemaphoreSlim(concurrency);
        await Task.WhenAll(Enumerable.Range(0, levels.Count).GroupBy(i => WooListings.Split(levels[i].Listing) is (var product, { }) ? product : null).Select(async group =>
        {
            // Not to be stopped here: what has no answer yet gets one below.
            await gate.WaitAsync(CancellationToken.None).ConfigureAwait(false);
            try
            {
                cancel.ThrowIfCancellationRequested();
                await SetGroupAsync(group.Key, [.. group], levels, answers, cancel).ConfigureAwait(false);
            }
            catch (Exception e) when (e is NotNowException or OperationCanceledException)
            {
                // The other groups keep the answers they have.
                var why = e is NotNowException no ? (Outcome)new Outcome.TryLater(no.Message, no.Wait) : new Outcome.Unsure("Stopped before the answer came.");
                foreach (var i in group) answers[i] ??= new LevelAnswer(why);
            }
            finally
            {
                gate.Release();
            }
        })).ConfigureAwait(false);
        return answers;
    }

    public async IAsyncEnumerable<ListingSeen> ReadAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var products in PagesAsync(page => WooOutbound.Products(page), cancel).ConfigureAwait(false))
        {
            // A page's own numbers first, while they are fresh: asking for variations takes a call for each product.
            foreach (var product in products)
                if (WooListings.Of(product) is { } listing) yield return listing;
            foreach (var product in products)
            {
                if (product is not { Type: "variable", Id: { } id, Variations.Length: > 0 }) continue;
                await foreach (var variations in PagesAsync(page => WooOutbound.Variations(id, page), cancel).ConfigureAwait(false))
                    foreach (var variation in variations)
                        if (WooListings.Of(product, variation) is { } one) yield return one;
            }
        }
    }

    /// <summary>What the shop knows of its goods.</summary>
    public async IAsyncEnumerable<SkuSeen> ReadSkusAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        var goods = new WooGoods(session.Settings);
        await foreach (var products in PagesAsync(page => WooOutbound.Products(page, WooOutbound.Measured), cancel).ConfigureAwait(false))
        {
            foreach (var product in products)
            {
                if (!WooListings.IsFamily(product)) yield return goods.Of(product);
                if (product is not { Type: "variable", Id: { } id, Variations.Length: > 0 }) continue;
                await foreach (var variations in PagesAsync(page => WooOutbound.Variations(id, page, WooOutbound.Measured), cancel).ConfigureAwait(false))
                    foreach (var variation in variations) yield return goods.Of(variation, product);
            }
        }
    }

    /// <param name="product">The product whose variations these are; null for products.</param>
    private async Task SetGroupAsync(string? product, List<int> group, IReadOnlyList<LevelToSet> levels, LevelAnswer[] answers, CancellationToken cancel)
    {
        if (await ChangedMeanwhileAsync(product, group, levels, answers, cancel).ConfigureAwait(false)) group = [.. group.Where(i => answers[i] is null)];
        if (group.Count == 0) return;
        var (batch, answer, trouble) = await api.SendAsync(HttpMethod.Post, WooOutbound.Batch(product), WooOutbound.SetLevels(group.Select(i => (IdOf(levels[i]), levels[i].Units))), WooBodies.Default.BatchAnswer, cancel).ConfigureAwait(false);
        if (answer.Status == 413 && group.Count > 1)
        {
            // A shop may take fewer at a time than the hundred that are usual.
            await SetGroupAsync(product, group[..(group.Count / 2)], levels, answers, cancel).ConfigureAwait(false);
            await SetGroupAsync(product, group[(group.Count / 2)..], levels, answers, cancel).ConfigureAwait(false);
            return;
        }
        foreach (var i in group)
            answers[i] = trouble is null ? Of(batch!.Update?.FirstOrDefault(p => p?.Id == IdOf(levels[i])), levels[i]) : new LevelAnswer(trouble);
    }

    /// <summary>Answers those that need or allow no call: changed by somebody else, unknown there, or not counted. True when there were any.</summary>
    private async Task<bool> ChangedMeanwhileAsync(string? product, List<int> group, IReadOnlyList<LevelToSet> levels, LevelAnswer[] answers, CancellationToken cancel)
    {
        var asked = group.Where(i => levels[i].Was is not null).ToList();
        if (asked.Count == 0) return false;
        var (seen, _, trouble) = await api.GetAsync(WooOutbound.Levels(product, asked.Select(i => IdOf(levels[i]))), WooBodies.Default.ProductBodyArray, cancel).ConfigureAwait(false);
        foreach (var i in asked)
        {
            var there = seen?.FirstOrDefault(p => p?.Id == IdOf(levels[i]));
            if (trouble is not null) answers[i] = new LevelAnswer(trouble);
            else if (there is not { IsCounted: true }) answers[i] = Of(there, levels[i]);
            else if (there.Units == levels[i].Units) answers[i] = new LevelAnswer(new Outcome.Done());
            else if (there.Units is { } units && units != levels[i].Was)
                answers[i] = new LevelAnswer(new Outcome.TryLater($"The shop has {units} of {levels[i].Sku}, and not {levels[i].Was} as we knew: somebody else changed it."), units);
        }
        return true;
    }

    private static LevelAnswer Of(ProductBody? there, LevelToSet level) => there switch
    {
        null => new(new Outcome.Refused("not_found", $"The shop has no such listing ({level.Listing.Item}): it was deleted, or is no product of this kind.")),
        { Error: { } error } => new(WooAnswers.Of(error)),
        { IsCounted: false } => new(new Outcome.Refused("not_counted", there.ManageStock is { ValueKind: JsonValueKind.String }
            ? $"The shop counts {level.Sku} with its product and not by variation. Switch 'Manage stock?' on for the variation there."
            : $"The shop does not count {level.Sku}. Switch 'Track stock quantity' on for it there.")),
        _ when there.Units == level.Units => new(new Outcome.Done()),
        _ => new(new Outcome.TryLater($"The shop took the number for {level.Sku} and has {there.Units} now."), there.Units),
    };

    private async IAsyncEnumerable<IReadOnlyList<ProductBody>> PagesAsync(Func<int, string> path, [EnumeratorCancellation] CancellationToken cancel)
    {
        for (var page = 1; ; page++)
        {
            var answer = await patient.PatientlyAsync(path(page), cancel).ConfigureAwait(false);
            var (listed, trouble) = WooAnswers.Open(answer, WooBodies.Default.ProductBodyArray, reads: true);
            if (trouble is not null) throw new HttpRequestException($"Reading the stock of {session.Connection} failed: {WooAnswers.Text(trouble)}");
            yield return [.. listed!.OfType<ProductBody>()];
            if (listed!.Length < WooOutbound.PageSize) yield break;
        }
    }

    private static string IdOf(LevelToSet level) => WooListings.Split(level.Listing) is (var product, var variation) ? variation ?? product : "";
}
