using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.Dhl;

/// <summary>DHL's unified tracking: where parcels of all its divisions are. Its labels are bought through a broker.</summary>
public sealed class DhlConnector : IConnector
{
    public const string DefaultAddress = "https://api-eu.dhl.com";

    internal static readonly Manifest Described = new()
    {
        Key = "dhl",
        Title = "DHL (unified tracking)",
        Capabilities = [Capability.Carrier],
        Settings =
        [
            new("api_key", "Key of the app at developer.dhl.com, sent as the header DHL-API-Key.", Secret: true),
            new("service", "The division whose parcels these are, such as express or parcel-de; without it DHL looks in all of them.", Required: false),
            new("base_url", "Another root address; for tests and proxies.", Required: false, Default: DefaultAddress),
        ],
        // What a new app is given: 250 calls a day, one in five seconds; DHL raises it when it is asked to.
        Limits = new Limits(Batch: 1, Concurrency: 1, PerSecond: 0.2, PerDay: 250),
        Does = [],
        RepeatSafety = RepeatSafety.None,
        TrackBatch = 5,
        Carriers = ["DHL", "Deutsche Post"],
        Documentation = "https://developer.dhl.com/api-reference/shipment-tracking",
    };

    public Manifest Manifest => Described;

    public Task<IReadOnlyList<Result>> ActAsync(Session session, IReadOnlyList<Work> batch, CancellationToken cancel) =>
        Separately.DoAsync(batch, work => Task.FromResult(Unsupported.By(Described.Title, work)));

    public async Task<Result> TestAsync(Session session, CancellationToken cancel)
    {
        // DHL's own sample number: whatever is answered of it, the key is good.
        var answer = await AskAsync(session, "7777777770", cancel).ConfigureAwait(false);
        return new(DhlAnswers.Trouble(answer) is { } trouble and not Outcome.Refused ? trouble : new Outcome.Done(), answer.Exchange);
    }

    public Task<IReadOnlyList<Whereabouts>> TrackAsync(Session session, IReadOnlyList<ParcelToFind> parcels, CancellationToken cancel) =>
        OneByOne.AskAsync(parcels, async parcel => DhlAnswers.Way(await AskAsync(session, parcel.Tracking, cancel).ConfigureAwait(false), parcel.Tracking, session.Clock.GetUtcNow()));

    private static async Task<Answer> AskAsync(Session session, string tracking, CancellationToken cancel)
    {
        var service = session.Settings.Find("service") is { } one ? $"&service={Uri.EscapeDataString(one)}" : "";
        var address = $"{session.Settings.Get("base_url", DefaultAddress).TrimEnd('/')}/track/shipments?trackingNumber={Uri.EscapeDataString(tracking.Replace(" ", "", StringComparison.Ordinal))}{service}";
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.TryAddWithoutValidation("DHL-API-Key", session.Settings["api_key"]);
        return await Remote.AskAsync(session.Http, request, "", Redactor.For(Described, session.Settings), cancel).ConfigureAwait(false);
    }
}
