using System.Net.Http.Headers;
using System.Text;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.Mailchimp;

/// <summary>The calls to Mailchimp's Marketing API.</summary>
internal sealed class MailchimpApi(Session session, Redactor redactor)
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    public Task<Answer> ListAsync(CancellationToken cancel) => AskAsync(HttpMethod.Get, "", "", cancel);

    /// <summary>Required merge fields of the audience that we know nothing of do not keep a customer out.</summary>
    public Task<Answer> PutMemberAsync(string id, string body, CancellationToken cancel) => AskAsync(HttpMethod.Put, $"/members/{id}?skip_merge_validation=true", body, cancel);

    public Task<Answer> PostAsync(string id, string what, string body, CancellationToken cancel) => AskAsync(HttpMethod.Post, $"/members/{id}/{what}", body, cancel);

    private async Task<Answer> AskAsync(HttpMethod method, string path, string body, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, new Uri($"{Home()}/3.0/lists/{Uri.EscapeDataString(session.Settings["list_id"])}{path}"));
        // Any name goes with the key.
        request.Headers.TryAddWithoutValidation("Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("quartermaster:" + session.Settings["api_key"])));
        request.Headers.TryAddWithoutValidation("User-Agent", "Quartermaster/1.0.0");
        if (body.Length > 0) request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = Json } };
        return await Remote.AskAsync(session.Http, request, body, redactor, cancel).ConfigureAwait(false);
    }

    private string Home()
    {
        if (session.Settings.Find("base_url") is { } address) return address.TrimEnd('/');
        var key = session.Settings["api_key"];
        // A key without a data centre leads nowhere: that is an address which is none.
        return key.LastIndexOf('-') is > 0 and var dash && key[(dash + 1)..] is { Length: > 0 } centre && centre.All(char.IsAsciiLetterOrDigit) ? $"https://{centre}.api.mailchimp.com" : throw new UriFormatException();
    }
}
