using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Dispatching;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Labels;

namespace Quartermaster.Connectors.Delhivery;

/// <summary>Delhivery: waybills with and without collection on the shipper's own account, pickups, and where its parcels are.</summary>
/// <remarks>No contract of its calls is published: they are written from memory and from programs that make them. Its webhooks are agreed with each client, and not read here.</remarks>
public sealed class DelhiveryConnector : IConnector
{
    public const string DefaultAddress = "https://track.delhivery.com";

    internal static readonly Manifest Described = new()
    {
        Key = "delhivery",
        Title = "Delhivery",
        Capabilities = [Capability.Carrier],
        Settings =
        [
            new("token", "API token of the client, from Delhivery's panel or account manager.", Secret: true),
            new("pickup_location", "Name of the warehouse as Delhivery has it, capitals included."),
            new("pickup_time", "From when on a courier may come, by India's clock: HH:MM.", Required: false, Default: "14:00"),
            new("label_size", "Paper of the label: 4R or A4.", Required: false, Default: "4R"),
            new("base_url", "Another root address; for tests, proxies and Delhivery's own test environment.", Required: false, Default: DefaultAddress),
        ],
        // 750 calls in five minutes for what is asked most often; not published.
        Limits = new Limits(Batch: 1, Concurrency: 2, PerSecond: 2, Burst: 2),
        Does = [Wire.KindOf(typeof(LabelEffect.Buy)), Wire.KindOf(typeof(LabelEffect.Void)), Wire.KindOf(typeof(DispatchEffect.Close))],
        RepeatSafety = RepeatSafety.ByLookUp,
        TrackBatch = 30,
        DispatchBatch = 500,
        ListIsAVisit = true,
        Carriers = ["Delhivery"],
        CallLimit = TimeSpan.FromSeconds(90),
        Documentation = "https://delhivery-express-api-doc.readme.io/",
        Verified = false,
    };

    public Manifest Manifest => Described;

    public Task<IReadOnlyList<Result>> ActAsync(Session session, IReadOnlyList<Work> batch, CancellationToken cancel)
    {
        var api = new DelhiveryApi(session);
        return Separately.DoAsync(batch, work => work.Effect switch
        {
            LabelEffect.Buy buy => api.BuyAsync(buy.Parcel, cancel),
            LabelEffect.Void taken => api.VoidAsync(taken, cancel),
            DispatchEffect.Close close => api.FetchAsync(close.List, cancel),
            _ => Task.FromResult(Unsupported.By(Described.Title, work)),
        });
    }

    public Task<Result> LookUpAsync(Session session, Work work, CancellationToken cancel) => work.Effect switch
    {
        LabelEffect.Buy buy => new DelhiveryApi(session).FindAsync(buy.Parcel, cancel),
        // A second cancellation answers that the first was carried out.
        LabelEffect.Void => Task.FromResult(new Result(new Outcome.TryLater("Delhivery is asked to cancel it once more."), Exchange.None)),
        DispatchEffect.Close close => Task.FromResult(new Result(new Outcome.Unsure($"Delhivery cannot be asked whether a pickup is booked. Look in its panel for {session.Settings.Get("pickup_location", close.List.Location)} on {close.List.Day:yyyy-MM-dd}."), Exchange.None)),
        _ => Task.FromResult(Unsupported.By(Described.Title, work)),
    };

    public Task<Result> TestAsync(Session session, CancellationToken cancel) => new DelhiveryApi(session).TestAsync(cancel);

    public Task<IReadOnlyList<ShippingOffer>> QuoteAsync(Session session, Consignment parcel, CancellationToken cancel) => new DelhiveryApi(session).QuoteAsync(parcel, cancel);

    public Task<IReadOnlyList<Whereabouts>> TrackAsync(Session session, IReadOnlyList<ParcelToFind> parcels, CancellationToken cancel) => new DelhiveryApi(session).TrackAsync(parcels, cancel);
}
