namespace Quartermaster.Core.Kernel;

/// <summary>An amount in one currency; amounts of different currencies never meet in arithmetic.</summary>
/// <param name="Amount">Exact decimal amount in major units (euros, not cents).</param>
/// <param name="Currency">ISO 4217 code, upper case.</param>
/// <exception cref="CurrencyMismatchException">From every operator when the currencies differ.</exception>
public readonly record struct Money(decimal Amount, string Currency)
{
    public static Money Zero(string currency) => new(0m, currency);

    public static Money operator +(Money left, Money right) => new(left.Amount + right.In(left.Currency), left.Currency);

    public static Money operator -(Money left, Money right) => new(left.Amount - right.In(left.Currency), left.Currency);

    public static Money Add(Money left, Money right) => left + right;

    public static Money Subtract(Money left, Money right) => left - right;

    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Amount:0.00##} {Currency}");

    private decimal In(string currency) => Currency == currency ? Amount : throw new CurrencyMismatchException(currency, Currency);
}

/// <summary>Two amounts of different currencies were about to be added, compared or subtracted.</summary>
public sealed class CurrencyMismatchException(string expected, string actual)
    : Exception($"Expected an amount in {expected} but got one in {actual}.");
