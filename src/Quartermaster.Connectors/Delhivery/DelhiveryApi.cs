using System.Net.Http.Headers;
using System.Text;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Dispatching;
using Quartermaster.Core.Labels;

namespace Quartermaster.Connectors.Delhivery;

/// <summary>The calls to Delhivery.</summary>
internal sealed class DelhiveryApi(Session session)
{
    private readonly Redactor redactor = Redactor.For(DelhiveryConnector.Described, session.Settings);
    private readonly string root = session.Settings.Get("base_url", DelhiveryConnector.DefaultAddress).TrimEnd('/');

    public async Task<Result> BuyAsync(Consignment parcel, CancellationToken cancel)
    {
        if (IndianAddress.Wrong("Delhivery", parcel) is { } wrong) return new(wrong, Exchange.None);
        var data = DelhiveryOutbound.Shipment(session, parcel);
        // Their way of a body: a form with JSON in it.
        var answer = await AskAsync(HttpMethod.Post, "/api/cmu/create.json", new FormUrlEncodedContent([new("format", "json"), new("data", data)]), data, cancel).ConfigureAwait(false);
        var (waybill, trouble) = DelhiveryAnswers.Made(answer);
        return waybill is null ? trouble! : await LabelledAsync(waybill, parcel, found: false, answer.Exchange, cancel).ConfigureAwait(false);
    }

    /// <summary>Was it bought? Delhivery finds a parcel by the number of its order.</summary>
    public async Task<Result> FindAsync(Consignment parcel, CancellationToken cancel)
    {
        var answer = await ByReferenceAsync(parcel.Reference, cancel).ConfigureAwait(false);
        var (found, outcome) = DelhiveryAnswers.Found(answer, parcel.Reference);
        return found is null ? new(outcome!, answer.Exchange) : await LabelledAsync(found, parcel, found: true, answer.Exchange, cancel).ConfigureAwait(false);
    }

    public async Task<Result> VoidAsync(LabelEffect.Void taken, CancellationToken cancel)
    {
        var waybill = taken.LabelId;
        if (waybill is null)
        {
            var answer = await ByReferenceAsync(taken.Reference, cancel).ConfigureAwait(false);
            (waybill, var outcome) = DelhiveryAnswers.Found(answer, taken.Reference);
            // There is none, so there is nothing to cancel. Whatever else was answered leaves it open.
            if (waybill is null) return new(outcome is Outcome.TryLater or Outcome.Refused { Code: DelhiveryAnswers.Cancelled } ? new Outcome.Done() : outcome is Outcome.Unsure unsure ? new Outcome.TryLater(unsure.Why) : outcome!, answer.Exchange);
        }
        var body = DelhiveryOutbound.Cancellation(waybill);
        var cancelled = await AskAsync(HttpMethod.Post, "/api/p/edit", Json(body), body, cancel).ConfigureAwait(false);
        return new(DelhiveryAnswers.Voided(cancelled), cancelled.Exchange);
    }

    /// <summary>Books the courier who fetches what is on the list.</summary>
    public async Task<Result> FetchAsync(DispatchList list, CancellationToken cancel)
    {
        var body = DelhiveryOutbound.Pickup(session, list);
        return DelhiveryAnswers.Fetched(await AskAsync(HttpMethod.Post, "/fm/request/new/", Json(body), body, cancel).ConfigureAwait(false), list, session.Brand);
    }

    public async Task<Result> TestAsync(CancellationToken cancel)
    {
        // Delhi's first pincode: whatever is answered of it, the token is good.
        var answer = await GetAsync("/c/api/pin-codes/json/?filter_codes=110001", cancel).ConfigureAwait(false);
        return new(DelhiveryAnswers.Trouble(answer, reads: true) is { } trouble and not Outcome.Refused ? trouble : new Outcome.Done(), answer.Exchange);
    }

    /// <exception cref="HttpRequestException">Delhivery did not answer the question, or does not go there.</exception>
    public async Task<IReadOnlyList<ShippingOffer>> QuoteAsync(Consignment parcel, CancellationToken cancel)
    {
        if (IndianAddress.Wrong("Delhivery", parcel) is { } wrong) throw new HttpRequestException(wrong.Why);
        DelhiveryAnswers.MustServe(await GetAsync("/c/api/pin-codes/json/?filter_codes=" + IndianAddress.PincodeOf(parcel.To), cancel).ConfigureAwait(false), parcel);
        List<ShippingOffer> offers = [];
        foreach (var mode in DelhiveryOutbound.Modes)
            if (DelhiveryAnswers.Offer(await GetAsync("/api/kinko/v1/invoice/charges/.json?" + DelhiveryOutbound.Charges(parcel, mode), cancel).ConfigureAwait(false), mode) is { } offer) offers.Add(offer);
        return offers;
    }

    public async Task<IReadOnlyList<Whereabouts>> TrackAsync(IReadOnlyList<ParcelToFind> parcels, CancellationToken cancel)
    {
        var numbers = string.Join(',', parcels.Select(p => Uri.EscapeDataString(p.Tracking.Replace(" ", "", StringComparison.Ordinal))).Distinct(StringComparer.Ordinal));
        return DelhiveryInbound.Ways(await GetAsync("/api/v1/packages/json/?waybill=" + numbers, cancel).ConfigureAwait(false), parcels, session.Clock.GetUtcNow());
    }

    // The waybill is made; without its picture it is a label all the same. The picture's address is good for a short time only, so the picture itself is kept.
    private async Task<Result> LabelledAsync(string waybill, Consignment parcel, bool found, Exchange exchange, CancellationToken cancel)
    {
        var label = new IssuedLabel(waybill, "delhivery", parcel.Service, waybill, $"https://www.delhivery.com/track-v2/package/{Uri.EscapeDataString(waybill)}", null, null, null);
        var slip = await GetAsync($"/api/p/packing_slip?wbns={Uri.EscapeDataString(waybill)}&pdf=true&pdf_size={Uri.EscapeDataString(session.Settings.Get("label_size", "4R"))}", cancel).ConfigureAwait(false);
        var address = DelhiveryAnswers.SlipAddress(slip);
        var picture = address is null ? null : await PictureAsync(address, cancel).ConfigureAwait(false);
        var issued = picture is null ? LabelAnswers.Issued(label with { Document = address?.ToString() }, parcel, session.Brand, found, exchange) : LabelAnswers.Issued(label, picture, "PDF", parcel, session.Brand, found, exchange);
        return issued;
    }

    private async Task<string?> PictureAsync(Uri address, CancellationToken cancel)
    {
        // A store of files, not Delhivery's API: it gets no token.
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        var answer = await Remote.AskAsync(session.Http, request, "", redactor, cancel).ConfigureAwait(false);
        return answer.IsSuccess && !answer.Body.IsEmpty ? Convert.ToBase64String(answer.Body.Span) : null;
    }

    private Task<Answer> ByReferenceAsync(string reference, CancellationToken cancel) => GetAsync("/api/v1/packages/json/?ref_ids=" + Uri.EscapeDataString(reference), cancel);

    private Task<Answer> GetAsync(string path, CancellationToken cancel) => AskAsync(HttpMethod.Get, path, null, "", cancel);

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private async Task<Answer> AskAsync(HttpMethod method, string path, HttpContent? content, string said, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, root + path) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Token", session.Settings["token"]);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        return await Remote.AskAsync(session.Http, request, said, redactor, cancel).ConfigureAwait(false);
    }
}
