using Quartermaster.Core.Connecting;

namespace Quartermaster.Connectors.WooCommerce;

/// <summary>Takes products that sold out out of the shop's catalogue and its search, and puts them back where they were.</summary>
/// <remarks>A product is shown as its status says where that is not <c>publish</c>, else as its catalogue visibility says. Its page still opens by its address.</remarks>
internal sealed class WooShowing(WooApi api)
{
    public static readonly Hiding Words = new("hidden", ["visible", "catalog", "search"], Batch: WooOutbound.PageSize);

    public async Task<IReadOnlyList<ShownAnswer>> ReadAsync(IReadOnlyList<string> products, CancellationToken cancel)
    {
        var (seen, _, trouble) = await api.GetAsync(WooOutbound.Shown(products), WooBodies.Default.ProductBodyArray, cancel).ConfigureAwait(false);
        return [.. products.Select(id => trouble is not null ? new ShownAnswer(trouble) : new ShownAnswer(new Outcome.Done(), seen!.FirstOrDefault(p => p?.Id == id)?.Shown))];
    }

    public async Task<IReadOnlyList<Outcome>> ShowAsync(IReadOnlyList<ShowAs> products, CancellationToken cancel)
    {
        var (batch, _, trouble) = await api.SendAsync(HttpMethod.Post, WooOutbound.Batch(null), WooOutbound.Show(products), WooBodies.Default.BatchAnswer, cancel).ConfigureAwait(false);
        return [.. products.Select(asked => trouble ?? Of(batch!.Update?.FirstOrDefault(p => p?.Id == asked.Product), asked))];
    }

    private static Outcome Of(ProductBody? there, ShowAs asked) => there switch
    {
        null => new Outcome.Refused("not_found", $"The shop has no product {asked.Product}."),
        { Error: { } error } => WooAnswers.Of(error),
        { Shown: { } shown } when shown == asked.As => new Outcome.Done(),
        _ => new Outcome.Unsure($"The shop took the word for product {asked.Product}, and it is {there.Shown ?? "nothing we know"}."),
    };
}
