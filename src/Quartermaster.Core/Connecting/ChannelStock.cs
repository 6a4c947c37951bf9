using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Connecting;

/// <summary>A sellable item of a channel, at one place there.</summary>
/// <param name="Item">The channel's own id of what is stocked: Shopify's inventory item, WooCommerce's <c>product</c> or <c>product/variation</c>. What stands before a slash is the product by which shoppers see it.</param>
/// <param name="Place">The channel's own id of the place; empty where the channel knows one number for all.</param>
public readonly record struct ListingId(string Item, string Place);

/// <summary>How many units of a listing may be sold from now on.</summary>
/// <param name="Was">What the channel has as far as we know, for channels that can compare and swap; null = unknown: they look first, others are set.</param>
/// <param name="Key">Idempotency key: the same number at a repeat of the same attempt.</param>
public sealed record LevelToSet(ListingId Listing, string Sku, int Units, int? Was, string Key);

/// <summary>What came of one <see cref="LevelToSet"/>.</summary>
/// <param name="Outcome">Done = it has the number now. Refused = it never will. TryLater, Unsure, NotConnected as for effects.</param>
/// <param name="Found">Set when the channel has another number than <see cref="LevelToSet.Was"/> and was therefore left alone (with TryLater).</param>
public sealed record LevelAnswer(Outcome Outcome, int? Found = null);

/// <summary>What a channel says of one listing.</summary>
/// <param name="Units">What it would sell; null = it does not count this one.</param>
/// <param name="Product">The channel's id of the product page, for links.</param>
/// <param name="Sku">As the channel has it; empty when it has none.</param>
public sealed record ListingSeen(ListingId Listing, string Sku, string Title, string Product, int? Units);

/// <summary>What a channel knows of one unit of what it sells under a code.</summary>
/// <param name="Sku">As the channel has it; empty when it has none.</param>
public sealed record SkuSeen(string Sku, SkuFacts Facts);

/// <summary>How a storefront hides a product, in its own words.</summary>
/// <param name="As">What a product is made that is hidden: <c>UNLISTED</c>.</param>
/// <param name="From">What one may be that shoppers find; whatever else it is, somebody else has taken it out of sight.</param>
/// <param name="Batch">Most products one call of <see cref="IConnector.ReadShownAsync"/> or <see cref="IConnector.ShowAsync"/> takes.</param>
public sealed record Hiding(string As, IReadOnlyList<string> From, int Batch);

/// <summary>What came of a question how a product is shown.</summary>
/// <param name="Outcome">Done = <paramref name="As"/> says it. Others as for effects.</param>
/// <param name="As">In the channel's own word; null with Done = it has no such product.</param>
public sealed record ShownAnswer(Outcome Outcome, string? As = null);

/// <summary>A product that is to be shown in another way from now on.</summary>
public sealed record ShowAs(string Product, string As);
