using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.Shopify;

/// <summary>Shopify's Admin GraphQL API over HTTP. The only place of this connector that does.</summary>
internal sealed class ShopifyApi(Session session, Manifest manifest)
{
    // Shopify counts points, not calls, in a bucket per shop and app. What it last told is remembered here, so that a lane waits for its turn
    // before asking instead of being turned away. Lost with the process, learned again with the first answer.
    private static readonly ConcurrentDictionary<string, PointBudget> Budgets = new(StringComparer.Ordinal);
    private const int Patience = 5;
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly Redactor redactor = Redactor.For(manifest, session.Settings);
    private readonly PointBudget budget = Budgets.GetOrAdd($"{session.Brand}/{session.Connection}", static _ => new PointBudget());

    public static Uri AddressOf(Settings settings)
    {
        var version = settings.Get("api_version", ShopifyConnector.DefaultVersion);
        var root = settings.Find("base_url") is { } given ? given.TrimEnd('/') : "https://" + settings["shop"].Trim().TrimEnd('/');
        return new Uri($"{root}/admin/api/{version}/graphql.json");
    }

    /// <param name="key">Idempotency key of a mutation; null for queries.</param>
    /// <param name="points">What the call will cost at most, as far as we know.</param>
    public async Task<Answer> AskAsync(byte[] body, string? key, double points, CancellationToken cancel)
    {
        ThrottleStatus? status = null;
        var wait = budget.Take(points, session.Clock.GetUtcNow());
        try
        {
            if (wait > TimeSpan.Zero) await Task.Delay(wait, session.Clock, cancel).ConfigureAwait(false);
            using var request = new HttpRequestMessage(HttpMethod.Post, AddressOf(session.Settings));
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = Json;
            request.Headers.TryAddWithoutValidation("X-Shopify-Access-Token", session.Settings["token"]);
            if (key is not null) request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
            var answer = await Remote.AskAsync(session.Http, request, Encoding.UTF8.GetString(body), redactor, cancel).ConfigureAwait(false);
            status = answer.IsSuccess ? CostOf(answer.Body.Span) : null;
            return answer;
        }
        finally
        {
            budget.Answered(points, status, session.Clock.GetUtcNow());
        }
    }

    public async Task<(ReplyTree? Data, Answer Answer, Outcome? Trouble)> QueryAsync(byte[] body, double points, CancellationToken cancel)
    {
        var answer = await AskAsync(body, null, points, cancel).ConfigureAwait(false);
        var (reply, trouble) = ShopifyAnswers.Open(answer, reads: true);
        return (reply?.Data, answer, trouble);
    }

    /// <summary>A query that nobody waits for: what the shop asks to have later is asked later, a few times.</summary>
    public async Task<(ReplyTree? Data, Answer Answer, Outcome? Trouble)> PatientlyAsync(byte[] body, double points, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            var asked = await QueryAsync(body, points, cancel).ConfigureAwait(false);
            if (asked.Trouble is not Outcome.TryLater later || attempt == Patience) return asked;
            await Task.Delay(later.After ?? TimeSpan.FromSeconds(attempt), session.Clock, cancel).ConfigureAwait(false);
        }
    }

    // "extensions" stands last, so only the tail of the answer is read for it.
    private static ThrottleStatus? CostOf(ReadOnlySpan<byte> answer)
    {
        var at = answer.LastIndexOf("\"throttleStatus\""u8);
        if (at < 0) return null;
        var open = answer[at..].IndexOf((byte)'{');
        if (open < 0) return null;
        var reader = new Utf8JsonReader(answer[(at + open)..], isFinalBlock: false, default);
        try
        {
            return JsonSerializer.Deserialize(ref reader, ShopifyReplies.Default.ThrottleStatus);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>The point bucket of one shop as we believe it to be: what the vendor last told, less what is under way.</summary>
internal sealed class PointBudget
{
    private readonly Lock gate = new();
    private double told = double.PositiveInfinity;
    private double underWay;
    private double restore = 50;
    private double most = 1000;
    private DateTimeOffset at;

    /// <summary>Takes points from the bucket and says how long to wait until they are really there.</summary>
    public TimeSpan Take(double points, DateTimeOffset now)
    {
        lock (gate)
        {
            underWay += points;
            if (double.IsPositiveInfinity(told)) return TimeSpan.Zero;
            var refilled = Math.Min(most, told + Math.Max(0, (now - at).TotalSeconds) * restore);
            var left = refilled - Math.Min(underWay, Math.Max(most, points));
            return left >= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Min(60, -left / restore));
        }
    }

    /// <summary>A call came back. What it told replaces what we believed; calls still under way may or may not be in it, so they stay counted.</summary>
    public void Answered(double points, ThrottleStatus? status, DateTimeOffset now)
    {
        lock (gate)
        {
            underWay = Math.Max(0, underWay - points);
            if (status is not { CurrentlyAvailable: { } left, RestoreRate: > 0 and { } rate, MaximumAvailable: > 0 and { } top }) return;
            (told, restore, most, at) = (left, rate, top, now);
        }
    }
}
