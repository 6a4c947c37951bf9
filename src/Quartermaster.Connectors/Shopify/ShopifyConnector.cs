using Quartermaster.Core.Connecting;
using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Core.Shipping;

namespace Quartermaster.Connectors.Shopify;

/// <summary>A Shopify shop as storefront: orders in, fulfilments out.</summary>
public sealed class ShopifyConnector : IConnector
{
    public const string DefaultVersion = "2026-07";

    // Points as the calculated query cost is published: one per object, connections by what is asked for. Mutations cost 10.
    private const double MutationPoints = 10;
    private const double QueryPointsPerOrder = 4;

    public Manifest Manifest { get; } = new()
    {
        Key = "shopify",
        Title = "Shopify",
        Capabilities = [Capability.Storefront],
        Settings =
        [
            new("shop", "Domain of the shop: my-brand.myshopify.com.", Fits: shop => WebAddress.IsDomain(shop.TrimEnd('/'))),
            new("token", "Admin API access token of the app.", Secret: true),
            new("webhook_secret", "Client secret of the app; webhooks are signed with it.", Secret: true),
            new("old_webhook_secret", "The secret before the last rotation, for the hour in which Shopify may still sign with it.", Required: false, Secret: true),
            new("risk", "true: take in what Shopify and the shop's apps think of an order's risk, and the cards of its payments. Each of their opinions then costs a fetch of the order.", Required: false),
            new("consents", "true: take in what customers say at the shop about being advertised to, by e-mail and text message. Needs read_customers.", Required: false),
            new("checkouts", "true: take in checkouts, so that a flow can write to who left one. Shopify tells of every step of each.", Required: false),
            new("api_version", "Version of the Admin API.", Required: false, Default: DefaultVersion),
            new("base_url", "Another root address than https://{shop}; for tests and proxies.", Required: false),
        ],
        Limits = new Limits(Batch: 50, Concurrency: 16),
        Does = [Wire.KindOf(typeof(FulfilmentEffect.WriteFulfilment)), Wire.KindOf(typeof(FulfilmentEffect.FetchOrder)), Wire.KindOf(typeof(OrderEffect.CancelAtChannel)), Wire.KindOf(typeof(ShippingEffect.GiveCredit))],
        RepeatSafety = RepeatSafety.ByLookUp,
        Polls = true,
        Subscribes = true,
        StockBatch = ShopifyStock.Most,
        Hiding = ShopifyShowing.Words,
        Documentation = "https://shopify.dev/docs/api/admin-graphql",
    };

    // A stand-in behind another root has no admin pages.
    public Uri? PageOf(Settings settings, RemoteThing thing, string remoteId) =>
        thing == RemoteThing.Order && remoteId.All(char.IsAsciiDigit) && settings.Find("base_url") is null && settings.Find("shop") is { } shop
            && Uri.TryCreate($"https://{shop}/admin/orders/{remoteId}", UriKind.Absolute, out var page) ? page : null;

    public Knock Receive(Session session, Delivery delivery) => ShopifyKnock.Receive(session, delivery);

    public Reading Read(Session session, string topic, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt) => ShopifyInbound.Read(session, topic, body, receivedAt);

    public async Task<IReadOnlyList<Result>> ActAsync(Session session, IReadOnlyList<Work> batch, CancellationToken cancel)
    {
        var api = new ShopifyApi(session, Manifest);
        if (batch[0].Effect is FulfilmentEffect.WriteFulfilment) return await WriteAsync(api, session, batch, cancel).ConfigureAwait(false);
        using var gate = new SemaphoreSlim(Manifest.Limits.Concurrency);
        return await Task.WhenAll(batch.Select(async work =>
        {
            await gate.WaitAsync(cancel).ConfigureAwait(false);
            try
            {
                return work.Effect switch
                {
                    FulfilmentEffect.FetchOrder fetch => await new ShopifyCatchUp(api, session).FetchAsync(fetch, cancel).ConfigureAwait(false),
                    OrderEffect.CancelAtChannel end => await new ShopifyCancellation(api).CancelAsync(end, work.Key, cancel).ConfigureAwait(false),
                    ShippingEffect.GiveCredit credit => await new ShopifyCredit(api).GiveAsync(work, credit, cancel).ConfigureAwait(false),
                    _ => new Result(new Outcome.Refused("not_supported", $"Shopify cannot do {work.Effect.GetType().Name}."), Exchange.None),
                };
            }
            finally
            {
                gate.Release();
            }
        })).ConfigureAwait(false);
    }

    /// <summary>One query tells what is open in the orders of the whole batch; then each parcel is written by a call of its own, under its own key.</summary>
    private async Task<IReadOnlyList<Result>> WriteAsync(ShopifyApi api, Session session, IReadOnlyList<Work> batch, CancellationToken cancel)
    {
        var results = new Result[batch.Count];
        var pending = Enumerable.Range(0, batch.Count).ToList();
        // Two parcels of one order draw on the same fulfillment orders: the second is planned on what the first has left, so it takes another round.
        while (pending.Count > 0)
        {
            var round = pending.DistinctBy(i => Effect(i).ExternalId).ToList();
            await WriteRoundAsync(round).ConfigureAwait(false);
            pending = [.. pending.Except(round)];
        }
        return results;

        FulfilmentEffect.WriteFulfilment Effect(int i) => (FulfilmentEffect.WriteFulfilment)batch[i].Effect;

        async Task WriteRoundAsync(List<int> round)
        {
            var question = ShopifyOutbound.Ids(ShopifyOutbound.OpenFulfilmentsDocument, round.Select(i => Effect(i).ExternalId));
            var (data, asked, trouble) = await api.QueryAsync(question, round.Count * QueryPointsPerOrder, cancel).ConfigureAwait(false);
            using var gate = new SemaphoreSlim(Manifest.Limits.Concurrency);
            await Task.WhenAll(round.Select(async (i, at) =>
            {
                if (trouble is not null) results[i] = new Result(trouble, asked.Exchange);
                else results[i] = await WriteOneAsync(api, session, batch[i].Key, Effect(i), data?.Nodes?.ElementAtOrDefault(at), gate, cancel).ConfigureAwait(false);
            })).ConfigureAwait(false);
        }
    }

