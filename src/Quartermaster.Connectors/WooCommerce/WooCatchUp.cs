using System.Globalization;
using System.Runtime.CompilerServices;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Fulfilment;

namespace Quartermaster.Connectors.WooCommerce;

/// <summary>Finds what webhooks lost: fetches one order, polls for changed ones, counts them, and keeps the webhooks alive.</summary>
internal sealed class WooCatchUp(WooApi api, Session session)
{
    private const int Patience = 4;
    private static readonly string[] Names = ["id", "date_modified_gmt"];

    public async Task<Result> FetchAsync(FulfilmentEffect.FetchOrder fetch, CancellationToken cancel)
    {
        var (order, answer, trouble) = await api.GetAsync(WooOutbound.Order(fetch.ExternalId), WooBodies.Default.OrderBody, cancel).ConfigureAwait(false);
        if (trouble is not null) return new Result(trouble, answer.Exchange);
        if (WooInbound.IsDraft(order!)) return new Result(new Outcome.Done(fetch.ExternalId), answer.Exchange);
        RefundBody[] refunds = [];
        if (order!.Refunds is { Length: > 0 })
        {
            (var read, var told, trouble) = await api.GetAsync(WooOutbound.Refunds(fetch.ExternalId), WooBodies.Default.RefundBodyArray, cancel).ConfigureAwait(false);
            if (trouble is not null) return new Result(trouble, told.Exchange);
            refunds = [.. read!.OfType<RefundBody>()];
        }
        try
        {
            return new Result(new Outcome.Done(fetch.ExternalId), answer.Exchange, WooInbound.Learn(session, order, refunds, "fetched", fetched: true, session.Clock.GetUtcNow()));
        }
        catch (NotUnderstoodException e)
        {
            return new Result(new Outcome.Refused(e.CaseKind, e.Message), answer.Exchange);
        }
    }

    /// <remarks>
    /// By id and not by time of change: an order that changes while pages are read keeps its place, so none slips past the page's edge.
    /// Business keys end with the second of the change and no body hash, unlike those of webhooks: what a webhook told is reported once more,
    /// and reporting what is known changes nothing.
    /// </remarks>
    public async IAsyncEnumerable<Found> PollAsync(DateTimeOffset since, [EnumeratorCancellation] CancellationToken cancel)
    {
        for (var page = 1; ; page++)
        {
            var answer = await PatientlyAsync(WooOutbound.Changed(since, page), cancel).ConfigureAwait(false);
            var orders = WooAnswers.Trouble(answer, reads: true) is { } trouble
                ? throw new HttpRequestException($"Polling {session.Connection} failed: {WooAnswers.Text(trouble)}")
                : JsonSlices.Of(WooAnswers.Trimmed(answer.Body)) ?? throw new HttpRequestException($"Polling {session.Connection} failed: the answer is no list of orders.");
            foreach (var order in orders)
                if (FoundOf(order) is { } found) yield return found;
            if (orders.Count < WooOutbound.PageSize / 2) yield break;
        }
    }

    /// <summary>Baskets of the block checkout are among the shop's orders, and are none of ours.</summary>
    public async Task<int?> CountAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancel)
    {
        var all = TotalOf(await PatientlyAsync(WooOutbound.Counted(from, to, "any"), cancel).ConfigureAwait(false));
        var drafts = await PatientlyAsync(WooOutbound.Counted(from, to, "checkout-draft"), cancel).ConfigureAwait(false);
        // An older shop does not know that status and refuses the question: then it has none.
        return all - (drafts.Status == 400 ? 0 : TotalOf(drafts));
    }

    /// <summary>A shop stops a webhook that failed more than five times in a row and tells nobody. Each that stands still is started, each missing one made.</summary>
    /// <param name="address">Where this connection's webhooks are taken.</param>
    public async Task<IReadOnlyList<SubscriptionTrouble>> MendAsync(Uri address, CancellationToken cancel)
    {
        List<WebhookBody> ours = [];
        for (var page = 1; ; page++)
        {
            var answer = await PatientlyAsync(WooOutbound.Webhooks(page), cancel).ConfigureAwait(false);
            var (listed, trouble) = WooAnswers.Open(answer, WooBodies.Default.WebhookBodyArray, reads: true);
            if (trouble is not null) return [SubscriptionTrouble.Unknown($"The webhooks could not be listed: {WooAnswers.Text(trouble)}")];
            ours.AddRange(listed!.OfType<WebhookBody>().Where(w => w.DeliveryUrl?.TrimEnd('/') == address.ToString().TrimEnd('/')));
            if (listed!.Length < WooOutbound.PageSize) break;
        }

        var wrong = new List<SubscriptionTrouble>();
        var secret = session.Settings["webhook_secret"];
        foreach (var topic in WooOutbound.Topics)
        {
            var there = ours.Where(w => w.Topic == topic).ToList();
            if (there.Any(w => w.Status is "active")) continue;
            if (there.FirstOrDefault(w => w.Status is "disabled") is { Id: { } id })
                wrong.Add(await SayAsync(HttpMethod.Put, $"webhooks/{Uri.EscapeDataString(id)}", WooOutbound.Revive(secret),
                    $"{topic} had been stopped by the shop after failed deliveries; it was started again.", $"{topic} is stopped and could not be started", cancel).ConfigureAwait(false));
            else if (there.Count > 0) wrong.Add(SubscriptionTrouble.Not($"{topic} is paused in the shop; somebody did that by hand. Orders come by the poll until it is active again."));
            else wrong.Add(await SayAsync(HttpMethod.Post, "webhooks", WooOutbound.Subscribe(topic, address, secret),
                $"{topic} had no webhook; it was made.", $"{topic} has no webhook and could not be given one", cancel).ConfigureAwait(false));
        }
        return wrong;
    }

    private async Task<SubscriptionTrouble> SayAsync(HttpMethod method, string path, byte[] body, string done, string not, CancellationToken cancel)
    {
        var answer = await api.AskAsync(method, path, body, cancel).ConfigureAwait(false);
        return WooAnswers.Trouble(answer, reads: false) switch
        {
            null => SubscriptionTrouble.Again(done),
            Outcome.TryLater later => SubscriptionTrouble.Unknown($"{not} yet: {WooAnswers.Text(later)}"),
            var trouble => SubscriptionTrouble.Not($"{not}: {WooAnswers.Text(trouble)}"),
        };
    }

    private static int? TotalOf(Answer answer) =>
        answer.IsSuccess && int.TryParse(answer.Header("X-WP-Total"), NumberStyles.None, CultureInfo.InvariantCulture, out var total) ? total : null;

    /// <summary>A query that a busy shop may be asked again.</summary>
    internal async Task<Answer> PatientlyAsync(string path, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            var answer = await api.AskAsync(HttpMethod.Get, path, null, cancel).ConfigureAwait(false);
            if (attempt == Patience || WooAnswers.Trouble(answer, reads: true) is not Outcome.TryLater later) return answer;
            await Task.Delay(later.After ?? TimeSpan.FromSeconds(attempt), session.Clock, cancel).ConfigureAwait(false);
        }
    }

    private Found? FoundOf(ReadOnlyMemory<byte> order)
    {
        string?[] values = [null, null];
        JsonGlance.TryRead(order.Span, Names, values);
        if (values[0] is not { Length: > 0 and <= 20 } id) return null;
        var version = values[1] ?? "unknown";
        return new Found("order.updated", $"poll:{id}:{version}", $"order.updated:{id}:{version}", session.OrderStream(id), order);
    }
}
