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
    [Wire("order.read_history.v1")]
    public sealed record ReadHistory(string? Email, string? Phone, int Days, string Currency) : OrderRequest;
}

/// <summary>A line and the code that the channel sold it under.</summary>
public sealed record CodedLine(string LineId, string Code);
