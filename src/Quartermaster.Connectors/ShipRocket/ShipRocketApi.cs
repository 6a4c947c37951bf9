using System.Globalization;
using System.Text;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Dispatching;
using Quartermaster.Core.Labels;

namespace Quartermaster.Connectors.ShipRocket;

/// <summary>The calls to ShipRocket.</summary>
internal sealed class ShipRocketApi(Session session, AccessTokens tokens)
{
    private readonly Vendor vendor = new("ShipRocket", Redactor.For(ShipRocketConnector.Described, session.Settings));
    private readonly string root = session.Settings.Get("base_url", ShipRocketConnector.DefaultAddress).TrimEnd('/');

    /// <summary>Order, waybill, label. Nothing is paid before the waybill; what an earlier call began is gone on with.</summary>
    public async Task<Result> BuyAsync(Work work, Consignment parcel, CancellationToken cancel)
    {
        if (IndianAddress.Wrong("ShipRocket", parcel) is { } wrong) return new(wrong, Exchange.None);
        if (parcel.Size is null) return new(new Outcome.Refused("no_size", "ShipRocket prices a parcel by its sides: write them under 'labels.parcel.cm' of the location."), Exchange.None);
        FoundOrder? order = null;
        var before = false;
        if (work.Attempt > 1 || work.MayHaveArrived)
        {
            var (found, trouble) = ShipRocketAnswers.Found(await SearchAsync(parcel.Reference, cancel).ConfigureAwait(false), parcel.Reference);
            if (trouble is not null) return trouble;
            if (found is { IsCancelled: true }) return new(new Outcome.Refused("cancelled", "The order was cancelled at ShipRocket."), Exchange.None);
            if (found?.Awb is not null) return await LabelledAsync(found, parcel, found: true, cancel).ConfigureAwait(false);
            (order, before) = (found, found is not null);
        }
        if (order is null)
        {
            var (made, trouble) = ShipRocketAnswers.Made(await PostAsync("/orders/create/adhoc", ShipRocketOutbound.Order(session, parcel), cancel).ConfigureAwait(false));
            if (made is null) return trouble!;
            order = made;
        }
        var answer = await PostAsync("/courier/assign/awb", ShipRocketOutbound.Waybill(order.ShipmentId, parcel.Service), cancel).ConfigureAwait(false);
        var (assigned, no) = ShipRocketAnswers.Assigned(answer, order);
        if (assigned is not null) return await LabelledAsync(assigned, parcel, found: false, cancel).ConfigureAwait(false);
        // An earlier try may have got a waybill that the search does not show yet: cancelling would take it, and it is paid.
        if (before && no!.Outcome is Outcome.Refused refused) return no with { Outcome = new Outcome.Unsure($"ShipRocket has the order and gives it no waybill now: {refused.Why}") };
        // What no courier takes must not lie among the orders that somebody ships by hand.
        if (no!.Outcome is Outcome.Refused { Code: ShipRocketAnswers.NoCourier }) await PostAsync("/orders/cancel", ShipRocketOutbound.Ids("ids", order.OrderId), cancel).ConfigureAwait(false);
        return no;
    }

    /// <summary>Was it bought? ShipRocket finds an order by the number that we gave it.</summary>
    public async Task<Result> FindAsync(Consignment parcel, CancellationToken cancel)
    {
        var answer = await SearchAsync(parcel.Reference, cancel).ConfigureAwait(false);
        var (found, trouble) = ShipRocketAnswers.Found(answer, parcel.Reference);
        if (trouble is not null) return trouble with { Outcome = LabelAnswers.LeavesDoubt(trouble.Outcome)! };
        if (found is { Awb: not null, IsCancelled: false }) return await LabelledAsync(found, parcel, found: true, cancel).ConfigureAwait(false);
        return new(new Outcome.TryLater(found is null ? "There is no order under this reference." : "The order is there, and has no waybill yet."), answer.Exchange);
    }

    public async Task<Result> VoidAsync(LabelEffect.Void taken, CancellationToken cancel)
    {
        var id = taken.LabelId is { } known ? FoundOrder.IdIn(known) : null;
        if (id is null)
        {
            var answer = await SearchAsync(taken.Reference, cancel).ConfigureAwait(false);
            var (found, trouble) = ShipRocketAnswers.Found(answer, taken.Reference);
            if (trouble is not null) return trouble;
            if (found is null or { IsCancelled: true }) return new(found is null ? new Outcome.Done() : new Outcome.AlreadyDone(), answer.Exchange);
            id = found.OrderId;
        }
        var cancelled = await PostAsync("/orders/cancel", ShipRocketOutbound.Ids("ids", id.Value), cancel).ConfigureAwait(false);
        return new(ShipRocketAnswers.Cancelled(cancelled), cancelled.Exchange);
    }

