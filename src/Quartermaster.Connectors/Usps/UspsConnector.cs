using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.Usps;

/// <summary>USPS: where its parcels are, and what it would charge. Its labels are bought through a broker: the hub hands a label on as an address, and USPS answers with the picture itself.</summary>
public sealed class UspsConnector : IConnector
{
    public const string DefaultAddress = "https://apis.usps.com";

    internal static readonly Manifest Described = new()
    {
        Key = "usps",
        Title = "USPS",
        Capabilities = [Capability.Carrier],
        Settings =
        [
            new("client_id", "Consumer key of the app at developers.usps.com."),
            new("client_secret", "Consumer secret that belongs to it.", Secret: true),
            new("price_type", "Which prices are told: COMMERCIAL, RETAIL or CONTRACT.", Required: false, Default: "COMMERCIAL"),
            new("base_url", "Another root address; for tests, proxies and USPS's own test environment.", Required: false, Default: DefaultAddress),
        ],
        // Sixty calls an hour is what a new app is given; USPS raises it when it is asked to.
        Limits = new Limits(Batch: 1, Concurrency: 1, PerSecond: 1d / 60, Burst: 5, PerDay: 1440),
        Does = [],
        RepeatSafety = RepeatSafety.None,
        TrackBatch = 5,
        Carriers = ["USPS", "US Postal Service", "United States Postal Service"],
        Documentation = "https://developers.usps.com/apis",
    };

    private readonly AccessTokens tokens = new();

    public Manifest Manifest => Described;

    public Task<IReadOnlyList<Result>> ActAsync(Session session, IReadOnlyList<Work> batch, CancellationToken cancel) =>
        Separately.DoAsync(batch, work => Task.FromResult(Unsupported.By(Described.Title, work)));

    public Task<Result> TestAsync(Session session, CancellationToken cancel) => new UspsApi(session, tokens).TestAsync(cancel);

    public Task<IReadOnlyList<ShippingOffer>> QuoteAsync(Session session, Consignment parcel, CancellationToken cancel) => new UspsApi(session, tokens).QuoteAsync(parcel, cancel);

    public Task<IReadOnlyList<Whereabouts>> TrackAsync(Session session, IReadOnlyList<ParcelToFind> parcels, CancellationToken cancel)
    {
        var api = new UspsApi(session, tokens);
        return OneByOne.AskAsync(parcels, parcel => api.TrackAsync(parcel, cancel));
    }
}
