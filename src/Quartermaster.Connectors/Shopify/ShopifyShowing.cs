using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.Shopify;

/// <summary>Takes products that sold out out of shoppers' sight: <c>UNLISTED</c>, and back to <c>ACTIVE</c>.</summary>
/// <remarks>
/// Unlisted and not draft: the page of what sold out still opens from a mail, a bookmark or an advertisement and says so, and search engines keep it. A product
/// that a person drafted, archived or unlisted is in another status than those we change, and is left alone.
/// </remarks>
internal sealed class ShopifyShowing(ShopifyApi api)
{
    public static readonly Hiding Words = new("UNLISTED", ["ACTIVE"], Batch: 50);

    private const double QueryPointsPerProduct = 1, MutationPoints = 10;
    private const int Together = 4;

    public async Task<IReadOnlyList<ShownAnswer>> ReadAsync(IReadOnlyList<string> products, CancellationToken cancel)
    {
        var (data, _, trouble) = await api.QueryAsync(ShopifyOutbound.Shown(products), products.Count * QueryPointsPerProduct, cancel).ConfigureAwait(false);
        return [.. products.Select((_, at) => trouble is not null ? new ShownAnswer(trouble) : new ShownAnswer(new Outcome.Done(), data?.Products?.ElementAtOrDefault(at)?.Status))];
    }

    /// <remarks>One call each: products sell out one by one, and of several in one mutation nobody could say which were done.</remarks>
    public async Task<IReadOnlyList<Outcome>> ShowAsync(IReadOnlyList<ShowAs> products, CancellationToken cancel)
    {
        using var gate = new SemaphoreSlim(Together);
        return await Task.WhenAll(products.Select(async product =>
        {
            await gate.WaitAsync(cancel).ConfigureAwait(false);
            try
            {
                return Of(await api.AskAsync(ShopifyOutbound.Show(product), null, MutationPoints, cancel).ConfigureAwait(false), product);
            }
            catch (NotNowException e)
            {
                return new Outcome.TryLater(e.Message, e.Wait);
            }
            finally
            {
                gate.Release();
            }
        })).ConfigureAwait(false);
    }

    private static Outcome Of(Shared.Answer answer, ShowAs asked)
    {
        var (reply, trouble) = ShopifyAnswers.Open(answer, reads: false);
        if (trouble is not null) return trouble;
        return reply!.Data!.ProductUpdate switch
        {
            { UserErrors: [var no, ..] } => new Outcome.Refused(no.Code ?? "user_error", no.Message ?? "Shopify gave no reason."),
            { Product.Status: { } status } when status == asked.As => new Outcome.Done(),
            { Product.Status: { } status } => new Outcome.Unsure($"Shopify confirmed the call, and the product is {status}."),
            _ => new Outcome.Unsure("Shopify confirmed the call and said nothing of the product."),
        };
    }
}
