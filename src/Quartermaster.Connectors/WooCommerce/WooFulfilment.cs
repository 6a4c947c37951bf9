using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Orders;

namespace Quartermaster.Connectors.WooCommerce;

/// <summary>Writes a parcel into its order: a hidden entry that we read, a note that the staff reads, and the status that says that all was sent.</summary>
/// <remarks>
/// Each step looks first whether it is done, so a repeat does what is missing and nothing twice. The entry comes first: from then on
/// the parcel is written, and what lacks is found by it.
/// </remarks>
internal sealed class WooFulfilment(WooApi api, Session session)
{
    // An order that waits for its payment would count as paid by being completed; one that has ended stays as it ended.
    private static readonly string[] Untouched = ["pending", "on-hold", "failed", "cancelled", "refunded", "trash", "completed"];

    private readonly string sentStatus = session.Settings.Get("sent_status", WooConnector.DefaultSentStatus);

    public async Task<Result> WriteAsync(FulfilmentEffect.WriteFulfilment effect, CancellationToken cancel)
    {
        var parcel = effect.Parcel;
        var (seen, asked, trouble) = await LookAsync(effect.ExternalId, cancel).ConfigureAwait(false);
        if (trouble is not null) return new Result(trouble, asked.Exchange);
        if (WooParcels.Has(seen!.Order, parcel)) return await FinishAsync(effect, seen, null, cancel).ConfigureAwait(false);

        var status = Completes(seen, parcel) ? sentStatus : null;
        var tracking = session.Settings.Get("shipment_tracking", "false") == "true";
        var (_, written, no) = await PutAsync(effect.ExternalId, WooOutbound.Record(parcel, status, tracking, seen.Order), cancel).ConfigureAwait(false);
        if (no is not null) return new Result(no, written.Exchange);
        // Another parcel of this order may have been recorded since we looked, and each would have left the completing to the other.
        if (status is null)
        {
            (seen, asked, trouble) = await LookAsync(effect.ExternalId, cancel).ConfigureAwait(false);
            if (trouble is not null) return new Result(Again(trouble), written.Exchange);
        }
        return await FinishAsync(effect, status is null ? seen! : seen! with { Order = seen.Order with { Status = status } }, written, cancel).ConfigureAwait(false);
    }

    /// <summary>Already done means all of it: the entry, the note and, with the last parcel, the status.</summary>
    public async Task<Result> LookUpAsync(FulfilmentEffect.WriteFulfilment effect, CancellationToken cancel)
    {
        var (seen, asked, trouble) = await LookAsync(effect.ExternalId, cancel).ConfigureAwait(false);
        if (trouble is Outcome.NotConnected or Outcome.Refused) return new Result(trouble, asked.Exchange);
        if (trouble is not null) return new Result(CannotTell(trouble), asked.Exchange);
        if (!WooParcels.Has(seen!.Order, effect.Parcel)) return new Result(new Outcome.TryLater("The shop's order has no entry for this parcel: it did not arrive."), asked.Exchange);
        if (Completes(seen)) return new Result(new Outcome.TryLater("The parcel is recorded, but the order was not completed with it."), asked.Exchange);
        var (noted, heard, unheard) = await IsNotedAsync(effect, cancel).ConfigureAwait(false);
        if (unheard is not null) return new Result(CannotTell(unheard), heard.Exchange);
        return new Result(noted ? new Outcome.AlreadyDone(effect.Parcel.ParcelId) : new Outcome.TryLater("The parcel is recorded, but the staff has no note of it."), heard.Exchange);
    }

