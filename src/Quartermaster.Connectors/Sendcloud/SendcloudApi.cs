using System.Text;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Labels;

namespace Quartermaster.Connectors.Sendcloud;

/// <summary>The calls to Sendcloud.</summary>
internal sealed class SendcloudApi(Session session)
{
    private readonly Redactor redactor = Redactor.For(SendcloudConnector.Described, session.Settings);

    public async Task<Result> BuyAsync(Consignment parcel, CancellationToken cancel)
    {
        // What is collected is part of the shipping option at Sendcloud and cannot be asked for beside it.
        if (LabelAnswers.NotSold("Sendcloud", parcel, declares: true) is { } no) return no;
        var answer = await AskAsync(HttpMethod.Post, "/shipments/announce", SendcloudOutbound.Announcement(session.Settings, parcel), cancel).ConfigureAwait(false);
        return SendcloudAnswers.Announced(answer, parcel, session.Brand);
    }

    /// <summary>Was it bought? Sendcloud finds a shipment by the reference that we gave it.</summary>
    public async Task<Result> FindAsync(Consignment parcel, CancellationToken cancel) =>
        SendcloudAnswers.Found(await GetByReferenceAsync(parcel.Reference, cancel).ConfigureAwait(false), parcel, session.Brand);

    public async Task<Result> VoidAsync(LabelEffect.Void taken, CancellationToken cancel)
    {
        var id = taken.LabelId;
        if (id is null)
        {
            var found = await GetByReferenceAsync(taken.Reference, cancel).ConfigureAwait(false);
            var (shipment, outcome) = SendcloudAnswers.ToVoid(found, taken.Reference);
            if (shipment is null) return new(outcome!, found.Exchange);
            id = shipment;
        }
        var answer = await AskAsync(HttpMethod.Post, $"/shipments/{Uri.EscapeDataString(id)}/cancel", null, cancel).ConfigureAwait(false);
        if (answer.Status != 409) return new(SendcloudAnswers.Voided(answer), answer.Exchange);
        // "Rejected" is also the answer to a shipment that is void already; its state tells which it was.
        var state = await AskAsync(HttpMethod.Get, $"/shipments/{Uri.EscapeDataString(id)}", null, cancel).ConfigureAwait(false);
        return new(SendcloudAnswers.Rejected(answer, state), answer.Exchange);
    }

    public async Task<Result> IsVoidAsync(LabelEffect.Void taken, CancellationToken cancel)
    {
        var answer = await GetByReferenceAsync(taken.Reference, cancel).ConfigureAwait(false);
        return new(SendcloudAnswers.FoundVoid(answer, taken.Reference), answer.Exchange);
    }

    public async Task<Result> TestAsync(CancellationToken cancel)
    {
        var answer = await AskAsync(HttpMethod.Get, "/shipments?page_size=1", null, cancel).ConfigureAwait(false);
        return new(SendcloudAnswers.Trouble(answer, reads: true) ?? new Outcome.Done(), answer.Exchange);
    }

    public async Task<Whereabouts> TrackAsync(ParcelToFind parcel, CancellationToken cancel) =>
        SendcloudInbound.Way(await AskAsync(HttpMethod.Get, $"/parcels/tracking/{Uri.EscapeDataString(parcel.Tracking.Replace(" ", "", StringComparison.Ordinal))}", null, cancel).ConfigureAwait(false), parcel.Tracking, session.Clock.GetUtcNow());

    public async Task<Answer> AskAsync(HttpMethod method, string path, string? body, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, session.Settings.Get("base_url", SendcloudConnector.DefaultAddress).TrimEnd('/') + path);
        request.Headers.Authorization = BasicKey.Of(session.Settings["public_key"], session.Settings["secret_key"]);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        return await Remote.AskAsync(session.Http, request, body ?? "", redactor, cancel).ConfigureAwait(false);
    }

    private Task<Answer> GetByReferenceAsync(string reference, CancellationToken cancel) =>
        AskAsync(HttpMethod.Get, $"/shipments?external_reference_id={Uri.EscapeDataString(reference)}", null, cancel);
}
