using System.Globalization;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Orders;

/// <summary>What a shopper is asked to confirm: the money to be paid at the door, and where the order goes.</summary>
/// <remarks>Its print goes out with the question and comes back with the answer, so that nobody confirms what they were not shown.</remarks>
public sealed record AskedAbout(Money Due, Address? ShipTo)
{
    /// <summary>What an order would be asked about now.</summary>
    public static AskedAbout Of(Order order) => new(new(order.Facts!.Total - order.Facts.Payment.Paid, order.Facts.Currency), order.ShipTo);

    /// <summary>The address on one line, as a message shows it.</summary>
    public string Place => ShipTo is not { } to ? "" : string.Join(", ", new[] { to.Line1, to.Line2, to.City, to.PostalCode, to.Country }.Where(part => !string.IsNullOrWhiteSpace(part)));

    /// <summary>Eight characters that are others when the amount or the address is another. Tells apart and protects nothing.</summary>
    public string Print => Fnv.Of($"{Due}|{ShipTo?.Name}|{ShipTo?.Company}|{ShipTo?.Province}|{Place}").ToString("x16", CultureInfo.InvariantCulture)[..8];
}
