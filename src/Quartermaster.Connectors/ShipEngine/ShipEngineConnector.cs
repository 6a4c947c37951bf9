using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Dispatching;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Labels;

namespace Quartermaster.Connectors.ShipEngine;

/// <summary>ShipEngine, and what a ShipStation account calls API v2, which is the same under another address (unverified): labels of some seventy carriers, and their scans, through one account.</summary>
public sealed class ShipEngineConnector : IConnector
{
    public const string DefaultAddress = "https://api.shipengine.com";
    public const string DefaultVersion = "v1";

    internal static readonly Manifest Described = new()
    {
        Key = "shipengine",
        Title = "ShipEngine / ShipStation API",
        Capabilities = [Capability.Carrier],
        Settings =
        [
            new("api_key", "Key of the account, sent as the header API-Key; a key that begins with TEST_ sells labels that cost and carry nothing.", Secret: true),
            new("carrier_id", "The carrier account that is billed: se-123456."),
            new("webhook_token", "A text of your own choice; the hub has ShipEngine send it with every scan, and takes none without it.", Secret: true),
            new("label_format", "What printers get: pdf, png or zpl.", Required: false, Default: "pdf"),
            new("label_layout", "Size of the label: 4x6 or letter.", Required: false, Default: "4x6"),
            new("api_version", "First part of the addresses: v1 at ShipEngine, v2 at ShipStation.", Required: false, Default: DefaultVersion, Fits: v => v is "v1" or "v2"),
            new("base_url", "Another root address; for tests and proxies.", Required: false, Default: DefaultAddress),
        ],
        // ShipEngine asks for at most 200 calls a minute of an account; 3 a second stays below that.
        Limits = new Limits(Batch: 1, Concurrency: 4, PerSecond: 3, Burst: 3),
        Does = [Wire.KindOf(typeof(LabelEffect.Buy)), Wire.KindOf(typeof(LabelEffect.Void)), Wire.KindOf(typeof(DispatchEffect.Close))],
        RepeatSafety = RepeatSafety.ByLookUp,
        Subscribes = true,
        CallLimit = TimeSpan.FromSeconds(60),
        ScansByNumber = true,
        DispatchBatch = 500,
        TrackBatch = 5,
        AskAfterSilence = TimeSpan.FromDays(1),
        Documentation = "https://www.shipengine.com/docs/",
    };

    public Manifest Manifest => Described;

    public Knock Receive(Session session, Delivery delivery) => ShipEngineInbound.Receive(session, delivery);

    public Reading Read(Session session, string topic, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt) => ShipEngineInbound.Read(session, body, receivedAt);

    public Task<IReadOnlyList<Result>> ActAsync(Session session, IReadOnlyList<Work> batch, CancellationToken cancel)
    {
        var api = new ShipEngineApi(session);
        return Separately.DoAsync(batch, work => work.Effect switch
        {
            LabelEffect.Buy buy => api.BuyAsync(work, buy.Parcel, cancel),
            LabelEffect.Void taken => api.VoidAsync(taken, cancel),
            DispatchEffect.Close close => api.CloseAsync(close.List, cancel),
            _ => Task.FromResult(Unsupported.By(Described.Title, work)),
        });
    }

    public Task<Result> LookUpAsync(Session session, Work work, CancellationToken cancel) => work.Effect switch
    {
        LabelEffect.Buy buy => new ShipEngineApi(session).FindAsync(buy.Parcel, cancel),
        LabelEffect.Void taken => new ShipEngineApi(session).IsVoidAsync(taken, cancel),
        DispatchEffect.Close close => new ShipEngineApi(session).FindAsync(close.List, cancel),
        _ => Task.FromResult(Unsupported.By(Described.Title, work)),
    };

    public Task<Result> TestAsync(Session session, CancellationToken cancel) => new ShipEngineApi(session).TestAsync(cancel);

    public Task<IReadOnlyList<ShippingOffer>> QuoteAsync(Session session, Consignment parcel, CancellationToken cancel) => new ShipEngineApi(session).QuoteAsync(parcel, cancel);

    public Task<IReadOnlyList<Whereabouts>> TrackAsync(Session session, IReadOnlyList<ParcelToFind> parcels, CancellationToken cancel)
    {
        var api = new ShipEngineApi(session);
        return OneByOne.AskAsync(parcels, parcel => api.TrackAsync(parcel, cancel));
    }

    public Task<IReadOnlyList<SubscriptionTrouble>> MendSubscriptionsAsync(Session session, Uri publicAddress, CancellationToken cancel) => new ShipEngineApi(session).MendAsync(publicAddress, cancel);
}
