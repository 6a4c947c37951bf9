using System.Collections.Frozen;
using System.Globalization;
using Quartermaster.Core.Customers;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;
using Quartermaster.Runtime;
using Quartermaster.Runtime.Customers;
using Quartermaster.Runtime.ReadModels;
using Quartermaster.Runtime.Risk;
using Quartermaster.Runtime.Routing;
using Quartermaster.Runtime.Tracking;

namespace Quartermaster.Dashboard.Shopper;

/// <summary>An order as far as its page needs it, before anything is drawn.</summary>
/// <param name="Tag">The same for the same page: the program, the order's version, the brand's look, and the hour, since the day that is expected moves while nothing happens.</param>
public sealed record FoundOrder(StreamId Id, BrandTerms Terms, ShopperLook Look, OrderFile File, string Tag)
{
    /// <summary>The shopper's addresses, as the order has them now.</summary>
    public IReadOnlyList<ContactPoint> Points => ShopperPoints.Of(File);

    /// <summary>The brand's channels that reach its shopper, in the brand's order.</summary>
    public IReadOnlyList<string> Channels => [.. Terms.MessageChannels.Select(c => c.Kind).Where(k => Points.Any(p => (p.Kind == ContactPoint.Email) == (k == ContactPoint.Email))).Distinct()];

    /// <summary>The channel that the shopper asked for; null = none.</summary>
    public string? Preferred { get; init; }

    /// <summary>The streams that something asked for on the page goes to: what is of the shopper and not of the order, to each of their addresses.</summary>
    public IEnumerable<StreamId> WhoHears(Signal asked) => asked is ContactSignal ? Points.Select(p => p.On(Id.Brand)) : [Id];

    /// <summary>What only the shopper knows of it: whoever wants the parcel elsewhere has to name one.</summary>
    public IEnumerable<string> Proofs => new[] { File.Order.Facts?.Buyer.Email, File.Order.Facts?.Buyer.Phone, File.Order.ShipTo?.Phone }.OfType<string>().Where(p => p.Length > 0).Distinct();

    public bool Proves(string text) => Proofs.Any(proof => proof.Contains('@', StringComparison.Ordinal) ? proof.Equals(text.Trim(), StringComparison.OrdinalIgnoreCase) : SameNumber(proof, text));

    // A phone number is typed with or without its country and the zero of a local call; subscribers' own numbers have eight digits and more.
    private static bool SameNumber(string one, string other)
    {
        const int own = 8;
        string a = Digits(one), b = Digits(other);
        return int.Min(a.Length, b.Length) >= own && (a.EndsWith(b, StringComparison.Ordinal) || b.EndsWith(a, StringComparison.Ordinal));
    }

    private static string Digits(string text) => string.Concat(text.Where(char.IsAsciiDigit)).TrimStart('0');
}

/// <summary>Finds what a shopper's page is about.</summary>
public sealed class ShopperOrders(ShopperLinks links, HubPlan plan, StreamHistory history, LaneShelf times, PostcodeTable postcodes, PreferenceShelf preferences, TimeProvider clock)
{
    private static readonly OrderStream Orders = new();

    private readonly FrozenDictionary<string, ShopperLook> _looks = plan.Brands.ToFrozenDictionary(b => b.Key, b => new ShopperLook(b.Value.Terms));

    /// <summary>Null when the link is none of ours, or its order is not known.</summary>
    public async Task<FoundOrder?> FindAsync(string token, CancellationToken cancel) => links.Read(token, LinkKind.Page) is { } id ? await FindAsync(id, cancel) : null;

    public async Task<FoundOrder?> FindAsync(StreamId id, CancellationToken cancel)
    {
        if (!plan.Brands.TryGetValue(id.Brand, out var brand) || await history.StateAsync(id.Brand, id.Key, cancel) is not { } state) return null;
        if (Orders.Load(state.State) is not OrderFile { Order: { Facts: not null, Phase: not OrderPhase.History } } file) return null;
        var preferred = preferences.Of(id.Brand)?.Invoke(file.Order.Facts!.Buyer.Email, file.Order.Facts.Buyer.Phone ?? file.Order.ShipTo?.Phone);
        return new(id, brand.Terms, _looks[id.Brand], file, string.Create(CultureInfo.InvariantCulture, $"\"{Build.Version}-{state.Version}-{_looks[id.Brand].Tag}-{clock.GetUtcNow():yyMMddHH}{preferred}\"")) { Preferred = preferred };
    }

    public async Task<ShopperView> ViewAsync(FoundOrder order, CancellationToken cancel) =>
        ShopperView.Of(order.File, order.File.Shipping.All is null ? [] : await history.ParcelsAsync(order.Id.Brand, order.Id.Key, cancel), order.Terms, times.Of(order.Id.Brand), clock.GetUtcNow())!;

    /// <summary>Whether the country's postal codes are known, and this is none of them.</summary>
    public Task<bool> IsDoubtfulAsync(Address address, CancellationToken cancel) => postcodes.IsUnknownAsync(address.Country, address.PostalCode, cancel);

    /// <summary>The address of an order's page, and the answer to a shopper who asks where it is; for those who may write to shoppers.</summary>
    public async Task<(string? Link, string Answer)?> AnswerAsync(StreamId id, CancellationToken cancel)
    {
        if (await FindAsync(id, cancel) is not { } order) return null;
        var link = links.PageOf?.Invoke(id);
        return (link, WhereIsMyOrder.Answer(await ViewAsync(order, cancel), order.Terms, link));
    }
}
