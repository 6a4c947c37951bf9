using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Orders;

namespace Quartermaster.Connectors.Shopify;

/// <summary>Cancels an order at the shop. It is looked at first: what is cancelled is left, and what was paid is cancelled only where its money is to go back with it.</summary>
internal sealed class ShopifyCancellation(ShopifyApi api)
{
    private const double QueryPoints = 1;
    private const double MutationPoints = 10;

    public async Task<Result> CancelAsync(OrderEffect.CancelAtChannel effect, string key, CancellationToken cancel)
    {
        var (data, asked, trouble) = await StandingAsync(effect, cancel).ConfigureAwait(false);
        if ((trouble ?? Before(data!.Order, effect)) is { } known) return new Result(known, asked.Exchange);
        var answer = await api.AskAsync(ShopifyOutbound.Cancel(effect.ExternalId, effect.Why, effect.GiveBack is not null), key, MutationPoints, cancel).ConfigureAwait(false);
        return new Result(Of(answer), answer.Exchange);
    }

    public async Task<Result> LookUpAsync(OrderEffect.CancelAtChannel effect, CancellationToken cancel)
    {
        var (data, asked, trouble) = await StandingAsync(effect, cancel).ConfigureAwait(false);
        if (trouble is Outcome.NotConnected) return new Result(trouble, asked.Exchange);
        if (trouble is not null) return new Result(new Outcome.Unsure($"The shop could not be asked: {ShopifyAnswers.Text(trouble)}"), asked.Exchange);
        return new Result(Before(data!.Order, effect) ?? new Outcome.TryLater("The shop has not cancelled the order."), asked.Exchange);
    }

    /// <summary>What needs no cancelling, or must not be cancelled. Not told to refund, Shopify would cancel a paid order and keep the money.</summary>
    public static Outcome? Before(GraphOrder? order, OrderEffect.CancelAtChannel effect) => order switch
    {
        null => new Outcome.Refused("not_found", "The shop has no such order any more."),
        { CancelledAt: not null } => new Outcome.AlreadyDone(ShopifyGraph.Number(order.Id)),
        { DisplayFinancialStatus: "PENDING" or "EXPIRED" or "VOIDED" or "REFUNDED" or null } => null,
        _ when effect.GiveBack is not null => null,
        _ => new Outcome.Refused("paid_meanwhile", $"The shop says the order is {order.DisplayFinancialStatus!.ToLowerInvariant()}; only an unpaid one is cancelled by itself."),
    };

    /// <summary>Shopify takes the cancellation on as a job and reports it as a webhook when it is done.</summary>
    public static Outcome Of(Answer answer)
    {
        var (reply, trouble) = ShopifyAnswers.Open(answer, reads: false);
        if (trouble is not null) return trouble;
        return reply!.Data!.OrderCancel switch
        {
            { OrderCancelUserErrors: { Length: > 0 } no } => new Outcome.Refused(no[0].Code ?? "user_error", string.Join(" ", no.Select(e => e.Message))),
            { Job.Id: { } job } => new Outcome.Done(ShopifyGraph.Number(job)),
            _ => new Outcome.Unsure("Shopify confirmed the call but named no job."),
        };
    }

    private Task<(ReplyTree? Data, Answer Answer, Outcome? Trouble)> StandingAsync(OrderEffect.CancelAtChannel effect, CancellationToken cancel) =>
        api.QueryAsync(ShopifyOutbound.Id(ShopifyOutbound.StandingDocument, effect.ExternalId), QueryPoints, cancel);
}
