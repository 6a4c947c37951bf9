using System.Net.Http.Headers;
using System.Text;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Labels;

namespace Quartermaster.Connectors.Usps;

/// <summary>The calls to USPS.</summary>
internal sealed class UspsApi(Session session, AccessTokens tokens, UspsPayments payments)
{
    private readonly Vendor vendor = new("USPS", Redactor.For(UspsConnector.Described, session.Settings));
    private readonly string root = session.Settings.Get("base_url", UspsConnector.DefaultAddress).TrimEnd('/');
    private readonly string format = session.Settings.Get("label_format", UspsConnector.DefaultFormat);

    public async Task<Result> BuyAsync(Work work, Consignment parcel, CancellationToken cancel)
    {
        if (LabelAnswers.NotSold("USPS", parcel) is { } no) return no;
        if (parcel is not { From.Country: "US", To.Country: "US" }) return new(new Outcome.Refused("country", "This connection buys labels of parcels within the United States only."), Exchange.None);
        if (UspsOutbound.Wrong(parcel) is { } wrong) return new(wrong, Exchange.None);
        var bought = await PaidAsync(HttpMethod.Post, "/labels/v3/label", parcel.Reference, UspsOutbound.Label(session, parcel), answer => UspsAnswers.Bought(answer, parcel, session.Brand, format, found: false), cancel).ConfigureAwait(false);
        // A repeat on another day is another request under the same key. What USPS then says no to may be bought all the same.
        if (!work.MayHaveArrived || bought.Outcome is not Outcome.Refused refused) return bought;
        var found = await PaidAsync(HttpMethod.Post, "/labels/v3/label-reprint", parcel.Reference, UspsOutbound.Reprint(session.Settings), answer => UspsAnswers.Bought(answer, parcel, session.Brand, format, found: true), cancel).ConfigureAwait(false);
        return found.Outcome is not Outcome.Refused absent ? found
            : new(UspsAnswers.IsAbsent(absent, session.Settings) ? refused : new Outcome.Unsure($"USPS refuses the repeat ({refused.Why}) and does not show the label of the first call either ({absent.Why}). Look for order {parcel.Number} in USPS's portal."), found.Exchange);
    }

    public async Task<Result> VoidAsync(LabelEffect.Void taken, CancellationToken cancel) =>
        await PaidAsync(HttpMethod.Delete, "/labels/v3/label", taken.Reference, null, answer => new(UspsAnswers.Voided(answer, taken, session.Settings), answer.Exchange), cancel).ConfigureAwait(false);

    public async Task<Result> TestAsync(CancellationToken cancel)
    {
        // Nobody's number: whatever is answered of it, the credentials are good.
        var answer = await AskAsync(() => new(HttpMethod.Get, PathOf("9400100000000000000000")), "", cancel).ConfigureAwait(false);
        if (UspsAnswers.Trouble(answer) is { } trouble and not Outcome.Refused) return new(trouble, answer.Exchange);
        // Whether the account may buy is known before the first label is needed.
        return session.Settings.Find("crid") is not null && (await PaymentAsync(cancel).ConfigureAwait(false)).Trouble is { } unpaid ? unpaid : new(new Outcome.Done(), answer.Exchange);
    }

    /// <exception cref="HttpRequestException">USPS did not answer the question.</exception>
    public async Task<IReadOnlyList<ShippingOffer>> QuoteAsync(Consignment parcel, CancellationToken cancel)
    {
        if (parcel is not { From.Country: "US", To.Country: "US" }) throw new HttpRequestException("USPS is asked for prices within the United States only.");
        return UspsAnswers.Offers(await PostAsync("/prices/v3/base-rates-list/search", UspsOutbound.Prices(session, parcel), cancel).ConfigureAwait(false));
    }

    public async Task<Whereabouts> TrackAsync(ParcelToFind parcel, CancellationToken cancel) =>
        UspsAnswers.Way(await AskAsync(() => new(HttpMethod.Get, PathOf(parcel.Tracking)), "", cancel).ConfigureAwait(false), parcel.Tracking, session.Clock.GetUtcNow());

    /// <summary>A call that USPS takes only together with who pays, and that is the same one however often it is made.</summary>
    private async Task<Result> PaidAsync(HttpMethod method, string path, string reference, string? body, Func<Answer, Result> read, CancellationToken cancel)
    {
        var (token, none) = await PaymentAsync(cancel).ConfigureAwait(false);
        if (token is null) return none!;
        var answer = await AskAsync(() =>
        {
            var request = UspsPayments.Sign(new(method, root + path), token, UspsOutbound.KeyOf(reference), body);
            // Otherwise the label comes as a part of a form.
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/vnd.usps.labels+json"));
            return request;
        }, body ?? "", cancel).ConfigureAwait(false);
        if (answer.Status is 401 or 403) payments.Forget(session);
        return read(answer);
    }

    private Task<(string? Token, Result? Trouble)> PaymentAsync(CancellationToken cancel) =>
        payments.TokenAsync(session, () => PostAsync("/payments/v3/payment-authorization", UspsOutbound.Payment(session.Settings), cancel));

    private string PathOf(string tracking) => $"{root}/tracking/v3/tracking/{Uri.EscapeDataString(tracking.Replace(" ", "", StringComparison.Ordinal))}?expand=DETAIL";

    private Task<Answer> PostAsync(string path, string body, CancellationToken cancel) =>
        AskAsync(() => new(HttpMethod.Post, root + path) { Content = new StringContent(body, Encoding.UTF8, "application/json") }, body, cancel);

    private Task<Answer> AskAsync(Func<HttpRequestMessage> request, string said, CancellationToken cancel) => tokens.SendAsync(session, vendor, Question, request, said, cancel);

    private HttpRequestMessage Question() => new(HttpMethod.Post, root + "/oauth2/v3/token")
    {
        Content = new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("client_id", session.Settings["client_id"]), new("client_secret", session.Settings["client_secret"])]),
    };
}
