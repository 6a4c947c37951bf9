using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Dispatching;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Labels;

namespace Quartermaster.Connectors.ShipRocket;

/// <summary>ShipRocket, a broker in front of India's couriers: labels with and without collection, their scans, manifests and pickups.</summary>
/// <remarks>
/// No contract of its calls is published: they are written from memory and from programs that make them. Only the webhook of scans is from ShipRocket's own
/// sample. A purchase is three calls (order, waybill, label), so one of unknown fate is looked for by our reference and gone on with where it stopped.
/// </remarks>
public sealed class ShipRocketConnector : IConnector
{
    public const string DefaultAddress = "https://apiv2.shiprocket.in/v1/external";

    internal static readonly Manifest Described = new()
    {
        Key = "shiprocket",
        Title = "ShipRocket",
        Capabilities = [Capability.Carrier],
        Settings =
        [
            new("email", "E-mail address of the API user (Settings, API, Configure), not of an operator's account."),
            new("password", "Password of that API user.", Secret: true),
            new("pickup_location", "Name of the pickup address as ShipRocket has it: Primary."),
            new("webhook_token", "A text of your own choice, entered in ShipRocket beside the webhook's address; scans without it are not taken.", Secret: true),
            new("base_url", "Another root address; for tests and proxies.", Required: false, Default: DefaultAddress),
        ],
        // Not published; ShipRocket answers 429 to bursts.
        Limits = new Limits(Batch: 1, Concurrency: 2, PerSecond: 2, Burst: 2),
        Does = [Wire.KindOf(typeof(LabelEffect.Buy)), Wire.KindOf(typeof(LabelEffect.Void)), Wire.KindOf(typeof(DispatchEffect.Close))],
        RepeatSafety = RepeatSafety.ByLookUp,
        ScansByNumber = true,
        TrackBatch = 5,
        DispatchBatch = 100,
        Carriers = ["ShipRocket"],
        CallLimit = TimeSpan.FromSeconds(90),
        Documentation = "https://apidocs.shiprocket.in/",
        Verified = false,
    };

    private readonly AccessTokens tokens = new();

    public Manifest Manifest => Described;

    public Knock Receive(Session session, Delivery delivery) => ShipRocketInbound.Receive(session, delivery);

    public Reading Read(Session session, string topic, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt) => ShipRocketInbound.Read(session, body, receivedAt);

    public Task<IReadOnlyList<Result>> ActAsync(Session session, IReadOnlyList<Work> batch, CancellationToken cancel)
    {
        var api = new ShipRocketApi(session, tokens);
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
        LabelEffect.Buy buy => new ShipRocketApi(session, tokens).FindAsync(buy.Parcel, cancel),
        // A second cancellation finds nothing left to cancel.
        LabelEffect.Void => Task.FromResult(new Result(new Outcome.TryLater("ShipRocket is asked to cancel it once more."), Exchange.None)),
        DispatchEffect.Close close => new ShipRocketApi(session, tokens).FindAsync(close.List, cancel),
        _ => Task.FromResult(Unsupported.By(Described.Title, work)),
    };

    public Task<Result> TestAsync(Session session, CancellationToken cancel) => new ShipRocketApi(session, tokens).TestAsync(cancel);

    public Task<IReadOnlyList<ShippingOffer>> QuoteAsync(Session session, Consignment parcel, CancellationToken cancel) => new ShipRocketApi(session, tokens).QuoteAsync(parcel, cancel);

    public Task<IReadOnlyList<Whereabouts>> TrackAsync(Session session, IReadOnlyList<ParcelToFind> parcels, CancellationToken cancel)
    {
        var api = new ShipRocketApi(session, tokens);
        return OneByOne.AskAsync(parcels, parcel => api.TrackAsync(parcel, cancel));
    }
}
