using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Labels;

namespace Quartermaster.Connectors.Usps;

/// <summary>USPS: its labels on the shipper's own account, what they would cost, and where its parcels are.</summary>
public sealed class UspsConnector : IConnector
{
    public const string DefaultAddress = "https://apis.usps.com";

    internal const string DefaultFormat = "PDF";

    internal static readonly Manifest Described = new()
    {
        Key = "usps",
        Title = "USPS",
        Capabilities = [Capability.Carrier],
        Settings =
        [
            new("client_id", "Consumer key of the app at developers.usps.com."),
            new("client_secret", "Consumer secret that belongs to it.", Secret: true),
            new("crid", "Customer registration id of the mailer; needed to buy labels.", Required: false),
            new("mid", "Mailer id whose numbers the labels get; needed to buy labels.", Required: false),
            new("manifest_mid", "Mailer id for the manifest, when it is another one.", Required: false),
            new("account_type", "Who pays: EPS, PERMIT or METER.", Required: false, Default: "EPS"),
            new("account_number", "Number of that account or permit; needed to buy labels.", Required: false),
            new("permit_zip", "ZIP code of the permit, where a permit pays.", Required: false),
            new("label_format", "What printers get: PDF, PNG, ZPL203DPI or ZPL300DPI.", Required: false, Default: DefaultFormat),
            new("label_stock", "Paper of the label: 4X6LABEL, 4X5LABEL or 4X4LABEL.", Required: false, Default: "4X6LABEL"),
            new("rate_indicator", "USPS's code of the packaging; SP is a parcel of one's own.", Required: false, Default: "SP"),
            new("processing_category", "MACHINABLE or NONSTANDARD.", Required: false, Default: "MACHINABLE"),
            new("absent_codes", "Error codes, with commas between them, by which USPS says that there is no good label under a key; without them a person looks.", Required: false),
            new("price_type", "Which prices are told: COMMERCIAL, RETAIL or CONTRACT.", Required: false, Default: "COMMERCIAL"),
            new("base_url", "Another root address; for tests, proxies and USPS's own test environment.", Required: false, Default: DefaultAddress),
        ],
        // Sixty calls an hour is what a new app is given; USPS raises it when it is asked to.
        Limits = new Limits(Batch: 1, Concurrency: 1, PerSecond: 1d / 60, Burst: 5, PerDay: 1440),
        Does = [Wire.KindOf(typeof(LabelEffect.Buy)), Wire.KindOf(typeof(LabelEffect.Void))],
        RepeatSafety = RepeatSafety.ByKey,
        TrackBatch = 5,
        Carriers = ["USPS", "US Postal Service", "United States Postal Service"],
        CallLimit = TimeSpan.FromSeconds(60),
        Documentation = "https://developers.usps.com/apis",
    };

    private readonly AccessTokens tokens = new();
    private readonly UspsPayments payments = new();

    public Manifest Manifest => Described;

    public Task<IReadOnlyList<Result>> ActAsync(Session session, IReadOnlyList<Work> batch, CancellationToken cancel)
    {
        var api = Api(session);
        return Separately.DoAsync(batch, work => work.Effect switch
        {
            LabelEffect.Buy buy => api.BuyAsync(work, buy.Parcel, cancel),
            LabelEffect.Void taken => api.VoidAsync(taken, cancel),
            _ => Task.FromResult(Unsupported.By(Described.Title, work)),
        });
    }

    public Task<Result> TestAsync(Session session, CancellationToken cancel) => Api(session).TestAsync(cancel);

    public Task<IReadOnlyList<ShippingOffer>> QuoteAsync(Session session, Consignment parcel, CancellationToken cancel) => Api(session).QuoteAsync(parcel, cancel);

    public Task<IReadOnlyList<Whereabouts>> TrackAsync(Session session, IReadOnlyList<ParcelToFind> parcels, CancellationToken cancel)
    {
        var api = Api(session);
        return OneByOne.AskAsync(parcels, parcel => api.TrackAsync(parcel, cancel));
    }

    private UspsApi Api(Session session) => new(session, tokens, payments);
}