    /// <summary>Asks for the courier who fetches them, and for the paper that he signs.</summary>
    public async Task<Result> CloseAsync(DispatchList list, CancellationToken cancel)
    {
        var shipments = ShipRocketOutbound.Shipments(list);
        var pickup = await PostAsync("/courier/generate/pickup", ShipRocketOutbound.Ids("shipment_id", shipments), cancel).ConfigureAwait(false);
        // Parcels that wait for a courier already are refused here, and have their paper all the same.
        if (ShipRocketAnswers.Trouble(pickup) is { } trouble and not Outcome.Refused) return new(trouble, pickup.Exchange);
        var made = await PostAsync("/manifests/generate", ShipRocketOutbound.Ids("shipment_id", shipments), cancel).ConfigureAwait(false);
        var closed = ShipRocketAnswers.Closed(made, pickup, list, session.Brand, found: false);
        return closed.Outcome is Outcome.Refused && (await FindAsync(list, cancel).ConfigureAwait(false)) is { Outcome: Outcome.AlreadyDone } there ? there : closed;
    }

    /// <summary>Was it closed? A manifest that exists can be printed.</summary>
    public async Task<Result> FindAsync(DispatchList list, CancellationToken cancel)
    {
        var printed = await PostAsync("/manifests/print", ShipRocketOutbound.Ids("order_ids", [.. list.Labels.Select(l => FoundOrder.IdIn(l.LabelId)).OfType<long>()]), cancel).ConfigureAwait(false);
        return ShipRocketAnswers.Printed(printed, list, session.Brand);
    }

    public async Task<Result> TestAsync(CancellationToken cancel)
    {
        var answer = await GetAsync("/settings/company/pickup", cancel).ConfigureAwait(false);
        return new(ShipRocketAnswers.Tested(answer, session.Settings["pickup_location"]), answer.Exchange);
    }

    /// <exception cref="HttpRequestException">ShipRocket did not answer the question.</exception>
    public async Task<IReadOnlyList<ShippingOffer>> QuoteAsync(Consignment parcel, CancellationToken cancel)
    {
        if (IndianAddress.Wrong("ShipRocket", parcel) is { } wrong) throw new HttpRequestException(wrong.Why);
        return ShipRocketAnswers.Offers(await GetAsync("/courier/serviceability/?" + ShipRocketOutbound.Serviceability(parcel), cancel).ConfigureAwait(false));
    }

    public async Task<Whereabouts> TrackAsync(ParcelToFind parcel, CancellationToken cancel)
    {
        var answer = await GetAsync("/courier/track/awb/" + Uri.EscapeDataString(parcel.Tracking.Replace(" ", "", StringComparison.Ordinal)), cancel).ConfigureAwait(false);
        return ShipRocketInbound.Way(answer, parcel.Tracking, session.Clock.GetUtcNow());
    }

    /// <summary>The waybill is paid for; without its picture it is a label all the same.</summary>
    private async Task<Result> LabelledAsync(FoundOrder order, Consignment parcel, bool found, CancellationToken cancel)
    {
        var answer = await PostAsync("/courier/generate/label", ShipRocketOutbound.Ids("shipment_id", order.ShipmentId), cancel).ConfigureAwait(false);
        return LabelAnswers.Issued(new(order.LabelId, order.Courier ?? "shiprocket", parcel.Service, order.Awb!, $"https://shiprocket.co/tracking/{Uri.EscapeDataString(order.Awb!)}", ShipRocketAnswers.LabelAddress(answer), order.Cost, order.Cost is null ? null : "INR"),
            parcel, session.Brand, found, answer.Exchange);
    }

    private Task<Answer> SearchAsync(string reference, CancellationToken cancel) => GetAsync($"/orders?search={Uri.EscapeDataString(reference)}&per_page=10", cancel);

    private Task<Answer> GetAsync(string path, CancellationToken cancel) => tokens.SendAsync(session, vendor, Question, () => new(HttpMethod.Get, root + path), "", cancel);

    private Task<Answer> PostAsync(string path, string body, CancellationToken cancel) =>
        tokens.SendAsync(session, vendor, Question, () => new(HttpMethod.Post, root + path) { Content = new StringContent(body, Encoding.UTF8, "application/json") }, body, cancel);

    private HttpRequestMessage Question() => new(HttpMethod.Post, root + "/auth/login")
    {
        Content = new StringContent(JsonBody.Write(json =>
        {
            json.WriteString("email", session.Settings["email"]);
            json.WriteString("password", session.Settings["password"]);
        }), Encoding.UTF8, "application/json"),
    };
}

/// <summary>An order as ShipRocket has it, with its one shipment.</summary>
/// <param name="Awb">The courier's waybill number; null = none was assigned yet.</param>
internal sealed record FoundOrder(long OrderId, long ShipmentId, string? Awb = null, string? Courier = null, decimal? Cost = null, bool IsCancelled = false)
{
    /// <summary>It is cancelled by the one and fetched by the other.</summary>
    public string LabelId => string.Create(CultureInfo.InvariantCulture, $"{OrderId}/{ShipmentId}");

    public static long? IdIn(string labelId) => long.TryParse(labelId.Split('/')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    public static long? ShipmentIn(string labelId) => labelId.Split('/') is [_, var shipment] && long.TryParse(shipment, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
}
