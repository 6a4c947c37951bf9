using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Purchasing;

/// <summary>What the database is told of purchase orders inside the deciding transaction. Not answered.</summary>
public abstract record PurchaseRequest : Request
{
    private PurchaseRequest() { }

    /// <summary>The tables of purchase orders show this one so from now on.</summary>
    [Wire("purchase.keep.v1")]
    public sealed record Keep(PurchaseOrder Order) : PurchaseRequest;
}
