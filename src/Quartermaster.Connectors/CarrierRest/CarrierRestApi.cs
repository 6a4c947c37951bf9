using System.Net.Http.Headers;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.CarrierRest;

/// <summary>The calls of the open carrier contract.</summary>
internal sealed class CarrierRestApi(Session session)
{
    private readonly Redactor redactor = Redactor.For(CarrierRestConnector.Described, session.Settings);

    public async Task<Answer> TrackAsync(string number, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, session.Settings["base_url"].TrimEnd('/') + CarrierRestOutbound.TrackingPath(number));
        if (session.Settings.Find("token") is { } token) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await Remote.AskAsync(session.Http, request, "", redactor, cancel).ConfigureAwait(false);
    }
}
