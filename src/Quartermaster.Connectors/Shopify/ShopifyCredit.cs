using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Shipping;

namespace Quartermaster.Connectors.Shopify;

/// <summary>Gives an order's customer store credit. Shopify documents no idempotency for it, and what was given cannot be taken back.</summary>
/// <remarks>
/// It is looked for wherever an earlier call may have arrived, and only there: the next credit of the same amount is not the one before. A transaction names neither order nor parcel, so one that is
/// found counts as this one only where the customer has no other order and every other credit of this one is known by its id; otherwise a person says which it is.
/// </remarks>
internal sealed class ShopifyCredit(ShopifyApi api)
{
    // An account for each currency, and the newest transactions of each.
    private const double QueryPoints = 60;
    private const double MutationPoints = 10;

    // Their clock is not ours.
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(2);

    public async Task<Result> GiveAsync(Work work, ShippingEffect.GiveCredit effect, CancellationToken cancel)
    {
        var (customer, known, asked) = await LookAsync(effect, work.Attempt > 1 || work.MayHaveArrived || !effect.First, cancel).ConfigureAwait(false);
        if (known is not null) return new Result(known, asked.Exchange);
        // Under no key: nothing there would recognise it.
        var answer = await api.AskAsync(ShopifyOutbound.GiveCredit(customer!, effect.Amount, effect.Currency), null, MutationPoints, cancel).ConfigureAwait(false);
        return new Result(Of(answer), answer.Exchange);
    }

    public async Task<Result> LookUpAsync(ShippingEffect.GiveCredit effect, CancellationToken cancel)
    {
        var (_, known, asked) = await LookAsync(effect, true, cancel).ConfigureAwait(false);
        return new Result(known is Outcome.TryLater later ? new Outcome.Unsure($"The shop could not be asked: {later.Why}") : known ?? new Outcome.TryLater("The shop has given them no such credit since."), asked.Exchange);
    }

    /// <summary>Whose it is, or what is known without giving anything.</summary>
    private async Task<(string? Customer, Outcome? Known, Answer Asked)> LookAsync(ShippingEffect.GiveCredit effect, bool mayBeThere, CancellationToken cancel)
    {
        var (data, answer, trouble) = await api.QueryAsync(ShopifyOutbound.Id(ShopifyOutbound.CreditsDocument, effect.ExternalId), QueryPoints, cancel).ConfigureAwait(false);
        return trouble is not null ? (null, Scoped(trouble), answer) : (data!.Order?.Customer?.Id, Before(data.Order, effect, mayBeThere), answer);
    }

    /// <summary>What need not be given, or cannot be.</summary>
    internal static Outcome? Before(GraphOrder? order, ShippingEffect.GiveCredit effect, bool mayBeThere) => order switch
    {
        null => new Outcome.Refused("not_found", "The shop has no such order any more."),
        { Customer.Id: null } or { Customer: null } => new Outcome.Refused("no_customer", "The shop has no customer for this order, and credit needs one."),
        _ => mayBeThere ? Given(order.Customer!, effect) : null,
    };

    private static Outcome? Given(GraphCustomer customer, ShippingEffect.GiveCredit effect)
    {
        GraphCredit[] found = [.. (customer.StoreCreditAccounts?.Nodes ?? []).SelectMany(a => a.Transactions?.Nodes ?? []).Where(t => t.Id is not null && t.CreatedAt >= effect.Since - Skew
            && t.Amount?.Amount == effect.Amount && t.Amount.CurrencyCode == effect.Currency && effect.Others?.Contains(ShopifyGraph.Number(t.Id)) != true)];
        return found switch
        {
            [] => null,
            [var one] when effect.Others is not null && customer.NumberOfOrders == "1" => new Outcome.AlreadyDone(ShopifyGraph.Number(one.Id)),
            _ => new Outcome.Unsure($"The shop gave them credit of that amount since, and does not say what for: {string.Join(", ", found.Select(t => $"{ShopifyGraph.Number(t.Id)} at {t.CreatedAt?.ToUniversalTime():u}"))}. See whether it is for another parcel or order of theirs."),
        };
    }

    internal static Outcome Of(Answer answer)
    {
        var (reply, trouble) = ShopifyAnswers.Open(answer, reads: false);
        if (trouble is not null) return Scoped(trouble);
        return reply!.Data!.StoreCreditAccountCredit switch
        {
            { UserErrors: { Length: > 0 } no } => new Outcome.Refused(no[0].Code ?? "user_error", string.Join(" ", no.Select(e => e.Message))),
            { StoreCreditAccountTransaction.Id: { } id } => new Outcome.Done(ShopifyGraph.Number(id)),
            _ => new Outcome.Unsure("Shopify confirmed the call but named no credit."),
        };
    }

    // An app that may not give credit may do all the rest: the lane goes on, and a person gives it.
    private static Outcome Scoped(Outcome trouble) => trouble is Outcome.NotConnected { Why: var why } && why.Contains("(ACCESS_DENIED)", StringComparison.Ordinal)
        ? new Outcome.Refused("access_denied", $"{why} It needs read_store_credit_account_transactions, write_store_credit_account_transactions and read_customers.") : trouble;
}
