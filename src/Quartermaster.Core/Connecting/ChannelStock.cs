namespace Quartermaster.Core.Connecting;

/// <summary>A sellable item of a channel, at one place there.</summary>
/// <param name="Item">The channel's own id of what is stocked: Shopify's inventory item, WooCommerce's <c>product</c> or <c>product/variation</c>.</param>
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
