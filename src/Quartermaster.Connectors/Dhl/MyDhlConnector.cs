using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Dispatching;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Labels;

namespace Quartermaster.Connectors.Dhl;

/// <summary>MyDHL, the API of DHL Express: its labels on the shipper's own account, what they would cost, where its parcels are, and the courier who fetches them.</summary>
/// <remarks>DHL finds a shipment by our reference. It has no call to cancel one: a label that no parcel carries is never scanned.</remarks>
public sealed class MyDhlConnector : IConnector
{
    public const string DefaultAddress = "https://express.api.dhl.com/mydhlapi";

    internal const string DefaultFormat = "pdf";

    internal static readonly Manifest Described = new()
    {
        Key = "mydhl",
        Title = "MyDHL (DHL Express)",
        Capabilities = [Capability.Carrier],
        Settings =
        [
            new("username", "API key of the application at developer.dhl.com."),
            new("api_secret", "Its secret.", Secret: true),
            new("account_number", "The shipper's DHL Express account, nine digits, that is billed."),
            new("label_format", "What printers get: pdf, zpl or epl.", Required: false, Default: DefaultFormat),
            new("label_template", "DHL's name of the label's layout.", Required: false, Default: "ECOM26_84_001"),
            new("pickup_close", "Until when a courier may come, by the location's clock: HH:MM.", Required: false, Default: "18:00"),
            new("base_url", "Another root address; for tests, proxies and DHL's own test environment.", Required: false, Default: DefaultAddress),
        ],
        // DHL publishes no limit; what it turns away with 429 waits.
        Limits = new Limits(Batch: 1, Concurrency: 2, PerSecond: 2, Burst: 2),
        Does = [Wire.KindOf(typeof(LabelEffect.Buy)), Wire.KindOf(typeof(LabelEffect.Void)), Wire.KindOf(typeof(DispatchEffect.Close))],
        RepeatSafety = RepeatSafety.ByLookUp,
        TrackBatch = 20,
        DispatchBatch = 999,
        ListIsAVisit = true,
        Carriers = ["DHL Express"],
        CallLimit = TimeSpan.FromSeconds(60),
        Documentation = "https://developer.dhl.com/api-reference/dhl-express-mydhl-api",
    };

    public Manifest Manifest => Described;

    public Task<IReadOnlyList<Result>> ActAsync(Session session, IReadOnlyList<Work> batch, CancellationToken cancel)
    {
        var api = new MyDhlApi(session);
        return Separately.DoAsync(batch, work => work.Effect switch
        {
            LabelEffect.Buy buy => api.BuyAsync(buy.Parcel, cancel),
            LabelEffect.Void => Task.FromResult(NothingToCancel),
            DispatchEffect.Close close => api.FetchAsync(close.List, cancel),
            _ => Task.FromResult(Unsupported.By(Described.Title, work)),
        });
    }

    public Task<Result> LookUpAsync(Session session, Work work, CancellationToken cancel) => work.Effect switch
    {
        LabelEffect.Buy buy => new MyDhlApi(session).FindAsync(buy.Parcel, cancel),
        LabelEffect.Void => Task.FromResult(NothingToCancel),
        // A second courier comes for nothing and is billed.
        DispatchEffect.Close close => Task.FromResult(new Result(new Outcome.Unsure($"DHL cannot be asked whether a courier is booked. Call DHL, or look in MyDHL+ for {close.List.Location} on {close.List.Day:yyyy-MM-dd}."), Exchange.None)),
        _ => Task.FromResult(Unsupported.By(Described.Title, work)),
    };

    public Task<Result> TestAsync(Session session, CancellationToken cancel) => new MyDhlApi(session).TestAsync(cancel);

    public Task<IReadOnlyList<ShippingOffer>> QuoteAsync(Session session, Consignment parcel, CancellationToken cancel) => new MyDhlApi(session).QuoteAsync(parcel, cancel);

    public Task<IReadOnlyList<Whereabouts>> TrackAsync(Session session, IReadOnlyList<ParcelToFind> parcels, CancellationToken cancel) => new MyDhlApi(session).TrackAsync(parcels, cancel);

    private static readonly Result NothingToCancel = new(new Outcome.Done(), Exchange.None);
}
