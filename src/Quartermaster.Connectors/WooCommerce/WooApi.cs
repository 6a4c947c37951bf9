using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Serialization.Metadata;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.WooCommerce;

/// <summary>The shop's REST API v3 over HTTP. The only place of this connector that does.</summary>
internal sealed class WooApi(Session session, Manifest manifest)
{
    private readonly Redactor redactor = Redactor.For(manifest, session.Settings);

    public static Uri RootOf(Settings settings)
    {
        var root = settings.Find("base_url") ?? "https://" + settings["site"].Trim();
        return new Uri($"{root.TrimEnd('/')}/wp-json/wc/v3/");
    }

    public async Task<(T? Body, Answer Answer, Outcome? Trouble)> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancel) where T : class
    {
        var answer = await AskAsync(HttpMethod.Get, path, null, cancel).ConfigureAwait(false);
        var (body, trouble) = WooAnswers.Open(answer, type, reads: true);
        return (body, answer, trouble);
    }

    /// <summary>A call that changes something there.</summary>
    public async Task<(T? Body, Answer Answer, Outcome? Trouble)> SendAsync<T>(HttpMethod method, string path, byte[] said, JsonTypeInfo<T> type, CancellationToken cancel) where T : class
    {
        var answer = await AskAsync(method, path, said, cancel).ConfigureAwait(false);
        var (body, trouble) = WooAnswers.Open(answer, type, reads: false);
        return (body, answer, trouble);
    }

    public async Task<Answer> AskAsync(HttpMethod method, string path, byte[]? said, CancellationToken cancel)
    {
        var (key, secret) = (session.Settings["consumer_key"], session.Settings["consumer_secret"]);
        var address = new Uri(RootOf(session.Settings), path);
        // Some hosts take the Authorization header away before WordPress sees it.
        var inAddress = session.Settings.Get("keys_in_address", "false") == "true";
        if (inAddress) address = new Uri($"{address}{(address.Query.Length == 0 ? '?' : '&')}consumer_key={Uri.EscapeDataString(key)}&consumer_secret={Uri.EscapeDataString(secret)}");
        using var request = new HttpRequestMessage(method, address);
        if (!inAddress) request.Headers.Authorization = BasicKey.Of(key, secret);
        // Firewalls in front of shops turn away callers without a name.
        request.Headers.UserAgent.ParseAdd("Quartermaster");
        if (said is not null) request.Content = new ByteArrayContent(said) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        return await Remote.AskAsync(session.Http, request, said is null ? "" : Encoding.UTF8.GetString(said), redactor, cancel).ConfigureAwait(false);
    }
}
