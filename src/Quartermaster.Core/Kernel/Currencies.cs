using System.Collections.Frozen;

namespace Quartermaster.Core.Kernel;

/// <summary>ISO 4217: which currency codes exist, and how many decimals their amounts have.</summary>
public static class Currencies
{
    private const string Two =
        "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP CVE CZK " +
        "DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK " +
        "LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON " +
        "RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES " +
        "WST XCD XCG YER ZAR ZMW ZWG";

    private const string None = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF";
    private const string Three = "BHD IQD JOD KWD LYD OMR TND";

    private static readonly FrozenDictionary<string, int> Decimals =
        new[] { (Two, 2), (None, 0), (Three, 3) }
            .SelectMany(group => group.Item1.Split(' ').Select(code => (Code: code, Places: group.Item2)))
            .ToFrozenDictionary(c => c.Code, c => c.Places, StringComparer.Ordinal);

    /// <summary>True for an upper-case code that is in use.</summary>
    public static bool IsKnown(string? code) => code is not null && Decimals.ContainsKey(code);

    /// <summary>Two for a code that is not known: what it is worth is refused elsewhere.</summary>
    public static int DecimalsOf(string code) => Decimals.GetValueOrDefault(code, 2);

    /// <summary>To the smallest unit of the currency, halves away from zero.</summary>
    public static decimal Round(decimal amount, string currency) => decimal.Round(amount, DecimalsOf(currency), MidpointRounding.AwayFromZero);
}
