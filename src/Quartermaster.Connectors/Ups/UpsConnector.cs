using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Labels;

namespace Quartermaster.Connectors.Ups;

/// <summary>UPS: its labels on the shipper's own account, and where its parcels are.</summary>
public sealed class UpsConnector : IConnector
{
    public const string DefaultAddress = "https://onlinetools.ups.com";

    internal static readonly Manifest Described = new()
    {
        Key = "ups",
        Title = "UPS",
        Capabilities = [Capability.Carrier],
        Settings =
        [
            new("client_id", "Client id of the application at developer.ups.com."),
            new("client_secret", "Secret that belongs to it.", Secret: true),
            new("account_number", "The shipper's number, six letters or digits, that is billed."),
            new("label_format", "What printers get: GIF, ZPL, EPL or SPL.", Required: false, Default: "GIF"),
            new("absent_codes", "Error codes, with commas between them, by which UPS says that it has no label under a reference; without them a person looks.", Required: false),
            new("base_url", "Another root address; for tests, proxies and UPS's own test environment.", Required: false, Default: DefaultAddress),
        ],
        Limits = new Limits(Batch: 1, Concurrency: 4, PerSecond: 4, Burst: 4),
        Does = [Wire.KindOf(typeof(LabelEffect.Buy)), Wire.KindOf(typeof(LabelEffect.Void))],
        RepeatSafety = RepeatSafety.ByLookUp,
        TrackBatch = 10,
        Carriers = ["UPS", "United Parcel Service"],
        CallLimit = TimeSpan.FromSeconds(60),
        Documentation = "https://developer.ups.com/api/reference",
    };

    private readonly AccessTokens tokens = new();

    public Manifest Manifest => Described;

    public Task<IReadOnlyList<Result>> ActAsync(Session session, IReadOnlyList<Work> batch, CancellationToken cancel)
    {
        var api = new UpsApi(session, tokens);
        return Separately.DoAsync(batch, work => work.Effect switch
        {
            LabelEffect.Buy buy => api.BuyAsync(buy.Parcel, cancel),
            LabelEffect.Void taken => api.VoidAsync(taken, cancel),
            _ => Task.FromResult(Unsupported.By(Described.Title, work)),
        });
    }

    public Task<Result> LookUpAsync(Session session, Work work, CancellationToken cancel) => work.Effect switch
    {
        LabelEffect.Buy buy => new UpsApi(session, tokens).FindAsync(buy.Parcel, cancel),
        // A second cancellation answers that the first was carried out.
        LabelEffect.Void => Task.FromResult(new Result(new Outcome.TryLater("UPS is asked to cancel it once more."), Exchange.None)),
        _ => Task.FromResult(Unsupported.By(Described.Title, work)),
    };

    public Task<Result> TestAsync(Session session, CancellationToken cancel) => new UpsApi(session, tokens).TestAsync(cancel);

    public Task<IReadOnlyList<ShippingOffer>> QuoteAsync(Session session, Consignment parcel, CancellationToken cancel) => new UpsApi(session, tokens).QuoteAsync(parcel, cancel);

    public async Task<IReadOnlyList<Whereabouts>> TrackAsync(Session session, IReadOnlyList<ParcelToFind> parcels, CancellationToken cancel)
    {
        var api = new UpsApi(session, tokens);
        return await Task.WhenAll(parcels.Select(parcel => api.TrackAsync(parcel, cancel))).ConfigureAwait(false);
    }
}
