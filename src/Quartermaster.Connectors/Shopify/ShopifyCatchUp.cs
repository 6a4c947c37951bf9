using System.Globalization;
using System.Runtime.CompilerServices;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Fulfilment;

namespace Quartermaster.Connectors.Shopify;

/// <summary>Finds what webhooks lost: fetches one order, polls for changed ones, counts them, and keeps the subscriptions alive.</summary>
internal sealed class ShopifyCatchUp(ShopifyApi api, Session session)
{
    private const int FirstPage = 10;
    private const double PointsPerOrder = 40;

    public async Task<Result> FetchAsync(FulfilmentEffect.FetchOrder fetch, CancellationToken cancel)
    {
        var (order, answer, trouble) = await WholeAsync(fetch.ExternalId, cancel).ConfigureAwait(false);
        if (trouble is not null) return new Result(trouble, answer.Exchange);
        if (order is null) return new Result(new Outcome.Refused("not_found", "The shop has no such order any more."), answer.Exchange);
        try
        {
            return new Result(new Outcome.Done(fetch.ExternalId), answer.Exchange, ShopifyGraph.Learn(session, order, session.Clock.GetUtcNow()));
        }
        catch (NotUnderstoodException e)
        {
            return new Result(new Outcome.Refused(e.CaseKind, e.Message), answer.Exchange);
        }
    }

    /// <remarks>
    /// Business keys end with the second of the change and no body hash, unlike those of webhooks: an order that changed twice within a second,
    /// of which one report was lost, is so reported once more. Reporting what is known changes nothing.
    /// </remarks>
    public async IAsyncEnumerable<Found> PollAsync(DateTimeOffset since, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (size, after) = (FirstPage, (string?)null);
        var query = $"updated_at:>='{Iso(since)}'";
        while (true)
        {
            var (data, _, trouble) = await api.PatientlyAsync(PageBody(query, size, after), size * PointsPerOrder, cancel).ConfigureAwait(false);
            if (ShopifyAnswers.IsTooCostly(trouble) && size > 1)
            {
                size = Math.Max(1, size / 2);
                continue;
            }
            if (trouble is not null) throw new HttpRequestException($"Polling {session.Connection} failed: {ShopifyAnswers.Text(trouble)}");
            foreach (var listed in data?.Orders?.Nodes ?? [])
            {
                if (listed.Id is null) continue;
                if (listed.LineItems?.PageInfo?.HasNextPage != true)
                {
                    yield return FoundOf(listed);
                    continue;
                }
                var (order, _, broken) = await WholeAsync(ShopifyGraph.Number(listed.Id)!, cancel).ConfigureAwait(false);
                if (broken is not null) throw new HttpRequestException($"Polling {session.Connection} failed: {ShopifyAnswers.Text(broken)}");
                if (order is not null) yield return FoundOf(order);
            }
            if (data?.Orders?.PageInfo is not { HasNextPage: true, EndCursor: { } next }) yield break;
            after = next;
        }
    }

    public async Task<int?> CountAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancel)
    {
        var (data, _, trouble) = await api.PatientlyAsync(ShopifyOutbound.Body(ShopifyOutbound.CountDocument,
            w => w.WriteString("query", $"created_at:>='{Iso(from)}' created_at:<'{Iso(to)}'")), 10, cancel).ConfigureAwait(false);
        return trouble is null && data?.OrdersCount is { Precision: not "AT_LEAST" } exact ? exact.Count : null;
    }

    /// <summary>Shopify deletes a subscription after eight failed deliveries and tells nobody. Each missing one is made again.</summary>
    /// <param name="address">Where this connection's webhooks are taken.</param>
    public async Task<IReadOnlyList<SubscriptionTrouble>> MendAsync(Uri address, CancellationToken cancel)
    {
        var (alive, made, wrong) = (new HashSet<string>(StringComparer.Ordinal), new List<string>(), new List<SubscriptionTrouble>());
        string? after = null;
        do
        {
            var (data, _, trouble) = await api.PatientlyAsync(ShopifyOutbound.Body(ShopifyOutbound.SubscriptionsDocument, w => w.WriteString("after", after)), 100, cancel).ConfigureAwait(false);
            if (trouble is not null) return [SubscriptionTrouble.Unknown($"The subscriptions could not be listed: {ShopifyAnswers.Text(trouble)}")];
            foreach (var one in data?.WebhookSubscriptions?.Nodes ?? [])
                if (one.Topic is not null && one.Uri?.TrimEnd('/') == address.ToString().TrimEnd('/')) alive.Add(one.Topic);
            after = data?.WebhookSubscriptions?.PageInfo is { HasNextPage: true } page ? page.EndCursor : null;
        }
        while (after is not null);

        foreach (var topic in ShopifyOutbound.TopicsOf(session.Settings).Where(t => !alive.Contains(t)))
        {
            var body = ShopifyOutbound.Body(ShopifyOutbound.SubscribeDocument, w =>
            {
                w.WriteString("topic", topic);
                w.WriteString("uri", address.ToString());
            });
            var (data, _, trouble) = await api.PatientlyAsync(body, 10, cancel).ConfigureAwait(false);
            var no = trouble is not null ? ShopifyAnswers.Text(trouble) : string.Join(" ", data?.WebhookSubscriptionCreate?.UserErrors?.Select(e => e.Message) ?? []);
            if (no.Length == 0) made.Add(topic);
            else wrong.Add(trouble is Outcome.TryLater ? SubscriptionTrouble.Unknown($"{topic} has no subscription yet: {no}") : SubscriptionTrouble.Not($"{topic} has no subscription and could not be given one: {no}"));
        }
        if (made.Count > 0) wrong.Insert(0, SubscriptionTrouble.Again($"{string.Join(", ", made)} had no subscription; {(made.Count == 1 ? "it was" : "they were")} made again."));
        return wrong;
    }

    /// <summary>An order with all its lines, however many pages they take.</summary>
    private async Task<(GraphOrder? Order, Shared.Answer Answer, Outcome? Trouble)> WholeAsync(string externalId, CancellationToken cancel)
    {
        var (data, answer, trouble) = await api.QueryAsync(ShopifyOutbound.Id(ShopifyOutbound.FetchDocument, externalId), PointsPerOrder, cancel).ConfigureAwait(false);
        var order = data?.Order;
        while (trouble is null && order?.LineItems?.PageInfo is { HasNextPage: true, EndCursor: { } next })
        {
            var from = next;
            (data, answer, trouble) = await api.PatientlyAsync(ShopifyOutbound.Id(ShopifyOutbound.FetchDocument, externalId, from), PointsPerOrder, cancel).ConfigureAwait(false);
            if (data?.Order?.LineItems is not { Nodes: { } more } page) break;
            order = order with { LineItems = new([.. order.LineItems.Nodes ?? [], .. more], page.PageInfo) };
        }
        return (trouble is null ? order : null, answer, trouble);
    }

    private Found FoundOf(GraphOrder order)
    {
        var id = ShopifyGraph.Number(order.Id)!;
        var version = order.UpdatedAt is { } at ? Iso(at) : "unknown";
        return new Found("orders/updated", $"poll:{id}:{version}", $"orders/updated:{id}:{version}", session.OrderStream(id), ShopifyGraph.ToWebhook(order), order.UpdatedAt);
    }

    private static byte[] PageBody(string query, int size, string? after) => ShopifyOutbound.Body(ShopifyOutbound.PollDocument, w =>
    {
        w.WriteString("query", query);
        w.WriteNumber("first", size);
        if (after is not null) w.WriteString("after", after);
    });

    private static string Iso(DateTimeOffset at) => at.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
