using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Connectors.Shopify;

/// <summary>What the shop may sell: sets <c>available</c> with compare-and-swap, and reads the catalogue.</summary>
/// <remarks>
/// <c>inventorySetQuantities</c> takes all its quantities or none, and names those at fault. So the faulty ones are answered and the others
/// are sent once more. <c>changeFromQuantity</c> is what the shop has as far as we know: an order that came in there meanwhile makes it stale.
/// </remarks>
internal sealed class ShopifyStock(ShopifyApi api, Session session)
{
    /// <summary>Quantities in one mutation, as published.</summary>
    public const int Most = 250;

    private const int PageSize = 100;
    private const double PointsPerItem = 3;
    private static readonly Outcome Stale = new Outcome.TryLater("The shop has another number than we believed.");

    public async Task<IReadOnlyList<LevelAnswer>> SetAsync(IReadOnlyList<LevelToSet> levels, CancellationToken cancel)
    {
        var answers = new LevelAnswer?[levels.Count];
        var open = Enumerable.Range(0, levels.Count).Where(i => levels[i].Was is not null).ToList();
        var stale = Enumerable.Range(0, levels.Count).Where(i => levels[i].Was is null).ToList();
        for (var round = 0; open.Count > 0; round++)
        {
            var faults = await SetOnceAsync(levels, open, answers, round, cancel).ConfigureAwait(false);
            if (faults is null) break;
            stale.AddRange(faults.Where(f => f.Value is null).Select(f => f.Key));
            foreach (var (i, why) in faults) if (why is not null) answers[i] = new(why);
            open = [.. open.Where(i => !faults.ContainsKey(i))];
            if (faults.Count > 0 && round == 0) continue;
            foreach (var i in open) answers[i] = new(new Outcome.TryLater("Other items of the same call were at fault."));
            break;
        }
        foreach (var place in stale.GroupBy(i => levels[i].Listing.Place)) await FindAsync(levels, [.. place], place.Key, answers, cancel).ConfigureAwait(false);
        return answers!;
    }

    /// <summary>One mutation. Null when all of them are answered; otherwise those at fault, with a refusal or null for a number that is stale.</summary>
    private async Task<Dictionary<int, Outcome?>?> SetOnceAsync(IReadOnlyList<LevelToSet> levels, List<int> open, LevelAnswer?[] answers, int round, CancellationToken cancel)
    {
        var answer = await api.AskAsync(ShopifyOutbound.SetStock([.. open.Select(i => levels[i])], KeyOf(open.Select(i => levels[i].Key), round)), null, 10, cancel).ConfigureAwait(false);
        var (reply, trouble) = ShopifyAnswers.Open(answer, reads: false);
        if (trouble is null && reply!.Data!.InventorySetQuantities is null) trouble = new Outcome.Unsure("Shopify confirmed the call and said nothing of the quantities.");
        if (trouble is not null || reply!.Data!.InventorySetQuantities!.UserErrors is not { Length: > 0 } errors)
        {
            foreach (var i in open) answers[i] = new(trouble ?? new Outcome.Done());
            return null;
        }
        Dictionary<int, Outcome?> faults = [];
        foreach (var error in errors)
        {
            if (IndexOf(error.Field) is { } at && at < open.Count) faults[open[at]] = error.Code == "CHANGE_FROM_QUANTITY_STALE" ? null : Meaning(error);
            // Of the call as a whole: it is the answer of each.
            else foreach (var i in open) faults.TryAdd(i, Meaning(error));
        }
        return faults;
    }

    private async Task FindAsync(IReadOnlyList<LevelToSet> levels, int[] wanted, string place, LevelAnswer?[] answers, CancellationToken cancel)
    {
        var (data, _, trouble) = await api.QueryAsync(ShopifyOutbound.Levels(wanted.Select(i => levels[i].Listing.Item), place), wanted.Length * PointsPerItem, cancel).ConfigureAwait(false);
        for (var at = 0; at < wanted.Length; at++)
        {
            var item = data?.Items?.ElementAtOrDefault(at);
            answers[wanted[at]] = trouble is not null ? new(trouble)
                : item is null ? new(new Outcome.Refused("not_found", "The shop has no such inventory item any more."))
                : item.Tracked == false ? new(new Outcome.Refused("not_tracked", "The shop does not track the quantity of this variant. Switch it on there."))
                : item.InventoryLevel?.Available is { } found ? new(Stale, found)
                : new(new Outcome.Refused("not_stocked", "The item is not stocked at this location of the shop. Stock it there."));
        }
    }

