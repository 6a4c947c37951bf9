using System.Text;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.Usps;

/// <summary>The calls to USPS.</summary>
internal sealed class UspsApi(Session session, AccessTokens tokens)
{
    private readonly Vendor vendor = new("USPS", Redactor.For(UspsConnector.Described, session.Settings));
    private readonly string root = session.Settings.Get("base_url", UspsConnector.DefaultAddress).TrimEnd('/');

    public async Task<Result> TestAsync(CancellationToken cancel)
    {
        // Nobody's number: whatever is answered of it, the credentials are good.
        var answer = await AskAsync(HttpMethod.Get, PathOf("9400100000000000000000"), null, cancel).ConfigureAwait(false);
        return new(UspsAnswers.Trouble(answer) is { } trouble and not Outcome.Refused ? trouble : new Outcome.Done(), answer.Exchange);
    }

    /// <exception cref="HttpRequestException">USPS did not answer the question.</exception>
    public async Task<IReadOnlyList<ShippingOffer>> QuoteAsync(Consignment parcel, CancellationToken cancel)
    {
        if (parcel is not { From.Country: "US", To.Country: "US" }) throw new HttpRequestException("USPS is asked for prices within the United States only.");
        return UspsAnswers.Offers(await AskAsync(HttpMethod.Post, "/prices/v3/base-rates-list/search", Prices(session, parcel), cancel).ConfigureAwait(false));
    }

    public async Task<Whereabouts> TrackAsync(ParcelToFind parcel, CancellationToken cancel) =>
        UspsAnswers.Way(await AskAsync(HttpMethod.Get, PathOf(parcel.Tracking), null, cancel).ConfigureAwait(false), parcel.Tracking, session.Clock.GetUtcNow());

    internal static string Prices(Session session, Consignment parcel) => JsonBody.Write(json =>
    {
        var measures = Measures.Of(parcel, imperial: true);
        json.WriteString("originZIPCode", parcel.From.PostalCode);
        json.WriteString("destinationZIPCode", parcel.To.PostalCode);
        json.WriteNumber("weight", measures.Weight);
        json.WriteNumber("length", measures.Length ?? 1);
        json.WriteNumber("width", measures.Width ?? 1);
        json.WriteNumber("height", measures.Height ?? 1);
        json.WriteStartArray("mailClasses");
        foreach (var mail in (string[])["USPS_GROUND_ADVANTAGE", "PRIORITY_MAIL", "PRIORITY_MAIL_EXPRESS"]) json.WriteStringValue(mail);
        json.WriteEndArray();
        json.WriteString("priceType", session.Settings.Get("price_type", "COMMERCIAL"));
        json.WriteString("mailingDate", session.Clock.GetUtcNow().ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
    });

    private static string PathOf(string tracking) => $"/tracking/v3/tracking/{Uri.EscapeDataString(tracking.Replace(" ", "", StringComparison.Ordinal))}?expand=DETAIL";

    private Task<Answer> AskAsync(HttpMethod method, string path, string? body, CancellationToken cancel) => tokens.SendAsync(session, vendor, Question, () =>
    {
        var request = new HttpRequestMessage(method, root + path);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        return request;
    }, body ?? "", cancel);

    private HttpRequestMessage Question() => new(HttpMethod.Post, root + "/oauth2/v3/token")
    {
        Content = new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("client_id", session.Settings["client_id"]), new("client_secret", session.Settings["client_secret"])]),
    };
}
