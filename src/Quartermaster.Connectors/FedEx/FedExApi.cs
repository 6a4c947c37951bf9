using System.Text;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Labels;

namespace Quartermaster.Connectors.FedEx;

/// <summary>The calls to FedEx.</summary>
internal sealed class FedExApi(Session session, AccessTokens tokens)
{
    private readonly Vendor vendor = new("FedEx", Redactor.For(FedExConnector.Described, session.Settings));
    private readonly string root = session.Settings.Get("base_url", FedExConnector.DefaultAddress).TrimEnd('/');

    public async Task<Result> BuyAsync(Consignment parcel, CancellationToken cancel)
    {
        if (LabelAnswers.NotSold("FedEx", parcel, declares: true) is { } no) return no;
        var answer = await AskAsync(HttpMethod.Post, "/ship/v1/shipments", FedExOutbound.Shipment(session, parcel), cancel).ConfigureAwait(false);
        return FedExAnswers.Bought(answer, parcel, session.Brand);
    }

    public async Task<Result> VoidAsync(LabelEffect.Void taken, CancellationToken cancel)
    {
        // FedEx cancels by tracking number, and nobody heard of one: whether there is a label, its shipping history knows.
        if (taken.LabelId is not { } number) return new(new Outcome.Refused("no_number", $"FedEx cancels by tracking number only, and whether a label was made is not known. Look for the reference {taken.Reference} in FedEx Ship Manager, and cancel what is there."), Exchange.None);
        var answer = await AskAsync(HttpMethod.Put, "/ship/v1/shipments/cancel", FedExOutbound.Cancellation(session.Settings, number), cancel).ConfigureAwait(false);
        return new(FedExAnswers.Voided(answer), answer.Exchange);
    }

    public async Task<Result> TestAsync(CancellationToken cancel)
    {
        // FedEx's own sample number: whatever is answered of it, the credentials are good.
        var answer = await AskAsync(HttpMethod.Post, "/track/v1/trackingnumbers", FedExOutbound.Question(["123456789012"]), cancel).ConfigureAwait(false);
        return new(FedExAnswers.Trouble(answer, reads: true) is { } trouble and not Outcome.Refused ? trouble : new Outcome.Done(), answer.Exchange);
    }

    /// <exception cref="HttpRequestException">FedEx did not answer the question.</exception>
    public async Task<IReadOnlyList<ShippingOffer>> QuoteAsync(Consignment parcel, CancellationToken cancel) =>
        FedExAnswers.Offers(await AskAsync(HttpMethod.Post, "/rate/v1/rates/quotes", FedExOutbound.Prices(session.Settings, parcel), cancel).ConfigureAwait(false));

    public async Task<IReadOnlyList<Whereabouts>> TrackAsync(IReadOnlyList<ParcelToFind> parcels, CancellationToken cancel)
    {
        var answer = await AskAsync(HttpMethod.Post, "/track/v1/trackingnumbers", FedExOutbound.Question(parcels.Select(p => p.Tracking).Distinct(StringComparer.Ordinal)), cancel).ConfigureAwait(false);
        // FedEx refuses the whole question for one number that it cannot read: halves find it, in ten calls among thirty.
        var half = parcels.Count / 2;
        return half > 0 && FedExAnswers.Trouble(answer, reads: true) is Outcome.Refused
            ? [.. await TrackAsync([.. parcels.Take(half)], cancel).ConfigureAwait(false), .. await TrackAsync([.. parcels.Skip(half)], cancel).ConfigureAwait(false)]
            : FedExInbound.Ways(answer, parcels, session.Clock.GetUtcNow());
    }

    private Task<Answer> AskAsync(HttpMethod method, string path, string body, CancellationToken cancel) => tokens.SendAsync(session, vendor, Question, () =>
    {
        var request = new HttpRequestMessage(method, root + path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("x-locale", "en_US");
        return request;
    }, body, cancel);

    private HttpRequestMessage Question() => new(HttpMethod.Post, root + "/oauth/token")
    {
        Content = new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("client_id", session.Settings["client_id"]), new("client_secret", session.Settings["client_secret"])]),
    };
}
