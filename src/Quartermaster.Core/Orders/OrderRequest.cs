using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Orders;

/// <summary>What an order asks of the database inside the deciding transaction.</summary>
public abstract record OrderRequest : Request
{
    private OrderRequest() { }

    /// <summary>What do these lines' codes mean at this channel? Answered by codes read.</summary>
    [Wire("order.read_codes.v1")]
    public sealed record ReadCodes(string Channel, IReadOnlyList<CodedLine> Lines) : OrderRequest;
}

/// <summary>A line and the code that the channel sold it under.</summary>
public sealed record CodedLine(string LineId, string Code);
