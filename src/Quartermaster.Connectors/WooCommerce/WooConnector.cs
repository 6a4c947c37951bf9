using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;

namespace Quartermaster.Connectors.WooCommerce;

/// <summary>A WooCommerce shop as storefront: orders in, parcels and stock out.</summary>
public sealed class WooConnector : IConnector
{
    public const string DefaultSentStatus = "completed";
    public const string DefaultReleasedStatuses = "processing,completed";
    public const string DefaultCashMethods = "cod";

    public Manifest Manifest { get; } = new()
    {
        Key = "woocommerce",
        Title = "WooCommerce",
        Capabilities = [Capability.Storefront],
        Settings =
        [
            new("site", "Address of the shop without https://, and with its folder if it has one: shop.my-brand.com.", Fits: site => !site.Contains("://", StringComparison.Ordinal) && WebAddress.Is("https://" + site)),
            new("consumer_key", "Consumer key of the REST API, with read and write access: ck_….", Secret: true),
            new("consumer_secret", "Consumer secret that belongs to the key: cs_….", Secret: true),
            new("webhook_secret", "A text of your own choice; the hub makes the webhooks with it, and the shop signs them with it.", Secret: true),
            new("old_webhook_secret", "The secret before the last change, as long as webhooks in the shop still have it.", Required: false, Secret: true),
            new("sent_status", "Status of an order of which all was sent; none = leave the status alone.", Required: false, Default: DefaultSentStatus),
            new("released_statuses", "Statuses, with commas, in which the shop lets an order go on; needed where a plugin adds statuses of its own.", Required: false, Default: DefaultReleasedStatuses),
            new("cash_methods", "Payment methods, with commas, that collect the money at the door.", Required: false, Default: DefaultCashMethods),
            new("not_shipped", "SKUs, with commas, of goods that are never sent: downloads, gift cards. The shop's orders do not tell.", Required: false),
            new("weight_unit", "Unit of the weights in the shop (WooCommerce, Settings, Products): kg, g, lbs, oz. Its interface does not tell.", Required: false, Default: WooGoods.DefaultWeightUnit, Fits: WooGoods.Grams.ContainsKey),
            new("dimension_unit", "Unit of the sizes in the shop: cm, m, mm, in, yd.", Required: false, Default: WooGoods.DefaultSizeUnit, Fits: WooGoods.Centimetres.ContainsKey),
            new("shipment_tracking", "true = also fill in what the plugin Shipment Tracking shows to shoppers.", Required: false, Default: "false"),
            new("keys_in_address", "true = send the keys in the address, for hosts that take the Authorization header away.", Required: false, Default: "false"),
            new("base_url", "Another root address than https://{site}; for tests and proxies.", Required: false),
        ],
        // WooCommerce has no limits of its own; these spare a shared host.
        Limits = new Limits(Batch: 10, Concurrency: 4),
        Does = [Wire.KindOf(typeof(FulfilmentEffect.WriteFulfilment)), Wire.KindOf(typeof(FulfilmentEffect.FetchOrder)), Wire.KindOf(typeof(OrderEffect.CancelAtChannel))],
        RepeatSafety = RepeatSafety.ByLookUp,
        CallLimit = TimeSpan.FromSeconds(60),
        Polls = true,
        Subscribes = true,
        StockBatch = WooOutbound.PageSize,
        Hiding = WooShowing.Words,
        Documentation = "https://woocommerce.github.io/woocommerce-rest-api-docs/",
    };

    /// <remarks>Shops that keep orders in tables of their own send this address on to their newer page.</remarks>
    public Uri? PageOf(Settings settings, RemoteThing thing, string remoteId) =>
        thing == RemoteThing.Order && remoteId.Length > 0 && remoteId.All(char.IsAsciiDigit) && settings.Find("base_url") is null && settings.Find("site") is { } site
            && Uri.TryCreate($"https://{site.Trim().TrimEnd('/')}/wp-admin/post.php?post={remoteId}&action=edit", UriKind.Absolute, out var page) ? page : null;

    public Knock Receive(Session session, Delivery delivery) => WooKnock.Receive(session, delivery);

