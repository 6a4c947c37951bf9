using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text.Json;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.Shared;

/// <summary>Access tokens that vendors give to a client id and secret (OAuth 2 client credentials), or to a name and password: one for each connection, kept until shortly before it lapses. Lost at a restart, at no harm.</summary>
internal sealed class AccessTokens
{
    // A token is renewed this long before it lapses, so that no call is under way with a dead one.
    private static readonly TimeSpan Early = TimeSpan.FromMinutes(2);

    // Where the vendor does not say how long; the shortest of those that are read for here.
    private static readonly TimeSpan Usual = TimeSpan.FromMinutes(30);

    private readonly ConcurrentDictionary<(string Brand, string Connection), Held> held = new();

    /// <summary>One call with a token; where it is refused, one more with a fresh one, and then it is for a person.</summary>
    /// <param name="ask">Makes the question for a token.</param>
    /// <param name="call">Makes the call; the token is added.</param>
    /// <param name="said">What of the call is kept, see <see cref="Remote.AskAsync"/>.</param>
    public async Task<Answer> SendAsync(Session session, Vendor vendor, Func<HttpRequestMessage> ask, Func<HttpRequestMessage> call, string said, CancellationToken cancel)
    {
        var mine = held.GetOrAdd((session.Brand, session.Connection), _ => new());
        var (token, noToken) = await TokenAsync(session, vendor, mine, ask, null, cancel).ConfigureAwait(false);
        if (token is null) return noToken!;
        var answer = await CallAsync(session, vendor, call, token, said, cancel).ConfigureAwait(false);
        if (answer.Status != 401) return answer;
        // Revoked, or our clock is off.
        (token, noToken) = await TokenAsync(session, vendor, mine, ask, token, cancel).ConfigureAwait(false);
        return token is null ? noToken! : await CallAsync(session, vendor, call, token, said, cancel).ConfigureAwait(false);
    }

    private static async Task<Answer> CallAsync(Session session, Vendor vendor, Func<HttpRequestMessage> call, string token, string said, CancellationToken cancel)
    {
        using var request = call();
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await Remote.AskAsync(session.Http, request, said, vendor.Redactor, cancel).ConfigureAwait(false);
    }

    /// <param name="refused">A token that was just refused; any other one that is held is good enough.</param>
    private static async Task<(string? Token, Answer? Trouble)> TokenAsync(Session session, Vendor vendor, Held mine, Func<HttpRequestMessage> ask, string? refused, CancellationToken cancel)
    {
        await mine.Fetching.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            var now = session.Clock.GetUtcNow();
            if (mine.Token is { } kept && kept.Value != refused && kept.Until > now) return (kept.Value, null);
            using var question = ask();
            var answer = await Remote.AskAsync(session.Http, question, "", vendor.Redactor, cancel).ConfigureAwait(false);
            if (answer.IsSuccess && Read(answer) is var (fresh, lasts))
            {
                mine.Token = (fresh, now + lasts - Early);
                return (fresh, null);
            }
            return (null, answer with { Body = default, Failure = OfNoToken(answer, vendor.Name), Exchange = answer.IsSuccess ? Exchange.None : answer.Exchange });
        }
        finally
        {
            mine.Fetching.Release();
        }
    }

    // Without a token the call that needed it never left, whatever became of the question for the token.
    private static Outcome OfNoToken(Answer answer, string vendor) => answer.Usual(reads: true) switch
    {
        Outcome.TryLater later => later,
        Outcome.NotConnected or Outcome.Refused => new Outcome.NotConnected($"{vendor} gives no access token for these credentials."),
        _ => new Outcome.NotConnected($"{vendor}'s answer to the question for an access token has none in it."),
    };

    // Some vendors write the seconds as text.
    private static (string Token, TimeSpan Lasts)? Read(Answer answer)
    {
        try
        {
            using var json = JsonDocument.Parse(answer.Body);
            // OAuth's name of it, and the one of vendors that ask for a password instead.
            if (json.RootElement.ValueKind != JsonValueKind.Object || !(json.RootElement.TryGetProperty("access_token", out var token) || json.RootElement.TryGetProperty("token", out token)) || token.ValueKind != JsonValueKind.String || token.GetString() is not { Length: > 0 } value) return null;
            var lasts = json.RootElement.TryGetProperty("expires_in", out var until) && int.TryParse(until.ToString(), System.Globalization.CultureInfo.InvariantCulture, out var seconds) && seconds > 0 ? TimeSpan.FromSeconds(seconds) : Usual;
            return (value, lasts);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed class Held
    {
        public SemaphoreSlim Fetching { get; } = new(1, 1);

        public (string Value, DateTimeOffset Until)? Token { get; set; }
    }
}

/// <param name="Redactor">Takes the connection's secrets out of what is kept.</param>
internal sealed record Vendor(string Name, Redactor Redactor);
