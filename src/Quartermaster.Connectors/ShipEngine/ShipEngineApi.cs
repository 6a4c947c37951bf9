using System.Text;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Dispatching;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Labels;

namespace Quartermaster.Connectors.ShipEngine;

/// <summary>The calls to ShipEngine.</summary>
internal sealed class ShipEngineApi(Session session)
{
    private readonly Redactor redactor = Redactor.For(ShipEngineConnector.Described, session.Settings);

    public async Task<Result> BuyAsync(Work work, Consignment parcel, CancellationToken cancel)
    {
        // ShipEngine would take a zero, and customs would not.
        if (Customs.WithoutValue(parcel) is { } worthless) return new(new Outcome.Refused("customs", worthless), Exchange.None);
        var answer = await AskAsync(HttpMethod.Post, "/v1/labels", ShipEngineOutbound.Label(session.Settings, parcel), cancel).ConfigureAwait(false);
        return ShipEngineAnswers.Bought(answer, parcel, session.Brand);
    }

    /// <summary>Was it bought? ShipEngine finds a label by the id that we gave its shipment.</summary>
    public async Task<Result> FindAsync(Consignment parcel, CancellationToken cancel)
    {
        var answer = await GetByReferenceAsync(parcel.Reference, cancel).ConfigureAwait(false);
        return ShipEngineAnswers.Found(answer, parcel, session.Brand);
    }

    public async Task<Result> VoidAsync(LabelEffect.Void taken, CancellationToken cancel)
    {
        var id = taken.LabelId;
        if (id is null)
        {
            var found = await GetByReferenceAsync(taken.Reference, cancel).ConfigureAwait(false);
            var (label, outcome) = ShipEngineAnswers.ToVoid(found);
            if (label is null) return new(outcome!, found.Exchange);
            id = label;
        }
        var answer = await AskAsync(HttpMethod.Put, $"/v1/labels/{Uri.EscapeDataString(id)}/void", null, cancel).ConfigureAwait(false);
        return new(ShipEngineAnswers.Voided(answer), answer.Exchange);
    }

    public async Task<Result> IsVoidAsync(LabelEffect.Void taken, CancellationToken cancel)
    {
        var answer = await GetByReferenceAsync(taken.Reference, cancel).ConfigureAwait(false);
        return new(ShipEngineAnswers.FoundVoid(answer), answer.Exchange);
    }

    /// <summary>Tells the carrier which labels it gets today.</summary>
    public async Task<Result> CloseAsync(DispatchList list, CancellationToken cancel) =>
        ShipEngineManifests.Made(await AskAsync(HttpMethod.Post, "/v1/manifests", ShipEngineManifests.Request(list), cancel).ConfigureAwait(false), list, session.Brand);

    /// <summary>Was it told? ShipEngine finds a manifest by the labels on it.</summary>
    public async Task<Result> FindAsync(DispatchList list, CancellationToken cancel) =>
        ShipEngineManifests.Found(await AskAsync(HttpMethod.Get, ShipEngineManifests.Question(list), null, cancel).ConfigureAwait(false), list, session.Brand);

    public async Task<Result> TestAsync(CancellationToken cancel)
    {
        var answer = await AskAsync(HttpMethod.Get, "/v1/carriers", null, cancel).ConfigureAwait(false);
        return new(ShipEngineAnswers.Tested(answer, session.Settings["carrier_id"]), answer.Exchange);
    }

    /// <exception cref="HttpRequestException">ShipEngine did not answer the question.</exception>
    public async Task<IReadOnlyList<ShippingOffer>> QuoteAsync(Consignment parcel, CancellationToken cancel)
    {
        var answer = await AskAsync(HttpMethod.Post, "/v1/rates/estimate", ShipEngineOutbound.Estimate(session, parcel), cancel).ConfigureAwait(false);
        return ShipEngineAnswers.Offers(answer);
    }

    public async Task<Whereabouts> TrackAsync(ParcelToFind parcel, CancellationToken cancel) => parcel.LabelId is { } label
        ? ShipEngineInbound.Way(await AskAsync(HttpMethod.Get, $"/v1/labels/{Uri.EscapeDataString(label)}/track", null, cancel).ConfigureAwait(false), parcel.Tracking, session.Clock.GetUtcNow())
        : Whereabouts.Unanswered(new Outcome.Refused("no_label", "ShipEngine is asked by the label, and the order knows none."));

    /// <summary>Sees to it that scans are sent to us, with our token.</summary>
    public async Task<IReadOnlyList<SubscriptionTrouble>> MendAsync(Uri publicAddress, CancellationToken cancel)
    {
        var listed = await AskAsync(HttpMethod.Get, "/v1/environment/webhooks", null, cancel).ConfigureAwait(false);
        if (listed.Usual(reads: true) is { } trouble) return [SubscriptionTrouble.Unknown($"The webhooks could not be listed: {Outcome.Words(trouble)}")];
        if (ShipEngineAnswers.Hears(listed, publicAddress)) return [];
        var made = await AskAsync(HttpMethod.Post, "/v1/environment/webhooks", ShipEngineOutbound.Webhook(session.Settings, publicAddress), cancel).ConfigureAwait(false);
        return [made.Usual() is { } no ? SubscriptionTrouble.Not($"Scans are not sent to us, and the webhook could not be made: {Outcome.Words(no)}") : SubscriptionTrouble.Again("Scans were not sent to us; the webhook was made.")];
    }

    private Task<Answer> GetByReferenceAsync(string reference, CancellationToken cancel) =>
        AskAsync(HttpMethod.Get, $"/v1/labels/external_shipment_id/{Uri.EscapeDataString(reference)}", null, cancel);

    private async Task<Answer> AskAsync(HttpMethod method, string path, string? body, CancellationToken cancel)
    {
        var version = session.Settings.Get("api_version", ShipEngineConnector.DefaultVersion);
        using var request = new HttpRequestMessage(method, session.Settings.Get("base_url", ShipEngineConnector.DefaultAddress).TrimEnd('/') + (version == ShipEngineConnector.DefaultVersion ? path : $"/{version}{path[3..]}"));
        request.Headers.TryAddWithoutValidation("API-Key", session.Settings["api_key"]);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        return await Remote.AskAsync(session.Http, request, body ?? "", redactor, cancel).ConfigureAwait(false);
    }
}
