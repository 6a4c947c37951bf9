using System.Text;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Labels;

namespace Quartermaster.Connectors.Ups;

/// <summary>The calls to UPS.</summary>
internal sealed class UpsApi(Session session, AccessTokens tokens)
{
    private readonly Vendor vendor = new("UPS", Redactor.For(UpsConnector.Described, session.Settings));
    private readonly string root = session.Settings.Get("base_url", UpsConnector.DefaultAddress).TrimEnd('/');

    public async Task<Result> BuyAsync(Consignment parcel, CancellationToken cancel)
    {
        if (LabelAnswers.NotSold("UPS", parcel, declares: true) is { } no) return no;
        var answer = await AskAsync(HttpMethod.Post, "/api/shipments/v2409/ship", UpsOutbound.Shipment(session.Settings, parcel, session.Clock.GetUtcNow()), cancel).ConfigureAwait(false);
        return UpsAnswers.Bought(answer, parcel, session.Brand);
    }

    /// <summary>Was it bought? UPS recovers a label by the reference that it carries.</summary>
    public async Task<Result> FindAsync(Consignment parcel, CancellationToken cancel) =>
        UpsAnswers.Found(await RecoverAsync(parcel.Reference, cancel).ConfigureAwait(false), parcel, session.Brand, session.Settings);

    public async Task<Result> VoidAsync(LabelEffect.Void taken, CancellationToken cancel)
    {
        var id = taken.LabelId;
        if (id is null)
        {
            var found = await RecoverAsync(taken.Reference, cancel).ConfigureAwait(false);
            var (label, outcome) = UpsAnswers.ToVoid(found, session.Settings);
            if (label is null) return new(outcome!, found.Exchange);
            id = label;
        }
        var answer = await AskAsync(HttpMethod.Delete, $"/api/shipments/v2409/void/cancel/{Uri.EscapeDataString(id)}", null, cancel).ConfigureAwait(false);
        return new(UpsAnswers.Voided(answer), answer.Exchange);
    }

    public async Task<Result> TestAsync(CancellationToken cancel)
    {
        // A number of UPS's test pages: whatever is answered of it, the credentials are good.
        var answer = await AskAsync(HttpMethod.Get, "/api/track/v1/details/1Z12345E0205271688", null, cancel).ConfigureAwait(false);
        return new(UpsAnswers.Trouble(answer, reads: true) is { } trouble and not Outcome.Refused ? trouble : new Outcome.Done(), answer.Exchange);
    }

    /// <exception cref="HttpRequestException">UPS did not answer the question.</exception>
    public async Task<IReadOnlyList<ShippingOffer>> QuoteAsync(Consignment parcel, CancellationToken cancel)
    {
        var answer = await AskAsync(HttpMethod.Post, "/api/rating/v2409/Shop", UpsOutbound.Prices(session.Settings, parcel), cancel).ConfigureAwait(false);
        return UpsAnswers.Offers(answer);
    }

    public async Task<Whereabouts> TrackAsync(ParcelToFind parcel, CancellationToken cancel)
    {
        try
        {
            var answer = await AskAsync(HttpMethod.Get, $"/api/track/v1/details/{Uri.EscapeDataString(parcel.Tracking.Replace(" ", "", StringComparison.Ordinal))}", null, cancel).ConfigureAwait(false);
            return UpsInbound.Way(answer, parcel.Tracking, session.Clock.GetUtcNow());
        }
        catch (NotNowException e)
        {
            return Whereabouts.Unanswered(new Outcome.TryLater(e.Message, e.Wait));
        }
    }

    private Task<Answer> RecoverAsync(string reference, CancellationToken cancel) => AskAsync(HttpMethod.Post, "/api/labels/v1/recovery", UpsOutbound.Recovery(session.Settings, reference), cancel);

    private Task<Answer> AskAsync(HttpMethod method, string path, string? body, CancellationToken cancel) => tokens.SendAsync(session, vendor, Question, () =>
    {
        var request = new HttpRequestMessage(method, root + path);
        // Required where parcels are tracked; UPS names it when it is asked about a call.
        request.Headers.TryAddWithoutValidation("transId", Guid.NewGuid().ToString("N"));
        request.Headers.TryAddWithoutValidation("transactionSrc", "quartermaster");
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        return request;
    }, body ?? "", cancel);

    private HttpRequestMessage Question() => new(HttpMethod.Post, root + "/security/v1/oauth/token")
    {
        Headers = { Authorization = BasicKey.Of(session.Settings["client_id"], session.Settings["client_secret"]) },
        Content = new FormUrlEncodedContent([new("grant_type", "client_credentials")]),
    };
}
