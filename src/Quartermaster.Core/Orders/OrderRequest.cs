using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Orders;

/// <summary>What an order asks of the database inside the deciding transaction.</summary>
public abstract record OrderRequest : Request
{
    private OrderRequest() { }

    /// <summary>What do these lines' codes mean at this channel? Answered by codes read.</summary>
    [Wire("order.read_codes.v1")]
    public sealed record ReadCodes(string Channel, IReadOnlyList<CodedLine> Lines) : OrderRequest;

    /// <summary>What is known of the buyer's earlier orders? Answered by history read; asked only for brands that score orders.</summary>
    /// <param name="Email">Lower case; null when the order names none.</param>
    /// <param name="To">Where it goes; null = the brand does not look at what comes back from there.</param>
    /// <param name="Traced">What is looked for in other orders; null = the brand does not count what orders share.</param>
    [Wire("order.read_history.v1")]
    public sealed record ReadHistory(string? Email, string? Phone, int Days, string Currency, TracedOrder? Traced = null, BoundFor? To = null) : OrderRequest;
}

/// <summary>An order as it is compared with others that have something in common with it.</summary>
/// <param name="Mailbox">Where mail to the buyer ends up, however the address is written; null when the order names none.</param>
/// <param name="Name">Of the buyer.</param>
/// <param name="Place">Where it goes, as one text.</param>
public sealed record TracedOrder(DateTimeOffset PlacedAt, IReadOnlyList<Trait> Traits, string? Mailbox, string Name, string Place);

/// <summary>Where an order goes, and how it is paid there.</summary>
/// <param name="OnDelivery">In cash at the door.</param>
public sealed record BoundFor(bool OnDelivery, string Country, string PostalCode);

/// <summary>A line and the code that the channel sold it under.</summary>
public sealed record CodedLine(string LineId, string Code);
