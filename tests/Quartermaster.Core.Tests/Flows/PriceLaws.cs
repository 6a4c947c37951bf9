using FsCheck;
using FsCheck.Fluent;
using Quartermaster.Core.Flows;
using Quartermaster.Core.Kernel;
using Quartermaster.Core.Orders;

namespace Quartermaster.Core.Tests.Flows;

/// <summary>What holds for the price of every order that left in part before us, or was refunded in part.</summary>
public sealed class PriceLaws
{
    private static readonly Arbitrary<(decimal Price, int Quantity, int Before, int Refunded, decimal Discount, decimal Tax, bool Included)> Lines =
        (from price in Gen.Choose(0, 99_999)
         from thirds in Gen.Choose(0, 2)
         from quantity in Gen.Choose(1, 9)
         from before in Gen.Choose(0, 9)
         from refunded in Gen.Choose(0, 9)
         from discount in Gen.Choose(0, 999)
         from tax in Gen.Choose(0, 999)
         from included in Gen.Choose(0, 1)
         select ((price + thirds / 3m) / 100m, quantity, int.Min(before, quantity), int.Min(refunded, quantity), discount / 100m, tax / 100m, included == 1)).ToArbitrary();

    [Theory]
    [InlineData("INR")]
    [InlineData("JPY")]
    public void Every_amount_has_the_decimals_of_its_currency_and_lines_come_to_what_is_left_of_the_goods(string currency) => Prop.ForAll(Lines, l =>
    {
        var line = Sample.Line("1", "SKU-A", l.Quantity, l.Price) with { Discount = l.Discount, Tax = Currencies.Round(l.Tax, currency) };
        var goods = Currencies.Round(l.Price * l.Quantity - l.Discount, currency);
        var facts = Sample.Facts(line) with { Currency = currency, TaxesIncluded = l.Included, Tax = line.Tax, Shipping = 0m, Total = goods + (l.Included ? 0m : line.Tax) };
        var order = Order.Unknown with
        {
            Facts = facts,
            Elsewhere = l.Before == 0 ? null : [new("f", null, [new("1", "SKU-A", l.Before)], Sample.Monday)],
            Refunds = l.Refunded == 0 ? null : [new("r", facts.UpdatedAt.AddHours(1), [new("1", l.Refunded, false, null, 0m, 0m)], 0m)],
        };

        var priced = PriceOfOrder.Of(OrderFile.Empty with { Order = order }, "5600000001");

        foreach (var amount in priced.Lines.SelectMany(p => new[] { p.Net, p.Tax }).Append(priced.Total).Append(priced.Tax)) Currencies.Round(amount, currency).ShouldBe(amount);
        // Without a refund nothing is left over between what left before us and what we send.
        if (l.Refunded == 0) priced.Lines.Sum(p => p.Net + (l.Included ? 0m : p.Tax)).ShouldBe(priced.Total);
    }).Check(Config.QuickThrowOnFailure);
}
