using System.Globalization;
using System.Text;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Dispatching;

namespace Quartermaster.Connectors.Dhl;

/// <summary>The calls to MyDHL.</summary>
internal sealed class MyDhlApi(Session session)
{
    // A shipment is looked for under its reference only within a time; labels wait for their parcel some days.
    private static readonly TimeSpan LookedBack = TimeSpan.FromDays(30);

    private readonly Redactor redactor = Redactor.For(MyDhlConnector.Described, session.Settings);

    public async Task<Result> BuyAsync(Consignment parcel, CancellationToken cancel)
    {
        if (LabelAnswers.NotSold("DHL Express", parcel) is { } no) return no;
        if (MyDhlOutbound.Wrong(parcel) is { } wrong) return new(wrong, Exchange.None);
        return MyDhlAnswers.Bought(await PostAsync("/shipments", MyDhlOutbound.Shipment(session, parcel), cancel).ConfigureAwait(false), parcel, session);
    }

    /// <summary>Was it bought? DHL finds a shipment by the reference that it carries.</summary>
    public async Task<Result> FindAsync(Consignment parcel, CancellationToken cancel)
    {
        var today = session.Clock.GetUtcNow();
        var answer = await GetAsync($"/tracking?shipmentReference={Uri.EscapeDataString(parcel.Reference)}&shipmentReferenceType=CU&shipperAccountNumber={Account}&dateRangeFrom={Day(today - LookedBack)}&dateRangeTo={Day(today.AddDays(1))}&trackingView=shipment-details-only", cancel).ConfigureAwait(false);
        return MyDhlAnswers.Found(answer, parcel, session.Brand);
    }

    /// <summary>Books the courier who fetches what is on the list.</summary>
    public async Task<Result> FetchAsync(DispatchList list, CancellationToken cancel) =>
        MyDhlAnswers.Fetched(await PostAsync("/pickups", MyDhlOutbound.Pickup(session, list), cancel).ConfigureAwait(false), list, session.Brand);

    public async Task<Result> TestAsync(CancellationToken cancel)
    {
        // DHL's own sample number: whatever is answered of it, the credentials are good.
        var answer = await GetAsync("/tracking?shipmentTrackingNumber=9356579890&trackingView=last-checkpoint", cancel).ConfigureAwait(false);
        return new(MyDhlAnswers.Trouble(answer, reads: true) is { } trouble and not Outcome.Refused ? trouble : new Outcome.Done(), answer.Exchange);
    }

    /// <exception cref="HttpRequestException">DHL did not answer the question.</exception>
    public async Task<IReadOnlyList<ShippingOffer>> QuoteAsync(Consignment parcel, CancellationToken cancel) =>
        MyDhlAnswers.Offers(await GetAsync("/rates?" + MyDhlOutbound.Prices(session, parcel), cancel).ConfigureAwait(false));

    public async Task<IReadOnlyList<Whereabouts>> TrackAsync(IReadOnlyList<ParcelToFind> parcels, CancellationToken cancel)
    {
        var numbers = parcels.Select(p => p.Tracking.Replace(" ", "", StringComparison.Ordinal)).Distinct(StringComparer.Ordinal);
        var answer = await GetAsync($"/tracking?{string.Join('&', numbers.Select(n => "shipmentTrackingNumber=" + Uri.EscapeDataString(n)))}&trackingView=all-checkpoints", cancel).ConfigureAwait(false);
        // One number that DHL cannot read may cost the others theirs: asked alone, only that one is refused.
        return parcels.Count > 1 && MyDhlAnswers.Trouble(answer, reads: true) is Outcome.Refused && answer.Status != 404
            ? await OneByOne.AskAsync(parcels, async parcel => (await TrackAsync([parcel], cancel).ConfigureAwait(false))[0]).ConfigureAwait(false)
            : MyDhlInbound.Ways(answer, parcels, session.Clock.GetUtcNow());
    }

    private string Account => Uri.EscapeDataString(session.Settings["account_number"]);

    private static string Day(DateTimeOffset at) => at.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private Task<Answer> GetAsync(string path, CancellationToken cancel) => AskAsync(HttpMethod.Get, path, null, cancel);

    private Task<Answer> PostAsync(string path, string body, CancellationToken cancel) => AskAsync(HttpMethod.Post, path, body, cancel);

    private async Task<Answer> AskAsync(HttpMethod method, string path, string? body, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, session.Settings.Get("base_url", MyDhlConnector.DefaultAddress).TrimEnd('/') + path);
        request.Headers.Authorization = BasicKey.Of(session.Settings["username"], session.Settings["api_secret"]);
        request.Headers.TryAddWithoutValidation("x-version", "3.1.0");
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        return await Remote.AskAsync(session.Http, request, body ?? "", redactor, cancel).ConfigureAwait(false);
    }
}