    public Reading Read(Session session, string topic, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt) => WooInbound.Read(session, topic, body, receivedAt);

    public async Task<IReadOnlyList<Result>> ActAsync(Session session, IReadOnlyList<Work> batch, CancellationToken cancel)
    {
        var api = Api(session);
        using var gate = new SemaphoreSlim(Manifest.Limits.Concurrency);
        return await Separately.DoAsync(batch, async work =>
        {
            try
            {
                await gate.WaitAsync(cancel).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return Result.NotNow("The calls before it took all the time.", TimeSpan.Zero);
            }
            try
            {
                return work.Effect switch
                {
                    FulfilmentEffect.WriteFulfilment write => await new WooFulfilment(api, session).WriteAsync(write, cancel).ConfigureAwait(false),
                    FulfilmentEffect.FetchOrder fetch => await new WooCatchUp(api, session).FetchAsync(fetch, cancel).ConfigureAwait(false),
                    OrderEffect.CancelAtChannel end => await new WooCancellation(api).CancelAsync(end, cancel).ConfigureAwait(false),
                    _ => Unsupported.By(Manifest.Title, work),
                };
            }
            finally
            {
                gate.Release();
            }
        }).ConfigureAwait(false);
    }

    public Task<Result> LookUpAsync(Session session, Work work, CancellationToken cancel) => work.Effect switch
    {
        FulfilmentEffect.WriteFulfilment write => new WooFulfilment(Api(session), session).LookUpAsync(write, cancel),
        OrderEffect.CancelAtChannel end => new WooCancellation(Api(session)).LookUpAsync(end, cancel),
        _ => Task.FromResult(new Result(new Outcome.TryLater("A query changes nothing and may be asked again."), Exchange.None)),
    };

    /// <remarks>The cheapest question that proves address, keys and the right to read orders; the shop's status page would take it seconds.</remarks>
    public async Task<Result> TestAsync(Session session, CancellationToken cancel)
    {
        var answer = await Api(session).AskAsync(HttpMethod.Get, WooOutbound.Cheapest, null, cancel).ConfigureAwait(false);
        var (_, trouble) = WooAnswers.Open(answer, WooBodies.Default.OrderBodyArray, reads: true);
        return new Result(trouble ?? new Outcome.Done(WooApi.RootOf(session.Settings).Host), answer.Exchange);
    }

    public IAsyncEnumerable<Found> PollAsync(Session session, DateTimeOffset since, CancellationToken cancel) => new WooCatchUp(Api(session), session).PollAsync(since, cancel);

    public Task<int?> CountOrdersAsync(Session session, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel) => new WooCatchUp(Api(session), session).CountAsync(from, to, cancel);

    public Task<IReadOnlyList<SubscriptionTrouble>> MendSubscriptionsAsync(Session session, Uri publicAddress, CancellationToken cancel) => new WooCatchUp(Api(session), session).MendAsync(publicAddress, cancel);

    public Task<IReadOnlyList<LevelAnswer>> SetStockAsync(Session session, IReadOnlyList<LevelToSet> levels, CancellationToken cancel) =>
        Stock(session).SetAsync(levels, Manifest.Limits.Concurrency, cancel);

    public IAsyncEnumerable<SkuSeen> ReadSkusAsync(Session session, CancellationToken cancel) => Stock(session).ReadSkusAsync(cancel);

    public IAsyncEnumerable<ListingSeen> ReadStockAsync(Session session, CancellationToken cancel) => Stock(session).ReadAsync(cancel);

    public Task<IReadOnlyList<ShownAnswer>> ReadShownAsync(Session session, IReadOnlyList<string> products, CancellationToken cancel) => new WooShowing(Api(session)).ReadAsync(products, cancel);

    public Task<IReadOnlyList<Outcome>> ShowAsync(Session session, IReadOnlyList<ShowAs> products, CancellationToken cancel) => new WooShowing(Api(session)).ShowAsync(products, cancel);

    private WooApi Api(Session session) => new(session, Manifest);

    private WooStock Stock(Session session) => new(Api(session), new WooCatchUp(Api(session), session), session);
}
