using System.Net.Http.Headers;
using System.Text;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.__Name__;

/// <summary>The calls to __Name__: the only file of this folder that does HTTP.</summary>
internal sealed class __Name__Api(Session session)
{
    private readonly Redactor redactor = Redactor.For(__Name__Connector.Described, session.Settings);
    private readonly string root = session.Settings["base_url"].TrimEnd('/');

    public async Task<Result> SendAsync(Work work, CancellationToken cancel)
    {
        var (path, body) = __Name__Outbound.Request(work);
        using var request = new HttpRequestMessage(HttpMethod.Post, root + path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("Idempotency-Key", work.Key);
        var answer = await AskAsync(request, body, cancel).ConfigureAwait(false);
        return new(__Name__Answers.Sent(answer), answer.Exchange);
    }

    public async Task<Result> TestAsync(CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, root + __Name__Outbound.TestPath);
        var answer = await AskAsync(request, "", cancel).ConfigureAwait(false);
        return new(answer.Usual(reads: true) ?? new Outcome.Done(), answer.Exchange);
    }

    private Task<Answer> AskAsync(HttpRequestMessage request, string said, CancellationToken cancel)
    {
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", session.Settings["token"]);
        return Remote.AskAsync(session.Http, request, said, redactor, cancel);
    }
}
