using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Labels;

namespace Quartermaster.Connectors.Sendcloud;

/// <summary>Sendcloud: labels of European carriers, and their scans, through one account.</summary>
public sealed class SendcloudConnector : IConnector
{
    public const string DefaultAddress = "https://panel.sendcloud.sc/api/v3";

    internal static readonly Manifest Described = new()
    {
        Key = "sendcloud",
        Title = "Sendcloud",
        Capabilities = [Capability.Carrier],
        Settings =
        [
            new("public_key", "Public key of the API integration."),
            new("secret_key", "Secret key that belongs to it.", Secret: true),
            new("webhook_token", "A text of your own choice; the hub has Sendcloud send it with every scan, and takes none without it.", Secret: true),
            new("contract_id", "Number of the carrier contract that is billed; without it Sendcloud takes its default.", Required: false),
            new("label_type", "What printers get: application/pdf, application/zpl or image/png.", Required: false, Default: "application/pdf"),
            new("base_url", "Another root address; for tests and proxies.", Required: false, Default: DefaultAddress),
        ],
        Limits = new Limits(Batch: 1, Concurrency: 4, PerSecond: 5, Burst: 5),
        Does = [Wire.KindOf(typeof(LabelEffect.Buy)), Wire.KindOf(typeof(LabelEffect.Void))],
        RepeatSafety = RepeatSafety.ByLookUp,
        Subscribes = true,
        CallLimit = TimeSpan.FromSeconds(60),
        ScansByNumber = true,
        TrackBatch = 5,
        AskAfterSilence = TimeSpan.FromDays(1),
        Documentation = "https://sendcloud.dev/api/v3/",
    };

    public Manifest Manifest => Described;

    public Knock Receive(Session session, Delivery delivery) => SendcloudInbound.Receive(session, delivery);

    public Reading Read(Session session, string topic, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt) => SendcloudInbound.Read(session, body);

    public Task<IReadOnlyList<Result>> ActAsync(Session session, IReadOnlyList<Work> batch, CancellationToken cancel)
    {
        var api = new SendcloudApi(session);
        return Separately.DoAsync(batch, work => work.Effect switch
        {
            LabelEffect.Buy buy => api.BuyAsync(buy.Parcel, cancel),
            LabelEffect.Void taken => api.VoidAsync(taken, cancel),
            _ => Task.FromResult(Unsupported.By(Described.Title, work)),
        });
    }

    public Task<Result> LookUpAsync(Session session, Work work, CancellationToken cancel) => work.Effect switch
    {
        LabelEffect.Buy buy => new SendcloudApi(session).FindAsync(buy.Parcel, cancel),
        LabelEffect.Void taken => new SendcloudApi(session).IsVoidAsync(taken, cancel),
        _ => Task.FromResult(Unsupported.By(Described.Title, work)),
    };

    public Task<Result> TestAsync(Session session, CancellationToken cancel) => new SendcloudApi(session).TestAsync(cancel);

    public Task<IReadOnlyList<Whereabouts>> TrackAsync(Session session, IReadOnlyList<ParcelToFind> parcels, CancellationToken cancel)
    {
        var api = new SendcloudApi(session);
        return OneByOne.AskAsync(parcels, parcel => api.TrackAsync(parcel, cancel));
    }

    public Task<IReadOnlyList<SubscriptionTrouble>> MendSubscriptionsAsync(Session session, Uri publicAddress, CancellationToken cancel) => new SendcloudSubscription(session).MendAsync(publicAddress, cancel);
}
