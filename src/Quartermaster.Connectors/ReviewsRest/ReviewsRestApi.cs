using System.Net.Http.Headers;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.ReviewsRest;

/// <summary>The one call of the open reviews contract.</summary>
internal sealed class ReviewsRestApi(Session session)
{
    private readonly Redactor redactor = Redactor.For(ReviewsRestConnector.Described, session.Settings);

    public async Task<Answer> ReviewAsync(string address, string id, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address.TrimEnd('/') + ReviewsRestOutbound.ReviewPath(id));
        if (session.Settings.Find("token") is { } token) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await Remote.AskAsync(session.Http, request, "", redactor, cancel).ConfigureAwait(false);
    }
}
