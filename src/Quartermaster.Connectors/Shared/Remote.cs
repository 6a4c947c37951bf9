using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.Shared;

/// <summary>One answer of a remote system, or the reason why there is none. A connector's <c>…Answers</c> turns it into an <see cref="Outcome"/>.</summary>
/// <param name="Status">HTTP status; 0 when no answer came.</param>
/// <param name="Failure">Why no answer came: <see cref="Outcome.TryLater"/> when the request never left, <see cref="Outcome.Unsure"/> when it may have arrived.</param>
public sealed record Answer(int Status, ReadOnlyMemory<byte> Body, HttpResponseHeaders? Headers, TimeSpan? RetryAfter, Exchange Exchange, Outcome? Failure = null)
{
    public bool IsSuccess => Status is >= 200 and < 300;

    public string Text => Encoding.UTF8.GetString(Body.Span);

    public string? Header(string name) => Headers is not null && Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    /// <summary>What this answer means at any vendor: null for a 2xx, otherwise the outcome that the status alone allows.</summary>
    /// <param name="reads">The call changes nothing there, so a lost answer is no risk: it is simply asked again.</param>
    public Outcome? Usual(bool reads = false) => (Failure, Status) switch
    {
        (Outcome.Unsure lost, _) when reads => new Outcome.TryLater(lost.Why),
        ({ } failure, _) => failure,
        (_, >= 200 and < 300) => null,
        (_, 401 or 403) => new Outcome.NotConnected($"The remote system answered {Status}: the credentials are missing, expired or not allowed to do this."),
        (_, 429) => new Outcome.TryLater("The remote system asks for a slower pace (429).", RetryAfter ?? Remote.Slower),
        (_, >= 500 or 408) when reads => new Outcome.TryLater($"The remote system answered {Status}.", RetryAfter),
        (_, >= 500 or 408) => new Outcome.Unsure($"The remote system answered {Status} after it had received the request."),
        _ => new Outcome.Refused(Status.ToString(CultureInfo.InvariantCulture), Remote.Shorten(Text, 300)),
    };
}

/// <summary>Sends a request and keeps exactly what was said, secrets taken out.</summary>
public static class Remote
{
    /// <summary>Longest request or answer kept for the timeline, in characters.</summary>
    public const int Kept = 8_000;

    /// <summary>How long an effect waits that was turned away for its pace, where the vendor names no time. A wish makes it a wait and not a failure.</summary>
    public static readonly TimeSpan Slower = TimeSpan.FromSeconds(5);

    /// <param name="said">The request's body as text, or the part of it that belongs to one effect; kept in the <see cref="Exchange"/>.</param>
    /// <param name="redactor">Takes this connection's secrets out of what is kept.</param>
    public static async Task<Answer> AskAsync(HttpClient http, HttpRequestMessage request, string said, Redactor redactor, CancellationToken cancel)
    {
        var asked = redactor.Clean(said.Length == 0 ? $"{request.Method} {request.RequestUri}" : $"{request.Method} {request.RequestUri}\n{Shorten(said, Kept)}");
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseContentRead, cancel).ConfigureAwait(false);
            var body = await response.Content.ReadAsByteArrayAsync(cancel).ConfigureAwait(false);
            var status = (int)response.StatusCode;
            var kept = $"{status} {response.ReasonPhrase}\n{Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(body.Length, Kept)))}";
            return new Answer(status, body, response.Headers, RetryAfterOf(response), new Exchange(asked, redactor.Clean(kept)));
        }
        catch (HttpRequestException e)
        {
            return NoAnswer(asked, NeverLeft(e)
                ? new Outcome.TryLater($"No connection to {request.RequestUri?.Host}: {redactor.Clean(e.Message)}")
                : new Outcome.Unsure($"The connection broke before the answer came: {redactor.Clean(e.Message)}"));
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return NoAnswer(asked, new Outcome.Unsure("No answer within the time limit."));
        }
    }

    public static string Shorten(string text, int most) => Storable.Cut(text, most);

    private static Answer NoAnswer(string asked, Outcome why) => new(0, default, null, null, new Exchange(asked, why switch
    {
        Outcome.TryLater later => later.Why,
        Outcome.Unsure unsure => unsure.Why,
        _ => "",
    }), why);

    // Only these fail before a byte of the request is out; everything else may have arrived.
    private static bool NeverLeft(HttpRequestException e) => e.HttpRequestError is
        HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError
        || e.StatusCode == HttpStatusCode.ProxyAuthenticationRequired;

    private static TimeSpan? RetryAfterOf(HttpResponseMessage response)
    {
        var wish = response.Headers.RetryAfter;
        if (wish?.Delta is { } delta) return delta;
        if (wish?.Date is { } date && response.Headers.Date is { } now) return date > now ? date - now : TimeSpan.Zero;
        // Some vendors send fractions of a second ("2.0"), which the typed header refuses.
        return response.Headers.TryGetValues("Retry-After", out var raw)
            && double.TryParse(raw.FirstOrDefault(), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0 and < 86_400
            ? TimeSpan.FromSeconds(seconds) : null;
    }
}
