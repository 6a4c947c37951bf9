using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Orders;

namespace Quartermaster.Connectors.WooCommerce;

/// <summary>Cancels an unpaid order at the shop, cash on delivery included. It is looked at first: what was paid in the meantime is not cancelled, what has ended is left.</summary>
internal sealed class WooCancellation(WooApi api)
{
    public async Task<Result> CancelAsync(OrderEffect.CancelAtChannel effect, CancellationToken cancel)
    {
        var (order, asked, trouble) = await StandingAsync(effect, cancel).ConfigureAwait(false);
        if ((trouble ?? Before(order!)) is { } known) return new Result(known, asked.Exchange);
        var (after, answer, no) = await api.SendAsync(HttpMethod.Put, $"{WooOutbound.Order(effect.ExternalId)}?_fields=id,status", WooOutbound.Status("cancelled"), WooBodies.Default.OrderBody, cancel).ConfigureAwait(false);
        if (no is not null) return new Result(no, answer.Exchange);
        if (after!.Status is not "cancelled") return new Result(new Outcome.Unsure($"The shop confirmed the call, and the order is '{after.Status}'."), answer.Exchange);
        // For the staff only, and not worth failing for: the shop has written a note of its own about the change.
        await api.AskAsync(HttpMethod.Post, WooOutbound.Notes(effect.ExternalId), WooOutbound.Note(Remote.Shorten($"Cancelled by Quartermaster: {effect.Why}.", 250)), cancel).ConfigureAwait(false);
        return new Result(new Outcome.Done(effect.ExternalId), answer.Exchange);
    }

    public async Task<Result> LookUpAsync(OrderEffect.CancelAtChannel effect, CancellationToken cancel)
    {
        var (order, asked, trouble) = await StandingAsync(effect, cancel).ConfigureAwait(false);
        if (trouble is Outcome.NotConnected or Outcome.Refused) return new Result(trouble, asked.Exchange);
        if (trouble is not null) return new Result(new Outcome.Unsure($"The shop could not be asked: {WooAnswers.Text(trouble)}"), asked.Exchange);
        return new Result(Before(order!) ?? new Outcome.TryLater("The shop has not cancelled the order."), asked.Exchange);
    }

    /// <summary>What needs no cancelling, or must not be cancelled. The shop would cancel a paid order and keep the money.</summary>
    public static Outcome? Before(OrderBody order) => order switch
    {
        { Status: "cancelled" or "trash" or "refunded" } => new Outcome.AlreadyDone(order.Id),
        { DatePaidGmt: not null } => new Outcome.Refused("paid_meanwhile", $"The shop says that the order is paid ('{order.Status}'); only an unpaid one is cancelled by itself."),
        { Status: "completed" } => new Outcome.Refused("sent_meanwhile", "The shop says that the order is completed: its goods have left."),
        _ => null,
    };

    private Task<(OrderBody? Body, Answer Answer, Outcome? Trouble)> StandingAsync(OrderEffect.CancelAtChannel effect, CancellationToken cancel) =>
        api.GetAsync($"{WooOutbound.Order(effect.ExternalId)}?_fields=id,status,date_paid_gmt", WooBodies.Default.OrderBody, cancel);
}
