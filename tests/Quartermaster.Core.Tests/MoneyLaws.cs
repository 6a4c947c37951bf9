using FsCheck;
using FsCheck.Fluent;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Core.Tests;

public sealed class MoneyLaws
{
    private static readonly Arbitrary<Money> Euros =
        (from cents in ArbMap.Default.GeneratorFor<int>() select new Money(cents / 100m, "EUR")).ToArbitrary();

    [Fact]
    public void What_is_added_can_be_taken_away_to_the_cent() =>
        Prop.ForAll(Euros, Euros, (left, right) => left + right - right == left).QuickCheckThrowOnFailure();

    [Fact]
    public void The_order_of_a_sum_does_not_matter() =>
        Prop.ForAll(Euros, Euros, (left, right) => left + right == right + left).QuickCheckThrowOnFailure();

    [Fact]
    public void Different_currencies_never_meet() =>
        Prop.ForAll(Euros, euros =>
        {
            Should.Throw<CurrencyMismatchException>(() => euros + Money.Zero("USD"));
            Should.Throw<CurrencyMismatchException>(() => euros - Money.Zero("USD"));
        }).QuickCheckThrowOnFailure();
}