    private static async Task<Result> WriteOneAsync(ShopifyApi api, Session session, string key, FulfilmentEffect.WriteFulfilment effect, GraphOrder? order, SemaphoreSlim gate, CancellationToken cancel)
    {
        var plan = FulfilmentPlan.For(order, effect.Parcel, session.Locations.GetValueOrDefault(effect.Parcel.Location));
        if (plan.Instead is { } instead)
            return new Result(instead, new Exchange($"What is open for fulfilment in {ShopifyOutbound.OrderGid(effect.ExternalId)}?", FulfilmentPlan.Describe(order)));
        await gate.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            var answer = await api.AskAsync(ShopifyOutbound.Fulfil(plan.Groups, effect.Parcel), plan.Written == 0 ? key : $"{key}/{plan.Written}", MutationPoints * plan.Groups.Count, cancel).ConfigureAwait(false);
            var outcome = ShopifyAnswers.OfFulfilments(answer, plan.Groups.Count);
            return new Result(outcome is Outcome.Done && plan.More ? new Outcome.TryLater("The parcel covers more of the shop's locations than one call takes; the rest follows.", TimeSpan.FromSeconds(1)) : outcome, answer.Exchange);
        }
        finally
        {
            gate.Release();
        }
    }

    public async Task<Result> LookUpAsync(Session session, Work work, CancellationToken cancel)
    {
        if (work.Effect is OrderEffect.CancelAtChannel end) return await new ShopifyCancellation(new ShopifyApi(session, Manifest)).LookUpAsync(end, cancel).ConfigureAwait(false);
        if (work.Effect is ShippingEffect.GiveCredit credit) return await new ShopifyCredit(new ShopifyApi(session, Manifest)).LookUpAsync(credit, cancel).ConfigureAwait(false);
        if (work.Effect is not FulfilmentEffect.WriteFulfilment write) return new Result(new Outcome.TryLater("A query changes nothing and may be asked again."), Exchange.None);
        var (data, answer, trouble) = await new ShopifyApi(session, Manifest)
            .QueryAsync(ShopifyOutbound.Id(ShopifyOutbound.LookUpDocument, write.ExternalId), QueryPointsPerOrder, cancel).ConfigureAwait(false);
        if (trouble is Outcome.NotConnected) return new Result(trouble, answer.Exchange);
        if (trouble is not null) return new Result(new Outcome.Unsure($"The shop could not be asked: {ShopifyAnswers.Text(trouble)}"), answer.Exchange);
        var found = FulfilmentPlan.For(data!.Order, write.Parcel, null).Instead as Outcome.AlreadyDone;
        return new Result(found ?? (Outcome)new Outcome.TryLater("The shop has no fulfilment with this tracking number: it did not arrive."), answer.Exchange);
    }

    public async Task<Result> TestAsync(Session session, CancellationToken cancel)
    {
        var (data, answer, trouble) = await new ShopifyApi(session, Manifest).QueryAsync(ShopifyOutbound.Body(ShopifyOutbound.ShopDocument), 1, cancel).ConfigureAwait(false);
        return new Result(trouble ?? (data?.Shop?.Name is { } name ? new Outcome.Done(name) : new Outcome.Refused("no_shop", "The answer names no shop.")), answer.Exchange);
    }

    public IAsyncEnumerable<Found> PollAsync(Session session, DateTimeOffset since, CancellationToken cancel) =>
        new ShopifyCatchUp(new ShopifyApi(session, Manifest), session).PollAsync(since, cancel);

    public Task<IReadOnlyList<LevelAnswer>> SetStockAsync(Session session, IReadOnlyList<LevelToSet> levels, CancellationToken cancel) =>
        new ShopifyStock(new ShopifyApi(session, Manifest), session).SetAsync(levels, cancel);

    public IAsyncEnumerable<SkuSeen> ReadSkusAsync(Session session, CancellationToken cancel) => new ShopifyStock(new ShopifyApi(session, Manifest), session).ReadSkusAsync(cancel);

    public IAsyncEnumerable<ListingSeen> ReadStockAsync(Session session, CancellationToken cancel) => new ShopifyStock(new ShopifyApi(session, Manifest), session).ReadAsync(cancel);

    public Task<IReadOnlyList<ShownAnswer>> ReadShownAsync(Session session, IReadOnlyList<string> products, CancellationToken cancel) =>
        new ShopifyShowing(new ShopifyApi(session, Manifest)).ReadAsync(products, cancel);

    public Task<IReadOnlyList<Outcome>> ShowAsync(Session session, IReadOnlyList<ShowAs> products, CancellationToken cancel) =>
        new ShopifyShowing(new ShopifyApi(session, Manifest)).ShowAsync(products, cancel);

    public Task<int?> CountOrdersAsync(Session session, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel) =>
        new ShopifyCatchUp(new ShopifyApi(session, Manifest), session).CountAsync(from, to, cancel);

    public Task<IReadOnlyList<SubscriptionTrouble>> MendSubscriptionsAsync(Session session, Uri publicAddress, CancellationToken cancel) =>
        new ShopifyCatchUp(new ShopifyApi(session, Manifest), session).MendAsync(publicAddress, cancel);
}
