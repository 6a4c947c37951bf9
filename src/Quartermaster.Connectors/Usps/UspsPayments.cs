using System.Collections.Concurrent;
using System.Text;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.Usps;

/// <summary>The tokens by which USPS knows who pays for a label: one for each connection, good for eight hours. Lost at a restart, at no harm.</summary>
internal sealed class UspsPayments
{
    // An hour before it lapses, so that no label is asked for with a dead one.
    private static readonly TimeSpan Kept = TimeSpan.FromHours(7);

    private readonly ConcurrentDictionary<(string Brand, string Connection), (string Token, DateTimeOffset Until)> held = new();

    /// <param name="ask">Asks USPS for a token.</param>
    /// <returns>The token, or why there is none: nothing was bought then.</returns>
    public async Task<(string? Token, Result? Trouble)> TokenAsync(Session session, Func<Task<Answer>> ask)
    {
        var now = session.Clock.GetUtcNow();
        if (held.TryGetValue((session.Brand, session.Connection), out var kept) && kept.Until > now) return (kept.Token, null);
        var answer = await ask().ConfigureAwait(false);
        // A question only: lost or not, no label was made.
        var trouble = UspsAnswers.Trouble(answer);
        if (trouble is null && answer.Read(UspsJson.Default.WirePayment)?.PaymentAuthorizationToken is { Length: > 0 } token)
        {
            held[(session.Brand, session.Connection)] = (token, now + Kept);
            return (token, null);
        }
        var why = trouble switch
        {
            Outcome.TryLater later => later,
            Outcome.Refused no => new Outcome.NotConnected($"USPS authorizes no payment for this account: {no.Why}"),
            Outcome.NotConnected no => no,
            _ => (Outcome)new Outcome.NotConnected("USPS's answer to the question for a payment authorization has none in it."),
        };
        return (null, new(why, answer.IsSuccess ? Exchange.None : answer.Exchange));
    }

    /// <summary>It was not taken: the next purchase asks for another.</summary>
    public void Forget(Session session) => held.TryRemove((session.Brand, session.Connection), out _);

    /// <summary>The token stands in no body, and must in no timeline either.</summary>
    public static HttpRequestMessage Sign(HttpRequestMessage request, string token, string? key, string? body)
    {
        request.Headers.TryAddWithoutValidation("X-Payment-Authorization-Token", token);
        if (key is not null) request.Headers.TryAddWithoutValidation("X-Idempotency-Key", key);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        return request;
    }
}