    /// <summary>What is still missing of a parcel that is recorded.</summary>
    /// <param name="now">The answer that recorded it; null when it was found recorded.</param>
    private async Task<Result> FinishAsync(FulfilmentEffect.WriteFulfilment effect, Seen seen, Answer? now, CancellationToken cancel)
    {
        if (Completes(seen))
        {
            var (_, put, no) = await PutAsync(effect.ExternalId, WooOutbound.Status(sentStatus), cancel).ConfigureAwait(false);
            if (no is not null) return new Result(Again(no), put.Exchange);
            now ??= put;
        }
        var (noted, heard, unheard) = now is null ? await IsNotedAsync(effect, cancel).ConfigureAwait(false) : (false, now, null);
        if (unheard is not null) return new Result(Again(unheard), heard.Exchange);
        if (!noted)
        {
            var note = await api.AskAsync(HttpMethod.Post, WooOutbound.Notes(effect.ExternalId), WooOutbound.Note(WooOutbound.Words(effect.Parcel)), cancel).ConfigureAwait(false);
            if (WooAnswers.Trouble(note, reads: false) is { } lost) return new Result(Again(lost), note.Exchange);
        }
        return new Result(now is null ? new Outcome.AlreadyDone(effect.Parcel.ParcelId) : new Outcome.Done(effect.Parcel.ParcelId), heard.Exchange);
    }

    private bool Completes(Seen seen, Parcel? and = null) =>
        sentStatus != "none" && seen.Order.Status != sentStatus && !Untouched.Contains(seen.Order.Status) && WooParcels.IsAllSent(seen.Order, seen.Facts, and);

    /// <summary>The order less what was refunded: that is all that has to be sent.</summary>
    private async Task<(Seen? Seen, Answer Answer, Outcome? Trouble)> LookAsync(string externalId, CancellationToken cancel)
    {
        var (order, answer, trouble) = await api.GetAsync(WooOutbound.OrderToFulfil(externalId), WooBodies.Default.OrderBody, cancel).ConfigureAwait(false);
        if (trouble is not null) return (null, answer, trouble);
        RefundBody[] refunds = [];
        if (order!.Refunds is { Length: > 0 })
        {
            (var read, answer, trouble) = await api.GetAsync(WooOutbound.Refunds(externalId), WooBodies.Default.RefundBodyArray, cancel).ConfigureAwait(false);
            if (trouble is not null) return (null, answer, trouble);
            refunds = [.. read!.OfType<RefundBody>()];
        }
        try
        {
            return (new(order, WooOrderFacts.From(order, refunds, session, session.Clock.GetUtcNow())), answer, null);
        }
        catch (NotUnderstoodException e)
        {
            return (null, answer, new Outcome.Refused(e.CaseKind, e.Message));
        }
    }

    private async Task<(bool Noted, Answer Answer, Outcome? Trouble)> IsNotedAsync(FulfilmentEffect.WriteFulfilment effect, CancellationToken cancel)
    {
        var (notes, answer, trouble) = await api.GetAsync(WooOutbound.Notes(effect.ExternalId), WooBodies.Default.NoteBodyArray, cancel).ConfigureAwait(false);
        // The shop's editor may turn quotes and ampersands into entities; the tracking number stays what it is.
        return (notes?.Any(n => n?.Note?.StartsWith("Quartermaster: sent", StringComparison.Ordinal) == true && n.Note.Contains(effect.Parcel.Tracking, StringComparison.Ordinal)) == true, answer, trouble);
    }

    private Task<(OrderBody? Body, Answer Answer, Outcome? Trouble)> PutAsync(string externalId, byte[] body, CancellationToken cancel) =>
        api.SendAsync(HttpMethod.Put, $"{WooOutbound.Order(externalId)}?_fields=id,status", body, WooBodies.Default.OrderBody, cancel);

    // The parcel is recorded and every further step looks first: doing it again is safe whatever became of the call.
    private static Outcome Again(Outcome trouble) => trouble is Outcome.Unsure unsure ? new Outcome.TryLater(unsure.Why) : trouble;

    private static Outcome.Unsure CannotTell(Outcome trouble) => new($"The shop could not be asked: {WooAnswers.Text(trouble)}");

    private sealed record Seen(OrderBody Order, OrderFacts Facts);
}
