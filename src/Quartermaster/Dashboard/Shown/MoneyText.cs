using System.Globalization;
using Quartermaster.Core.Kernel;

namespace Quartermaster.Dashboard.Shown;

/// <summary>Money as people of its currency write it: symbol, decimals, grouping. Never rounds away what is there.</summary>
public static class MoneyText
{
    private static readonly Dictionary<string, string> Symbols = new(StringComparer.Ordinal)
    {
        ["EUR"] = "€", ["USD"] = "$", ["GBP"] = "£", ["INR"] = "₹", ["JPY"] = "¥", ["CNY"] = "CN¥", ["AUD"] = "A$", ["CAD"] = "CA$", ["NZD"] = "NZ$",
        ["CHF"] = "CHF ", ["SEK"] = "SEK ", ["NOK"] = "NOK ", ["DKK"] = "DKK ", ["PLN"] = "PLN ", ["CZK"] = "CZK ", ["AED"] = "AED ", ["SGD"] = "S$",
        ["HKD"] = "HK$", ["MXN"] = "MX$", ["BRL"] = "R$", ["ZAR"] = "R ", ["KRW"] = "₩", ["ILS"] = "₪", ["TRY"] = "₺", ["VND"] = "₫", ["IDR"] = "Rp ",
    };

    private static readonly NumberFormatInfo Thousands = new() { NumberGroupSizes = [3], NumberGroupSeparator = ",", NumberDecimalSeparator = "." };
    private static readonly NumberFormatInfo Dots = new() { NumberGroupSizes = [3], NumberGroupSeparator = ".", NumberDecimalSeparator = "," };
    private static readonly NumberFormatInfo LakhsAndCrores = new() { NumberGroupSizes = [3, 2], NumberGroupSeparator = ",", NumberDecimalSeparator = "." };

    /// <param name="language">Whose signs are used: readers of Indonesian know the comma as the decimal sign.</param>
    public static string Of(decimal amount, string currency, string language = "en")
    {
        // Nobody has seen a hundredth of a rupiah.
        var digits = currency == "IDR" ? 0 : Currencies.DecimalsOf(currency);
        while (digits < 6 && decimal.Round(amount, digits) != amount) digits++;
        var number = Math.Abs(amount).ToString("N" + digits.ToString(CultureInfo.InvariantCulture), currency == "INR" ? LakhsAndCrores : language == "id" ? Dots : Thousands);
        return (amount < 0 ? "−" : "") + (Symbols.TryGetValue(currency, out var symbol) ? symbol : currency.Length > 0 ? currency + " " : "") + number;
    }
}
