using System.Net.Http.Headers;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.Xero;

/// <summary>Xero's Accounting API: authorised calls, one fresh token when the old one is refused.</summary>
internal sealed class XeroApi(Session session, XeroMemory memory)
{
    public const string BaseUrl = "https://api.xero.com/api.xro/2.0";
    public const string TokenUrl = "https://identity.xero.com/connect/token";
    public const string Scopes = "accounting.transactions accounting.contacts accounting.settings.read";

    private readonly string root = session.Settings.Get("base_url", BaseUrl).TrimEnd('/');

    public Redactor Redactor { get; } = Redactor.For(XeroConnector.Described, session.Settings);

    public DateTimeOffset Now => session.Clock.GetUtcNow();

    /// <summary>Method and address as the timeline shows them.</summary>
    public string Line(HttpMethod method, string path) => $"{method} {root}{path}";

    /// <param name="method">POST writes over what has the same number; PUT only makes what is new.</param>
    public Task<Answer> WriteAsync(HttpMethod method, string path, BatchBody body, string idempotencyKey, CancellationToken cancel) =>
        SendAsync(() =>
        {
            var request = new HttpRequestMessage(method, root + path) { Content = body.ToContent() };
            request.Headers.Add("Idempotency-Key", idempotencyKey);
            return request;
        }, cancel);

    public Task<Answer> GetAsync(string path, CancellationToken cancel) => SendAsync(() => new HttpRequestMessage(HttpMethod.Get, root + path), cancel);

    private async Task<Answer> SendAsync(Func<HttpRequestMessage> make, CancellationToken cancel)
    {
        if (session.Settings.Find("token") is not { } fixedToken) return await memory.Tokens.SendAsync(session, new("Xero", Redactor), Question, Call, "", cancel).ConfigureAwait(false);
        using var request = Call();
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", fixedToken);
        return await Remote.AskAsync(session.Http, request, "", Redactor, cancel).ConfigureAwait(false);

        HttpRequestMessage Call()
        {
            var call = make();
            call.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
            call.Headers.TryAddWithoutValidation("xero-tenant-id", session.Settings["tenant_id"]);
            return call;
        }
    }

    private HttpRequestMessage Question() => new(HttpMethod.Post, session.Settings.Get("token_url", TokenUrl))
    {
        Headers = { Authorization = BasicKey.Of(session.Settings["client_id"], session.Settings["client_secret"]) },
        Content = new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("scope", session.Settings.Get("scopes", Scopes))]),
    };
}
