using System.Globalization;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Quartermaster.Connectors.Shared;
using Quartermaster.Core.Connecting;
using Quartermaster.Core.Fulfilment;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Connectors.WarehouseRest;

/// <summary>The calls of the open warehouse contract.</summary>
internal sealed class WarehouseRestApi(Session session)
{
    public const string OrdersPath = "/wms/orders";
    public const string StockPath = "/wms/stock";

    // A batch has half a minute; a call that begins after this might be cut off in the middle.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(12);

    private readonly Redactor redactor = Redactor.For(WarehouseRestConnector.Described, session.Settings);
    private readonly string root = session.Settings["base_url"].TrimEnd('/');
    private readonly string orders = session.Settings.Get("orders_path", OrdersPath);

    /// <summary>Hands over a batch in one call; when the warehouse refuses the call as a whole, its halves, down to the order that is at fault.</summary>
    /// <remarks>Repeating orders in smaller calls is harmless: each carries its own idempotency key.</remarks>
    public async Task<IReadOnlyList<Result>> SubmitAsync(IReadOnlyList<Work> batch, CancellationToken cancel)
    {
        var body = WarehouseRestOutbound.Orders(session, batch);
        using var request = new HttpRequestMessage(HttpMethod.Post, root + orders) { Content = body.ToContent() };
        var answer = await AskAsync(request, "", cancel).ConfigureAwait(false);
        if (batch.Count > 1 && WarehouseRestAnswers.MayBeOneBadOrder(answer))
        {
            var half = batch.Count / 2;
            var first = await SubmitAsync([.. batch.Take(half)], cancel).ConfigureAwait(false);
            return [.. first, .. await SubmitAsync([.. batch.Skip(half)], cancel).ConfigureAwait(false)];
        }
        var refs = batch.Select(work => WarehouseRestOutbound.OrderOf(work).OrderRef).ToArray();
        var outcomes = WarehouseRestAnswers.Submitted(answer, refs);
        return [.. outcomes.Select((o, i) => new Result(o.Outcome, body.Part(i, $"POST {root}{orders}", answer, o.Said, redactor)))];
    }

    /// <summary>Asks for one order after another, as long as the lane's patience for one batch may last; the rest is asked for in the next.</summary>
    public async Task<IReadOnlyList<Result>> WithdrawAsync(IReadOnlyList<Work> batch, CancellationToken cancel)
    {
        var results = new List<Result>(batch.Count);
        var begun = session.Clock.GetTimestamp();
        foreach (var work in batch)
        {
            var enough = cancel.IsCancellationRequested || session.Clock.GetElapsedTime(begun) > Patience;
            results.Add(enough ? Result.NotNow("The cancellations before it took all the time.", TimeSpan.Zero) : await Separately.GuardedAsync(() => WithdrawAsync(work, cancel)).ConfigureAwait(false));
        }
        return results;
    }

    private async Task<Result> WithdrawAsync(Work work, CancellationToken cancel)
    {
        var effect = (FulfilmentEffect.WithdrawFromWarehouse)work.Effect;
        var body = WarehouseRestOutbound.Withdrawal(session, work);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{root}{orders}/{Uri.EscapeDataString(effect.OrderRef)}/cancel")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        var answer = await AskAsync(request, body, cancel).ConfigureAwait(false);
        return new(WarehouseRestAnswers.Withdrawn(answer), answer.Exchange);
    }

    public async Task<Result> TestAsync(CancellationToken cancel)
    {
        var answer = await GetAsync($"{orders}?ref=connection-test", cancel).ConfigureAwait(false);
        return new(WarehouseRestAnswers.Usual(answer, reads: true) ?? new Outcome.Done(), answer.Exchange);
    }

    /// <summary>What the warehouse has of an order, and the events that it sent us about it.</summary>
    /// <exception cref="HttpRequestException">The warehouse did not answer with its orders.</exception>
    public async Task<HandoffSeen> AskAsync(string orderRef, CancellationToken cancel)
    {
        var path = $"{orders}?ref={Uri.EscapeDataString(orderRef)}";
        var answer = await GetAsync(path, cancel).ConfigureAwait(false);
        if (!answer.IsSuccess) throw new HttpRequestException($"GET {path} answered {answer.Status}.");
        return WarehouseRestInbound.Seen(session, orderRef, answer.Body) ?? throw new HttpRequestException($"GET {path} answered without a list of orders.");
    }

    /// <summary>Counts changed since an instant, page by page, each as the webhook that would have told of it.</summary>
    /// <exception cref="HttpRequestException">The warehouse did not answer with a page; the poll is tried again at its next turn.</exception>
    public async IAsyncEnumerable<Found> StockSinceAsync(DateTimeOffset since, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var count in CountsAsync(since, cancel).ConfigureAwait(false)) yield return AsWebhook(count);
    }

    /// <summary>Every count that the warehouse has. One that is no count of the contract is left out: its webhook, or the poll, says what is wrong with it.</summary>
    /// <exception cref="HttpRequestException">The warehouse did not answer with a page.</exception>
    public async IAsyncEnumerable<ShelfSeen> ShelvesAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        var read = session.Clock.GetUtcNow();
        await foreach (var count in CountsAsync(DateTimeOffset.UnixEpoch, cancel).ConfigureAwait(false))
            if (WarehouseRestInbound.Shelf(session, count, read) is { } shelf) yield return shelf;
    }

    private async IAsyncEnumerable<StockCount> CountsAsync(DateTimeOffset since, [EnumeratorCancellation] CancellationToken cancel)
    {
        var from = since.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        for (string? cursor = null; ;)
        {
            var path = $"{session.Settings.Get("stock_path", StockPath)}?since={from}{(cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}";
            var answer = await GetAsync(path, cancel).ConfigureAwait(false);
            // Reading counts is optional in the contract: a warehouse may send them by webhook only.
            if (answer.Status is 404 or 405 or 501) yield break;
            if (!answer.IsSuccess) throw new HttpRequestException($"GET {path} answered {answer.Status}.");
            var page = JsonSerializer.Deserialize(answer.Body.Span, WarehouseJson.Default.StockPage);
            foreach (var count in page?.Counts ?? [])
                if (count is { Sku.Length: > 0 }) yield return count;
            if (page?.Next is not { Length: > 0 } next || next == cursor) yield break;
            cursor = next;
        }
    }

    private Found AsWebhook(StockCount count)
    {
        var at = (count.At ?? session.Clock.GetUtcNow()).ToUniversalTime();
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new WarehouseEvent { Type = "stock_counted", Sku = count.Sku, Warehouse = count.Warehouse, OnHand = count.OnHand, At = at },
            WarehouseJson.Default.WarehouseEvent);
        var id = $"count:{count.Sku}:{count.Warehouse}:{at.ToUnixTimeMilliseconds()}:{count.OnHand}";
        return new("stock_counted", id, null, new(session.Brand, "stock", count.Sku!), body);
    }

    private async Task<Answer> GetAsync(string path, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, root + path);
        return await AskAsync(request, "", cancel).ConfigureAwait(false);
    }

    private Task<Answer> AskAsync(HttpRequestMessage request, string said, CancellationToken cancel)
    {
        if (session.Settings.Find("token") is { } token) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return Remote.AskAsync(session.Http, request, said, redactor, cancel);
    }
}
