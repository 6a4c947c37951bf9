using System.Net.Http.Headers;
using System.Text;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.WhatsApp;

/// <summary>The calls to Meta's Graph API.</summary>
internal static class WhatsAppApi
{
    public const string Home = "https://graph.facebook.com/v23.0";

    // Meta's contract wants three numbers behind the slash.
    private const string Agent = "Quartermaster/1.0.0";

    private static readonly MediaTypeHeaderValue Json = new("application/json");

    public static async Task<Answer> SendAsync(Session session, Redactor redactor, string key, ReadOnlyMemory<byte> body, CancellationToken cancel)
    {
        using var request = Request(session, HttpMethod.Post, "/messages");
        request.Content = new ReadOnlyMemoryContent(body);
        request.Content.Headers.ContentType = Json;
        // Means nothing to Meta; a gateway in between may use it. A header takes ASCII only.
        if (Ascii.IsValid(key)) request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        return await Remote.AskAsync(session.Http, request, Encoding.UTF8.GetString(body.Span), redactor, cancel).ConfigureAwait(false);
    }

    public static Task<Answer> LookAtNumberAsync(Session session, Redactor redactor, CancellationToken cancel) => NumberAsync(session, redactor, "display_phone_number,verified_name,quality_rating", cancel);

    /// <param name="fields">As Meta names them, separated by commas.</param>
    public static async Task<Answer> NumberAsync(Session session, Redactor redactor, string fields, CancellationToken cancel)
    {
        using var request = Request(session, HttpMethod.Get, "?fields=" + fields);
        return await Remote.AskAsync(session.Http, request, "", redactor, cancel).ConfigureAwait(false);
    }

    /// <param name="after">Where the last page ended; null = from the beginning.</param>
    public static async Task<Answer> TemplatesAsync(Session session, Redactor redactor, string account, string? after, CancellationToken cancel)
    {
        var page = after is null ? "" : "&after=" + Uri.EscapeDataString(after);
        using var request = Request(session, HttpMethod.Get, $"{Uri.EscapeDataString(account)}/message_templates?fields=name,language,status,category,quality_score,components&limit=100{page}", "");
        return await Remote.AskAsync(session.Http, request, "", redactor, cancel).ConfigureAwait(false);
    }

    private static HttpRequestMessage Request(Session session, HttpMethod method, string rest) => Request(session, method, session.Settings["phone_number_id"], rest);

    private static HttpRequestMessage Request(Session session, HttpMethod method, string of, string rest)
    {
        var settings = session.Settings;
        var request = new HttpRequestMessage(method, new Uri($"{settings.Get("base_url", Home).TrimEnd('/')}/{of}{rest}"));
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + settings["token"]);
        request.Headers.TryAddWithoutValidation("User-Agent", Agent);
        return request;
    }
}
