using System.Net.Http.Headers;
using System.Text;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.Xero;

/// <summary>Xero's Accounting API: authorised calls, one fresh token when the old one is refused.</summary>
internal sealed class XeroApi(Session session, XeroMemory memory)
{
    public const string BaseUrl = "https://api.xero.com/api.xro/2.0";
    public const string TokenUrl = "https://identity.xero.com/connect/token";
    public const string Scopes = "accounting.transactions accounting.contacts accounting.settings.read";

    // A token is renewed this long before it lapses, so that no call is under way with a dead one.
    private static readonly TimeSpan Early = TimeSpan.FromMinutes(2);

    private readonly string root = session.Settings.Get("base_url", BaseUrl).TrimEnd('/');

    public Redactor Redactor { get; } = Redactor.For(XeroConnector.Described, session.Settings);

    public DateTimeOffset Now => session.Clock.GetUtcNow();

    /// <summary>Method and address as the timeline shows them.</summary>
    public string Line(HttpMethod method, string path) => $"{method} {root}{path}";

    public Task<Answer> PostAsync(string path, BatchBody body, string idempotencyKey, CancellationToken cancel) =>
        SendAsync(() =>
        {
            var request = new HttpRequestMessage(HttpMethod.Post, root + path) { Content = body.ToContent() };
            request.Headers.Add("Idempotency-Key", idempotencyKey);
            return request;
        }, cancel);

    public Task<Answer> GetAsync(string path, CancellationToken cancel) => SendAsync(() => new HttpRequestMessage(HttpMethod.Get, root + path), cancel);

    private async Task<Answer> SendAsync(Func<HttpRequestMessage> make, CancellationToken cancel)
    {
        var (token, noToken) = await TokenAsync(null, cancel).ConfigureAwait(false);
        if (token is null) return noToken!;
        var answer = await SendAsync(make, token, cancel).ConfigureAwait(false);
        if (answer.Status != 401 || session.Settings.Find("token") is not null) return answer;
        // Revoked, or our clock is off: one fresh token, then it is for a person.
        (token, noToken) = await TokenAsync(token, cancel).ConfigureAwait(false);
        return token is null ? noToken! : await SendAsync(make, token, cancel).ConfigureAwait(false);
    }

    private async Task<Answer> SendAsync(Func<HttpRequestMessage> make, string token, CancellationToken cancel)
    {
        using var request = make();
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.TryAddWithoutValidation("xero-tenant-id", session.Settings["tenant_id"]);
        return await Remote.AskAsync(session.Http, request, "", Redactor, cancel).ConfigureAwait(false);
    }

    /// <param name="refused">A token that was just refused; any other one that is held is good enough.</param>
    private async Task<(string? Token, Answer? Trouble)> TokenAsync(string? refused, CancellationToken cancel)
    {
        if (session.Settings.Find("token") is { } fixedToken) return (fixedToken, null);
        await memory.FetchingToken.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            if (memory.Token is { } held && held.Value != refused && held.Until > Now) return (held.Value, null);
            var answer = await FetchTokenAsync(cancel).ConfigureAwait(false);
            if (answer.IsSuccess && XeroAnswers.Parse(answer.Body, XeroJson.Default.XeroToken) is { AccessToken: { Length: > 0 } fresh } token)
            {
                memory.Token = (fresh, Now + TimeSpan.FromSeconds(token.ExpiresIn ?? 1800) - Early);
                return (fresh, null);
            }
            return (null, answer with { Body = default, Failure = OfNoToken(answer), Exchange = answer.IsSuccess ? Exchange.None : answer.Exchange });
        }
        finally
        {
            memory.FetchingToken.Release();
        }
    }

    private async Task<Answer> FetchTokenAsync(CancellationToken cancel)
    {
        var client = Encoding.UTF8.GetBytes($"{session.Settings["client_id"]}:{session.Settings["client_secret"]}");
        using var request = new HttpRequestMessage(HttpMethod.Post, session.Settings.Get("token_url", TokenUrl))
        {
            Headers = { Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(client)) },
            Content = new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("scope", session.Settings.Get("scopes", Scopes))]),
        };
        return await Remote.AskAsync(session.Http, request, "", Redactor, cancel).ConfigureAwait(false);
    }

    // Without a token the call that needed it never left, whatever became of the question for the token.
    private static Outcome OfNoToken(Answer answer) => answer.Usual(reads: true) switch
    {
        Outcome.TryLater later => later,
        Outcome.NotConnected or Outcome.Refused => new Outcome.NotConnected("Xero gives no access token for this client id and secret."),
        _ => new Outcome.NotConnected("Xero's answer to the question for an access token has none in it."),
    };
}