    public async IAsyncEnumerable<ListingSeen> ReadAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        foreach (var place in session.Locations.Values)
        {
            var (size, after) = (PageSize, (string?)null);
            while (true)
            {
                var (data, _, trouble) = await api.PatientlyAsync(ShopifyOutbound.Catalogue(place, size, after), size * PointsPerItem, cancel).ConfigureAwait(false);
                if (ShopifyAnswers.IsTooCostly(trouble) && size > 1)
                {
                    size = Math.Max(1, size / 2);
                    continue;
                }
                if (trouble is not null) throw new HttpRequestException($"The stock of {session.Connection} could not be read: {ShopifyAnswers.Text(trouble)}");
                if (data?.Location is null) throw new HttpRequestException($"The shop has no location {place}. Check the connection's locations.");
                foreach (var level in data.Location.InventoryLevels?.Nodes ?? [])
                    if (ShopifyGraph.Number(level.Item?.Id) is { } item)
                        yield return new(new(item, place), level.Item!.Sku?.Trim() ?? "", TitleOf(level.Item), ShopifyGraph.Number(level.Item.Variants?.Nodes?.FirstOrDefault()?.Product?.Id) ?? "", level.Item.Tracked == false ? null : level.Available);
                if (data.Location.InventoryLevels?.PageInfo is not { HasNextPage: true, EndCursor: { } next }) break;
                after = next;
            }
        }
    }

    /// <summary>What the shop knows of its goods. It has no sizes.</summary>
    public async IAsyncEnumerable<SkuSeen> ReadSkusAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        var (size, after) = (PageSize, (string?)null);
        while (true)
        {
            var (data, _, trouble) = await api.PatientlyAsync(ShopifyOutbound.Goods(size, after), size * PointsPerItem, cancel).ConfigureAwait(false);
            if (ShopifyAnswers.IsTooCostly(trouble) && size > 1)
            {
                size = Math.Max(1, size / 2);
                continue;
            }
            if (trouble is not null) throw new HttpRequestException($"The goods of {session.Connection} could not be read: {ShopifyAnswers.Text(trouble)}");
            foreach (var item in data?.InventoryItems?.Nodes ?? [])
                yield return new(item.Sku?.Trim() ?? "", new(ShopifyGraph.Grams(item.Measurement?.Weight) is > 0 and <= SkuFacts.MostGrams and var grams ? grams : 0, null, SkuFacts.Tariff(item.HarmonizedSystemCode), Countries.OrEmpty(item.CountryCodeOfOrigin) is { Length: > 0 } origin ? origin : null));
            if (data?.InventoryItems?.PageInfo is not { HasNextPage: true, EndCursor: { } next }) yield break;
            after = next;
        }
    }

    private static Outcome Meaning(UserError error) => error.Code switch
    {
        "IDEMPOTENCY_CONCURRENT_REQUEST" or "IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED" or "IDEMPOTENCY_KEY_PARAMETER_MISMATCH" => new Outcome.TryLater(error.Message ?? error.Code),
        _ => new Outcome.Refused(error.Code ?? "user_error", error.Message ?? "Shopify gave no reason."),
    };

    // ["input", "quantities", "3", "changeFromQuantity"]
    private static int? IndexOf(string?[]? field) =>
        field is [_, "quantities", { } at, ..] && int.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null;

    private static string TitleOf(GraphStockItem item) => item.Variants?.Nodes?.FirstOrDefault() is not { } variant ? item.Sku ?? ""
        : variant.Title is null or "Default Title" ? variant.Product?.Title ?? "" : $"{variant.Product?.Title} · {variant.Title}";

    /// <summary>One key for the call, of the keys of what it carries: a repeat of the same call is the same call.</summary>
    private static string KeyOf(IEnumerable<string> keys, int round) =>
        new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{round}\n{string.Join('\n', keys)}")).AsSpan(0, 16)).ToString();
}
