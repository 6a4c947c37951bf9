using Quartermaster.Core.Orders;

namespace Quartermaster.Dashboard.Shopper;

/// <summary>An address that a shopper typed.</summary>
internal static class PostedAddress
{
    private const int Longest = 200;

    /// <summary>Null when no carrier could go there. Country and phone stay: what it would cost, and who is called, was settled when it was ordered.</summary>
    /// <param name="before">Where the order goes now.</param>
    /// <param name="takesName">The form asks whom it is for; otherwise a name that is posted all the same is nobody's wish.</param>
    public static Address? Read(IFormCollection fields, Address? before, bool takesName = true)
    {
        string? Field(string key) => fields[key].ToString().Trim() is { Length: > 0 and <= Longest } text && !text.Any(char.IsControl) ? text : null;
        if (before is null) return null;
        var address = before with { Name = takesName && Field("name") is { } name ? name : before.Name, Line1 = Field("line1"), Line2 = Field("line2"), City = Field("city"), Province = Field("province"), PostalCode = Field("postalCode") };
        return address.IsDeliverable && PostalShapes.Fits(address.Country, address.PostalCode) ? address : null;
    }
}
