using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Labels;

namespace Quartermaster.Connectors.FedEx;

/// <summary>FedEx: its labels on the shipper's own account, and where its parcels are.</summary>
/// <remarks>FedEx knows no idempotency key and finds a fresh label by no reference: a purchase of unknown fate is a person's.</remarks>
public sealed class FedExConnector : IConnector
{
    public const string DefaultAddress = "https://apis.fedex.com";

    internal static readonly Manifest Described = new()
    {
        Key = "fedex",
        Title = "FedEx",
        Capabilities = [Capability.Carrier],
        Settings =
        [
            new("client_id", "API key of the project at developer.fedex.com."),
            new("client_secret", "Secret key that belongs to it.", Secret: true),
            new("account_number", "The shipping account, nine digits, that is billed."),
            new("label_format", "What printers get: PDF, PNG, ZPLII or EPL2.", Required: false, Default: "PDF"),
            new("label_stock", "Paper of the label, as FedEx names it.", Required: false, Default: "PAPER_4X6"),
            new("pickup_type", "How FedEx gets the parcels: USE_SCHEDULED_PICKUP, DROPOFF_AT_FEDEX_LOCATION or CONTACT_FEDEX_TO_SCHEDULE.", Required: false, Default: "USE_SCHEDULED_PICKUP"),
            new("base_url", "Another root address; for tests, proxies and FedEx's own test environment.", Required: false, Default: DefaultAddress),
        ],
        // FedEx allows 1,400 calls in ten seconds and a quota a day that depends on the project; questions are told thirty at a time.
        Limits = new Limits(Batch: 1, Concurrency: 4, PerSecond: 10, Burst: 10),
        Does = [Wire.KindOf(typeof(LabelEffect.Buy)), Wire.KindOf(typeof(LabelEffect.Void))],
        RepeatSafety = RepeatSafety.None,
        TrackBatch = 30,
        Carriers = ["FedEx", "Federal Express"],
        CallLimit = TimeSpan.FromSeconds(60),
        Documentation = "https://developer.fedex.com/api/en-us/catalog.html",
    };

    private readonly AccessTokens tokens = new();

    public Manifest Manifest => Described;

    public Task<IReadOnlyList<Result>> ActAsync(Session session, IReadOnlyList<Work> batch, CancellationToken cancel)
    {
        var api = new FedExApi(session, tokens);
        return Separately.DoAsync(batch, work => work.Effect switch
        {
            LabelEffect.Buy buy => api.BuyAsync(buy.Parcel, cancel),
            LabelEffect.Void taken => api.VoidAsync(taken, cancel),
            _ => Task.FromResult(Unsupported.By(Described.Title, work)),
        });
    }

    public Task<Result> TestAsync(Session session, CancellationToken cancel) => new FedExApi(session, tokens).TestAsync(cancel);

    public Task<IReadOnlyList<ShippingOffer>> QuoteAsync(Session session, Consignment parcel, CancellationToken cancel) => new FedExApi(session, tokens).QuoteAsync(parcel, cancel);

    public Task<IReadOnlyList<Whereabouts>> TrackAsync(Session session, IReadOnlyList<ParcelToFind> parcels, CancellationToken cancel) => new FedExApi(session, tokens).TrackAsync(parcels, cancel);
}
